/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a store that a disk has damaged, while the file counts as whole. */
/* rooms: client */
/* with: client_bed.c client_peer.c outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "client_bed.h"

/* Says something to the closed store behind the library's back. */
static void
meddle(const struct bed *bed, const char *sql)
{
	char path[BED_PATH + 16];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/outbox.db", bed->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Takes the act of that ref and settles it. */
static void
settle(struct bed *bed, const char *ref)
{
	json_t *act = peer_take_act(bed->peer, "feedback.submit");

	assert_string_equal(json_string_value(json_object_get(act, "id")), ref);
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
}

/* Three acts kept offline, then the store is meddled with and goes online. */
static void
keep_three(struct bed *bed, const char *sql, char ref[3][HY_REF])
{
	bed_open_client(bed);
	for (int i = 0; i < 3; i++)
		bed_submit(bed, "x", ref[i]);
	bed_close_client(bed);
	meddle(bed, sql);
	bed_open_online(bed);
}

/* The second of three is refused with tag; the others are settled. */
static void
check_refused(struct bed *bed, const char *sql, const char *tag)
{
	hy_outbox_state box = HY_OUTBOX_INIT;
	char ref[3][HY_REF], refused[HY_REF];
	const hy_event *event;
	unsigned lines;

	keep_three(bed, sql, ref);
	lines = peer_lines(bed->peer);
	settle(bed, ref[0]);
	settle(bed, ref[2]);
	event = bed_event(bed, HY_REFUSED);
	assert_string_equal(event->tag, tag);
	assert_int_equal(strlen(event->ref), HY_REF - 1);
	assert_true(strlen(event->message) > 0);
	snprintf(refused, sizeof refused, "%s", event->ref);
	event = hy_refused(bed->client, 0);
	assert_non_null(event);
	assert_string_equal(event->ref, refused);
	assert_int_equal(hy_done(bed->client, refused), HY_OK);
	for (int i = 0; i < 3; i += 2)
		while (hy_done(bed->client, ref[i]) != HY_OK)
			assert_non_null(hy_wait(bed->client, PEER_PATIENCE));
	assert_int_equal(hy_outbox(bed->client, &box), HY_OK);
	assert_int_equal(box.waiting + box.settled + box.refused, 0);
	assert_int_equal(peer_lines(bed->peer), lines);
}

static void
one_byte_that_is_no_text_stops_no_other_act(void **state)
{
	check_refused(*state,
		      "update act set params = cast(x'7b2274223a22ff227d' as"
		      " text) where number = 2",
		      "store_damaged");
}

static void
params_that_are_cut_short_are_refused(void **state)
{
	check_refused(*state,
		      "update act set params = substr(params, 1, 20)"
		      " where number = 2",
		      "store_damaged");
}

static void
params_that_are_gone_are_refused(void **state)
{
	check_refused(*state, "update act set params = x'' where number = 2",
		      "store_damaged");
}

static void
a_damaged_ref_is_refused_under_another(void **state)
{
	check_refused(*state,
		      "update act set ref = cast(x'22ff' as text)"
		      " where number = 2",
		      "store_damaged");
}

static void
an_act_of_no_known_name_is_refused(void **state)
{
	check_refused(*state,
		      "update act set name = 'feedback.sabmit'"
		      " where number = 2",
		      "unknown_act");
}

static void
an_act_that_has_become_too_large_is_refused(void **state)
{
	check_refused(*state,
		      "update act set params = '{\"text\":\"' ||"
		      " hex(zeroblob(100000)) || '\"}' where number = 2",
		      "too_large");
}

/* What became of it is not known: the server knows it under its ref. */
static void
an_act_in_no_known_state_is_said_again(void **state)
{
	struct bed *bed = *state;
	char ref[3][HY_REF];

	keep_three(bed, "update act set state = 9 where number = 2", ref);
	for (int i = 0; i < 3; i++)
		settle(bed, ref[i]);
	for (int i = 0; i < 3; i++)
		assert_string_equal(bed_event(bed, HY_SETTLED)->ref, ref[i]);
}

static void
an_answer_that_cannot_be_read_is_asked_for_again(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	char ref[HY_REF];

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	settle(bed, ref);
	(void)bed_event(bed, HY_SETTLED);
	bed_close_client(bed);
	meddle(bed, "update act set answer = substr(answer, 1, 10)");
	bed_open_client(bed);
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag, "store_damaged");
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	settle(bed, ref);
	event = bed_event(bed, HY_SETTLED);
	assert_string_equal(event->ref, ref);
	assert_string_equal(hy_field(event, "receipt"), "HY-1");
}

/* Its place is forgotten with it: all in force is said again. */
static void
a_notice_that_cannot_be_read_is_heard_again(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	bed_open_online(bed);
	for (int i = 1; i <= 2; i++) {
		bed_say_notice(bed, i, i == 1 ? "N-1" : "N-2", "x");
		assert_int_equal(bed_event(bed, HY_NOTICE)->seq, i);
	}
	bed_close_client(bed);
	meddle(bed, "update notice set body = cast(x'7bff7d' as text)"
		    " where seq = 1");
	bed_open_client(bed);
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag, "store_damaged");
	assert_int_equal(hy_notices(bed->client, 0)->seq, 2);
	hello = peer_greet(bed->peer, "all", "e1", 2, BED_GREETING);
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(hello, "params"), "cursor")),
			 0);
	json_decref(hello);
	for (int i = 1; i <= 2; i++)
		bed_say_notice(bed, i, i == 1 ? "N-1" : "N-2", "x");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 1);
	assert_int_equal(hy_notices(bed->client, 0)->seq, 1);
}

/* The receipts of the acts items are told; the peer takes them. */
static void
take_receipts(struct bed *bed, size_t count, const char *first)
{
	json_t *act = peer_take_act(bed->peer, "notice.receipt");
	const json_t *items =
		json_object_get(json_object_get(act, "params"), "items");

	assert_int_equal(json_array_size(items), count);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(items, 0), "notice")),
			    first);
	peer_answer(bed->peer, act, "{}");
	json_decref(act);
}

static void
a_damaged_receipt_stops_no_other(void **state)
{
	struct bed *bed = *state;

	bed_open_client(bed);
	assert_int_equal(hy_receipt(bed->client, "N-1", "shown"), HY_OK);
	assert_int_equal(hy_receipt(bed->client, "N-2", "shown"), HY_OK);
	bed_close_client(bed);
	meddle(bed, "update receipt set notice = cast(x'4e2dff' as text)"
		    " where notice = 'N-1'");
	bed_open_online(bed);
	take_receipts(bed, 1, "N-2");
	assert_true(bed_no_event(bed, HY_OFFLINE, 100));
}

static void
a_damaged_act_of_receipts_stops_no_other(void **state)
{
	struct bed *bed = *state;

	bed_open_online(bed);
	assert_int_equal(hy_receipt(bed->client, "N-1", "shown"), HY_OK);
	json_decref(peer_take_act(bed->peer, "notice.receipt"));
	assert_int_equal(hy_receipt(bed->client, "N-2", "shown"), HY_OK);
	bed_close_client(bed);
	meddle(bed, "update act set params = '{' where silent");
	bed_open_online(bed);
	take_receipts(bed, 1, "N-2");
	assert_true(bed_no_event(bed, HY_REFUSED, 100));
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(one_byte_that_is_no_text_stops_no_other_act),
		WITH_BED(params_that_are_cut_short_are_refused),
		WITH_BED(params_that_are_gone_are_refused),
		WITH_BED(a_damaged_ref_is_refused_under_another),
		WITH_BED(an_act_of_no_known_name_is_refused),
		WITH_BED(an_act_that_has_become_too_large_is_refused),
		WITH_BED(an_act_in_no_known_state_is_said_again),
		WITH_BED(an_answer_that_cannot_be_read_is_asked_for_again),
		WITH_BED(a_notice_that_cannot_be_read_is_heard_again),
		WITH_BED(a_damaged_receipt_stops_no_other),
		WITH_BED(a_damaged_act_of_receipts_stops_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
