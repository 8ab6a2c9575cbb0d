/* SPDX-License-Identifier: Apache-2.0 */
/* Notices at the client library: heard, kept, told of, replayed. */
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

static unsigned
kept(struct bed *bed)
{
	const hy_event *n;
	unsigned count = 0;

	for (n = hy_notices(bed->client, 0); n;
	     n = hy_notices(bed->client, n->seq))
		count++;
	return count;
}

static void
say_caught_up(struct bed *bed, int cursor)
{
	peer_sayf(bed->peer,
		  "{\"jsonrpc\":\"2.0\",\"method\":\"caught_up\",\"params\":{"
		  "\"cursor\":%d}}",
		  cursor);
}

static json_t *
items_of(json_t *act)
{
	return json_object_get(json_object_get(act, "params"), "items");
}

static const char *
item_text(json_t *act, size_t at, const char *key)
{
	return json_string_value(
		json_object_get(json_array_get(items_of(act), at), key));
}

static void
a_notice_is_on_disk_before_the_program_hears_of_it(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;

	bed_open_online(bed);
	bed_say_notice(bed, 1, "N-1", "one");
	event = bed_event(bed, HY_NOTICE);
	assert_int_equal(event->seq, 1);
	assert_string_equal(hy_field(event, "headline"), "one");
	assert_true(bed_holds(bed->folder, "\"headline\":\"one\""));
	assert_int_equal(kept(bed), 1);
}

static void
delivered_is_told_by_itself_and_once(void **state)
{
	struct bed *bed = *state;
	json_t *act;

	bed_open_online(bed);
	bed_say_notice(bed, 1, "N-1", "one");
	act = peer_take_act(bed->peer, "notice.receipt");
	assert_int_equal(json_array_size(items_of(act)), 1);
	assert_string_equal(item_text(act, 0, "notice"), "N-1");
	assert_string_equal(item_text(act, 0, "state"), "delivered");
	peer_answer(bed->peer, act, "{}");
	json_decref(act);
	bed_say_notice(bed, 1, "N-1", "one");
	assert_true(peer_is_silent(bed->peer, 200));
}

static void
staff_tell_no_receipts(void **state)
{
	struct bed *bed = *state;

	bed->options.as = "staff";
	bed_open_online(bed);
	bed_say_notice(bed, 1, "N-1", "one");
	(void)bed_event(bed, HY_NOTICE);
	assert_true(peer_is_silent(bed->peer, 200));
	assert_int_equal(hy_receipt(bed->client, "N-1", "read"), HY_ERR_INPUT);
}

static void
receipts_of_a_time_without_a_line_are_one_act(void **state)
{
	struct bed *bed = *state;
	json_t *act;

	bed_open_client(bed);
	assert_int_equal(hy_receipt(bed->client, "N-1", "shown"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-1", "read"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-2", "shown"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-1", "shown"), HY_OK);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	act = peer_take_act(bed->peer, "notice.receipt");
	assert_int_equal(json_array_size(items_of(act)), 2);
	assert_string_equal(item_text(act, 0, "state"), "read");
	assert_string_equal(item_text(act, 1, "state"), "shown");
	json_decref(act);
}

static void
receipts_survive_a_restart_and_a_lost_answer(void **state)
{
	struct bed *bed = *state;
	char id[HY_REF];
	json_t *act;

	bed_open_client(bed);
	assert_int_equal(hy_receipt(bed->client, "N-1", "read"), HY_OK);
	bed_close_client(bed);
	bed_open_online(bed);
	act = peer_take_act(bed->peer, "notice.receipt");
	snprintf(id, sizeof id, "%s",
		 json_string_value(json_object_get(act, "id")));
	json_decref(act);
	bed_close_client(bed);
	bed_open_online(bed);
	act = peer_take_act(bed->peer, "notice.receipt");
	assert_string_equal(json_string_value(json_object_get(act, "id")), id);
	assert_string_equal(item_text(act, 0, "state"), "read");
	peer_answer(bed->peer, act, "{}");
	json_decref(act);
	assert_true(bed_no_event(bed, HY_SETTLED, 100));
}

static void
one_bad_receipt_does_not_take_the_others_with_it(void **state)
{
	struct bed *bed = *state;
	json_t *act;

	bed_open_client(bed);
	assert_int_equal(hy_receipt(bed->client, "N-1", "read"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-2", "read"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-3", "read"), HY_OK);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	act = peer_take_act(bed->peer, "notice.receipt");
	assert_int_equal(json_array_size(items_of(act)), 3);
	peer_refuse(bed->peer, act, "not_found",
		    "\"retry\":\"never\",\"path\":\"items[1].notice\"");
	json_decref(act);
	act = peer_take_act(bed->peer, "notice.receipt");
	assert_int_equal(json_array_size(items_of(act)), 2);
	assert_string_equal(item_text(act, 0, "notice"), "N-1");
	assert_string_equal(item_text(act, 1, "notice"), "N-3");
	peer_answer(bed->peer, act, "{}");
	json_decref(act);
	assert_true(peer_is_silent(bed->peer, 150));
}

static void
what_was_missed_is_told_once_and_in_order(void **state)
{
	struct bed *bed = *state;
	char id[16];

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "since", "e1", 900, BED_GREETING));
	for (int i = 1; i <= 600; i++) {
		snprintf(id, sizeof id, "N-%d", i);
		bed_say_notice(bed, i, id, "h");
	}
	say_caught_up(bed, 900);
	for (int i = 1; i <= 600; i++)
		assert_int_equal(bed_event(bed, HY_NOTICE)->seq, i);
	assert_int_equal(bed_event(bed, HY_CAUGHT_UP)->seq, 900);
	assert_int_equal(kept(bed), 600);
}

static json_int_t
cursor_of(json_t *hello)
{
	return json_integer_value(
		json_object_get(json_object_get(hello, "params"), "cursor"));
}

static void
a_cut_replay_goes_on_behind_what_is_on_disk(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_CAUGHT_UP);
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "since", "e1", 9, BED_GREETING));
	bed_say_notice(bed, 5, "N-5", "five");
	bed_say_notice(bed, 7, "N-7", "seven");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 5);
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 7);
	peer_hang_up(bed->peer);
	hello = peer_take_act(bed->peer, "hello");
	assert_int_equal(cursor_of(hello), 7);
	json_decref(hello);
}

static void
another_epoch_drops_what_is_not_sent_again(void **state)
{
	struct bed *bed = *state;

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "all", "e1", 3, BED_GREETING));
	bed_say_notice(bed, 1, "N-1", "one");
	bed_say_notice(bed, 2, "N-2", "two");
	bed_say_notice(bed, 3, "N-3", "three");
	say_caught_up(bed, 3);
	(void)bed_event(bed, HY_CAUGHT_UP);
	assert_int_equal(kept(bed), 3);
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "all", "e2", 2, BED_GREETING));
	bed_say_notice(bed, 1, "N-1", "one");
	bed_say_notice(bed, 2, "N-9", "other");
	say_caught_up(bed, 2);
	assert_string_equal(hy_field(bed_event(bed, HY_NOTICE), "notice"),
			    "N-9");
	(void)bed_event(bed, HY_CAUGHT_UP);
	assert_int_equal(kept(bed), 2);
}

static void
a_replay_of_everything_that_is_cut_begins_anew(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "all", "e1", 1, BED_GREETING));
	bed_say_notice(bed, 1, "N-1", "one");
	say_caught_up(bed, 1);
	(void)bed_event(bed, HY_CAUGHT_UP);
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "all", "e2", 9, BED_GREETING));
	bed_say_notice(bed, 5, "N-5", "five");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 5);
	peer_hang_up(bed->peer);
	hello = peer_greet(bed->peer, "all", "e2", 9, BED_GREETING);
	assert_int_equal(cursor_of(hello), 1);
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(hello, "params"), "epoch")),
			    "e1");
	json_decref(hello);
	assert_int_equal(kept(bed), 2);
	bed_say_notice(bed, 5, "N-5", "five");
	say_caught_up(bed, 9);
	(void)bed_event(bed, HY_CAUGHT_UP);
	assert_int_equal(kept(bed), 1);
}

static void
notices_can_be_read_with_no_server_at_all(void **state)
{
	struct bed *bed = *state;

	bed_open_online(bed);
	bed_say_notice(bed, 1, "N-1", "one");
	(void)bed_event(bed, HY_NOTICE);
	bed_close_client(bed);
	bed->options.url = "ws://127.0.0.1:1/ws";
	bed_open_client(bed);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "unreachable");
	assert_int_equal(kept(bed), 1);
}

static void
without_a_store_only_what_is_new_is_asked_for(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed->options.store = NULL;
	bed_open_client(bed);
	hello = peer_greet(bed->peer, "none", "e1", 4, BED_GREETING);
	assert_null(
		json_object_get(json_object_get(hello, "params"), "cursor"));
	json_decref(hello);
	(void)bed_event(bed, HY_CAUGHT_UP);
	peer_hang_up(bed->peer);
	hello = peer_take_act(bed->peer, "hello");
	assert_int_equal(cursor_of(hello), 4);
	json_decref(hello);
}

static void
a_program_that_does_not_pull_is_not_buried(void **state)
{
	struct bed *bed = *state;
	char id[16];
	int heard = 0;

	bed_open_online(bed);
	for (int i = 1; i <= 9000; i++) {
		snprintf(id, sizeof id, "N-%d", i);
		bed_say_notice(bed, i, id, "h");
	}
	assert_true(peer_is_silent(bed->peer, 10) || true);
	while (heard < 9000)
		heard = (int)bed_event(bed, HY_NOTICE)->seq;
	assert_int_equal(peer_lines(bed->peer), 1);
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(a_notice_is_on_disk_before_the_program_hears_of_it),
		WITH_BED(delivered_is_told_by_itself_and_once),
		WITH_BED(staff_tell_no_receipts),
		WITH_BED(receipts_of_a_time_without_a_line_are_one_act),
		WITH_BED(receipts_survive_a_restart_and_a_lost_answer),
		WITH_BED(one_bad_receipt_does_not_take_the_others_with_it),
		WITH_BED(what_was_missed_is_told_once_and_in_order),
		WITH_BED(a_cut_replay_goes_on_behind_what_is_on_disk),
		WITH_BED(another_epoch_drops_what_is_not_sent_again),
		WITH_BED(a_replay_of_everything_that_is_cut_begins_anew),
		WITH_BED(notices_can_be_read_with_no_server_at_all),
		WITH_BED(without_a_store_only_what_is_new_is_asked_for),
		WITH_BED(a_program_that_does_not_pull_is_not_buried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
