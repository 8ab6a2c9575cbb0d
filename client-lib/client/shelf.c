/* SPDX-License-Identifier: Apache-2.0 */
/* shelf: rows of tables notice and receipt, and the cursor in meta. */
#include "shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "fault.h"
#include "huiyin.h"
#include "meta.h"
#include "text.h"

/* The number at the head of text, which is known to begin with digits. */
static int
digits(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

int64_t
shelf_seconds(const char *time)
{
	struct tm tm = { 0 };
	const char *zone;
	int64_t shift;

	if (!time || !clock_text_is_time(time))
		return 0;
	tm.tm_year = digits(time) - 1900;
	tm.tm_mon = digits(time + 5) - 1;
	tm.tm_mday = digits(time + 8);
	tm.tm_hour = digits(time + 11);
	tm.tm_min = digits(time + 14);
	tm.tm_sec = digits(time + 17);
	zone = time + strlen(time) - 6;
	shift = (int64_t)(digits(zone + 1) * 60 + digits(zone + 4)) * 60;
	return (int64_t)timegm(&tm) + (zone[0] == '-' ? shift : -shift);
}

int
shelf_open(struct disk *disk, const char *identity, struct shelf_place *place)
{
	char before[400];
	int code = meta_get_text(disk, "identity", before, sizeof before);

	*place = (struct shelf_place){ 0 };
	if (code == HY_OK)
		code = meta_get_number(disk, "told", &place->told);
	if (code != HY_OK)
		return code;
	if (strcmp(before, identity) != 0) {
		code = meta_set_text(disk, "identity", identity);
		return code == HY_OK ? shelf_set_place(disk, place) : code;
	}
	code = meta_get_text(disk, "epoch", place->epoch, sizeof place->epoch);
	if (code == HY_OK)
		code = meta_get_number(disk, "cursor", &place->cursor);
	if (code == HY_OK)
		code = meta_get_number(disk, "round", &place->round);
	return code;
}

int
shelf_set_place(struct disk *disk, const struct shelf_place *place)
{
	int code = meta_set_text(disk, "epoch", place->epoch);

	if (code == HY_OK)
		code = meta_set_number(disk, "cursor", place->cursor);
	if (code == HY_OK)
		code = meta_set_number(disk, "round", place->round);
	if (code == HY_OK)
		code = meta_set_number(disk, "told", place->told);
	return code;
}

/* 1 when the same text is here under that name. */
static int
is_here(struct disk *disk, const struct shelf_notice *notice)
{
	sqlite3_stmt *said = disk_say(disk, SAY_notice_same);
	int found;

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_text(said, 1, notice->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(said, 2, notice->body, -1, SQLITE_STATIC);
	found = disk_row(disk, said);
	(void)sqlite3_reset(said);
	return found;
}

static int
free_number(struct disk *disk, const struct shelf_notice *notice)
{
	sqlite3_stmt *said = disk_say(disk, SAY_notice_renumber);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_text(said, 1, notice->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(said, 2, notice->seq);
	return disk_run(disk, said);
}

int
shelf_put(struct disk *disk, const struct shelf_notice *notice, int64_t expires,
	  int64_t round)
{
	int here = is_here(disk, notice), code;
	sqlite3_stmt *said;

	if (here < 0)
		return here;
	code = free_number(disk, notice);
	if (code != HY_OK)
		return code;
	said = disk_say(disk, SAY_notice_put);
	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, notice->seq);
	sqlite3_bind_text(said, 2, notice->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(said, 3, notice->body, -1, SQLITE_STATIC);
	if (expires > 0)
		sqlite3_bind_int64(said, 4, expires);
	sqlite3_bind_int64(said, 5, round);
	code = disk_run(disk, said);
	return code == HY_OK ? !here : code;
}

static int
run_with(struct disk *disk, enum saying saying, int64_t number)
{
	sqlite3_stmt *said = disk_say(disk, saying);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, number);
	return disk_run(disk, said);
}

int
shelf_drop_others(struct disk *disk, int64_t round)
{
	return run_with(disk, SAY_notice_drop_others, round);
}

int
shelf_expire(struct disk *disk, int64_t now)
{
	return run_with(disk, SAY_notice_expire, now);
}

int
shelf_next(struct disk *disk, int64_t after, int64_t now,
	   struct shelf_notice *found)
{
	sqlite3_stmt *said = disk_say(disk, SAY_notice_next);
	int rows;

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, after);
	sqlite3_bind_int64(said, 2, now);
	rows = disk_row(disk, said);
	if (rows != 1)
		return rows;
	found->seq = sqlite3_column_int64(said, 0);
	found->id = (const char *)sqlite3_column_text(said, 1);
	found->body = (const char *)sqlite3_column_text(said, 2);
	if (!found->id || !found->body)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	return 1;
}

/* Later states count as the earlier ones; the two last exclude each other. */
static int
rank_of(const char *state)
{
	static const char *const states[] = { "delivered", "shown", "read",
					      "understood" };

	for (int i = 0; i < 4; i++)
		if (strcmp(state, states[i]) == 0)
			return i + 1;
	return 4;
}

int
shelf_note(struct disk *disk, const char *notice, const char *state,
	   const char *at)
{
	sqlite3_stmt *said = disk_say(disk, SAY_receipt_put);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_text(said, 1, notice, -1, SQLITE_STATIC);
	sqlite3_bind_int(said, 2, rank_of(state));
	sqlite3_bind_text(said, 3, state, -1, SQLITE_STATIC);
	sqlite3_bind_text(said, 4, at, -1, SQLITE_STATIC);
	return disk_run(disk, said);
}

/* 1, 0 when damage has made it no text, or a negative code. */
static int
read_receipt(sqlite3_stmt *said, json_t *items)
{
	static const char *const keys[] = { "notice", "state", "at" };
	const char *text[3];
	json_t *item;
	bool good = true;

	for (int i = 0; i < 3; i++) {
		text[i] = (const char *)sqlite3_column_text(said, i);
		good = good && text[i] && text_is_good(text[i]);
	}
	if (!good)
		return 0;
	item = json_pack("{s:s,s:s,s:s}", keys[0], text[0], keys[1], text[1],
			 keys[2], text[2]);
	return json_array_append_new(items, item) == 0 ?
		       1 :
		       fault(HY_ERR_MEMORY, NULL, NULL, NULL);
}

/* How many rows there were, also damaged ones; or a negative code. */
static int
read_receipts(struct disk *disk, json_t *items)
{
	sqlite3_stmt *said = disk_say(disk, SAY_receipt_list);
	int rows, count = 0, code = HY_OK;

	if (!said)
		return hy_last_error()->code;
	while (code >= 0 && (rows = disk_row(disk, said)) == 1) {
		code = read_receipt(said, items);
		count++;
	}
	(void)sqlite3_reset(said);
	if (code >= 0 && rows < 0)
		code = rows;
	return code < 0 ? code : count;
}

int
shelf_take_receipts(struct disk *disk, json_t **params)
{
	json_t *items = json_array();
	int rows = items ? read_receipts(disk, items) :
			   fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	int code = rows < 0 ? rows : HY_OK;

	*params = NULL;
	if (rows > 0)
		code = disk_say_run(disk, SAY_receipt_clear);
	if (code == HY_OK && json_array_size(items) > 0) {
		*params = json_pack("{s:O}", "items", items);
		if (!*params)
			code = fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	}
	json_decref(items);
	return code;
}
