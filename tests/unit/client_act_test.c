/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of the client library: said, said again, put off, refused. */
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

static const char *
param(const json_t *message, const char *key)
{
	return json_string_value(
		json_object_get(json_object_get(message, "params"), key));
}

static const char *
id_of(const json_t *message)
{
	return json_string_value(json_object_get(message, "id"));
}

static void
an_unanswered_act_is_said_again_with_the_same_ref(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	const hy_event *event;
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	assert_string_equal(id_of(act), ref);
	json_decref(act);
	peer_hang_up(bed->peer);
	(void)bed_event(bed, HY_OFFLINE);
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	act = peer_take_act(bed->peer, "feedback.submit");
	assert_string_equal(id_of(act), ref);
	assert_string_equal(param(act, "text"), "x");
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
	event = bed_event(bed, HY_SETTLED);
	assert_string_equal(event->ref, ref);
	assert_string_equal(hy_field(event, "receipt"), "HY-1");
	assert_true(peer_is_silent(bed->peer, 100));
}

static void
what_was_submitted_offline_leaves_in_order(void **state)
{
	struct bed *bed = *state;
	char ref[20][HY_REF], text[16];
	json_t *act;

	bed_open_client(bed);
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof text, "%d", i);
		bed_submit(bed, text, ref[i]);
	}
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	for (int i = 0; i < 20; i++) {
		act = peer_take_act(bed->peer, "feedback.submit");
		assert_string_equal(id_of(act), ref[i]);
		peer_answer(bed->peer, act, BED_RESULT);
		json_decref(act);
	}
	for (int i = 0; i < 20; i++)
		assert_string_equal(bed_event(bed, HY_SETTLED)->ref, ref[i]);
}

static void
no_more_than_the_window_is_under_way(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *first, *second;

	bed_open_client(bed);
	for (int i = 0; i < 3; i++)
		bed_submit(bed, "x", ref);
	json_decref(peer_greet(bed->peer, "none", "e1", 0,
			       ",\"window\":2,\"keepalive\":55"));
	first = peer_take_act(bed->peer, "feedback.submit");
	second = peer_take_act(bed->peer, "feedback.submit");
	assert_true(peer_is_silent(bed->peer, 100));
	peer_answer(bed->peer, second, BED_RESULT);
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
	json_decref(first);
	json_decref(second);
}

static void
what_is_put_off_is_said_again_later(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "overloaded",
		    "\"retry\":\"later\",\"after\":1");
	json_decref(act);
	assert_true(peer_is_silent(bed->peer, 700));
	act = peer_take_act(bed->peer, "feedback.submit");
	assert_string_equal(id_of(act), ref);
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
	(void)bed_event(bed, HY_SETTLED);
}

static void
what_is_refused_for_good_is_never_said_again(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	const hy_event *event;
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "unknown_region",
		    "\"retry\":\"never\",\"path\":\"region\"");
	json_decref(act);
	event = bed_event(bed, HY_REFUSED);
	assert_string_equal(event->ref, ref);
	assert_string_equal(event->tag, "unknown_region");
	assert_string_equal(event->path, "region");
	bed_close_client(bed);
	bed_open_online(bed);
	assert_true(peer_is_silent(bed->peer, 100));
	event = hy_refused(bed->client, 0);
	assert_non_null(event);
	assert_string_equal(event->ref, ref);
	assert_string_equal(hy_field(event, "text"), "x");
	assert_null(hy_refused(bed->client, event->seq));
	assert_int_equal(hy_done(bed->client, ref), HY_OK);
	assert_null(hy_refused(bed->client, 0));
}

static void
what_settled_comes_again_after_a_restart_until_done(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	const hy_event *event;
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_answer(bed->peer, act, BED_RESULT);
	json_decref(act);
	(void)bed_event(bed, HY_SETTLED);
	for (int i = 0; i < 2; i++) {
		bed_close_client(bed);
		bed_open_client(bed);
		event = hy_next(bed->client);
		assert_non_null(event);
		assert_int_equal(event->kind, HY_SETTLED);
		assert_string_equal(event->ref, ref);
		assert_string_equal(hy_field(event, "key"), "8271828182845904");
	}
	assert_int_equal(hy_done(bed->client, ref), HY_OK);
	assert_int_equal(hy_done(bed->client, ref), HY_ERR_NOT_FOUND);
	bed_close_client(bed);
	bed_open_client(bed);
	assert_true(bed_no_event(bed, HY_SETTLED, 50));
}

static void
an_identity_that_is_disabled_keeps_its_acts(void **state)
{
	struct bed *bed = *state;
	hy_outbox_state box = HY_OUTBOX_INIT;
	char ref[HY_REF];
	json_t *act;

	bed_open_online(bed);
	bed_submit(bed, "x", ref);
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "disabled", "\"retry\":\"never\"");
	json_decref(act);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "disabled");
	assert_int_equal(hy_outbox(bed->client, &box), HY_OK);
	assert_int_equal(box.waiting, 1);
	assert_int_equal(box.refused, 0);
}

static void
wrong_input_is_refused_with_its_path_and_not_kept(void **state)
{
	struct bed *bed = *state;
	hy_outbox_state box = HY_OUTBOX_INIT;
	hy_feedback feedback = HY_FEEDBACK_INIT;

	bed_open_client(bed);
	feedback.region = "42280210";
	feedback.service = "question";
	feedback.text = "x";
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, NULL),
			 HY_ERR_INPUT);
	assert_string_equal(hy_last_error()->path, "region");
	assert_string_equal(hy_last_error()->tag, "bad_value");
	assert_int_equal(hy_act(bed->client, "notice.publish",
				"{\"kind\":\"policy\",\"headline\":\"h\","
				"\"description\":\"d\",\"audience\":{"
				"\"regions\":[\"422802101000\",\"1\"]}}",
				NULL),
			 HY_ERR_INPUT);
	assert_string_equal(hy_last_error()->path, "audience.regions[1]");
	assert_int_equal(hy_act(bed->client, "hello", "{}", NULL),
			 HY_ERR_INPUT);
	assert_int_equal(hy_act(bed->client, "no.act", NULL, NULL),
			 HY_ERR_INPUT);
	assert_int_equal(hy_act(bed->client, "ping", "{\"a\":1,\"a\":1}", NULL),
			 HY_ERR_INPUT);
	assert_int_equal(hy_act(bed->client, "ping", "[", NULL), HY_ERR_INPUT);
	assert_int_equal(hy_receipt(bed->client, "N-1", "eaten"), HY_ERR_INPUT);
	assert_int_equal(hy_outbox(bed->client, &box), HY_OK);
	assert_int_equal(box.waiting, 0);
	assert_int_equal(box.receipts, 0);
}

static void
a_question_needs_a_session_and_ends_with_it(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	const hy_event *event;
	json_t *act;

	bed_open_client(bed);
	assert_int_equal(hy_lookup(bed->client, "HY-1", "1", ref),
			 HY_ERR_OFFLINE);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
	assert_int_equal(hy_lookup(bed->client, "HY-1", "1", ref), HY_OK);
	act = peer_take_act(bed->peer, "feedback.get");
	peer_answer(bed->peer, act,
		    "{\"state\":\"answered\",\"n\":7,\"ok\":true,"
		    "\"none\":null,\"answer\":{\"text\":\"yes\"},"
		    "\"history\":[{\"at\":\"a\"},{\"at\":\"b\"}]}");
	json_decref(act);
	event = bed_event(bed, HY_ANSWER);
	assert_string_equal(event->ref, ref);
	assert_string_equal(event->act, "feedback.get");
	assert_string_equal(hy_field(event, "answer.text"), "yes");
	assert_string_equal(hy_field(event, "history[1].at"), "b");
	assert_string_equal(hy_field(event, "n"), "7");
	assert_string_equal(hy_field(event, "ok"), "true");
	assert_string_equal(hy_field(event, "answer"), "{\"text\":\"yes\"}");
	assert_null(hy_field(event, "none"));
	assert_null(hy_field(event, "history[2].at"));
	assert_null(hy_field(event, "history[x]"));
	assert_null(hy_field(event, "n.m"));
	assert_int_equal(hy_lookup(bed->client, "HY-1", NULL, ref), HY_OK);
	json_decref(peer_take_act(bed->peer, "feedback.get"));
	peer_hang_up(bed->peer);
	event = bed_event(bed, HY_REFUSED);
	assert_string_equal(event->ref, ref);
	assert_string_equal(event->tag, "offline");
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(an_unanswered_act_is_said_again_with_the_same_ref),
		WITH_BED(what_was_submitted_offline_leaves_in_order),
		WITH_BED(no_more_than_the_window_is_under_way),
		WITH_BED(what_is_put_off_is_said_again_later),
		WITH_BED(what_is_refused_for_good_is_never_said_again),
		WITH_BED(what_settled_comes_again_after_a_restart_until_done),
		WITH_BED(an_identity_that_is_disabled_keeps_its_acts),
		WITH_BED(wrong_input_is_refused_with_its_path_and_not_kept),
		WITH_BED(a_question_needs_a_session_and_ends_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
