/* SPDX-License-Identifier: Apache-2.0 */
/* meta: rows of table meta. */
#include "meta.h"

#include "fault.h"
#include "huiyin.h"
#include "text.h"

static int
look_up(struct disk *disk, const char *name, sqlite3_stmt **said)
{
	*said = disk_say(disk, SAY_meta_get);
	if (!*said)
		return hy_last_error()->code;
	sqlite3_bind_text(*said, 1, name, -1, SQLITE_STATIC);
	return disk_row(disk, *said);
}

int
meta_get_number(struct disk *disk, const char *name, int64_t *value)
{
	sqlite3_stmt *said;
	int found = look_up(disk, name, &said);

	*value = found == 1 ? sqlite3_column_int64(said, 0) : 0;
	if (found == 1)
		(void)sqlite3_reset(said);
	return found < 0 ? found : HY_OK;
}

int
meta_get_text(struct disk *disk, const char *name, char *text, size_t room)
{
	sqlite3_stmt *said;
	int found = look_up(disk, name, &said);
	const char *value = NULL;

	if (found == 1)
		value = (const char *)sqlite3_column_text(said, 0);
	(void)text_copy(text, room, value ? value : "");
	if (found == 1 && !value)
		found = fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	if (said)
		(void)sqlite3_reset(said);
	return found < 0 ? found : HY_OK;
}

int
meta_set_number(struct disk *disk, const char *name, int64_t value)
{
	sqlite3_stmt *said = disk_say(disk, SAY_meta_set);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_text(said, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(said, 2, value);
	return disk_run(disk, said);
}

int
meta_set_text(struct disk *disk, const char *name, const char *text)
{
	sqlite3_stmt *said = disk_say(disk, SAY_meta_set);

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_text(said, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(said, 2, text, -1, SQLITE_STATIC);
	return disk_run(disk, said);
}
