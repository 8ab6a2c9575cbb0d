/* SPDX-License-Identifier: Apache-2.0 */
/* mend: rows that a damaged disk has changed. */
#include "mend.h"

#include <string.h>

#include "act.h"
#include "bytes.h"
#include "fault.h"
#include "message.h"
#include "meta.h"
#include "ref.h"
#include "shelf.h"

#define LOOKS 64 /* more than allocations that fail in a row, as a rule */

/*
 * Is it JSON as it was kept? Where memory is out it has the benefit of it. A
 * library has no say in jansson's memory: for want of it a text may lose a
 * character (wire/load.h) and look damaged. Damage stays, want passes.
 */
static bool
is_whole(const char *text)
{
	struct refusal why;
	json_t *root;

	for (int i = 0; i < LOOKS; i++) {
		root = message_parse(text, strlen(text), &why);
		json_decref(root);
		if (root || why.id == REFUSAL_overloaded)
			return true;
	}
	return false;
}

enum refusal_id
mend_judge(const struct outbox_act *act)
{
	const struct act *row = act_find(act->name);

	if (!ref_is_good(act->ref) || act->params[0] != '{' ||
	    !is_whole(act->params))
		return REFUSAL_bad_json;
	if (!row)
		return REFUSAL_unknown_act;
	if (strlen(act->params) + OUTBOX_FRAME > row->size)
		return REFUSAL_too_large;
	return REFUSAL_none;
}

char *
mend_error(enum refusal_id why, const char *lang)
{
	const struct refusal_row *row = refusal_row(why);
	bool zh = lang_is_chinese(lang), damaged = why == REFUSAL_bad_json;
	const char *message = zh ? row->zh : row->en;
	const char *allow = zh ? row->allow_zh : row->allow_en;
	struct bytes to;

	if (damaged) {
		message = zh ? "本机磁盘损坏了这项操作,无法发送。" :
			       "The disk of this machine has damaged this act: "
			       "it cannot be sent.";
		allow = zh ? "请重新提交。" : "Say it again.";
	}
	bytes_init(&to);
	bytes_format(&to, "{\"code\":%d,\"message\":", row->code);
	bytes_json(&to, message);
	bytes_format(&to, ",\"data\":{\"tag\":\"%s\",\"allow\":",
		     damaged ? "store_damaged" : row->tag);
	bytes_json(&to, allow);
	bytes_text(&to, ",\"retry\":\"never\"}}");
	return bytes_take(&to);
}

/* In a transaction of its own, or of the caller. */
static int
run_with(struct disk *disk, enum saying saying, int64_t number, const char *ref)
{
	sqlite3_stmt *said = disk_say(disk, saying);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, number);
	if (ref)
		sqlite3_bind_text(said, 2, ref, -1, SQLITE_STATIC);
	return disk_run(disk, said);
}

int
mend_ref(struct disk *disk, int64_t number, const char *ref)
{
	int code = disk_begin(disk);

	if (code == HY_OK)
		code = run_with(disk, SAY_act_rename, number, ref);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK)
		disk_rollback(disk);
	return code;
}

static int
mend_act(struct disk *disk, const struct outbox_act *act, unsigned *mended)
{
	bool named = ref_is_good(act->ref);
	bool ended = act->answer && is_whole(act->answer);
	int64_t number = act->number;
	char ref[HY_REF];
	int code = HY_OK;

	if (named && ended)
		return HY_OK;
	++*mended;
	if (!named && !ref_new(ref))
		return fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	if (!named)
		code = run_with(disk, SAY_act_rename, number, ref);
	if (code == HY_OK && !ended)
		code = run_with(disk, SAY_act_again, number, NULL);
	return code;
}

static int
mend_acts(struct disk *disk, unsigned *mended)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_astray);
	struct outbox_act act = { .number = 0 };
	int code = said ? disk_run(disk, said) : hy_last_error()->code;
	int found = 0;
	int64_t after = INT64_MIN;

	if (code == HY_OK)
		*mended += (unsigned)sqlite3_changes(sqlite3_db_handle(said));
	while (code == HY_OK &&
	       (found = outbox_next_ended(disk, after, &act)) == 1) {
		after = act.number;
		code = mend_act(disk, &act, mended);
	}
	return code == HY_OK && found < 0 ? found : code;
}

/* Without a place a server says again all that is in force. */
static int
forget_place(struct disk *disk)
{
	int code = meta_set_text(disk, "epoch", "");

	return code == HY_OK ? meta_set_number(disk, "cursor", 0) : code;
}

static int
mend_notices(struct disk *disk, unsigned *mended)
{
	struct shelf_notice notice;
	int64_t after = INT64_MIN;
	unsigned dropped = 0;
	int code = HY_OK, found = 0;

	while (code == HY_OK &&
	       (found = shelf_next(disk, after, 0, &notice)) == 1) {
		after = notice.seq;
		if (is_whole(notice.body))
			continue;
		dropped++;
		code = run_with(disk, SAY_notice_drop, after, NULL);
	}
	if (code == HY_OK && found < 0)
		code = found;
	if (code == HY_OK && dropped > 0)
		code = forget_place(disk);
	*mended += dropped;
	return code;
}

int
mend_all(struct disk *disk, unsigned *mended)
{
	int code = disk_begin(disk);

	*mended = 0;
	if (code == HY_OK)
		code = mend_acts(disk, mended);
	if (code == HY_OK)
		code = mend_notices(disk, mended);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK)
		disk_rollback(disk);
	return code;
}
