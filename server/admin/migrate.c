/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate: the database to the state of this release, in one transaction
 * under an advisory lock. Migrations run once each, in the order of their
 * names, and are never edited once released: their hashes are kept. Functions,
 * views and privileges are the current truth: all of them run again whenever
 * one of them has changed.
 */
#include "errands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "exits.h"
#include "sql_files.h"

static const char prepare[] =
	"begin;"
	"set local client_min_messages = warning;"
	"select pg_advisory_xact_lock(hashtext('huiyin-admin db migrate'));"
	"create schema if not exists huiyin;"
	"create table if not exists huiyin.migration ("
	"	name text primary key,"
	"	sha256 text not null,"
	"	applied_at timestamptz not null default now());"
	"create table if not exists huiyin.code ("
	"	one boolean primary key default true check (one),"
	"	sha256 text not null,"
	"	applied_at timestamptz not null default now());"
	"comment on table huiyin.code is 'hash of the functions, views and "
	"privileges that huiyin-admin db migrate ran last'";

struct work {
	struct database d;
	struct sql_files migrations, code;
	char code_hash[SHA256_HEX];
	size_t applied; /* migrations of this run */
	bool code_ran;
};

static int
check_place(struct work *m)
{
	PGresult *r = NULL;
	int code = database_run(
		&m->d, NULL,
		"select current_setting('server_encoding'),"
		" current_setting('server_version_num')::int >= 150000,"
		" (select rolsuper from pg_roles where rolname = current_user)",
		NULL, &r);

	if (code == DONE && strcmp(PQgetvalue(r, 0, 0), "UTF8") != 0) {
		fprintf(stderr,
			"huiyin-admin: the database has the encoding "
			"%s; create it with encoding UTF8\n",
			PQgetvalue(r, 0, 0));
		code = FAILED;
	} else if (code == DONE && PQgetvalue(r, 0, 1)[0] != 't') {
		fprintf(stderr, "huiyin-admin: PostgreSQL 15 or later is "
				"needed\n");
		code = FAILED;
	} else if (code == DONE && PQgetvalue(r, 0, 2)[0] != 't') {
		fprintf(stderr,
			"huiyin-admin: user %s may not create roles; "
			"connect as a superuser\n",
			PQuser(m->d.conn));
		code = REFUSED;
	}
	PQclear(r);
	return code;
}

static const struct sql_file *
file_named(const struct sql_files *f, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < f->count; i++)
		if (strncmp(f->files[i].name, name, len) == 0 &&
		    strcmp(f->files[i].name + len, ".sql") == 0)
			return &f->files[i];
	return NULL;
}

/* What was applied must be what these files say, and the first of them. */
static int
check_applied(struct work *m)
{
	PGresult *r = NULL;
	int code = database_run(&m->d, NULL,
				"select name, sha256 from huiyin.migration"
				" order by name collate \"C\"",
				NULL, &r);

	for (int i = 0; code == DONE && i < PQntuples(r); i++) {
		const char *name = PQgetvalue(r, i, 0);
		const struct sql_file *f = file_named(&m->migrations, name);

		if (!f) {
			fprintf(stderr,
				"huiyin-admin: refused: the database "
				"has the migration %s, which this release does "
				"not know; run a newer release\n",
				name);
			code = REFUSED;
		} else if (strcmp(f->sha256, PQgetvalue(r, i, 1)) != 0) {
			fprintf(stderr,
				"huiyin-admin: refused: %s was edited "
				"after it was applied; take the edit back and "
				"write a new migration\n",
				f->path);
			code = REFUSED;
		} else if (f != &m->migrations.files[i]) {
			fprintf(stderr,
				"huiyin-admin: refused: %s comes "
				"before %s, which was applied already; give it "
				"a later number\n",
				m->migrations.files[i].path, name);
			code = REFUSED;
		}
	}
	if (code == DONE)
		m->applied = (size_t)PQntuples(r);
	PQclear(r);
	return code;
}

static int
apply(struct work *m, const struct sql_file *f)
{
	char name[64];
	const char *values[] = { name, f->sha256, NULL };
	int code = database_run(&m->d, f->path, f->text, NULL, NULL);

	if (code != DONE)
		return code;
	fprintf(stderr, "applied %s\n", f->name);
	snprintf(name, sizeof name, "%.*s", (int)strlen(f->name) - 4, f->name);
	return database_run(&m->d, NULL,
			    "insert into huiyin.migration (name, sha256)"
			    " values ($1, $2)",
			    values, NULL);
}

static int
is_code_current(struct work *m, bool *current)
{
	PGresult *r = NULL;
	int code = database_run(&m->d, NULL, "select sha256 from huiyin.code",
				NULL, &r);

	*current = code == DONE && PQntuples(r) == 1 &&
		   strcmp(PQgetvalue(r, 0, 0), m->code_hash) == 0;
	PQclear(r);
	return code;
}

static int
run_code(struct work *m)
{
	const char *values[] = { m->code_hash, NULL };
	int code = DONE;

	for (size_t i = 0; i < m->code.count && code == DONE; i++)
		code = database_run(&m->d, m->code.files[i].path,
				    m->code.files[i].text, NULL, NULL);
	if (code != DONE)
		return code;
	m->code_ran = true;
	return database_run(&m->d, NULL,
			    "insert into huiyin.code (sha256) values ($1)"
			    " on conflict (one) do update"
			    " set sha256 = excluded.sha256, applied_at = now()",
			    values, NULL);
}

static int
migrate(struct work *m)
{
	bool current = false;
	size_t before;
	int code = database_run(&m->d, NULL, prepare, NULL, NULL);

	if (code == DONE)
		code = check_applied(m);
	before = m->applied;
	while (code == DONE && m->applied < m->migrations.count)
		code = apply(m, &m->migrations.files[m->applied++]);
	if (code == DONE)
		code = is_code_current(m, &current);
	if (code == DONE && (!current || m->applied > before))
		code = run_code(m);
	if (code == DONE)
		code = database_commit(&m->d);
	m->applied -= before;
	return code;
}

static void
report(const struct work *m, const struct wish *w)
{
	const char *newest = m->migrations.files[m->migrations.count - 1].name;
	int len = (int)strlen(newest) - 4;

	if (w->json)
		printf("{\"schema\":\"%.*s\",\"applied\":%zu,\"functions\":%s}"
		       "\n",
		       len, newest, m->applied, m->code_ran ? "true" : "false");
	else if (m->applied || m->code_ran)
		printf("the database is at %.*s now\n", len, newest);
	else
		printf("the database is at %.*s already\n", len, newest);
}

static bool
read_files(struct work *m, const char *folder)
{
	if (!folder || !sql_files_add(&m->migrations, folder, "migrations") ||
	    !sql_files_add(&m->code, folder, "functions") ||
	    !sql_files_add(&m->code, folder, "views") ||
	    !sql_files_add(&m->code, folder, "privileges.sql"))
		return false;
	sql_files_hash(&m->code, m->code_hash);
	if (m->migrations.count)
		return true;
	fprintf(stderr, "huiyin-admin: %s/migrations: no file NNNN_name.sql\n",
		folder);
	return false;
}

int
run_migrate(struct wish *w)
{
	struct work m = { .applied = 0 };
	int code = FAILED;

	if (read_files(&m, sql_folder(w->sql)))
		code = database_open(&m.d, w->db);
	if (code == DONE && m.d.conn) {
		code = check_place(&m);
		if (code == DONE)
			code = migrate(&m);
		if (code == DONE)
			report(&m, w);
		database_close(&m.d);
	}
	sql_files_fini(&m.migrations);
	sql_files_fini(&m.code);
	return code;
}
