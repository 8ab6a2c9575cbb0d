/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the client library at a server that misbehaves. */
/* rooms: client */
/* with: client_bed.c client_peer.c outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>

#include "client_bed.h"
#include "clock.h"

#define SLACK 1000 /* ms that a busy machine may be late */

static const char *
param(const json_t *message, const char *key)
{
	return json_string_value(
		json_object_get(json_object_get(message, "params"), key));
}

static void
hello_says_who_and_how_far(void **state)
{
	struct bed *bed = *state;
	json_t *hello, *params;

	bed_open_client(bed);
	hello = peer_greet(bed->peer, "none", "e1", 7, BED_GREETING);
	params = json_object_get(hello, "params");
	assert_string_equal(param(hello, "as"), "kiosk");
	assert_string_equal(param(hello, "name"), "k");
	assert_string_equal(param(hello, "secret"), "s");
	assert_int_equal(
		json_integer_value(json_object_get(params, "protocol")), 1);
	assert_true(json_is_integer(json_object_get(params, "cursor")));
	json_decref(hello);
	(void)bed_event(bed, HY_CAUGHT_UP);
	bed_close_client(bed);
	bed_open_client(bed);
	hello = peer_take_act(bed->peer, "hello");
	params = json_object_get(hello, "params");
	assert_int_equal(json_integer_value(json_object_get(params, "cursor")),
			 7);
	assert_string_equal(param(hello, "epoch"), "e1");
	json_decref(hello);
}

static void
bye_is_honoured(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	char ref[HY_REF];

	bed_open_online(bed);
	peer_say(bed->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"bye\",\"params\""
			    ":{\"reason\":\"drain\",\"retry\":1}}");
	event = bed_event(bed, HY_BYE);
	assert_string_equal(event->tag, "drain");
	assert_int_equal(event->retry, 1);
	bed_submit(bed, "x", ref);
	assert_true(peer_is_silent(bed->peer, 100));
	peer_hang_up(bed->peer);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "bye");
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
}

static void
a_bye_to_a_disabled_identity_says_so_to_people(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;

	bed_open_online(bed);
	peer_say(bed->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"bye\",\"params\""
			    ":{\"reason\":\"disabled\",\"retry\":1}}");
	(void)bed_event(bed, HY_BYE);
	peer_hang_up(bed->peer);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "disabled");
	assert_non_null(strstr(event->message, "disabled; an administrator"));
	assert_string_equal(event->act, "");
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
	peer_hang_up(bed->peer);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "lost");
}

static void
bye_is_honoured_for_at_least_a_tenth_of_its_time(void **state)
{
	struct bed *bed = *state;

	bed_open_online(bed);
	peer_say(bed->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"bye\",\"params\""
			    ":{\"reason\":\"drain\",\"retry\":20}}");
	(void)bed_event(bed, HY_BYE);
	peer_hang_up(bed->peer);
	(void)bed_event(bed, HY_OFFLINE);
	assert_true(peer_is_silent(bed->peer, 1900));
}

/* The URLs of other and of the bed's peer, tried in this order. */
static void
give_two_urls(struct bed *bed, const char *other, char urls[160])
{
	snprintf(urls, 160, "%s %s", other, peer_url(bed->peer));
	bed->options.url = urls;
}

static void
a_server_that_is_not_there_is_passed_over(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	char urls[160];

	give_two_urls(bed, "ws://127.0.0.1:1/ws", urls);
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "unreachable");
	assert_non_null(strstr(event->message, "127.0.0.1:1"));
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
}

static void
a_server_that_was_of_use_is_dialled_again(void **state)
{
	struct bed *bed = *state;
	struct peer *first = peer_open();
	char urls[160];

	give_two_urls(bed, peer_url(first), urls);
	bed_open_client(bed);
	for (int i = 1; i < 4; i++) {
		json_decref(peer_greet(first, "since", "e1", 0, BED_GREETING));
		peer_sayf(first,
			  "{\"jsonrpc\":\"2.0\",\"method\":\"notice\","
			  "\"params\":{\"seq\":%d,\"notice\":\"N-%d\"}}",
			  i, i);
		(void)bed_event(bed, HY_NOTICE);
		peer_hang_up(first);
	}
	json_decref(peer_greet(first, "since", "e1", 0, BED_GREETING));
	assert_int_equal(peer_lines(bed->peer), 0);
	peer_close(first);
}

static void
a_server_that_does_not_let_us_in_is_left_for_the_next(void **state)
{
	struct bed *bed = *state;
	struct peer *first = peer_open();
	char urls[160];
	json_t *hello;

	give_two_urls(bed, peer_url(first), urls);
	bed_open_client(bed);
	hello = peer_take_act(first, "hello");
	peer_refuse(first, hello, "overloaded",
		    "\"retry\":\"later\",\"after\":1");
	json_decref(hello);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
	peer_close(first);
}

static bool
is_hello(json_t *message)
{
	const char *act = json_string_value(json_object_get(message, "method"));
	bool hello = strcmp(act, "hello") == 0;

	json_decref(message);
	return hello;
}

static void
a_server_that_fell_silent_is_left_within_two_keepalives(void **state)
{
	struct bed *bed = *state;
	int64_t began;

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "none", "e1", 0,
			       ",\"window\":2,\"keepalive\":1"));
	began = clock_ms();
	(void)bed_event(bed, HY_ONLINE);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "silent");
	assert_in_range(clock_ms() - began, 1000, 2000 + SLACK);
	while (!is_hello(peer_take(bed->peer)))
		;
}

static void
a_ping_that_is_answered_keeps_the_line(void **state)
{
	struct bed *bed = *state;
	json_t *ping;

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "none", "e1", 0,
			       ",\"window\":2,\"keepalive\":1"));
	for (int i = 0; i < 4; i++) {
		ping = peer_take_act(bed->peer, "ping");
		peer_answer(bed->peer, ping,
			    "{\"now\":\"2026-11-23T10:00:00+08:00\"}");
		json_decref(ping);
	}
	assert_int_equal(peer_lines(bed->peer), 1);
}

static void
what_cannot_be_understood_ends_the_line_and_no_more(void **state)
{
	static const char *const nonsense[] = {
		"",
		"{",
		"[]",
		"7",
		"{\"jsonrpc\":\"2.0\"}",
		"{\"jsonrpc\":\"1.0\",\"id\":\"x\",\"result\":{}}",
		"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"id\":\"x\","
		"\"result\":{}}",
		"{\"jsonrpc\":\"2.0\",\"method\":\"notice\",\"params\":{}}",
		"{\"jsonrpc\":\"2.0\",\"method\":\"notice\",\"params\":{"
		"\"seq\":\"1\",\"notice\":\"N\"}}",
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"result\":{}}",
		"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":"
		"[[[[[[[[[[[[]]]]]]]]]]]]}",
	};
	struct bed *bed = *state;

	bed_open_online(bed);
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		peer_say(bed->peer, nonsense[i]);
		assert_string_equal(bed_event(bed, HY_OFFLINE)->tag,
				    "bad_message");
		bed_close_client(bed);
		bed_open_online(bed);
	}
}

static void
news_and_fields_of_later_versions_are_ignored(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;

	bed_open_online(bed);
	peer_say(bed->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"of.later\","
			    "\"params\":{},\"more\":1}");
	peer_say(bed->peer, "{\"jsonrpc\":\"2.0\",\"id\":\"nobody\","
			    "\"result\":{}}");
	peer_say(bed->peer,
		 "{\"jsonrpc\":\"2.0\",\"method\":\"feedback.changed\","
		 "\"params\":{\"receipt\":\"HY-1\",\"state\":\"answered\","
		 "\"later\":[]}}");
	event = bed_event(bed, HY_NEWS);
	assert_string_equal(event->act, "feedback.changed");
	assert_string_equal(hy_field(event, "receipt"), "HY-1");
	assert_int_equal(peer_lines(bed->peer), 1);
}

static void
a_refused_hello_is_told_once_and_tried_again_seldom(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	json_t *hello;

	bed_open_client(bed);
	hello = peer_take_act(bed->peer, "hello");
	peer_refuse(bed->peer, hello, "wrong_secret", "\"retry\":\"never\"");
	json_decref(hello);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->act, "hello");
	assert_string_equal(event->tag, "wrong_secret");
	assert_true(peer_is_silent(bed->peer, 300));
	assert_true(bed_no_event(bed, HY_OFFLINE, 50));
}

static void
staff_come_back_with_their_token_and_then_the_password(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed->options.as = "staff";
	bed_open_client(bed);
	hello = peer_greet(bed->peer, "none", "e1", 0,
			   BED_GREETING ",\"token\":\"t1\"");
	assert_string_equal(param(hello, "secret"), "s");
	json_decref(hello);
	(void)bed_event(bed, HY_ONLINE);
	peer_hang_up(bed->peer);
	hello = peer_take_act(bed->peer, "hello");
	assert_string_equal(param(hello, "token"), "t1");
	assert_null(param(hello, "secret"));
	peer_refuse(bed->peer, hello, "wrong_secret", "\"retry\":\"never\"");
	json_decref(hello);
	hello = peer_take_act(bed->peer, "hello");
	assert_string_equal(param(hello, "secret"), "s");
	json_decref(hello);
}

static int
keepalive_in(const json_t *hello)
{
	return (int)json_integer_value(
		json_object_get(json_object_get(hello, "params"), "keepalive"));
}

static void
a_longer_keepalive_is_asked_for_and_the_answer_holds(void **state)
{
	struct bed *bed = *state;
	json_t *hello;
	int64_t began;

	bed->options.keepalive_s = 900;
	bed_open_client(bed);
	hello = peer_greet(bed->peer, "none", "e1", 0,
			   ",\"window\":2,\"keepalive\":2");
	assert_int_equal(keepalive_in(hello), 900);
	json_decref(hello);
	began = clock_ms();
	json_decref(peer_take_act(bed->peer, "ping"));
	assert_in_range(clock_ms() - began, 1500, 2000 + SLACK);
}

static void
with_a_keepalive_of_15_minutes_nothing_is_said_for_long(void **state)
{
	struct bed *bed = *state;

	bed->options.keepalive_s = 900;
	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "none", "e1", 0,
			       ",\"window\":2,\"keepalive\":900"));
	(void)bed_event(bed, HY_CAUGHT_UP);
	assert_true(peer_is_silent(bed->peer, 3000));
	assert_true(bed_no_event(bed, HY_OFFLINE, 0));
}

static void
a_server_that_knows_no_keepalive_in_hello_is_told_none(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed->options.keepalive_s = 900;
	bed_open_client(bed);
	hello = peer_take_act(bed->peer, "hello");
	peer_refuse(bed->peer, hello, "unknown_field",
		    "\"path\":\"keepalive\",\"retry\":\"never\"");
	json_decref(hello);
	hello = peer_greet(bed->peer, "none", "e1", 0, BED_GREETING);
	assert_int_equal(keepalive_in(hello), 0);
	json_decref(hello);
	assert_int_equal(hy_wait(bed->client, PEER_PATIENCE)->kind, HY_ONLINE);
	assert_int_equal(peer_lines(bed->peer), 1);
}

static void
a_keepalive_out_of_bounds_is_refused(void **state)
{
	static const int wrong[] = { -1, 86401 };
	struct bed *bed = *state;

	for (size_t i = 0; i < 2; i++) {
		bed->options.keepalive_s = wrong[i];
		assert_int_equal(hy_open(&bed->client, &bed->options),
				 HY_ERR_INPUT);
		assert_string_equal(hy_last_error()->path, "keepalive_s");
	}
}

static bool
is_readable(const hy_client *client, int ms)
{
	struct pollfd ready = { hy_fd(client), POLLIN, 0 };

	return poll(&ready, 1, ms) == 1;
}

static void
the_descriptor_is_readable_while_there_is_something(void **state)
{
	struct bed *bed = *state;
	int fd;

	bed_open_client(bed);
	fd = hy_fd(bed->client);
	assert_false(is_readable(bed->client, 0));
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
	assert_true(is_readable(bed->client, PEER_PATIENCE));
	assert_int_equal(hy_next(bed->client)->kind, HY_CAUGHT_UP);
	assert_false(is_readable(bed->client, 0));
	assert_null(hy_next(bed->client));
	assert_int_equal(hy_fd(bed->client), fd);
}

static void
on_signal(int number)
{
	(void)number;
}

static void
signals_stay_as_the_program_set_them(void **state)
{
	struct bed *bed = *state;
	struct sigaction mine = { .sa_handler = on_signal }, after;

	sigaction(SIGPIPE, &mine, NULL);
	bed_open_online(bed);
	sigaction(SIGPIPE, NULL, &after);
	assert_ptr_equal(after.sa_handler, on_signal);
	signal(SIGPIPE, SIG_DFL);
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(hello_says_who_and_how_far),
		WITH_BED(bye_is_honoured),
		WITH_BED(a_bye_to_a_disabled_identity_says_so_to_people),
		WITH_BED(bye_is_honoured_for_at_least_a_tenth_of_its_time),
		WITH_BED(a_server_that_is_not_there_is_passed_over),
		WITH_BED(a_server_that_was_of_use_is_dialled_again),
		WITH_BED(a_server_that_does_not_let_us_in_is_left_for_the_next),
		WITH_BED(
			a_server_that_fell_silent_is_left_within_two_keepalives),
		WITH_BED(a_ping_that_is_answered_keeps_the_line),
		WITH_BED(what_cannot_be_understood_ends_the_line_and_no_more),
		WITH_BED(news_and_fields_of_later_versions_are_ignored),
		WITH_BED(a_refused_hello_is_told_once_and_tried_again_seldom),
		WITH_BED(
			staff_come_back_with_their_token_and_then_the_password),
		WITH_BED(a_longer_keepalive_is_asked_for_and_the_answer_holds),
		WITH_BED(
			with_a_keepalive_of_15_minutes_nothing_is_said_for_long),
		WITH_BED(
			a_server_that_knows_no_keepalive_in_hello_is_told_none),
		WITH_BED(a_keepalive_out_of_bounds_is_refused),
		WITH_BED(the_descriptor_is_readable_while_there_is_something),
		WITH_BED(signals_stay_as_the_program_set_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
