/* SPDX-License-Identifier: Apache-2.0 */
/* refusal: the rows of errors.tbl.h. */
#include "refusal.h"

#include <string.h>
#include <strings.h>

#include "must.h"
#include "text.h"

static const struct refusal_row rows[] = {
	[REFUSAL_none] = { "", 0, NEVER, "", "", "", "" },
#define REFUSAL(id, tag, code, retry, en, allow_en, zh, allow_zh) \
	[REFUSAL_##id] = { tag, code, retry, en, allow_en, zh, allow_zh },
#include "errors.tbl.h"
};

const struct refusal_row *
refusal_row(enum refusal_id id)
{
	must(id < REFUSAL_COUNT);
	return &rows[id];
}

enum refusal_id
refusal_find(const char *tag)
{
	for (int i = 1; i < REFUSAL_COUNT; i++)
		if (strcmp(rows[i].tag, tag) == 0)
			return (enum refusal_id)i;
	return REFUSAL_internal;
}

int
refuse(struct refusal *r, enum refusal_id id, const char *path)
{
	r->id = id;
	r->after = rows[id].retry == LATER ? 2 : 0;
	r->position = 0;
	r->who = 0;
	r->path[0] = 0;
	r->now[0] = 0;
	if (path)
		(void)text_copy(r->path, sizeof r->path, path);
	return -1;
}

bool
lang_is_chinese(const char *lang)
{
	return !lang || strncasecmp(lang, "zh", 2) == 0;
}
