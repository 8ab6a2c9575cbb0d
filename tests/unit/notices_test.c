/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices from the feed to sessions, with connections and a store of this
 * file's own: what is sent to whom, in which order, after which absence.
 */
/* rooms: notice session feed stat */
/* headers: net store secret */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <uv.h>

#include "notices.h"
#include "rooms_fake.h"
#include "session.h"
#include "text.h"
#include "turns.h"

static struct notices *notices;
static struct sessions *sessions;

static void
on_greeted(void *context, struct session *s)
{
	(void)context;
	notices_greeted(notices, s);
}

static void
on_said(void *context, struct session *s, const char *text, size_t len)
{
	(void)context;
	(void)s;
	(void)text;
	(void)len;
}

static int
begin(void **state)
{
	const struct sessions_settings settings = {
		.node = "n",
		.window = 8,
		.acts_per_second = 100,
		.keepalive_seconds = 55,
		.max_frame = 65536,
	};
	const struct session_calls calls = { .greeted = on_greeted,
					     .said = on_said };

	(void)state;
	fake_begin();
	sessions = sessions_new(&settings, &calls, fake_store());
	notices = notices_new(uv_default_loop(), sessions, fake_store(), 64);
	return sessions && notices ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	fake_close_all(sessions);
	notices_free(notices);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	sessions_free(sessions);
	fake_end();
	return 0;
}

/* A session of that region that has said hello with cursor `from`. */
static struct session *
join(const char *region, int64_t from, int64_t head, bool replay)
{
	struct session *s = session_new(sessions, fake_conn());
	const struct identity who = { .principal = 7,
				      .roles = WHO_KIOSK,
				      .region = text_region(region) };

	assert_non_null(s);
	fake_owner(s);
	assert_true(session_identify(s, &who));
	*session_hearing(s) = (struct hearing){ .cursor = from,
						.until = head,
						.replay = replay };
	session_move(s, SESSION_CATCHING_UP);
	notices_greeted(notices, s);
	return s;
}

/* Items first..last for a region, as SQL gives them. */
static char *
items(int first, int last, const char *region, const char *more)
{
	static char text[65536];
	int len = snprintf(text, sizeof text,
			   "{\"epoch\":\"e\",\"head\":%d,%s\"items\":[", last,
			   more);

	for (int i = first; i <= last; i++)
		len += snprintf(text + len, sizeof text - (size_t)len,
				"%s{\"seq\":%d,\"notice\":\"N-%d\","
				"\"audience\":{\"regions\":[\"%s\"]},"
				"\"expires_ms\":null}",
				i == first ? "" : ",", i, i, region);
	snprintf(text + len, sizeof text - (size_t)len, "]}");
	return text;
}

static void
start_with(int first, int last, const char *region)
{
	notices_start(notices);
	fake_answer(ASK_notices_in_force,
		    items(first, last, region, "\"complete\":true,"));
	fake_answer(ASK_notices_after, items(last + 1, last, region, ""));
}

/* The feed has grown by first..last. */
static void
publish(int first, int last, const char *region)
{
	notices_wake(notices);
	fake_answer(ASK_notices_after, items(first, last, region, ""));
}

static void
a_live_session_hears_its_township_and_no_other(void **state)
{
	struct session *here, *there;

	(void)state;
	start_with(1, 0, "422802001000");
	here = join("422802001201", 0, 0, false);
	there = join("422802002201", 0, 0, false);
	publish(1, 1, "422802001000");
	assert_string_equal(fake_seqs(here), "1 ");
	assert_string_equal(fake_seqs(there), "");
}

static void
a_county_notice_reaches_every_village(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 0, "422802001000");
	s = join("422802002201", 0, 0, false);
	publish(1, 1, "422802000000");
	assert_string_equal(fake_seqs(s), "1 ");
}

static void
what_was_missed_comes_in_order_before_caught_up(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 5, "422802001000");
	s = join("422802001201", 2, 5, true);
	assert_string_equal(fake_seqs(s), "3 4 5 caught_up:5 ");
	assert_int_equal(session_state(s), SESSION_LIVE);
}

static void
without_replay_only_what_is_new_is_heard(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 5, "422802001000");
	s = join("422802001201", 5, 5, false);
	assert_string_equal(fake_seqs(s), "");
	publish(6, 6, "422802001000");
	assert_string_equal(fake_seqs(s), "6 ");
}

static void
caught_up_waits_for_a_head_this_node_has_not_seen(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 2, "422802001000");
	s = join("422802001201", 1, 4, true);
	assert_string_equal(fake_seqs(s), "2 ");
	fake_answer(ASK_notices_after, items(3, 4, "422802001000", ""));
	assert_string_equal(fake_seqs(s), "2 3 4 caught_up:4 ");
}

static void
a_slow_reader_goes_on_where_it_stopped(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 0, "422802001000");
	s = join("422802001201", 0, 0, false);
	fake_block(s, true);
	publish(1, 1, "422802001000");
	publish(2, 9, "422802001000");
	assert_string_equal(fake_seqs(s), "");
	fake_block(s, false);
	notices_writable(notices, s);
	assert_string_equal(fake_seqs(s), "1 2 3 4 5 6 7 8 9 ");
}

static void
what_is_older_than_memory_is_asked_of_the_database(void **state)
{
	struct session *s;

	(void)state;
	notices_start(notices);
	fake_answer(ASK_notices_in_force,
		    items(100, 102, "422802001000", "\"complete\":false,"));
	fake_answer(ASK_notices_after, items(103, 102, "422802001000", ""));
	s = join("422802001201", 40, 102, true);
	assert_string_equal(fake_seqs(s), "");
	fake_answer(ASK_notices_for, items(50, 52, "422802001000", ""));
	assert_string_equal(fake_seqs(s),
			    "50 51 52 100 101 102 caught_up:102 ");
}

static void
many_notices_leave_in_few_writes(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 40, "422802001000");
	s = join("422802001201", 0, 40, true);
	assert_true(fake_writes(s) <= 3);
}

static void
another_epoch_sends_everybody_back(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 2, "422802001000");
	s = join("422802001201", 2, 2, false);
	notices_wake(notices);
	fake_answer(ASK_notices_after,
		    "{\"epoch\":\"f\",\"head\":9,\"items\":[]}");
	assert_int_equal(session_state(s), SESSION_LEAVING);
	assert_false(notices_are_ready(notices));
}

static void
memory_forgets_the_oldest_and_says_so(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 0, "422802001000");
	s = join("422802001201", 0, 0, false);
	publish(1, 60, "422802001000");
	publish(61, 90, "422802001000");
	assert_true(notices_count(notices).remembered <= 64);
	assert_int_equal(fake_count(s), 90);
}

static void
an_expired_notice_is_not_sent(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 0, "422802001000");
	s = join("422802001201", 0, 0, false);
	notices_wake(notices);
	fake_answer(ASK_notices_after,
		    "{\"epoch\":\"e\",\"head\":1,\"items\":[{\"seq\":1,"
		    "\"audience\":{\"regions\":[\"422802001000\"]},"
		    "\"expires_ms\":1000}]}");
	assert_string_equal(fake_seqs(s), "");
}

static void
roles_narrow_the_audience(void **state)
{
	struct session *s;

	(void)state;
	start_with(1, 0, "422802001000");
	s = join("422802001201", 0, 0, false);
	notices_wake(notices);
	fake_answer(ASK_notices_after,
		    "{\"epoch\":\"e\",\"head\":2,\"items\":["
		    "{\"seq\":1,\"audience\":{\"regions\":[\"422802001000\"],"
		    "\"roles\":[\"keeper\"]}},"
		    "{\"seq\":2,\"audience\":{\"regions\":[\"422802001000\"],"
		    "\"roles\":[\"kiosk\"]}}]}");
	assert_string_equal(fake_seqs(s), "2 ");
}

static void
who_takes_deflate_is_sent_it_and_nobody_else(void **state)
{
	struct session *plain = join("422802001001", 0, 0, false);
	struct session *small = join("422802001002", 0, 0, false);

	(void)state;
	session_hearing(small)->deflate = true;
	start_with(1, 2, "422802001000");
	notices_wake(notices);
	fake_answer(ASK_notices_after, items(3, 5, "422802001000", ""));
	assert_string_equal(fake_seqs(plain), "1 2 3 4 5 ");
	assert_string_equal(fake_seqs(small), "1 2 3 4 5 ");
	assert_int_equal(fake_binary(plain), 0);
	assert_int_equal(fake_binary(small), 5);
}

/* ---- turns ---------------------------------------------------------------- */

static struct {
	int ahead[10]; /* of each, how many turns came first when last said */
	int told[10];  /* how often it was said */
	int turns;     /* how many have had theirs */
} seen;

static void
on_ahead(void *context, uint64_t id, int turns)
{
	assert_null(context);
	assert_in_range(id, 0, 9);
	/* A turn of that number is really so far away. */
	assert_int_equal((int)id - seen.turns, turns);
	assert_true(seen.told[id] == 0 || turns == seen.ahead[id] - 1);
	seen.ahead[id] = turns;
	seen.told[id]++;
}

static void
on_turn(void *context, uint64_t id)
{
	assert_null(context);
	assert_int_equal(id, seen.turns);
	seen.turns++;
}

static void
on_closed(void *context)
{
	assert_null(context);
}

static void
each_is_looked_at_four_turns_ahead_and_nobody_beyond_the_last(void **state)
{
	struct turns turns;

	(void)state;
	memset(&seen, 0, sizeof seen);
	assert_true(
		turns_init(&turns, uv_default_loop(), on_turn, on_ahead, NULL));
	for (uint64_t id = 0; id < 10; id++)
		assert_true(turns_add(&turns, id));
	turns_run(&turns);
	assert_int_equal(seen.turns, 10);
	for (int id = 0; id < 10; id++)
		assert_int_equal(seen.told[id],
				 id < TURNS_AHEAD ? id : TURNS_AHEAD);
	turns_fini(&turns, on_closed);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_live_session_hears_its_township_and_no_other),
		TEST(a_county_notice_reaches_every_village),
		TEST(what_was_missed_comes_in_order_before_caught_up),
		TEST(without_replay_only_what_is_new_is_heard),
		TEST(caught_up_waits_for_a_head_this_node_has_not_seen),
		TEST(a_slow_reader_goes_on_where_it_stopped),
		TEST(what_is_older_than_memory_is_asked_of_the_database),
		TEST(many_notices_leave_in_few_writes),
		TEST(another_epoch_sends_everybody_back),
		TEST(memory_forgets_the_oldest_and_says_so),
		TEST(an_expired_notice_is_not_sent),
		TEST(roles_narrow_the_audience),
		TEST(who_takes_deflate_is_sent_it_and_nobody_else),
		cmocka_unit_test(
			each_is_looked_at_four_turns_ahead_and_nobody_beyond_the_last),
	};

	return cmocka_run_group_tests_name("notices", tests, NULL, NULL);
}
