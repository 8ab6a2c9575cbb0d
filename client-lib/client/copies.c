/* SPDX-License-Identifier: Apache-2.0 */
/* copies: rows of table copy. */
#include "copies.h"

#include <string.h>

#include "fault.h"

static void
bind(sqlite3_stmt *said, int at, const char *text)
{
	sqlite3_bind_text(said, at, text, -1, SQLITE_STATIC);
}

int
copies_put(struct disk *disk, const struct outbox_act *act)
{
	sqlite3_stmt *said = disk_say(disk, SAY_copy_put);

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, act->ref);
	bind(said, 2, act->name);
	bind(said, 3, act->copy);
	return disk_run(disk, said);
}

/* Was another receipt told before? As copies_settled. */
static int
is_other(struct disk *disk, const struct copies_fate *fate)
{
	sqlite3_stmt *said = disk_say(disk, SAY_copy_receipt);
	const char *before;
	int found, other = 0;

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, fate->ref);
	found = disk_row(disk, said);
	if (found != 1)
		return found;
	before = (const char *)sqlite3_column_text(said, 0);
	if (before && fate->receipt)
		other = strcmp(before, fate->receipt) != 0;
	(void)sqlite3_reset(said);
	return other;
}

int
copies_settled(struct disk *disk, const struct copies_fate *fate)
{
	int other = is_other(disk, fate), code;
	sqlite3_stmt *said;

	if (other < 0)
		return other;
	said = disk_say(disk, SAY_copy_settled);
	if (!said)
		return hy_last_error()->code;
	bind(said, 1, fate->ref);
	bind(said, 2, fate->epoch);
	sqlite3_bind_int64(said, 3, fate->at);
	bind(said, 4, fate->receipt);
	code = disk_run(disk, said);
	return code == HY_OK ? other : code;
}

int
copies_drop(struct disk *disk, const char *ref)
{
	sqlite3_stmt *said = disk_say(disk, SAY_copy_drop);

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, ref);
	return disk_run(disk, said);
}

int
copies_next(struct disk *disk, const char *epoch, const char *ref,
	    struct outbox_act *found)
{
	sqlite3_stmt *said = disk_say(disk, SAY_copy_next);
	int rows;

	if (!said)
		return hy_last_error()->code;
	bind(said, 1, epoch);
	bind(said, 2, ref);
	rows = disk_row(disk, said);
	if (rows != 1)
		return rows;
	*found = (struct outbox_act){
		.ref = (const char *)sqlite3_column_text(said, 0),
		.name = (const char *)sqlite3_column_text(said, 1),
		.params = (const char *)sqlite3_column_text(said, 2),
	};
	if (!found->ref || !found->name || !found->params)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	return 1;
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
copies_expire(struct disk *disk, int64_t now)
{
	int code = run_with(disk, SAY_copy_expire, now - COPIES_SECONDS);

	return code == HY_OK ? run_with(disk, SAY_copy_trim, COPIES_MOST) :
			       code;
}
