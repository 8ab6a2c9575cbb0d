/* SPDX-License-Identifier: Apache-2.0 */
/* outbox: rows of table act. */
#include "outbox.h"

#include <string.h>

#include "clock.h"
#include "copies.h"
#include "fault.h"

static void
bind(sqlite3_stmt *said, int at, const char *text)
{
	sqlite3_bind_text(said, at, text, -1, SQLITE_STATIC);
}

/* NULL: no memory, or null. A blob without bytes is a damaged text. */
static const char *
column(sqlite3_stmt *said, int at)
{
	bool empty = sqlite3_column_type(said, at) == SQLITE_BLOB &&
		     sqlite3_column_bytes(said, at) == 0;

	return empty ? "" : (const char *)sqlite3_column_text(said, at);
}

/* number, ref, name, params, silent [, state [, answer [, size]]]. */
static int
read_row(struct disk *disk, sqlite3_stmt *said, struct outbox_act *found)
{
	int rows = disk_row(disk, said), columns = sqlite3_column_count(said);

	if (rows != 1)
		return rows;
	*found = (struct outbox_act){
		.number = sqlite3_column_int64(said, 0),
		.ref = column(said, 1),
		.name = column(said, 2),
		.params = column(said, 3),
		.silent = sqlite3_column_int(said, 4) != 0,
	};
	if (!found->ref || !found->name || !found->params)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	if (columns > 5)
		found->state = (enum outbox_state)sqlite3_column_int(said, 5);
	if (columns > 6)
		found->answer = column(said, 6);
	if (columns > 7)
		found->size = (uint64_t)sqlite3_column_int64(said, 7);
	return 1;
}

static uint64_t
size_of(const struct outbox_act *act)
{
	return strlen(act->params) + strlen(act->name) + HY_REF +
	       (act->copy ? strlen(act->copy) : 0);
}

int
outbox_put(struct disk *disk, const struct outbox_act *act)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_add);
	int code;

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, act->ref);
	bind(said, 2, act->name);
	bind(said, 3, act->params);
	sqlite3_bind_int64(said, 4, clock_wall_ms());
	sqlite3_bind_int64(said, 5, (sqlite3_int64)size_of(act));
	sqlite3_bind_int(said, 6, act->silent);
	code = disk_run(disk, said);
	if (code == HY_OK && act->copy)
		code = copies_put(disk, act);
	if (code == HY_OK)
		*disk_bytes(disk) += size_of(act);
	return code;
}

int
outbox_add(struct disk *disk, const struct outbox_act *act, uint64_t limit)
{
	int code = disk_keep_reserve(disk);

	if (code == HY_OK)
		code = disk_begin(disk);
	if (code != HY_OK)
		return code;
	if (*disk_bytes(disk) + size_of(act) > limit)
		code = fault(HY_ERR_FULL, NULL, NULL, NULL);
	if (code == HY_OK)
		code = outbox_put(disk, act);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK) {
		disk_rollback(disk);
		disk_doom(disk, act->ref);
	}
	return code;
}

static int
look_after(struct disk *disk, enum saying saying, int64_t after,
	   struct outbox_act *found)
{
	sqlite3_stmt *said = disk_say(disk, saying);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, after);
	if (saying == SAY_act_ended)
		sqlite3_bind_int64(said, 2, disk_run_number(disk));
	return read_row(disk, said, found);
}

int
outbox_next_waiting(struct disk *disk, int64_t after, struct outbox_act *found)
{
	return look_after(disk, SAY_act_next, after, found);
}

int
outbox_next_ended(struct disk *disk, int64_t after, struct outbox_act *found)
{
	return look_after(disk, SAY_act_ended, after, found);
}

int
outbox_next_refused(struct disk *disk, int64_t after, struct outbox_act *found)
{
	return look_after(disk, SAY_act_refused, after, found);
}

int
outbox_find(struct disk *disk, const char *ref, struct outbox_act *found)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_find);

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, ref);
	return read_row(disk, said, found);
}

int
outbox_has_silent(struct disk *disk)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_silent);
	int found;

	if (!said)
		return hy_last_error()->code;
	found = disk_row(disk, said);
	(void)sqlite3_reset(said);
	return found;
}

int
outbox_end(struct disk *disk, const char *ref, enum outbox_state state,
	   const char *answer)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_end);

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, ref);
	sqlite3_bind_int(said, 2, (int)state);
	bind(said, 3, answer);
	sqlite3_bind_int64(said, 4, disk_run_number(disk));
	*disk_bytes(disk) += strlen(answer);
	return disk_run(disk, said);
}

int
outbox_drop(struct disk *disk, const char *ref)
{
	struct outbox_act act = { 0 };
	sqlite3_stmt *said;
	int found = outbox_find(disk, ref, &act);

	if (found < 1)
		return found < 0 ? found :
				   fault(HY_ERR_NOT_FOUND, NULL, "ref", NULL);
	*disk_bytes(disk) -= act.size;
	said = disk_say(disk, SAY_act_drop);
	if (!said)
		return hy_last_error()->code;
	bind(said, 1, ref);
	return disk_run(disk, said);
}

static int
take_out(struct disk *disk, const char *ref)
{
	struct outbox_act act = { 0 };
	int code = disk_begin_relaxed(disk), found;

	if (code != HY_OK) {
		disk_rollback(disk);
		return code;
	}
	found = outbox_find(disk, ref, &act);
	code = found < 0 ? found : HY_OK;
	if (found == 0 || (found == 1 && act.state == OUTBOX_WAITING))
		code = fault(HY_ERR_NOT_FOUND, NULL, "ref", NULL);
	if (code == HY_OK)
		code = outbox_drop(disk, ref);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK)
		disk_rollback(disk);
	return code;
}

int
outbox_done(struct disk *disk, const char *ref)
{
	int code = take_out(disk, ref);

	/* Also erasing needs room. */
	if (code == HY_ERR_DISK && disk_spend_reserve(disk))
		code = take_out(disk, ref);
	return code;
}

int
outbox_count(struct disk *disk, hy_outbox_state *state)
{
	sqlite3_stmt *said = disk_say(disk, SAY_act_state);
	int code = said ? disk_row(disk, said) : hy_last_error()->code;

	if (code < 0)
		return code;
	state->waiting = (uint64_t)sqlite3_column_int64(said, 0);
	state->settled = (uint64_t)sqlite3_column_int64(said, 1);
	state->refused = (uint64_t)sqlite3_column_int64(said, 2);
	state->oldest = sqlite3_column_int64(said, 3);
	(void)sqlite3_reset(said);
	said = disk_say(disk, SAY_receipt_count);
	code = said ? disk_row(disk, said) : hy_last_error()->code;
	if (code < 0)
		return code;
	state->receipts = (uint64_t)sqlite3_column_int64(said, 0);
	state->bytes =
		*disk_bytes(disk) + (uint64_t)sqlite3_column_int64(said, 1);
	(void)sqlite3_reset(said);
	return HY_OK;
}
