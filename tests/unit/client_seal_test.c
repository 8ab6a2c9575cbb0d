/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of the client library that are sealed to the county; their copies. */
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

#include "client_bed.h"
#include "copies.h"
#include "seal.h"

/* Bob's of RFC 7748, section 6.1. */
#define SECRET \
	"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define PUBLIC \
	"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
#define CANARY "the-canary-sings"

static struct seal_pair
pair(void)
{
	struct seal_pair found;

	assert_true(seal_pair_read(&found, SECRET));
	return found;
}

/* Says hello as a server of this epoch; able: it has the key. */
static void
greet(struct bed *bed, const char *epoch, bool able)
{
	char rest[160];

	snprintf(rest, sizeof rest,
		 BED_GREETING ",\"features\":[\"later\",7,\"sealed:%s\"]",
		 able ? pair().open.name : "0123456789abcdef");
	json_decref(peer_greet(bed->peer, "since", epoch, 0, rest));
}

static void
open_sealing(struct bed *bed)
{
	bed->options.seal_key = PUBLIC;
	bed_open_client(bed);
}

/* Takes the act of that ref, opens it; was it a copy? Answers, if told so. */
static bool
take_sealed(struct bed *bed, const char *ref, const char *answer)
{
	json_t *act = peer_take_act(bed->peer, "feedback.submit"), *opened;
	struct seal_what what = { "feedback.submit", ref, false };
	struct seal_pair keys = pair();
	struct refusal why;

	assert_string_equal(json_string_value(json_object_get(act, "id")), ref);
	opened = seal_open(&keys, 1, json_object_get(act, "params"), &what,
			   &why);
	assert_non_null(opened);
	assert_string_equal(json_string_value(json_object_get(opened, "text")),
			    CANARY);
	json_decref(opened);
	if (answer)
		peer_answer(bed->peer, act, answer);
	json_decref(act);
	return what.copy;
}

static void
meet_again(struct bed *bed, const char *epoch)
{
	peer_hang_up(bed->peer);
	(void)bed_event(bed, HY_OFFLINE);
	greet(bed, epoch, true);
	(void)bed_event(bed, HY_ONLINE);
}

static void
what_is_sealed_is_not_in_the_store_and_arrives(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];

	open_sealing(bed);
	bed_submit(bed, CANARY, ref);
	assert_true(bed_holds(bed->folder, ref));
	assert_false(bed_holds(bed->folder, CANARY));
	bed_close_client(bed);
	assert_false(bed_holds(bed->folder, CANARY));
	bed_open_client(bed);
	greet(bed, "e1", true);
	assert_false(take_sealed(bed, ref, BED_RESULT));
	assert_string_equal(bed_event(bed, HY_SETTLED)->ref, ref);
}

static void
without_a_key_nothing_is_sealed(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];

	bed_open_client(bed);
	bed_submit(bed, CANARY, ref);
	assert_true(bed_holds(bed->folder, CANARY));
}

static void
a_sealed_act_waits_for_a_server_that_has_its_key(void **state)
{
	struct bed *bed = *state;
	hy_outbox_state box = HY_OUTBOX_INIT;
	char ref[HY_REF];

	open_sealing(bed);
	bed_submit(bed, CANARY, ref);
	greet(bed, "e1", false);
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag, "seal_key");
	assert_true(peer_is_silent(bed->peer, 100));
	assert_int_equal(hy_outbox(bed->client, &box), HY_OK);
	assert_int_equal(box.waiting, 1);
	meet_again(bed, "e1");
	(void)take_sealed(bed, ref, NULL);
}

static void
what_is_not_sealed_passes_what_waits(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];

	open_sealing(bed);
	bed_submit(bed, CANARY, ref);
	greet(bed, "e1", false);
	(void)bed_event(bed, HY_ONLINE);
	assert_int_equal(hy_receipt(bed->client, "N-1", "read"), HY_OK);
	json_decref(peer_take_act(bed->peer, "notice.receipt"));
}

static void
a_key_that_is_none_is_refused_at_open(void **state)
{
	struct bed *bed = *state;

	bed->options.seal_key = "no key";
	assert_int_equal(hy_open(&bed->client, &bed->options), HY_ERR_INPUT);
	assert_string_equal(hy_last_error()->path, "seal_key");
	assert_null(bed->client);
}

static void
input_is_checked_before_it_is_sealed(void **state)
{
	struct bed *bed = *state;

	open_sealing(bed);
	assert_int_equal(hy_act(bed->client, "feedback.submit",
				"{\"region\":\"422802101201\",\"service\":\"x\""
				"}",
				NULL),
			 HY_ERR_INPUT);
	assert_string_equal(hy_last_error()->path, "text");
}

/* Submits, has it settled with BED_RESULT, and says hy_done. */
static void
settle_and_forget(struct bed *bed, char ref[HY_REF])
{
	open_sealing(bed);
	bed_submit(bed, CANARY, ref);
	greet(bed, "e1", true);
	(void)take_sealed(bed, ref, BED_RESULT);
	(void)bed_event(bed, HY_SETTLED);
	assert_int_equal(hy_done(bed->client, ref), HY_OK);
}

static void
a_settled_act_is_sent_again_in_another_epoch_once(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];

	settle_and_forget(bed, ref);
	meet_again(bed, "e1");
	assert_true(peer_is_silent(bed->peer, 100));
	bed_close_client(bed);
	bed_open_client(bed);
	greet(bed, "e2", true);
	assert_true(take_sealed(bed, ref, BED_RESULT));
	assert_true(bed_no_event(bed, HY_TROUBLE, 100));
	meet_again(bed, "e2");
	assert_true(peer_is_silent(bed->peer, 100));
	meet_again(bed, "e3");
	assert_true(take_sealed(bed, ref, NULL));
}

static void
another_receipt_after_a_restore_is_told(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	char ref[HY_REF];

	settle_and_forget(bed, ref);
	meet_again(bed, "e2");
	assert_true(take_sealed(bed, ref, "{\"receipt\":\"HY-100001\"}"));
	event = bed_event(bed, HY_TROUBLE);
	assert_string_equal(event->tag, "settled_anew");
	assert_string_equal(event->ref, ref);
	assert_string_equal(event->act, "feedback.submit");
	assert_string_equal(hy_field(event, "receipt"), "HY-100001");
}

static void
a_copy_that_is_put_off_is_sent_again_later(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *act;

	settle_and_forget(bed, ref);
	meet_again(bed, "e2");
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "overloaded",
		    "\"retry\":\"later\",\"after\":1");
	json_decref(act);
	assert_true(take_sealed(bed, ref, BED_RESULT));
}

static void
a_copy_that_is_refused_goes_nowhere_else(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *act;

	settle_and_forget(bed, ref);
	meet_again(bed, "e2");
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "conflict", "\"retry\":\"never\"");
	json_decref(act);
	assert_true(bed_no_event(bed, HY_REFUSED, 100));
	assert_null(hy_refused(bed->client, 0));
	meet_again(bed, "e2");
	assert_true(peer_is_silent(bed->peer, 100));
}

static void
what_was_refused_has_no_copy(void **state)
{
	struct bed *bed = *state;
	char ref[HY_REF];
	json_t *act;

	open_sealing(bed);
	bed_submit(bed, CANARY, ref);
	greet(bed, "e1", true);
	act = peer_take_act(bed->peer, "feedback.submit");
	peer_refuse(bed->peer, act, "unknown_region", "\"retry\":\"never\"");
	json_decref(act);
	assert_string_equal(bed_event(bed, HY_REFUSED)->ref, ref);
	assert_non_null(hy_refused(bed->client, 0));
	meet_again(bed, "e2");
	assert_true(peer_is_silent(bed->peer, 100));
}

/* --- the table of copies --------------------------------------------------- */

#define DAY 86400

static void
put_copy(struct disk *disk, int number, int64_t at)
{
	char ref[HY_REF];
	struct outbox_act act = { .ref = ref, .name = "a.b", .copy = "{}" };
	struct copies_fate fate = { ref, "e1", "HY-1", at };

	snprintf(ref, sizeof ref, "0192a0b0-0000-7000-8000-%012d", number);
	assert_int_equal(copies_put(disk, &act), HY_OK);
	if (at)
		assert_int_equal(copies_settled(disk, &fate), 0);
}

static unsigned
copies_for(struct disk *disk, const char *epoch)
{
	struct outbox_act found = { 0 };
	char ref[HY_REF] = "";
	unsigned count = 0;

	while (copies_next(disk, epoch, ref, &found) == 1) {
		snprintf(ref, sizeof ref, "%s", found.ref);
		count++;
	}
	return count;
}

static void
copies_are_kept_for_30_days(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);

	(void)state;
	put_copy(disk, 1, 100 * DAY);
	put_copy(disk, 2, 101 * DAY);
	put_copy(disk, 3, 0); /* waits: not settled, and not old */
	assert_int_equal(copies_expire(disk, 130 * DAY - 1), HY_OK);
	assert_int_equal(copies_for(disk, "e2"), 2);
	assert_int_equal(copies_for(disk, "e1"), 0);
	assert_int_equal(copies_expire(disk, 130 * DAY), HY_OK);
	assert_int_equal(copies_for(disk, "e2"), 1);
	disk_close(disk);
}

static void
of_too_many_copies_the_newest_are_kept(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);

	(void)state;
	assert_int_equal(disk_begin(disk), HY_OK);
	for (int i = 0; i < COPIES_MOST + 5; i++)
		put_copy(disk, i, 1000 + i);
	assert_int_equal(copies_expire(disk, 1000), HY_OK);
	assert_int_equal(disk_commit(disk), HY_OK);
	assert_int_equal(copies_for(disk, "e2"), COPIES_MOST);
	disk_close(disk);
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(what_is_sealed_is_not_in_the_store_and_arrives),
		WITH_BED(without_a_key_nothing_is_sealed),
		WITH_BED(a_sealed_act_waits_for_a_server_that_has_its_key),
		WITH_BED(what_is_not_sealed_passes_what_waits),
		WITH_BED(a_key_that_is_none_is_refused_at_open),
		WITH_BED(input_is_checked_before_it_is_sealed),
		WITH_BED(a_settled_act_is_sent_again_in_another_epoch_once),
		WITH_BED(another_receipt_after_a_restore_is_told),
		WITH_BED(a_copy_that_is_put_off_is_sent_again_later),
		WITH_BED(a_copy_that_is_refused_goes_nowhere_else),
		WITH_BED(what_was_refused_has_no_copy),
		cmocka_unit_test(copies_are_kept_for_30_days),
		cmocka_unit_test(of_too_many_copies_the_newest_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
