/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to PostgreSQL: calls, hints, and coming back. */
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

#include <fcntl.h>

#include "link_bed.h"
#include "pg_fixture.h"

static struct pg *pg;

/* --- calls ---------------------------------------------------------------- */

static void
a_call_is_answered_with_its_rows(void **state)
{
	struct line line;
	struct heard h;

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	assert_string_equal(link_trouble(line.link), "");
	line_call(&line, echo_sql, "回音", &h);
	assert_int_equal(link_waiting(line.link), 1);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_DONE);
	assert_string_equal(h.text, "回音");
	assert_int_equal(h.rows, 1);
	assert_int_equal(link_waiting(line.link), 0);
	line_close(&line);
}

static void
an_error_hurts_only_its_own_call(void **state)
{
	static const char divide[] = "select 1 / $1::int";
	struct line line;
	struct heard h[5];

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	for (int i = 0; i < 5; i++)
		line_call(&line, divide, i == 2 ? "0" : "1", &h[i]);
	line_answered(&line, &h[4]);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(h[i].order, h[0].order + i);
		assert_int_equal(h[i].outcome,
				 i == 2 ? LINK_FAILED : LINK_DONE);
	}
	assert_string_equal(h[2].sqlstate, "22012");
	assert_int_equal(line.losses, 0);
	line_close(&line);
}

static void
a_refusal_brings_tag_path_and_seconds(void **state)
{
	static const char refuse_sql[] = "select refuse($1::int)";
	struct line line;
	struct heard h;

	(void)state;
	pg_run(pg, "create or replace function refuse(after int) returns text"
		   " language plpgsql as $$ begin if after > 0 then raise"
		   " exception using errcode = 'YN001', message ="
		   " 'rate_limited', detail = 'a.b', hint = after::text; end"
		   " if; raise exception using errcode = 'YN001', message ="
		   " 'not_found'; end $$");
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, refuse_sql, "17", &h);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_REFUSED);
	assert_string_equal(h.tag, "rate_limited");
	assert_string_equal(h.path, "a.b");
	assert_int_equal(h.after, 17);
	line_call(&line, refuse_sql, "0", &h);
	line_answered(&line, &h);
	assert_string_equal(h.tag, "not_found");
	assert_string_equal(h.path, "(null)");
	assert_int_equal(h.after, 0);
	line_close(&line);
}

static void
much_goes_both_ways_at_once_without_standing_still(void **state)
{
	enum { CALLS = 6, BYTES = 3000000 };
	struct line line;
	struct heard h[CALLS];
	char *text = malloc(BYTES + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', BYTES);
	text[BYTES] = 0;
	line_open(&line, pg_conninfo(pg), 20);
	line_ready(&line);
	for (int i = 0; i < CALLS; i++)
		line_call(&line, echo_sql, text, &h[i]);
	line_answered(&line, &h[CALLS - 1]);
	for (int i = 0; i < CALLS; i++)
		assert_int_equal(h[i].outcome, LINK_DONE);
	line_close(&line);
	free(text);
}

static void
a_call_before_it_is_ready_meets_weather_a_turn_later(void **state)
{
	struct line line;
	struct heard h;

	(void)state;
	line_open(&line, "host=/nowhere/at/all", 5);
	line_call(&line, echo_sql, "x", &h);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_WEATHER);
	line_troubled(&line, "/nowhere/at/all");
	assert_int_equal(line.losses, 0);
	line_close(&line);
}

static void
what_is_on_its_way_at_the_end_meets_weather(void **state)
{
	static const char slow[] = "select pg_sleep(60)::text";
	struct line line;
	struct heard h;

	(void)state;
	line_open(&line, pg_conninfo(pg), 120);
	line_ready(&line);
	line_call(&line, slow, NULL, &h);
	line_close(&line);
	assert_true(h.told);
	assert_int_equal(h.outcome, LINK_WEATHER);
	assert_int_equal(line.losses, 0);
}

static void
a_missing_function_is_weather_until_it_is_there(void **state)
{
	static const char later_sql[] = "select later_made($1::text)";
	struct line line;
	struct heard h[2];

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, later_sql, "x", &h[0]);
	line_call(&line, later_sql, "x", &h[1]);
	line_answered(&line, &h[1]);
	assert_int_equal(h[0].outcome, LINK_WEATHER);
	assert_string_equal(h[0].sqlstate, "42883");
	assert_int_equal(h[1].outcome, LINK_WEATHER);
	assert_int_equal(line.losses, 0);
	pg_run(pg, "create function later_made(text) returns text"
		   " language sql return $1");
	line_call(&line, later_sql, "x", &h[0]);
	line_answered(&line, &h[0]);
	assert_int_equal(h[0].outcome, LINK_DONE);
	line_close(&line);
}

static void
a_function_of_another_shape_is_weather_then_works(void **state)
{
	static const char sql[] = "select * from shape()";
	struct line line;
	struct heard h;

	(void)state;
	pg_run(pg, "create function shape() returns table (a int)"
		   " language sql as 'select 1'");
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, sql, NULL, &h);
	line_answered(&line, &h);
	assert_string_equal(h.text, "1");
	pg_run(pg, "drop function shape(); create function shape() returns"
		   " table (a text) language sql as 'select ''one'''");
	line_call(&line, sql, NULL, &h);
	line_answered(&line, &h);
	if (h.outcome != LINK_DONE) {
		assert_int_equal(h.outcome, LINK_WEATHER);
		line.ready = false;
		line_ready(&line);
		line_call(&line, sql, NULL, &h);
		line_answered(&line, &h);
	}
	assert_string_equal(h.text, "one");
	line_close(&line);
}

/* --- hints ----------------------------------------------------------------- */

static void
a_notify_is_heard_and_each_channel_once_after_a_return(void **state)
{
	struct line line;

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	assert_int_equal(line.notified, 2);
	pg_run(pg, "notify huiyin_notice; notify elsewhere");
	line_counted(&line, &line.notified, 3);
	assert_string_equal(line.heard, "huiyin_notice");
	pg_signal_backends(pg, LINE_NAME, SIGKILL);
	line_counted(&line, &line.losses, 1);
	line_ready(&line);
	assert_int_equal(line.notified, 5);
	line_close(&line);
}

/*
 * What was prepared without our knowing (the answer was lost for want of
 * memory) must not stand in the way for ever.
 */
static void
a_statement_that_is_there_already_is_weather_then_works(void **state)
{
	static const char steal[] = "prepare s1 as select 1";
	struct line line;
	struct heard h;

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, steal, NULL, &h); /* is itself s0 */
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_DONE);
	line_call(&line, echo_sql, "x", &h);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_WEATHER);
	assert_string_equal(h.sqlstate, "42P05");
	line.ready = false;
	line_ready(&line);
	line_call(&line, echo_sql, "x", &h);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_DONE);
	line_close(&line);
}

/* --- weather --------------------------------------------------------------- */

static void
a_killed_backend_is_weather_and_the_link_comes_back(void **state)
{
	static const char slow[] = "select pg_sleep(60)::text";
	struct line line;
	struct heard h;

	(void)state;
	line_open(&line, pg_conninfo(pg), 120);
	line_ready(&line);
	line_call(&line, slow, NULL, &h);
	pg_signal_backends(pg, LINE_NAME, SIGKILL);
	line_answered(&line, &h);
	assert_int_equal(h.outcome, LINK_WEATHER);
	assert_int_equal(line.losses, 1);
	line_ready(&line);
	line_call(&line, echo_sql, "again", &h);
	line_answered(&line, &h);
	assert_string_equal(h.text, "again");
	line_close(&line);
}

static void
a_call_without_an_answer_ends_the_connection(void **state)
{
	static const char slow[] = "select pg_sleep(60)::text";
	struct line line;
	struct heard h[2];

	(void)state;
	line_open(&line, pg_conninfo(pg), 1);
	line_ready(&line);
	line_call(&line, slow, NULL, &h[0]);
	line_call(&line, echo_sql, "behind", &h[1]);
	line_answered(&line, &h[1]);
	assert_int_equal(h[0].outcome, LINK_WEATHER);
	assert_int_equal(h[1].outcome, LINK_WEATHER);
	assert_non_null(strstr(link_trouble(line.link), "within the time"));
	line_ready(&line);
	line_close(&line);
}

static void
a_server_that_stands_still_is_noticed_without_calls(void **state)
{
	struct line line;

	(void)state;
	line_open(&line, pg_conninfo(pg), 1);
	line_ready(&line);
	pg_signal_backends(pg, LINE_NAME, SIGSTOP);
	line_troubled(&line, "no answer within the time");
	pg_signal_backends(pg, LINE_NAME, SIGCONT);
	line_ready(&line);
	line_close(&line);
}

static void
close_it(void *context, const struct link_answer *answer)
{
	struct line *line = context;

	assert_int_equal(answer->outcome, LINK_WEATHER);
	line->ready = false; /* it is broken now, and not yet lost */
	line_begin_close(line);
}

static void
a_link_that_breaks_as_it_is_closed_is_closed(void **state)
{
	static const char steal[] = "prepare s1 as select 1";
	struct line line;
	struct heard h;
	const struct link_ask ask = { .sql = "select 2",
				      .answered = close_it,
				      .context = &line };

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	line_call(&line, steal, NULL, &h);
	line_answered(&line, &h);
	assert_true(link_call(line.link, &ask));
	line_end_close(&line);
	assert_int_equal(line.losses, 0);
}

struct closer {
	uv_idle_t idle;
	struct line *line;
	uint64_t when; /* uv_hrtime at which it closes the link */
};

static void
on_turn(uv_idle_t *idle)
{
	struct closer *closer = idle->data;

	if (uv_hrtime() < closer->when)
		return;
	line_begin_close(closer->line);
	uv_close((uv_handle_t *)idle, NULL);
}

/* From an idle handle: descriptors still have their say in that turn. */
static void
a_link_can_be_closed_at_any_step_of_dialling(void **state)
{
	struct closer closer;
	struct line line;

	(void)state;
	for (uint64_t steps = 0; steps < 100; steps++) {
		line_open(&line, pg_conninfo(pg), 5);
		closer.line = &line;
		closer.when = uv_hrtime() + steps * 100000;
		closer.idle.data = &closer;
		assert_int_equal(uv_idle_init(&line.loop, &closer.idle), 0);
		assert_int_equal(uv_idle_start(&closer.idle, on_turn), 0);
		line_end_close(&line);
	}
}

static void
the_server_may_come_later(void **state)
{
	struct line line;

	(void)state;
	pg_stop(pg, SIGKILL);
	line_open(&line, pg_conninfo(pg), 5);
	line_troubled(&line, "failed");
	pg_start(pg, NULL);
	line_ready(&line);
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

static void
on_other(uv_poll_t *poll, int status, int events)
{
	int *fd = poll->data;

	assert_int_equal(status, 0);
	assert_int_equal(events, UV_READABLE);
	uv_close((uv_handle_t *)poll, NULL);
	close(*fd);
	*fd = -1;
}

/* The lowest descriptor that is free. */
static int
lowest_free(void)
{
	int fd = dup(STDERR_FILENO);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

/*
 * libpq closes its descriptor inside a call that finds the server gone, and in
 * the same turn somebody else may be given that number, to watch it as well.
 */
static void
a_descriptor_that_libpq_has_closed_may_be_watched_by_another(void **state)
{
	struct line line;
	struct heard h[50];
	uv_poll_t other;
	int before, fd[2], calls = 0;

	(void)state;
	line_open(&line, pg_conninfo(pg), 5);
	line_ready(&line);
	pg_run(pg,
	       "select pg_terminate_backend(pid, 20000) from"
	       " pg_stat_activity where application_name = '" LINE_NAME "'");
	before = lowest_free();
	while (calls < 50 && link_is_ready(line.link))
		line_call(&line, echo_sql, "x", &h[calls++]);
	assert_false(link_is_ready(line.link));
	assert_int_equal(pipe2(fd, O_CLOEXEC | O_NONBLOCK), 0);
	assert_true(fd[0] < before); /* the number that was given back */
	assert_int_equal(uv_poll_init(&line.loop, &other, fd[0]), 0);
	assert_int_equal(uv_poll_start(&other, UV_READABLE, on_other), 0);
	assert_int_equal(write(fd[1], "x", 1), 1);
	other.data = fd;
	line_answered(&line, &h[calls - 1]);
	line_ready(&line);
	assert_int_equal(fd[0], -1); /* it was heard */
	close(fd[1]);
	line_close(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_is_answered_with_its_rows),
		TEST(an_error_hurts_only_its_own_call),
		TEST(a_refusal_brings_tag_path_and_seconds),
		TEST(much_goes_both_ways_at_once_without_standing_still),
		TEST(a_call_before_it_is_ready_meets_weather_a_turn_later),
		TEST(what_is_on_its_way_at_the_end_meets_weather),
		TEST(a_missing_function_is_weather_until_it_is_there),
		TEST(a_function_of_another_shape_is_weather_then_works),
		TEST(a_statement_that_is_there_already_is_weather_then_works),
		TEST(a_notify_is_heard_and_each_channel_once_after_a_return),
		TEST(a_killed_backend_is_weather_and_the_link_comes_back),
		TEST(a_descriptor_that_libpq_has_closed_may_be_watched_by_another),
		TEST(a_call_without_an_answer_ends_the_connection),
		TEST(a_server_that_stands_still_is_noticed_without_calls),
		TEST(a_link_that_breaks_as_it_is_closed_is_closed),
		TEST(a_link_can_be_closed_at_any_step_of_dialling),
		TEST(the_server_may_come_later),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
