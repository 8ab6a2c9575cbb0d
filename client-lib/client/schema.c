/* SPDX-License-Identifier: Apache-2.0 */
/* schema: pragmas, checks and tables of the SQLite file. */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "huiyin.h"
#include "text.h"

/* Step i brings a file of version i to i + 1; never edited once released. */
static const char *const steps[] = {
	"create table meta (name text primary key, value) without rowid;"
	/* What the program said: state 0 waits, 1 settled, 2 refused. */
	"create table act ("
	"	number integer primary key autoincrement,"
	"	ref text not null unique,"
	"	name text not null,"
	"	params text not null,"
	"	state integer not null default 0,"
	"	at integer not null,"     /* wall clock, ms */
	"	size integer not null,"   /* bytes of params and answer */
	"	silent integer not null," /* the library's own */
	"	run integer not null default 0," /* opening in which it ended */
	"	answer text);"
	"create index act_by_state on act (state, number);"
	"create table notice ("
	"	seq integer primary key,"
	"	id text not null unique,"
	"	body text not null,"
	"	expires integer,"         /* seconds since 1970; null: never */
	"	round integer not null);" /* replay that sent it last */
	/* How far notices have come here, not yet told. */
	"create table receipt ("
	"	notice text primary key,"
	"	rank integer not null,"
	"	state text not null,"
	"	at text not null) without rowid;",
	/* What is settled, sealed: sent again in another epoch. */
	"create table copy ("
	"	ref text primary key,"
	"	name text not null,"
	"	params text not null,"
	"	epoch text," /* in which it was settled last; null: waits */
	"	at integer," /* when it was first; seconds since 1970 */
	"	receipt text) without rowid;",
	/* Bytes on the wire; days since 1970 in UTC+8. */
	"create table traffic ("
	"	day integer primary key,"
	"	sent integer not null,"
	"	received integer not null);",
};

#define VERSION ((int)(sizeof steps / sizeof *steps))

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/*
 * The first column of the first row as text; a result of SQLite. Stepped to
 * the end: what a pragma writes is committed, or not, after its row.
 */
static int
ask(sqlite3 *db, const char *sql, char *text, size_t room)
{
	sqlite3_stmt *said;
	const char *value = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &said, NULL);

	text[0] = 0;
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(said);
	if (rc == SQLITE_ROW)
		value = (const char *)sqlite3_column_text(said, 0);
	if (value)
		(void)text_copy(text, room, value);
	else if (rc == SQLITE_ROW) /* nothing that is asked for is null */
		rc = SQLITE_NOMEM;
	if (rc == SQLITE_ROW)
		rc = sqlite3_step(said);
	sqlite3_finalize(said);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
ask_number(sqlite3 *db, const char *sql, long *number)
{
	char text[32];
	int rc = ask(db, sql, text, sizeof text);

	*number = strtol(text, NULL, 10);
	return rc;
}

/* The lock first: once the file was read without it, there is a -shm. */
static int
set_up(sqlite3 *db, bool durable)
{
	int rc = SQLITE_OK;

	(void)sqlite3_busy_timeout(db, 1000);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (durable)
		rc = run(db, "pragma locking_mode = exclusive;");
	if (rc == SQLITE_OK)
		rc = run(db, "pragma trusted_schema = off;"
			     "pragma cell_size_check = on;"
			     "pragma secure_delete = on;"
			     "pragma temp_store = memory;"
			     "pragma cache_size = -512;"
			     "pragma mmap_size = 0;"
			     "pragma synchronous = full;");
	return rc;
}

/*
 * Only now may the file be written to: it is ours and not newer. A new one is
 * made so that it can become smaller again.
 */
static int
make_durable(sqlite3 *db, bool is_new, int *code)
{
	char mode[16] = "";
	int rc = SQLITE_OK;

	if (is_new)
		rc = run(db, "pragma auto_vacuum = incremental;");
	if (rc == SQLITE_OK)
		rc = ask(db, "pragma journal_mode = wal", mode, sizeof mode);
	if (rc == SQLITE_OK && strcmp(mode, "wal") != 0)
		*code = HY_ERR_DISK;
	if (rc == SQLITE_OK)
		rc = run(db, "pragma wal_autocheckpoint = 128;"
			     "pragma journal_size_limit = 1048576;");
	return rc;
}

static int
bring_up(sqlite3 *db, long version, long to)
{
	char *sql;
	int rc = SQLITE_OK;

	for (; version < to && rc == SQLITE_OK; version++) {
		sql = sqlite3_mprintf("begin immediate; %s"
				      "pragma application_id = %d;"
				      "pragma user_version = %ld; commit;",
				      steps[version], SCHEMA_APPLICATION,
				      version + 1);
		rc = sql ? run(db, sql) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	return rc;
}

/*
 * What the log holds is written anew, into the file. After an fsync that
 * failed Linux lets the log be read as if it were on disk, and no later fsync
 * brings it there. Where there is no room it stays as it is.
 */
static int
settle_log(sqlite3 *db)
{
	int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
					   NULL, NULL);

	return (rc & 0xff) == SQLITE_FULL ? SQLITE_OK : rc;
}

/* All that tables and indexes say of themselves; to be freed. */
static char *
recite(sqlite3 *db, int *rc)
{
	sqlite3_stmt *said;
	char *all = NULL;

	*rc = sqlite3_prepare_v2(
		db,
		"select group_concat(type || ' ' || name || ' ' || tbl_name"
		" || ' ' || coalesce(sql, ''), char(10))"
		" from (select * from sqlite_schema order by rowid)",
		-1, &said, NULL);
	if (*rc != SQLITE_OK)
		return NULL;
	*rc = sqlite3_step(said);
	if (*rc == SQLITE_ROW)
		*rc = SQLITE_OK;
	else if (*rc == SQLITE_DONE)
		*rc = SQLITE_CORRUPT;
	if (*rc == SQLITE_OK && sqlite3_column_text(said, 0))
		all = strdup((const char *)sqlite3_column_text(said, 0));
	if (*rc == SQLITE_OK && !all)
		*rc = SQLITE_NOMEM;
	sqlite3_finalize(said);
	return all;
}

/*
 * One flipped bit in the text of a table makes another table of it, and SQLite
 * takes its word: what it says is held against what that version says.
 */
static int
check_tables(sqlite3 *db, long version)
{
	char *is = NULL, *should = NULL;
	sqlite3 *model = NULL;
	int rc = sqlite3_open(":memory:", &model);

	if (rc == SQLITE_OK)
		rc = bring_up(model, 0, version);
	if (rc == SQLITE_OK)
		should = recite(model, &rc);
	if (rc == SQLITE_OK)
		is = recite(db, &rc);
	if (rc == SQLITE_OK && strcmp(is, should) != 0)
		rc = SQLITE_CORRUPT;
	free(is);
	free(should);
	(void)sqlite3_close(model);
	return rc;
}

static int
check_whole(sqlite3 *db, long version)
{
	char verdict[80];
	int rc = check_tables(db, version);

	if (rc != SQLITE_OK)
		return rc;
	rc = ask(db, "pragma integrity_check(1)", verdict, sizeof verdict);
	if (rc == SQLITE_OK && strcmp(verdict, "ok") != 0)
		rc = SQLITE_CORRUPT;
	return rc;
}

struct label {
	long application, version, tables;
};

static int
read_label(sqlite3 *db, struct label *label)
{
	int rc = ask_number(db, "pragma application_id", &label->application);

	if (rc == SQLITE_OK)
		rc = ask_number(db, "pragma user_version", &label->version);
	if (rc == SQLITE_OK)
		rc = ask_number(db, "select count(*) from sqlite_schema",
				&label->tables);
	return rc;
}

/* May this file be ours? *code, or a result of SQLite, as schema_prepare. */
static int
judge(const struct label *label, int *code)
{
	*code = HY_OK;
	if (label->tables > 0 && label->application != SCHEMA_APPLICATION)
		*code = HY_ERR_DISK;
	else if (label->version > VERSION)
		*code = HY_ERR_NEWER;
	else if (label->version < 0 ||
		 (label->version == 0) != (label->tables == 0))
		return SQLITE_CORRUPT;
	return SQLITE_OK;
}

int
schema_prepare(sqlite3 *db, bool durable, int *code)
{
	struct label label = { 0 };
	int rc = set_up(db, durable);

	*code = HY_OK;
	if (rc == SQLITE_OK)
		rc = read_label(db, &label);
	if (rc == SQLITE_OK)
		rc = judge(&label, code);
	if (rc == SQLITE_OK && *code == HY_OK && durable)
		rc = make_durable(db, label.tables == 0, code);
	if (rc != SQLITE_OK || *code != HY_OK)
		return rc;
	if (label.tables > 0)
		rc = check_whole(db, label.version);
	if (rc == SQLITE_OK)
		rc = bring_up(db, label.version, VERSION);
	return rc == SQLITE_OK && durable ? settle_log(db) : rc;
}
