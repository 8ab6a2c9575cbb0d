/* SPDX-License-Identifier: Apache-2.0 */
/* who: who asks, as SQL is told. */
#include "who.h"

#include "bytes.h"
#include "store.h"

void
who_write(struct bytes *to, const struct store_who *who)
{
	if (!who) {
		bytes_text(to, "{}");
		return;
	}
	if (who->principal)
		bytes_format(to, "{\"principal\":%lld,\"session\":",
			     (long long)who->principal);
	else
		bytes_text(to, "{\"principal\":null,\"session\":");
	bytes_json(to, who->session);
	if (who->lang) {
		bytes_text(to, ",\"lang\":");
		bytes_json(to, who->lang);
	}
	bytes_text(to, "}");
}
