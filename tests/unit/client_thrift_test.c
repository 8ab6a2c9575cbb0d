/* SPDX-License-Identifier: Apache-2.0 */
/* What the client library's line costs, and what a budget makes of it. */
/* rooms: client */
/* with: client_bed.c client_peer.c outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client_bed.h"
#include "traffic.h"

#define BUDGET 60000
#define TEXT 3990

static char long_text[TEXT + 1];

static uint64_t
spent(struct bed *bed)
{
	hy_traffic_day today = HY_TRAFFIC_INIT;

	assert_int_equal(hy_traffic(bed->client, 0, &today), HY_OK);
	assert_int_equal(today.is_over,
			 today.budget &&
				 today.sent + today.received >= today.budget);
	return today.sent + today.received;
}

/* qemu's user mode does not hand on what the kernel counts. */
static void
skip_where_nothing_is_counted(struct bed *bed)
{
	if (spent(bed) == 0)
		skip();
}

/* Submits so much that the day's budget is used up, and settles it. */
static void
spend(struct bed *bed)
{
	char ref[HY_REF];
	json_t *act;

	memset(long_text, 'x', TEXT);
	for (int i = 0; spent(bed) < BUDGET; i++) {
		assert_true(i < 40);
		bed_submit(bed, long_text, ref);
		act = peer_take_act(bed->peer, "feedback.submit");
		peer_answer(bed->peer, act, BED_RESULT);
		json_decref(act);
		(void)bed_event(bed, HY_SETTLED);
		assert_int_equal(hy_done(bed->client, ref), HY_OK);
	}
}

static void
say_caught_up(struct bed *bed, int cursor)
{
	peer_sayf(bed->peer,
		  "{\"jsonrpc\":\"2.0\",\"method\":\"caught_up\","
		  "\"params\":{\"cursor\":%d}}",
		  cursor);
}

/* Online with a budget, and all up to notice 1 on disk. */
static void
begin(struct bed *bed, const char *keepalive)
{
	char rest[64];

	snprintf(rest, sizeof rest, ",\"window\":8,\"keepalive\":%s",
		 keepalive);
	bed->options.budget = BUDGET;
	bed->options.flags = HY_NO_DELIVERED;
	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "all", "e1", 1, rest));
	bed_say_notice(bed, 1, "N-1", "one");
	say_caught_up(bed, 1);
	(void)bed_event(bed, HY_CAUGHT_UP);
	skip_where_nothing_is_counted(bed);
}

/* The next hello, which must ask so; missed NULL: for all. */
static json_t *
take_hello(struct bed *bed, int cursor, const char *missed)
{
	json_t *hello = peer_take_act(bed->peer, "hello");
	const json_t *params = json_object_get(hello, "params");
	const char *said = json_string_value(json_object_get(params, "missed"));

	assert_int_equal(json_integer_value(json_object_get(params, "cursor")),
			 cursor);
	if (missed)
		assert_string_equal(said, missed);
	else
		assert_null(said);
	return hello;
}

static void
answer_hello(struct bed *bed, json_t *hello, const char *epoch, int head)
{
	char result[300];

	snprintf(result, sizeof result,
		 "{\"session\":\"s\",\"roles\":[],\"epoch\":\"%s\","
		 "\"now\":\"2026-11-23T10:00:00+08:00\",\"head\":%d,"
		 "\"replay\":\"since\",\"max_frame\":65536,\"window\":8,"
		 "\"keepalive\":55}",
		 epoch, head);
	peer_answer(bed->peer, hello, result);
	json_decref(hello);
}

static void
every_byte_is_counted_and_kept(void **state)
{
	struct bed *bed = *state;
	hy_traffic_day today = HY_TRAFFIC_INIT, other = HY_TRAFFIC_INIT;
	char ref[HY_REF];
	uint64_t before;

	memset(long_text, 'x', TEXT);
	bed_open_online(bed);
	/* 0 where hello was counted before it said that another day is on. */
	before = spent(bed);
	bed_submit(bed, long_text, ref);
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
	/* The text once, the rest of the act, headers of some segments. */
	for (int i = 0; i < 100 && spent(bed) < before + TEXT; i++)
		(void)hy_wait(bed->client, 20);
	skip_where_nothing_is_counted(bed);
	assert_in_range(spent(bed) - before, TEXT, TEXT + 1500);
	assert_int_equal(hy_traffic(bed->client, 0, &today), HY_OK);
	assert_string_equal(today.day, "2026-11-23");
	assert_true(today.sent > today.received);
	bed_close_client(bed);
	bed->options.start_within_ms = 3600000;
	bed_open_client(bed);
	/* The clock of this machine has another day than the peer's. */
	for (int ago = 1; ago < 62; ago++) {
		assert_int_equal(hy_traffic(bed->client, ago, &other), HY_OK);
		if (strcmp(other.day, today.day) == 0)
			assert_true(other.sent >= today.sent);
	}
}

static void
days_are_those_of_the_county(void **state)
{
	(void)state;
	/* 2026-11-23T00:00:00+08:00 and the second before. */
	assert_int_equal(traffic_day(1795363200), 20780);
	assert_int_equal(traffic_day(1795363199), 20779);
}

static void
a_day_that_is_none_is_refused(void **state)
{
	struct bed *bed = *state;
	hy_traffic_day day = HY_TRAFFIC_INIT;

	bed_open_online(bed);
	assert_int_equal(hy_traffic(bed->client, -1, &day), HY_ERR_INPUT);
	assert_int_equal(hy_traffic(bed->client, 62, &day), HY_ERR_INPUT);
	assert_int_equal(hy_traffic(bed->client, 0, NULL), HY_ERR_INPUT);
	day.size = 3;
	assert_int_equal(hy_traffic(bed->client, 0, &day), HY_ERR_INPUT);
	assert_int_equal(
		hy_traffic(bed->client, 61, &(hy_traffic_day)HY_TRAFFIC_INIT),
		HY_OK);
}

static void
with_the_budget_used_up_only_what_is_urgent_is_asked_for(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];

	begin(bed, "55");
	spend(bed);
	peer_hang_up(bed->peer);
	answer_hello(bed, take_hello(bed, 1, "urgent"), "e1", 7);
	bed_say_notice(bed, 4, "N-4", "a flood");
	say_caught_up(bed, 7);
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 4);
	assert_true(bed_no_event(bed, HY_CAUGHT_UP, 200));
	/* Feedback and what is new do not wait. */
	bed_submit(bed, "now", ref);
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
	bed_say_notice(bed, 8, "N-8", "new");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 8);
	/* What was missed is not forgotten, also over a restart. */
	bed_close_client(bed);
	bed->options.budget = 0;
	bed_open_client(bed);
	json_decref(take_hello(bed, 1, NULL));
}

static void
on_the_next_day_the_rest_is_asked_for(void **state)
{
	struct bed *bed = *state;
	json_t *ping;

	begin(bed, "55");
	spend(bed);
	peer_hang_up(bed->peer);
	json_decref(take_hello(bed, 1, "urgent"));
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "since", "e1", 7,
			       ",\"window\":8,\"keepalive\":2"));
	say_caught_up(bed, 7);
	ping = peer_take_act(bed->peer, "ping");
	peer_answer(bed->peer, ping, "{\"now\":\"2026-11-23T23:59:59+08:00\"}");
	json_decref(ping);
	json_decref(take_hello(bed, 1, NULL));
	peer_say(bed->peer,
		 "{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"result\":{"
		 "\"epoch\":\"e1\",\"now\":\"2026-11-24T00:00:03+08:00\","
		 "\"head\":7,\"replay\":\"since\",\"keepalive\":55}}");
	bed_say_notice(bed, 5, "N-5", "missed");
	say_caught_up(bed, 7);
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 5);
	assert_int_equal(bed_event(bed, HY_CAUGHT_UP)->seq, 7);
	assert_true(spent(bed) < BUDGET);
}

static void
say_long_notices(struct bed *bed, int first, int last)
{
	memset(long_text, 'x', TEXT);
	for (int seq = first; seq <= last; seq++) {
		char id[16];

		snprintf(id, sizeof id, "N-%d", seq);
		bed_say_notice(bed, seq, id, long_text);
	}
}

static void
what_is_missed_is_broken_off_and_goes_on_from_there(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	int64_t last = 1;

	begin(bed, "55");
	peer_hang_up(bed->peer);
	(void)bed_event(bed, HY_OFFLINE);
	answer_hello(bed, take_hello(bed, 1, NULL), "e1", 400);
	for (int seq = 2; last < 400; seq += 4) {
		assert_true(seq < 400);
		say_long_notices(bed, seq, seq + 3);
		do {
			event = hy_wait(bed->client, PEER_PATIENCE);
			assert_non_null(event);
			if (event->kind == HY_NOTICE)
				last = event->seq;
		} while (event->kind != HY_OFFLINE && last < seq + 3);
		if (event->kind == HY_OFFLINE &&
		    strcmp(event->tag, "budget") == 0)
			break;
	}
	assert_true(spent(bed) >= BUDGET);
	json_decref(take_hello(bed, (int)last, "urgent"));
}

static void
all_that_is_in_force_is_not_broken_off(void **state)
{
	struct bed *bed = *state;

	begin(bed, "55");
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "all", "e2", 30, BED_GREETING));
	say_long_notices(bed, 2, 30);
	say_caught_up(bed, 30);
	assert_int_equal(bed_event(bed, HY_CAUGHT_UP)->seq, 30);
	assert_true(spent(bed) >= BUDGET);
}

static void
another_epoch_is_more_important_than_the_budget(void **state)
{
	struct bed *bed = *state;

	begin(bed, "55");
	spend(bed);
	peer_hang_up(bed->peer);
	answer_hello(bed, take_hello(bed, 1, "urgent"), "e2", 3);
	json_decref(take_hello(bed, 1, NULL));
}

static void
an_older_server_is_asked_for_nothing_that_was_missed(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	begin(bed, "55");
	spend(bed);
	peer_hang_up(bed->peer);
	hello = take_hello(bed, 1, "urgent");
	peer_refuse(bed->peer, hello, "unknown_field",
		    "\"path\":\"missed\",\"retry\":\"never\"");
	json_decref(hello);
	hello = peer_greet(bed->peer, "none", "e1", 9, BED_GREETING);
	assert_null(
		json_object_get(json_object_get(hello, "params"), "cursor"));
	json_decref(hello);
	bed_say_notice(bed, 10, "N-10", "new");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 10);
	bed_close_client(bed);
	bed->options.budget = 0;
	bed_open_client(bed);
	json_decref(take_hello(bed, 1, NULL));
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(every_byte_is_counted_and_kept),
		cmocka_unit_test(days_are_those_of_the_county),
		WITH_BED(a_day_that_is_none_is_refused),
		WITH_BED(
			with_the_budget_used_up_only_what_is_urgent_is_asked_for),
		WITH_BED(on_the_next_day_the_rest_is_asked_for),
		WITH_BED(what_is_missed_is_broken_off_and_goes_on_from_there),
		WITH_BED(all_that_is_in_force_is_not_broken_off),
		WITH_BED(another_epoch_is_more_important_than_the_budget),
		WITH_BED(an_older_server_is_asked_for_nothing_that_was_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
