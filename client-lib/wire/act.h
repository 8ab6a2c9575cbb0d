/* SPDX-License-Identifier: Apache-2.0 */
/* act: the rows of the table of acts as C sees them. Constant data only. */
#ifndef WIRE_ACT_H
#define WIRE_ACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_NUMBER_MAX 9007199254740991 /* 2^53 - 1: exact in every client */
#define WIRE_DEPTH_MAX 8
#define WIRE_FRAME_MAX 65536
#define WIRE_PROTOCOL 1
#define WIRE_SUBPROTOCOL "huiyin.v1"

enum role {
	WHO_VISITOR = 1 << 0,
	WHO_KIOSK = 1 << 1,
	WHO_CLERK = 1 << 2,
	WHO_APPROVER = 1 << 3,
	WHO_COORDINATOR = 1 << 4,
	WHO_KEEPER = 1 << 5,
	WHO_RELAY = 1 << 6,
	WHO_AUDITOR = 1 << 7,
	WHO_ADMIN = 1 << 8,
	WHO_STAFF = 0x1fc,
	WHO_ANYONE = 0x1ff
};

enum act_when { BEFORE_HELLO, AFTER_HELLO };
enum act_does { READS, WRITES };
enum act_lane { LOCAL, DESK, REPORTS, SETTLE };
enum field_type {
	TEXT,
	WORD,
	INTEGER,
	BOOLEAN,
	OBJECT,
	LIST,
	REGION,
	REF,
	TIME,
	DIGITS
};
enum field_need { MUST, MAY, UNLESS };
enum field_privacy { PLAIN, PERSONAL, SECRET };

enum act_id {
#define ACT(id, ...) ACT_##id,
#include "acts.tbl.h"
	ACT_COUNT
};

enum news_id {
#define NEWS(id, ...) NEWS_##id,
#include "news.tbl.h"
	NEWS_COUNT
};

struct field {
	const char *path; /* "a", "a.b", "a[]", "a[].b" */
	enum field_type type;
	enum field_need need;
	int64_t min, max; /* characters, items, value or digits */
	enum field_privacy privacy;
	const char *words; /* NULL, or "a|b": see acts.tbl.h; then ";other" */
	const char *help;
};

struct result {
	const char *path;
	enum field_type type;
	const char *words; /* NULL unless a WORD */
	const char *help;
};

struct act {
	const char *name;
	unsigned who; /* mask of enum role */
	enum act_when when;
	enum act_does does;
	const char *wakes; /* feed that grows when settled, or NULL */
	enum act_lane lane;
	unsigned batch; /* most in one call; 0: single shape */
	size_t size;    /* most bytes of its frame */
	const char *help;
	const struct field *field; /* field_count rows, parents first */
	size_t field_count;
	const struct result *result; /* result_count rows */
	size_t result_count;
};

struct news {
	const char *name;
	const char *help;
	const struct result *field;
	size_t field_count;
};

const struct act *act_row(enum act_id id);
/* By its name on the wire; NULL when there is none. */
const struct act *act_find(const char *name);
enum act_id act_id_of(const struct act *act);
const struct news *news_row(enum news_id id);
/* By its name on the wire; -1 when there is none. */
int news_find(const char *name);
/* "kiosk" -> WHO_KIOSK; 0 when there is no such role. */
unsigned role_find(const char *name);
/* WHO_KIOSK -> "kiosk"; role is a single bit of the mask. */
const char *role_name(unsigned role);

#endif
