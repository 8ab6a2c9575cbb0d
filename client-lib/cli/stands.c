/* SPDX-License-Identifier: Apache-2.0 */
/* stands: how things stand where an act was refused. */
#include "stands.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "load.h"
#include "table.h"
#include "width.h"

static const char *
text_of(const json_t *object, const char *key, char text[2048])
{
	char raw[2048];

	width_copy(text, 2048, table_text(json_object_get(object, key), raw));
	return text;
}

static void
tell_change(const json_t *change)
{
	char revision[2048], by[2048], act[2048], item[2048] = "";
	bool has_item = json_object_get(change, "item") != NULL;

	if (has_item)
		(void)text_of(change, "item", item);
	talk("  revision %s: by %s, %s%s%s",
	     text_of(change, "revision", revision), text_of(change, "by", by),
	     text_of(change, "act", act), has_item ? ", item " : "", item);
}

static void
tell_codes(const char *what, const json_t *codes)
{
	char line[2048] = "", one[2048], raw[2048];
	size_t len = 0, i;
	json_t *code;

	json_array_foreach(codes, i, code) {
		width_copy(one, sizeof one, table_text(code, raw));
		len += (size_t)snprintf(line + len, sizeof line - len, "%s%s",
					i == 0 ? "" : ", ", one);
		if (len >= sizeof line)
			break;
	}
	if (json_array_size(codes) > 0)
		talk("%s: %s", what, line);
}

void
stands_tell(const hy_event *refused)
{
	json_t *body = load_text(refused->body, JSON_DECODE_ANY, NULL);
	const json_t *now =
		json_object_get(json_object_get(body, "data"), "now");
	json_t *change;
	char text[2048];
	size_t i;

	if (json_object_get(now, "revision"))
		talk("now it is revision %s", text_of(now, "revision", text));
	json_array_foreach(json_object_get(now, "changes"), i, change) {
		tell_change(change);
	}
	tell_codes("not signed yet", json_object_get(now, "silent"));
	tell_codes("objects, without an answer",
		   json_object_get(now, "objects"));
	if (json_object_get(now, "sign_by"))
		talk("time to sign until %s", text_of(now, "sign_by", text));
	json_decref(body);
}
