/* SPDX-License-Identifier: Apache-2.0 */
/* refusal: why an act is not done, as a value that can be passed around. */
#ifndef WIRE_REFUSAL_H
#define WIRE_REFUSAL_H

#include <stdbool.h>

enum refusal_retry { NEVER, LATER };

enum refusal_id {
	REFUSAL_none, /* not refused */
#define REFUSAL(id, ...) REFUSAL_##id,
#include "errors.tbl.h"
	REFUSAL_COUNT
};

#define REFUSAL_PATH 120
#define REFUSAL_NOW 640

struct refusal {
	enum refusal_id id;
	char path[REFUSAL_PATH]; /* of the field; "" when none is to blame */
	int after;               /* seconds, when retry is LATER */
	int position; /* bytes of the message read by then; 0: not known */
	unsigned who; /* whose act it is, mask of enum role; 0: not said */
	/* JSON object: how things stand; "" when none */
	char now[REFUSAL_NOW];
};

struct refusal_row {
	const char *tag;
	int code;
	enum refusal_retry retry;
	const char *en, *allow_en, *zh, *allow_zh;
};

const struct refusal_row *refusal_row(enum refusal_id id);
/* By its tag; REFUSAL_internal when there is no such tag. */
enum refusal_id refusal_find(const char *tag);
/* Fills *r (path may be NULL) and returns -1, for `return refuse(...)`. */
int refuse(struct refusal *r, enum refusal_id id, const char *path);
/* Is lang a Chinese one (zh, zh-CN, ...)? NULL is Chinese: the county's. */
bool lang_is_chinese(const char *lang);

#endif
