/* SPDX-License-Identifier: Apache-2.0 */
/* What a server sends, as the client library reads it. */
#include <stdint.h>
#include <string.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct message m;
	char *params;

	if (message_read_answer((const char *)data, len, &m) != 0) {
		must(m.root == NULL);
		return 0;
	}
	must(m.params != NULL);
	must(m.kind == MESSAGE_NEWS ? m.method != NULL : !m.method);
	if (m.method)
		(void)news_find(m.method);
	params = json_dumps(m.params, JSON_COMPACT | JSON_ENCODE_ANY);
	must(params != NULL);
	free(params);
	message_fini(&m);
	return 0;
}
