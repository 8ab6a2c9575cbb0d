/* SPDX-License-Identifier: Apache-2.0 */
/* rescue: what is done with a damaged file. */
#include "rescue.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "folder.h"

/* Read from both ends: one bad page hides only what lies on it. */
static const struct {
	const char *read, *write;
} tables[] = {
	{ "select number, ref, name, params, state, at, size, silent, answer"
	  " from act order by number",
	  "insert or ignore into act (number, ref, name, params, state, at,"
	  " size, silent, answer)"
	  " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" },
	{ "select number, ref, name, params, state, at, size, silent, answer"
	  " from act order by number desc",
	  "insert or ignore into act (number, ref, name, params, state, at,"
	  " size, silent, answer)"
	  " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" },
	{ "select seq, id, body, expires, 0 from notice order by seq",
	  "insert or ignore into notice (seq, id, body, expires, round)"
	  " values (?1, ?2, ?3, ?4, ?5)" },
	{ "select seq, id, body, expires, 0 from notice order by seq desc",
	  "insert or ignore into notice (seq, id, body, expires, round)"
	  " values (?1, ?2, ?3, ?4, ?5)" },
	{ "select ref, name, params, epoch, at, receipt from copy",
	  "insert or ignore into copy (ref, name, params, epoch, at, receipt)"
	  " values (?1, ?2, ?3, ?4, ?5, ?6)" },
	{ "select notice, rank, state, at from receipt",
	  "insert or ignore into receipt (notice, rank, state, at)"
	  " values (?1, ?2, ?3, ?4)" },
};

int
rescue_set_aside(const char *folder, char *name, size_t room)
{
	static const char *const ends[] = { "-wal", "-shm", "-journal", "" };
	char *from, *to;
	struct stat there;
	int wrong = 0;

	snprintf(name, room, "damaged-%lld.db", (long long)clock_wall_ms());
	for (size_t i = 0; i < sizeof ends / sizeof *ends && !wrong; i++) {
		if (asprintf(&from, "%s/outbox.db%s", folder, ends[i]) < 0)
			return -1;
		if (asprintf(&to, "%s/%s%s", folder, name, ends[i]) < 0) {
			free(from);
			return -1;
		}
		if (stat(from, &there) == 0)
			wrong = rename(from, to);
		free(from);
		free(to);
	}
	return wrong;
}

static unsigned
copy_rows(sqlite3_stmt *read, sqlite3_stmt *write, sqlite3 *db)
{
	unsigned saved = 0;

	while (sqlite3_step(read) == SQLITE_ROW) {
		(void)sqlite3_reset(write);
		for (int i = 0; i < sqlite3_column_count(read); i++)
			(void)sqlite3_bind_value(write, i + 1,
						 sqlite3_column_value(read, i));
		if (sqlite3_step(write) == SQLITE_DONE && sqlite3_changes(db))
			saved++;
	}
	return saved;
}

static unsigned
copy_table(sqlite3 *from, sqlite3 *to, size_t table)
{
	sqlite3_stmt *read = NULL, *write = NULL;
	unsigned saved = 0;

	if (sqlite3_prepare_v2(from, tables[table].read, -1, &read, NULL) ==
		    SQLITE_OK &&
	    sqlite3_prepare_v2(to, tables[table].write, -1, &write, NULL) ==
		    SQLITE_OK)
		saved = copy_rows(read, write, to);
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	return saved;
}

unsigned
rescue_save(sqlite3 *db, const char *folder, const char *name)
{
	sqlite3 *from = NULL;
	unsigned saved = 0;
	int keep = 1;
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return 0;
	/* SQLite would delete the log beside an empty file. */
	if (folder_lacks(path)) {
		free(path);
		return 0;
	}
	if (sqlite3_open_v2(path, &from,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) == SQLITE_OK &&
	    sqlite3_exec(db, "begin", NULL, NULL, NULL) == SQLITE_OK) {
		/* Evidence: what was found stays as it was found. */
		(void)sqlite3_db_config(from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
					1, NULL);
		(void)sqlite3_file_control(from, "main",
					   SQLITE_FCNTL_PERSIST_WAL, &keep);
		(void)sqlite3_exec(from, "pragma locking_mode = exclusive",
				   NULL, NULL, NULL);
		for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
			saved += copy_table(from, db, i);
		if (sqlite3_exec(db, "commit", NULL, NULL, NULL) != SQLITE_OK) {
			saved = 0;
			(void)sqlite3_exec(db, "rollback", NULL, NULL, NULL);
		}
	}
	(void)sqlite3_close_v2(from);
	free(path);
	return saved;
}
