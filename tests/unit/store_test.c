/* SPDX-License-Identifier: Apache-2.0 */
/* The store while the weather is good: batches, reads, hints, room, its end. */
/* rooms: store pg */
/* with: store_bed.c pg_fixture.c loop_until.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loop_until.h"
#include "store_bed.h"

static struct pg *pg;

static int
fresh(void **state)
{
	(void)state;
	bed_forget(pg);
	return 0;
}

/* --- writing --------------------------------------------------------------- */

static void
sql_is_told_ref_hash_who_and_params(void **state)
{
	struct bed bed;
	struct told told;
	char ref[37], hash[65], wanted[400];

	(void)state;
	bed_up(&bed, pg);
	bed_submit(&bed, 1, "水渠", &told);
	bed_told(&bed, &told, 1);
	bed_ref(ref, 1);
	store_hash("{\"text\":\"水渠\"}", hash);
	snprintf(wanted, sizeof wanted,
		 "{\"ref\": \"%s\", \"who\": {\"lang\": \"zh-CN\", \"session\":"
		 " \"s\\\"1\", \"principal\": 42}, \"hash\": \"%s\","
		 " \"params\": {\"text\": \"水渠\"}}",
		 ref, hash);
	assert_string_equal(told.result, wanted);
	bed_close(&bed);
}

static void
the_hash_is_sha256(void **state)
{
	char hex[65];

	(void)state;
	store_hash("abc", hex); /* FIPS 180-4, its first example */
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
}

static void
ten_thousand_acts_are_settled_in_few_sorted_batches(void **state)
{
	enum { ACTS = 10000 };
	struct told *told = calloc(ACTS, sizeof *told);
	struct store_counts counts;
	struct bed bed;

	(void)state;
	assert_non_null(told);
	bed_up(&bed, pg);
	for (unsigned i = 0; i < ACTS; i++)
		bed_submit(&bed, i, "x", &told[i]);
	assert_int_equal(store_count(bed.store).waiting, ACTS);
	bed_told(&bed, told, ACTS);
	counts = store_count(bed.store);
	assert_int_equal(counts.waiting, 0);
	assert_int_equal(counts.acts, ACTS);
	assert_int_equal(counts.batches, (ACTS + 255) / 256);
	assert_int_equal(counts.batch_size[8], ACTS / 256);
	for (int i = 0; i < 10; i++)
		printf("# batches of up to %d acts: %llu\n", 1 << i,
		       (unsigned long long)counts.batch_size[i]);
	assert_int_equal(pg_number(pg, "select count(*) from settled"), ACTS);
	assert_int_equal(pg_number(pg, "select count(*) from calls"
				       " where not sorted"),
			 0);
	bed_close(&bed);
	free(told);
}

static void
the_next_batch_grows_while_one_flies(void **state)
{
	struct told told[21];
	struct bed bed;

	(void)state;
	pg_run(pg, "update mood set slow = 0.3");
	bed_up(&bed, pg);
	bed_submit(&bed, 0, "x", &told[0]);
	uv_run(&bed.loop, UV_RUN_NOWAIT);
	for (unsigned i = 1; i < 21; i++)
		bed_submit(&bed, i, "x", &told[i]);
	bed_told(&bed, told, 21);
	assert_int_equal(pg_number(pg, "select count(*) from calls"), 2);
	assert_int_equal(pg_number(pg, "select max(size) from calls"), 20);
	bed_close(&bed);
}

static void
a_batch_stays_below_a_mebibyte(void **state)
{
	enum { ACTS = 40, BYTES = 60000 };
	const struct store_who who = { .session = "s" };
	char *params = malloc(BYTES + 32), ref[37];
	struct told told[ACTS];
	struct bed bed;

	(void)state;
	assert_non_null(params);
	snprintf(params, BYTES + 32, "{\"text\":\"%0*d\"}", BYTES, 0);
	memset(told, 0, sizeof told);
	bed_up(&bed, pg);
	for (unsigned i = 0; i < ACTS; i++) {
		bed_ref(ref, i);
		store_settle(bed.store, act_find("feedback.submit"), ref, &who,
			     params, bed_answered, &told[i]);
	}
	bed_told(&bed, told, ACTS);
	assert_in_range(pg_number(pg, "select max(size) from calls"), 16, 17);
	bed_close(&bed);
	free(params);
}

static void
a_refusal_of_one_leaves_the_others(void **state)
{
	struct told told[3];
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	bed_submit(&bed, 1, "x", &told[0]);
	bed_submit(&bed, 2, "refuse", &told[1]);
	bed_submit(&bed, 3, "x", &told[2]);
	bed_told(&bed, told, 3);
	assert_int_equal(told[0].why.id, REFUSAL_none);
	assert_int_equal(told[2].why.id, REFUSAL_none);
	assert_int_equal(told[1].why.id, REFUSAL_rate_limited);
	assert_string_equal(told[1].why.path, "a.b");
	assert_int_equal(told[1].why.after, 7);
	assert_int_equal(pg_number(pg, "select count(*) from calls"), 1);
	bed_close(&bed);
}

static void
what_sql_gets_wrong_is_internal(void **state)
{
	struct told told[2];
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	bed_submit(&bed, 1, "strange", &told[0]);
	bed_submit(&bed, 2, "silent", &told[1]);
	bed_told(&bed, told, 2);
	assert_int_equal(told[0].why.id, REFUSAL_internal);
	assert_int_equal(told[1].why.id, REFUSAL_internal);
	bed_close(&bed);
}

static void
what_fails_is_found_by_halving_and_stands_alone(void **state)
{
	enum { ACTS = 200 };
	struct told told[ACTS];
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	for (unsigned i = 0; i < ACTS; i++)
		bed_submit(&bed, i,
			   i == 77  ? "poison" :
			   i == 123 ? "raise" :
				      "x",
			   &told[i]);
	bed_told(&bed, told, ACTS);
	for (unsigned i = 0; i < ACTS; i++)
		assert_int_equal(told[i].why.id,
				 i == 77  ? REFUSAL_internal :
				 i == 123 ? REFUSAL_unknown_region :
					    REFUSAL_none);
	assert_string_equal(told[123].why.path, "region");
	assert_int_equal(pg_number(pg, "select count(*) from settled"),
			 ACTS - 2);
	assert_in_range(pg_number(pg, "select count(*) from calls"), 2, 16);
	bed_close(&bed);
}

static void
the_same_ref_twice_is_answered_twice_and_done_once(void **state)
{
	struct told told[2];
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	bed_submit(&bed, 1, "x", &told[0]);
	bed_submit(&bed, 1, "x", &told[1]);
	bed_told(&bed, told, 2);
	assert_string_equal(told[0].result, told[1].result);
	assert_int_equal(pg_number(pg, "select count(*) from settled"), 1);
	bed_close(&bed);
}

/* --- hello ----------------------------------------------------------------- */

static void
hellos_come_in_batches(void **state)
{
	enum { HELLOS = 600 };
	struct told told[HELLOS];
	char item[80];
	struct bed bed;

	(void)state;
	memset(told, 0, sizeof told);
	bed_up(&bed, pg);
	for (int i = 0; i < HELLOS; i++) {
		snprintf(item, sizeof item, "{\"node\":\"n\",\"i\":%d}", i);
		store_hello(bed.store, item, bed_answered, &told[i]);
	}
	bed_told(&bed, told, HELLOS);
	for (int i = 0; i < HELLOS; i++) {
		snprintf(item, sizeof item, "{\"i\": %d, \"node\": \"n\"}", i);
		assert_string_equal(told[i].result, item);
	}
	assert_int_equal(pg_number(pg, "select count(*) from calls"), 3);
	assert_int_equal(store_count(bed.store).waiting, 0);
	bed_close(&bed);
}

/* --- reading --------------------------------------------------------------- */

static void
ask(struct bed *bed, const char *act, const char *params, struct told *told)
{
	const struct store_who who = { .session = "s" };

	memset(told, 0, sizeof *told);
	store_read(bed->store, act_find(act), &who, params, bed_answered, told);
	assert_int_equal(told->times, 0);
}

static void
a_reading_act_brings_its_result_or_its_refusal(void **state)
{
	struct told told[4];
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	ask(&bed, "feedback.list", "{\"state\":\"a\"}", &told[0]);
	ask(&bed, "feedback.list", "{\"state\":\"fail\"}", &told[1]);
	ask(&bed, "feedback.list", "{\"state\":\"refuse\"}", &told[2]);
	ask(&bed, "notice.reach", "{}", &told[3]);
	bed_told(&bed, told, 4);
	assert_string_equal(told[0].result,
			    "{\"who\": {\"session\": \"s\", \"principal\":"
			    " null}, \"params\": {\"state\": \"a\"}}");
	assert_int_equal(told[1].why.id, REFUSAL_internal);
	assert_int_equal(told[2].why.id, REFUSAL_rate_limited);
	assert_string_equal(told[2].why.path, "state");
	assert_int_equal(told[2].why.after, 9);
	assert_string_equal(told[3].result,
			    "{\"reach\": {\"session\": \"s\", \"principal\":"
			    " null}}");
	bed_close(&bed);
}

static void
what_the_node_asks_itself_names_nobody(void **state)
{
	struct told told = { 0 };
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	store_ask(bed.store, ASK_node_alive, NULL, "{\"node\":\"n\"}",
		  bed_answered, &told);
	bed_told(&bed, &told, 1);
	assert_string_equal(told.result, "[{}, {\"node\": \"n\"}]");
	bed_close(&bed);
}

static void
more_reads_than_the_queue_holds_are_refused(void **state)
{
	struct told told[65];
	struct bed bed;

	(void)state;
	bed_open(&bed, pg, 64);
	assert_true(loop_until_set(&bed.loop, &bed.up, SOON));
	for (int i = 0; i < 65; i++)
		ask(&bed, "feedback.list", "{\"state\":\"a\"}", &told[i]);
	bed_told(&bed, told, 65);
	assert_int_equal(told[63].why.id, REFUSAL_none);
	assert_int_equal(told[64].why.id, REFUSAL_overloaded);
	bed_close(&bed);
}

/* --- room ------------------------------------------------------------------ */

static void
a_full_queue_says_so_and_says_when_there_is_room(void **state)
{
	struct told told[64];
	struct bed bed;

	(void)state;
	bed_open(&bed, pg, 64);
	assert_true(loop_until_set(&bed.loop, &bed.up, SOON));
	for (unsigned i = 0; i < 64; i++) {
		assert_false(store_is_full(bed.store));
		bed_submit(&bed, i, "x", &told[i]);
	}
	assert_true(store_is_full(bed.store));
	bed_told(&bed, told, 64);
	bed_counted(&bed, &bed.roomies, 1);
	assert_false(store_is_full(bed.store));
	assert_int_equal(bed.roomies, 1);
	bed_close(&bed);
}

static void
who_goes_on_although_it_is_full_is_refused(void **state)
{
	struct told told[130];
	struct bed bed;

	(void)state;
	bed_open(&bed, pg, 64);
	assert_true(loop_until_set(&bed.loop, &bed.up, SOON));
	for (unsigned i = 0; i < 130; i++)
		bed_submit(&bed, i, "x", &told[i]);
	bed_told(&bed, told, 130);
	assert_int_equal(told[127].why.id, REFUSAL_none);
	assert_int_equal(told[128].why.id, REFUSAL_overloaded);
	assert_int_equal(told[129].why.id, REFUSAL_overloaded);
	bed_close(&bed);
}

/* --- hints ----------------------------------------------------------------- */

static void
a_hundred_wakes_are_few_hints_and_reach_other_nodes(void **state)
{
	struct bed bed, other;
	int before;

	(void)state;
	bed_up(&bed, pg);
	bed_up(&other, pg);
	bed_counted(&other, &other.woken[1], 1); /* LISTEN is ready */
	before = other.woken[1] - other.woken[0];
	for (int i = 0; i < 100; i++)
		store_wake(bed.store, "feedback");
	bed_counted(&bed, &bed.woken[1], 1);
	while (other.woken[1] - other.woken[0] == before) /* not by a poll */
		bed_counted(&other, &other.woken[1], other.woken[1] + 1);
	bed_database_says(&bed, pg, "select count(*) from hints", 2);
	bed_close(&bed);
	assert_int_equal(pg_number(pg, "select count(*) from hints"), 2);
	bed_close(&other);
}

/* --- the end --------------------------------------------------------------- */

static const char sleeping_sql[] = "select count(*) from pg_stat_activity"
				   " where wait_event = 'PgSleep'";

static void
the_end_waits_for_what_is_on_its_way_and_refuses_the_rest(void **state)
{
	struct told told[2], after = { 0 };
	struct bed bed;

	(void)state;
	pg_run(pg, "update mood set slow = 0.3");
	bed_up(&bed, pg);
	bed_submit(&bed, 1, "x", &told[0]);
	bed_database_says(&bed, pg, sleeping_sql, 1);
	bed_submit(&bed, 2, "x", &told[1]);
	store_close(bed.store, NULL, NULL);
	bed_submit(&bed, 3, "x", &after);
	assert_int_equal(uv_run(&bed.loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&bed.loop), 0);
	assert_int_equal(told[0].why.id, REFUSAL_none);
	assert_int_equal(told[0].times, 1);
	assert_int_equal(told[1].why.id, REFUSAL_unavailable);
	assert_int_equal(after.why.id, REFUSAL_unavailable);
}

static void
the_end_does_not_wait_for_reports(void **state)
{
	const struct store_who who = { .session = "s" };
	struct told told = { 0 };
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	store_read(bed.store, act_find("station.list"), &who, "{}",
		   bed_answered, &told);
	bed_database_says(&bed, pg, sleeping_sql, 1);
	bed_close(&bed); /* within its bound; the report takes longer */
	assert_int_equal(told.why.id, REFUSAL_unavailable);
}

static int
set_up(void **state)
{
	(void)state;
	pg = pg_new();
	bed_make_api(pg);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pg_free(pg);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sql_is_told_ref_hash_who_and_params),
		TEST(the_hash_is_sha256),
		TEST(ten_thousand_acts_are_settled_in_few_sorted_batches),
		TEST(the_next_batch_grows_while_one_flies),
		TEST(a_batch_stays_below_a_mebibyte),
		TEST(a_refusal_of_one_leaves_the_others),
		TEST(what_sql_gets_wrong_is_internal),
		TEST(what_fails_is_found_by_halving_and_stands_alone),
		TEST(the_same_ref_twice_is_answered_twice_and_done_once),
		TEST(hellos_come_in_batches),
		TEST(a_reading_act_brings_its_result_or_its_refusal),
		TEST(what_the_node_asks_itself_names_nobody),
		TEST(more_reads_than_the_queue_holds_are_refused),
		TEST(a_full_queue_says_so_and_says_when_there_is_room),
		TEST(who_goes_on_although_it_is_full_is_refused),
		TEST(a_hundred_wakes_are_few_hints_and_reach_other_nodes),
		TEST(the_end_waits_for_what_is_on_its_way_and_refuses_the_rest),
		TEST(the_end_does_not_wait_for_reports),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
