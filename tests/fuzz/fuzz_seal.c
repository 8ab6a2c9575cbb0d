/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody who has the county's public key, as every kiosk has, may put
 * into a box; and what is no box. The first byte says which.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal.h"

#define SECRET \
	"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define REF "019360d2-0000-7000-8000-000000000001"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static json_t *
say(const struct seal_pair *pair, char first, const char *text)
{
	struct seal_what what = { "feedback.submit", REF, first & 1 };
	char *sealed;
	json_t *params;

	if (first & 2)
		return json_pack("{s:s%, s:s}", "sealed", text, strlen(text),
				 "to", pair->open.name);
	sealed = seal_close(&pair->open, &what, text);
	params = json_loads(sealed, 0, NULL);
	must(params != NULL);
	free(sealed);
	return params;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct seal_what what = { "feedback.submit", REF, false };
	struct seal_pair pair;
	struct refusal why = { .id = REFUSAL_none };
	json_t *params, *opened;
	char *text;

	must(seal_pair_read(&pair, SECRET));
	if (len == 0)
		return 0;
	text = strndup((const char *)data + 1, len - 1);
	must(text != NULL);
	params = say(&pair, (char)data[0], text);
	opened = seal_open(&pair, 1, params, &what, &why);
	must(opened ? json_is_object(opened) : why.id != REFUSAL_none);
	json_decref(opened);
	json_decref(params);
	free(text);
	return 0;
}
