/* SPDX-License-Identifier: Apache-2.0 */
/* The client library on a disk that fails while it is at work. */
/* rooms: client */
/* with: client_bed.c client_peer.c outbox_bed.c faulty_disk.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "client_bed.h"
#include "faulty_disk.h"

static json_int_t
cursor_of(json_t *hello)
{
	json_int_t cursor = json_integer_value(
		json_object_get(json_object_get(hello, "params"), "cursor"));

	json_decref(hello);
	return cursor;
}

static void
a_notice_that_cannot_be_kept_is_heard_again(void **state)
{
	struct bed *bed = *state;

	bed_open_online(bed);
	(void)bed_event(bed, HY_CAUGHT_UP);
	/* To the end: something else may be written first. */
	faulty_break(FAULTY_FULL, 1, true);
	bed_say_notice(bed, 1, "N-1", "one");
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag, "disk");
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "disk");
	(void)faulty_mend();
	assert_null(hy_notices(bed->client, 0));
	assert_int_equal(cursor_of(peer_greet(bed->peer, "since", "e1", 1,
					      BED_GREETING)),
			 0);
	bed_say_notice(bed, 1, "N-1", "one");
	assert_int_equal(bed_event(bed, HY_NOTICE)->seq, 1);
	assert_non_null(hy_notices(bed->client, 0));
}

static void
an_answer_that_cannot_be_kept_is_asked_for_again(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	faulty_break(FAULTY_SYNC, 1, false);
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "disk");
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	act = peer_take_act(bed->peer, "feedback.submit");
	assert_string_equal(json_string_value(json_object_get(act, "id")), ref);
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
	assert_string_equal(bed_event(bed, HY_SETTLED)->ref, ref);
}

static void
a_submit_on_a_full_disk_is_an_error_and_the_line_stays(void **state)
{
	struct bed *bed = *state;
	hy_feedback feedback = HY_FEEDBACK_INIT;
	char ref[HY_REF];

	bed_open_online(bed);
	feedback.region = "422802101201";
	feedback.service = "question";
	feedback.text = "x";
	faulty_break(FAULTY_FULL, 1, true);
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, ref),
			 HY_ERR_DISK);
	assert_true(peer_is_silent(bed->peer, 100));
	(void)faulty_mend();
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, ref),
			 HY_OK);
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
	assert_int_equal(peer_lines(bed->peer), 1);
}

static void
a_store_that_is_taken_away_is_told(void **state)
{
	struct bed *bed = *state;
	hy_feedback feedback = HY_FEEDBACK_INIT;
	char path[BED_PATH + 16], ref[HY_REF];

	bed_open_client(bed);
	bed_submit(bed, "x", ref);
	snprintf(path, sizeof path, "%s/outbox.db", bed->folder);
	assert_int_equal(unlink(path), 0);
	feedback.region = "422802101201";
	feedback.service = "question";
	feedback.text = "y";
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, ref),
			 HY_ERR_DISK);
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag, "store_damaged");
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, ref),
			 HY_OK);
}

static int
install(void **state)
{
	(void)state;
	faulty_install();
	return 0;
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(a_notice_that_cannot_be_kept_is_heard_again),
		WITH_BED(an_answer_that_cannot_be_kept_is_asked_for_again),
		WITH_BED(
			a_submit_on_a_full_disk_is_an_error_and_the_line_stays),
		WITH_BED(a_store_that_is_taken_away_is_told),
	};

	return cmocka_run_group_tests(tests, install, NULL);
}
