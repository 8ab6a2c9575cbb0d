/* SPDX-License-Identifier: Apache-2.0 */
/* The store on the real sql/, as the node's role. */
/* rooms: store pg */
/* with: store_bed.c pg_fixture.c loop_until.c */
#include <setjmp.h>
#include <signal.h>
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

static void
up(struct bed *bed)
{
	char conninfo[200];
	const struct store_settings settings = { .conninfo = conninfo,
						 .name = "node",
						 .queue = 100000,
						 .timeout_seconds = 10 };

	snprintf(conninfo, sizeof conninfo, "%s user=huiyin_node",
		 pg_conninfo(pg));
	bed_open_with(bed, &settings);
	if (!loop_until_set(&bed->loop, &bed->up, SOON))
		fail_msg("not up: %s", store_trouble(bed->store));
}

/* By a visitor; the number makes the ref. */
static void
submit(struct bed *bed, unsigned number, struct told *told)
{
	static const char params[] =
		"{\"region\":\"422802101205\","
		"\"service\":\"need\",\"text\":\"路塌了\"}";
	const struct store_who who = { .session = "s" };
	char ref[37];

	memset(told, 0, sizeof *told);
	bed_ref(ref, number);
	store_settle(bed->store, act_find("feedback.submit"), ref, &who, params,
		     bed_answered, told);
}

/*
 * A function that is missing or forbidden would be weather: refused as
 * unavailable, or waited for without end.
 */
static void
whatever_the_node_asks_itself_is_there_for_its_role(void **state)
{
	struct told told[ASK_COUNT] = { 0 };
	struct bed bed;

	(void)state;
	up(&bed);
	for (int i = 0; i < ASK_COUNT; i++)
		store_ask(bed.store, (enum store_ask)i, NULL, "{}",
			  bed_answered, &told[i]);
	bed_told(&bed, told, ASK_COUNT);
	for (int i = 0; i < ASK_COUNT; i++)
		if (told[i].why.id == REFUSAL_unavailable)
			fail_msg("the ask number %d is not there", i);
	bed_close(&bed);
}

static void
every_act_is_there_for_the_role_of_the_node(void **state)
{
	const struct store_who who = { .session = "s" };
	struct told told[ACT_COUNT] = { 0 };
	struct bed bed;
	char ref[37];

	(void)state;
	up(&bed);
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		bed_ref(ref, 900000 + (unsigned)i);
		if (i == ACT_hello)
			store_hello(bed.store, "{\"params\":{}}", bed_answered,
				    &told[i]);
		else if (i == ACT_ping)
			told[i].times = 1; /* C answers it alone */
		else if (act->does == WRITES)
			store_settle(bed.store, act, ref, &who, "{}",
				     bed_answered, &told[i]);
		else
			store_read(bed.store, act, &who, "{}", bed_answered,
				   &told[i]);
	}
	bed_told(&bed, told, ACT_COUNT);
	for (int i = 0; i < ACT_COUNT; i++)
		if (told[i].why.id == REFUSAL_unavailable)
			fail_msg("%s is not there",
				 act_row((enum act_id)i)->name);
	bed_close(&bed);
}

static void
a_repeat_gets_the_same_receipt(void **state)
{
	struct told first, again;
	struct bed bed;

	(void)state;
	up(&bed);
	submit(&bed, 1, &first);
	bed_told(&bed, &first, 1);
	submit(&bed, 1, &again);
	bed_told(&bed, &again, 1);
	assert_int_equal(first.why.id, REFUSAL_none);
	assert_non_null(strstr(first.result, "HY-422802-"));
	assert_string_equal(first.result, again.result);
	bed_close(&bed);
}

static void
killed_backends_leave_each_feedback_once(void **state)
{
	enum { ACTS = 3000 };
	struct told *told = calloc(ACTS, sizeof *told);
	struct bed bed;
	long before = pg_number(pg, "select count(*) from huiyin.feedback");

	(void)state;
	assert_non_null(told);
	up(&bed);
	for (unsigned i = 0; i < ACTS; i++)
		submit(&bed, 1000 + i, &told[i]);
	for (unsigned i = 1; i <= 3; i++) {
		bed_told(&bed, told, i * ACTS / 4);
		pg_signal_backends(pg, "huiyind node settle", SIGKILL);
	}
	bed_told(&bed, told, ACTS);
	for (unsigned i = 0; i < ACTS; i++)
		assert_int_equal(told[i].why.id, REFUSAL_none);
	assert_int_equal(pg_number(pg, "select count(*) from huiyin.feedback"),
			 before + ACTS);
	assert_int_equal(pg_number(pg, "select count(distinct ref) from"
				       " huiyin.feedback"),
			 before + ACTS);
	bed_close(&bed);
	free(told);
}

/* Told by NOTIFY and not by the poll: that would tell of all feeds. */
static void
a_wake_reaches_another_node(void **state)
{
	struct bed bed, other;
	int before;

	(void)state;
	up(&bed);
	up(&other);
	bed_counted(&other, &other.woken[1], 1);
	before = other.woken[1] - other.woken[0];
	store_wake(bed.store, "feedback");
	bed_counted(&bed, &bed.woken[1], 1);
	while (other.woken[1] - other.woken[0] == before)
		bed_counted(&other, &other.woken[1], other.woken[1] + 1);
	bed_close(&bed);
	bed_close(&other);
}

/* The folder of the sources, from where this file was compiled. */
static void
migrate(void)
{
	static const char file[] = __FILE__;
	int len = (int)(strstr(file, "/tests/unit/") - file);
	char command[1024];

	snprintf(command, sizeof command,
		 "export %.100s; export PGHOST=${host} PGUSER=postgres"
		 " PGDATABASE=postgres; cd '%.*s/tests/sql' &&"
		 " ./migrate ../../sql >&2 &&"
		 " ./region_load ../../sql/data/regions-422802.csv"
		 " 422802000000 >&2",
		 pg_conninfo(pg), len, file);
	assert_int_equal(system(command), 0);
}

static int
set_up(void **state)
{
	(void)state;
	pg = pg_new();
	migrate();
	pg_run(pg, "select admin.county_set('{\"region\":"
		   " \"422802000000\"}')");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whatever_the_node_asks_itself_is_there_for_its_role),
		TEST(every_act_is_there_for_the_role_of_the_node),
		TEST(a_repeat_gets_the_same_receipt),
		TEST(killed_backends_leave_each_feedback_once),
		TEST(a_wake_reaches_another_node),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
