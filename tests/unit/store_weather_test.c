/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store in bad weather: whatever is killed, what was told as settled is in
 * the database, and everything is settled exactly once (RELIABILITY I1, I2,
 * I6, I9).
 */
/* rooms: store pg */
/* with: store_bed.c pg_fixture.c loop_until.c */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* All of count were settled, each told its own ref, each there once. */
static void
settled_once(const struct told *told, unsigned count)
{
	char ref[37];

	for (unsigned i = 0; i < count; i++) {
		bed_ref(ref, i);
		assert_int_equal(told[i].times, 1);
		assert_int_equal(told[i].why.id, REFUSAL_none);
		assert_non_null(strstr(told[i].result, ref));
	}
	assert_int_equal(pg_number(pg, "select count(*) from settled"), count);
}

/* --- the database is killed ------------------------------------------------ */

enum { ACTS = 10000, ROUNDS = 5 };

struct round {
	const struct told *told;
	unsigned done, wanted;
};

static bool
has_got_to(void *context)
{
	struct round *r = context;

	while (r->done < r->wanted && r->told[r->done].times > 0)
		r->done++;
	return r->done >= r->wanted;
}

/* Kills by `kill` each time another sixth has been settled. */
static void
ten_thousand_with_kills(void (*kill_it)(void))
{
	struct told *told = calloc(ACTS, sizeof *told);
	struct bed bed;

	assert_non_null(told);
	bed_up(&bed, pg);
	for (unsigned i = 0; i < ACTS; i++)
		bed_submit(&bed, i, "x", &told[i]);
	for (unsigned i = 1; i <= ROUNDS; i++) {
		struct round r = { told, 0, i * ACTS / (ROUNDS + 1) };

		assert_true(loop_until(&bed.loop, has_got_to, &r, SOON));
		kill_it();
	}
	bed_told(&bed, told, ACTS);
	assert_int_not_equal(store_count(bed.store).weather, 0);
	assert_int_equal(store_count(bed.store).acts, ACTS);
	settled_once(told, ACTS);
	printf("# %d acts, %d kills, %llu batches sent again, 0 lost\n", ACTS,
	       ROUNDS, (unsigned long long)store_count(bed.store).weather);
	bed_close(&bed);
	free(told);
}

static void
kill_backend(void)
{
	pg_signal_backends(pg, "huiyind node settle", SIGKILL);
}

static void
kill_postmaster(void)
{
	pg_stop(pg, SIGKILL);
	pg_start(pg, NULL);
}

static void
end_backend_politely(void)
{
	pg_run(pg, "select pg_terminate_backend(pid) from pg_stat_activity"
		   " where application_name = 'huiyind node settle'");
}

static void
killed_backends_lose_nothing_and_settle_once(void **state)
{
	(void)state;
	ten_thousand_with_kills(kill_backend);
}

static void
killed_servers_lose_nothing_and_settle_once(void **state)
{
	(void)state;
	ten_thousand_with_kills(kill_postmaster);
}

static void
ended_backends_lose_nothing_and_settle_once(void **state)
{
	(void)state;
	ten_thousand_with_kills(end_backend_politely);
}

static void
acts_wait_for_a_database_that_comes_later(void **state)
{
	struct told told[300];
	struct bed bed;

	(void)state;
	pg_stop(pg, SIGKILL);
	bed_open(&bed, pg, 1000);
	for (unsigned i = 0; i < 300; i++)
		bed_submit(&bed, i, "x", &told[i]);
	for (int i = 0; i < 20; i++)
		uv_run(&bed.loop, UV_RUN_ONCE);
	assert_false(store_is_up(bed.store));
	assert_int_equal(store_count(bed.store).waiting, 300);
	pg_start(pg, NULL);
	bed_told(&bed, told, 300);
	settled_once(told, 300);
	bed_close(&bed);
}

/* --- the database says strange things -------------------------------------- */

static void
a_commit_with_a_warning_is_not_told_but_sent_again(void **state)
{
	struct told told[10];
	struct bed bed;
	int tries = 0;

	(void)state;
	pg_run(pg, "update mood set warn = 2");
	bed_up(&bed, pg);
	for (unsigned i = 0; i < 10; i++)
		bed_submit(&bed, i, "x", &told[i]);
	bed_counted(&bed, &bed.downs, 1);
	while (pg_number(pg, "select count(*) from settled") != 10 &&
	       tries++ < 1000)
		; /* it still commits, as the database says: */
	assert_true(tries < 1000);
	/* and still nobody was told */
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(told[i].times, 0);
	bed_told(&bed, told, 10);
	assert_int_equal(store_count(bed.store).weather, 2);
	assert_int_equal(bed.downs, 2);
	settled_once(told, 10);
	bed_close(&bed);
}

/*
 * The standby that has to confirm is gone and somebody cancels the wait: the
 * server says INSERT 0 1 with only a WARNING (RELIABILITY, finding 5).
 */
static void
a_commit_that_no_standby_confirmed_is_not_told(void **state)
{
	struct told told;
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	pg_run(pg, "alter system set synchronous_standby_names = 'nobody'");
	pg_run(pg, "select pg_reload_conf()");
	bed_database_says(&bed, pg,
			  "select (current_setting("
			  "'synchronous_standby_names') = 'nobody')::int",
			  1);
	bed_submit(&bed, 0, "x", &told);
	bed_database_says(&bed, pg,
			  "select count(*) from pg_stat_activity"
			  " where wait_event = 'SyncRep'",
			  1);
	pg_run(pg, "select pg_cancel_backend(pid) from pg_stat_activity"
		   " where wait_event = 'SyncRep'");
	bed_counted(&bed, &bed.downs, 1);
	assert_non_null(strstr(store_trouble(bed.store), "WARNING"));
	assert_int_equal(told.times, 0);
	pg_run(pg, "alter system reset synchronous_standby_names");
	pg_run(pg, "select pg_reload_conf()");
	bed_told(&bed, &told, 1);
	settled_once(&told, 1);
	bed_close(&bed);
}

static void
a_serialization_failure_is_tried_again_in_smaller_batches(void **state)
{
	struct told told[64];
	struct bed bed;

	(void)state;
	pg_run(pg, "update mood set again = 3");
	bed_up(&bed, pg);
	for (unsigned i = 0; i < 64; i++)
		bed_submit(&bed, i, "x", &told[i]);
	bed_told(&bed, told, 64);
	assert_int_equal(store_count(bed.store).weather, 3);
	assert_int_equal(bed.downs, 0);
	assert_true(pg_number(pg, "select max(size) from calls") <= 32);
	settled_once(told, 64);
	bed_close(&bed);
}

static bool
says_fsync_is_off(void *context)
{
	const struct bed *bed = context;

	return strstr(store_trouble(bed->store), "fsync is off") != NULL;
}

static void
without_fsync_it_is_never_up_and_says_why(void **state)
{
	struct told told;
	struct bed bed;

	(void)state;
	pg_stop(pg, SIGINT);
	pg_start(pg, "fsync=off");
	bed_open(&bed, pg, 1000);
	bed_submit(&bed, 0, "x", &told);
	assert_true(loop_until(&bed.loop, says_fsync_is_off, &bed, SOON));
	assert_int_equal(bed.ups, 0);
	assert_int_equal(told.times, 0);
	pg_stop(pg, SIGINT);
	pg_start(pg, NULL);
	bed_told(&bed, &told, 1);
	bed_close(&bed);
}

/* --- reads and hellos ------------------------------------------------------ */

static void
reads_and_hellos_are_refused_while_it_is_away(void **state)
{
	const struct store_who who = { .session = "s" };
	struct told told[4] = { 0 };
	struct bed bed;

	(void)state;
	bed_up(&bed, pg);
	store_read(bed.store, act_find("feedback.list"), &who,
		   "{\"state\":\"slow\"}", bed_answered, &told[0]);
	bed_database_says(&bed, pg,
			  "select count(*) from pg_stat_activity"
			  " where wait_event = 'PgSleep'",
			  1);
	pg_stop(pg, SIGKILL);
	bed_told(&bed, &told[0], 1);
	store_read(bed.store, act_find("feedback.list"), &who, "{}",
		   bed_answered, &told[1]);
	store_hello(bed.store, "{\"node\":\"n\"}", bed_answered, &told[2]);
	store_ask(bed.store, ASK_node_alive, NULL, "{}", bed_answered,
		  &told[3]);
	bed_told(&bed, told, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(told[i].why.id, REFUSAL_unavailable);
	pg_start(pg, NULL);
	bed_counted(&bed, &bed.ups, 2);
	bed_close(&bed);
}

/* --- hints are lost -------------------------------------------------------- */

static void
without_its_listen_connection_it_polls(void **state)
{
	struct bed bed;
	int woken;

	(void)state;
	bed_up(&bed, pg);
	bed_counted(&bed, &bed.woken[0], 1);
	pg_signal_backends(pg, "huiyind node listen", SIGSTOP);
	woken = bed.woken[0];
	bed_counted(&bed, &bed.woken[0], woken + 2);
	assert_int_equal(bed.downs, 0);
	pg_signal_backends(pg, "huiyind node listen", SIGCONT);
	bed_close(&bed);
}

/* --- the node is killed ---------------------------------------------------- */

enum { CHILD_ACTS = 1500 };

static char acked_file[] = "/tmp/huiyin_acked_XXXXXX";

struct child_act {
	struct told told;
	int number;
};

static int acked_fd;

/* On disk, on its own, before anything else happens: the test's witness. */
static void
child_answered(void *context, const char *result, const struct refusal *why)
{
	struct child_act *act = context;

	bed_answered(&act->told, result, why);
	if (write(acked_fd, &act->number, sizeof act->number) !=
	    (ssize_t)sizeof act->number)
		_exit(3);
}

/*
 * The same program again, as a node that settles the acts in three waves, so
 * that a batch grows while one flies; it is killed at the named point.
 */
static int
child(const char *conninfo)
{
	const struct store_settings settings = { .conninfo = conninfo,
						 .name = "child",
						 .queue = 100000,
						 .timeout_seconds = 5 };
	const struct store_who who = { .session = "s" };
	const char *acked = getenv("STORE_TEST_ACKED");
	static struct child_act acts[CHILD_ACTS];
	static struct bed bed;
	char ref[37];

	alarm(2 * SOON);
	acked_fd = acked ? open(acked, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
	bed_open_with(&bed, &settings);
	for (int i = 0; i < CHILD_ACTS; i++) {
		acts[i].number = i;
		bed_ref(ref, (unsigned)i);
		store_settle(bed.store, act_find("feedback.submit"), ref, &who,
			     "{\"text\":\"x\"}", child_answered, &acts[i]);
		if (i % (CHILD_ACTS / 3) == 0)
			store_wake(bed.store, "feedback");
	}
	while (store_count(bed.store).waiting > 0)
		uv_run(&bed.loop, UV_RUN_ONCE);
	bed_close(&bed);
	return 0;
}

/* Its wait status. */
static int
run_child(const char *crash_at)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("STORE_TEST_CHILD", pg_conninfo(pg), 1);
		setenv("STORE_TEST_ACKED", acked_file, 1);
		if (crash_at)
			setenv("HUIYIN_CRASH_AT", crash_at, 1);
		execl("/proc/self/exe", "store_weather_test", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* How many the child was told of; every one of them is there. */
static int
acked_are_there(void)
{
	FILE *file = fopen(acked_file, "r");
	char *sql = NULL, ref[37];
	size_t len;
	FILE *text = open_memstream(&sql, &len);
	int number, count = 0;

	if (!file || !text)
		return -1;
	fputs("select count(*) from settled where ref in (null", text);
	for (; fread(&number, sizeof number, 1, file) == 1; count++) {
		bed_ref(ref, (unsigned)number);
		fprintf(text, ", '%s'", ref);
	}
	fputs(")", text);
	assert_int_equal(fclose(text), 0);
	assert_int_equal(pg_number(pg, sql), count);
	fclose(file);
	free(sql);
	return count;
}

static void
a_node_killed_at_any_point_loses_nothing_it_told(void **state)
{
	static const char *const points[] = {
		"before_batch_sent:1", "before_batch_sent:3",
		"after_batch_sent:2",  "after_batch_sent:5",
		"before_settled:1",    "before_settled:4",
		"between_settled:1",   "between_settled:700",
		"before_wake:1",       "after_wake:2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		int acked, status;

		bed_forget(pg);
		assert_int_equal(truncate(acked_file, 0), 0);
		status = run_child(points[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		acked = acked_are_there();
		assert_true(acked >= 0);
		printf("# killed at %s: %d told\n", points[i], acked);
		assert_int_equal(run_child(NULL), 0);
		assert_int_equal(pg_number(pg, "select count(*) from settled"),
				 CHILD_ACTS);
	}
}

static int
set_up(void **state)
{
	int fd = mkstemp(acked_file);

	(void)state;
	close(fd);
	pg = pg_new();
	bed_make_api(pg);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(acked_file);
	pg_free(pg);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed_backends_lose_nothing_and_settle_once),
		TEST(killed_servers_lose_nothing_and_settle_once),
		TEST(ended_backends_lose_nothing_and_settle_once),
		TEST(acts_wait_for_a_database_that_comes_later),
		TEST(a_commit_with_a_warning_is_not_told_but_sent_again),
		TEST(a_commit_that_no_standby_confirmed_is_not_told),
		TEST(a_serialization_failure_is_tried_again_in_smaller_batches),
		TEST(without_fsync_it_is_never_up_and_says_why),
		TEST(reads_and_hellos_are_refused_while_it_is_away),
		TEST(without_its_listen_connection_it_polls),
		TEST(a_node_killed_at_any_point_loses_nothing_it_told),
	};
	const char *conninfo = getenv("STORE_TEST_CHILD");

	if (conninfo)
		return child(conninfo);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
