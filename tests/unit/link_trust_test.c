/* SPDX-License-Identifier: Apache-2.0 */
/* When an answer of PostgreSQL may be believed, and what is told of it. */
/* rooms: pg */
/* with: link_bed.c pg_fixture.c loop_until.c */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "link_bed.h"
#include "pg_fixture.h"

static struct pg *pg;

/* --- what may be believed -------------------------------------------------- */

static void
a_warning_during_a_call_is_not_done_and_ends_the_connection(void **state)
{
	static const char warn_sql[] = "select warn($1::text)";
	struct line line;
	struct heard h[3];

	(void)state;
	pg_run(pg, "create or replace function warn(a text) returns text"
		   " language plpgsql as $$ begin raise warning 'weak'; return"
		   " a; end $$");
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, echo_sql, "before", &h[0]);
	line_answered(&line, &h[0]);
	line_call(&line, warn_sql, "x", &h[1]);
	line_call(&line, echo_sql, "behind", &h[2]);
	line_answered(&line, &h[2]);
	assert_int_equal(h[0].outcome, LINK_DONE);
	assert_int_equal(h[1].outcome, LINK_WEATHER);
	assert_int_equal(h[2].outcome, LINK_WEATHER);
	assert_int_equal(line.losses, 1);
	assert_non_null(strstr(link_trouble(line.link), "WARNING"));
	line_ready(&line);
	line_close(&line);
}

static void
a_notice_of_less_than_a_warning_does_no_harm(void **state)
{
	static const char sql[] = "select chat($1::text)";
	struct line line;
	struct heard h;

	(void)state;
	pg_run(pg, "create or replace function chat(a text) returns text"
		   " language plpgsql as $$ begin raise notice 'hm'; raise info"
		   " 'hm'; return a; end $$");
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, sql, "x", &h);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_DONE);
	line_close(&line);
}

/* A role with a wrong setting: never ready, and it is said which. */
static void
wrong_setting(const char *alter, const char *words)
{
	struct line line;
	char conninfo[200];

	pg_run(pg, "drop role if exists weak; create role weak login");
	pg_run(pg, alter);
	snprintf(conninfo, sizeof conninfo, "%s user=weak", pg_conninfo(pg));
	line_open(&line, conninfo, 5);
	line_troubled(&line, words);
	assert_int_equal(line.readies, 0);
	line_close(&line);
}

static void
a_role_that_does_not_wait_for_the_disk_is_refused(void **state)
{
	(void)state;
	wrong_setting("alter role weak set synchronous_commit = off",
		      "synchronous_commit is off");
	wrong_setting("alter role weak set synchronous_commit = local",
		      "synchronous_commit is local");
	wrong_setting("alter role weak set synchronous_commit = remote_write",
		      "synchronous_commit is remote_write");
}

static void
a_role_that_may_not_write_is_refused(void **state)
{
	(void)state;
	wrong_setting("alter role weak set default_transaction_read_only = on",
		      "read-only");
}

static void
a_database_of_another_encoding_is_refused(void **state)
{
	struct line line;
	char conninfo[200];

	(void)state;
	pg_run(pg, "create database latin encoding 'LATIN1' locale 'C'"
		   " template template0");
	snprintf(conninfo, sizeof conninfo, "%s dbname=latin", pg_conninfo(pg));
	line_open(&line, conninfo, 5);
	line_troubled(&line, "server_encoding is LATIN1");
	line_close(&line);
}

static void
a_server_without_fsync_is_never_ready_and_says_so(void **state)
{
	struct line line;

	(void)state;
	pg_stop(pg, SIGINT);
	pg_start(pg, "fsync=off");
	line_open(&line, pg_conninfo(pg), 5);
	line_troubled(&line, "fsync is off where on is needed");
	assert_int_equal(line.readies, 0);
	pg_stop(pg, SIGINT);
	pg_start(pg, NULL);
	line_ready(&line);
	line_close(&line);
}

static void
a_setting_made_unsafe_under_it_ends_a_link(void **state)
{
	struct line line;

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	pg_run(pg, "alter system set full_page_writes = off");
	pg_run(pg, "select pg_reload_conf()");
	line_troubled(&line, "full_page_writes is off");
	assert_int_equal(line.losses, 1);
	pg_run(pg, "alter system reset full_page_writes");
	pg_run(pg, "select pg_reload_conf()");
	line_ready(&line);
	line_close(&line);
}

/* --- what is not told ------------------------------------------------------ */

static char said[16384]; /* on stderr since catch_begin */
static int real_stderr;
static FILE *caught;

static void
catch_begin(void)
{
	caught = tmpfile();
	assert_non_null(caught);
	real_stderr = dup(STDERR_FILENO);
	assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

static void
catch_end(void)
{
	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	rewind(caught);
	said[fread(said, 1, sizeof said - 1, caught)] = 0;
	fclose(caught);
}

static void
an_error_is_logged_without_anybodys_words(void **state)
{
	static const char cast[] = "select ($1::text)::int";
	static const char once[] = "insert into secret_words values ($1)"
				   " returning a";
	struct line line;
	struct heard h;

	(void)state;
	pg_run(pg, "create table secret_words (a text constraint"
		   " word_said_once primary key); insert into secret_words"
		   " values ('canary-2')");
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	catch_begin();
	line_call(&line, cast, "canary-1", &h);
	line_answered(&line, &h);
	assert_string_equal(h.sqlstate, "22P02");
	line_call(&line, once, "canary-2", &h);
	line_answered(&line, &h);
	assert_string_equal(h.sqlstate, "23505");
	catch_end();
	assert_non_null(strstr(said, "22P02"));
	assert_non_null(strstr(said, "word_said_once"));
	assert_null(strstr(said, "canary"));
	line_close(&line);
}

static void
a_bad_conninfo_is_not_quoted(void **state)
{
	struct line line;

	(void)state;
	catch_begin();
	line_open(&line, "host=/tmp password=canary 3", 5);
	line_troubled(&line, "no conninfo");
	catch_end();
	assert_null(strstr(said, "canary"));
	line_close(&line);
}

static int
set_up(void **state)
{
	(void)state;
	pg = pg_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pg_free(pg);
	return 0;
}

#define TEST cmocka_unit_test

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_warning_during_a_call_is_not_done_and_ends_the_connection),
		TEST(a_notice_of_less_than_a_warning_does_no_harm),
		TEST(a_role_that_does_not_wait_for_the_disk_is_refused),
		TEST(a_role_that_may_not_write_is_refused),
		TEST(a_database_of_another_encoding_is_refused),
		TEST(a_server_without_fsync_is_never_ready_and_says_so),
		TEST(a_setting_made_unsafe_under_it_ends_a_link),
		TEST(an_error_is_logged_without_anybodys_words),
		TEST(a_bad_conninfo_is_not_quoted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
