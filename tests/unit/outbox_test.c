/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox of the client library, on a whole disk. */
/* rooms: client */
/* with: outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outbox_bed.h"
#include "schema.h"

/* Adds acts without end; tells each ref that was accepted. */
static _Noreturn void
submit_without_end(const char *folder, int told)
{
	struct disk_news news;
	char ref[HY_REF], text[32];
	struct disk *disk;

	if (disk_open(&disk, folder, &news) != HY_OK)
		_exit(1);
	for (int i = 0;; i++) {
		snprintf(text, sizeof text, "act %d", i);
		if (bed_add(disk, text, ref) != HY_OK ||
		    write(told, ref, HY_REF) != HY_REF)
			_exit(1);
	}
}

static void
what_was_accepted_survives_kill_9(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	int told[2], status;
	unsigned accepted = 0;
	struct outbox_act act;
	struct disk *disk;
	pid_t child;

	(void)state;
	bed_folder(folder);
	assert_int_equal(pipe(told), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		submit_without_end(folder, told[1]);
	close(told[1]);
	while (accepted < 50 && read(told[0], ref, HY_REF) == HY_REF)
		accepted++;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	disk = bed_open(folder, NULL);
	do {
		assert_int_equal(outbox_find(disk, ref, &act), 1);
		assert_int_equal(act.state, OUTBOX_WAITING);
	} while (read(told[0], ref, HY_REF) == HY_REF);
	assert_true(bed_waiting(disk) >= accepted);
	close(told[0]);
	disk_close(disk);
	bed_sweep(folder);
}

static void
acts_come_out_in_the_order_they_went_in(void **state)
{
	char folder[BED_PATH], ref[20][HY_REF], text[32], params[64];
	struct outbox_act act = { .number = 0 };
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof text, "%d", i);
		assert_int_equal(bed_add(disk, text, ref[i]), HY_OK);
		if (i == 10) {
			disk_close(disk);
			disk = bed_open(folder, NULL);
		}
	}
	for (int i = 0; i < 20; i++) {
		assert_int_equal(outbox_next_waiting(disk, act.number, &act),
				 1);
		snprintf(params, sizeof params, "{\"text\":\"%d\"}", i);
		assert_string_equal(act.ref, ref[i]);
		assert_string_equal(act.params, params);
	}
	assert_int_equal(outbox_next_waiting(disk, act.number, &act), 0);
	disk_close(disk);
	bed_sweep(folder);
}

static void
what_settled_is_handed_out_after_each_restart_until_done(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	struct outbox_act act;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	bed_settle(disk, ref, "{\"receipt\":\"HY-1\"}");
	assert_int_equal(outbox_next_ended(disk, 0, &act), 0);
	for (int i = 0; i < 3; i++) {
		disk_close(disk);
		disk = bed_open(folder, NULL);
		assert_int_equal(outbox_next_ended(disk, 0, &act), 1);
		assert_string_equal(act.ref, ref);
		assert_string_equal(act.answer, "{\"receipt\":\"HY-1\"}");
	}
	assert_int_equal(outbox_done(disk, ref), HY_OK);
	disk_close(disk);
	disk = bed_open(folder, NULL);
	assert_int_equal(outbox_next_ended(disk, 0, &act), 0);
	disk_close(disk);
	bed_sweep(folder);
}

static void
done_of_what_still_waits_is_an_error(void **state)
{
	char ref[HY_REF];
	struct disk *disk = bed_open(NULL, NULL);

	(void)state;
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	assert_int_equal(outbox_done(disk, ref), HY_ERR_NOT_FOUND);
	assert_int_equal(outbox_done(disk, "no such"), HY_ERR_NOT_FOUND);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
}

static void
done_leaves_nothing_of_content_and_key_on_disk(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "the-canary-sings", ref), HY_OK);
	bed_settle(disk, ref, "{\"key\":\"8271828182845904\"}");
	assert_true(bed_holds(folder, "the-canary-sings"));
	assert_true(bed_holds(folder, "8271828182845904"));
	assert_int_equal(outbox_done(disk, ref), HY_OK);
	disk_scrub(disk);
	assert_false(bed_holds(folder, "the-canary-sings"));
	assert_false(bed_holds(folder, "8271828182845904"));
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_full_outbox_refuses_new_acts_and_keeps_the_old(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);
	struct outbox_act act = { .name = "feedback.submit", .params = "{}" };
	char ref[HY_REF];

	(void)state;
	assert_int_equal(bed_add(disk, "old", ref), HY_OK);
	act.ref = "0192a0b0-0000-7000-8000-000000000001";
	assert_int_equal(outbox_add(disk, &act, 110), HY_ERR_FULL);
	assert_int_equal(bed_waiting(disk), 1);
	bed_settle(disk, ref, "{}");
	assert_int_equal(outbox_done(disk, ref), HY_OK);
	assert_int_equal(*disk_bytes(disk), 0);
	assert_int_equal(outbox_add(disk, &act, 110), HY_OK);
	disk_close(disk);
}

static void
a_store_that_is_open_is_not_opened_twice(void **state)
{
	struct disk_news news;
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk, *other;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	assert_int_equal(disk_open(&other, folder, &news), HY_ERR_BUSY);
	assert_null(other);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	bed_sweep(folder);
}

/* Says something to the file behind the library's back. */
static void
meddle(const char *folder, const char *sql)
{
	char path[BED_PATH + 16];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/outbox.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
a_newer_store_is_refused_and_stays_as_it_is(void **state)
{
	struct disk_news news;
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	disk_close(disk);
	meddle(folder, "pragma user_version = 99");
	assert_int_equal(disk_open(&disk, folder, &news), HY_ERR_NEWER);
	assert_false(news.damaged);
	meddle(folder, "pragma user_version = 3");
	disk = bed_open(folder, &news);
	assert_false(news.damaged);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_store_of_before_traffic_was_counted_is_brought_up(void **state)
{
	struct disk_news news;
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	disk_close(disk);
	meddle(folder, "drop table copy; drop table traffic;"
		       "pragma user_version = 1");
	disk = bed_open(folder, &news);
	assert_false(news.damaged);
	assert_int_equal(bed_waiting(disk), 1);
	assert_non_null(disk_say(disk, SAY_traffic_get));
	disk_close(disk);
	bed_sweep(folder);
}

static void
somebody_elses_database_is_left_alone(void **state)
{
	struct disk_news news;
	char folder[BED_PATH];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	disk_close(disk);
	meddle(folder, "pragma application_id = 7");
	assert_int_equal(disk_open(&disk, folder, &news), HY_ERR_DISK);
	assert_false(news.damaged);
	bed_sweep(folder);
}

/* Writes over the file from offset on. */
static void
damage(const char *folder, off_t offset, size_t len)
{
	char path[BED_PATH + 16], noise[8192];
	int fd;

	memset(noise, 0xa5, sizeof noise);
	snprintf(path, sizeof path, "%s/outbox.db", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, noise, len, offset), (ssize_t)len);
	close(fd);
}

/* A store with many acts, closed, so that all is in one file. */
static void
fill(const char *folder, int acts)
{
	struct disk *disk = bed_open(folder, NULL);
	char ref[HY_REF], text[200];

	for (int i = 0; i < acts; i++) {
		snprintf(text, sizeof text, "%d %0150d", i, i);
		assert_int_equal(bed_add(disk, text, ref), HY_OK);
	}
	disk_close(disk);
}

static void
a_damaged_file_is_set_aside_and_what_can_be_read_is_saved(void **state)
{
	char folder[BED_PATH], aside[BED_PATH + 80], ref[HY_REF];
	struct disk_news news;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	fill(folder, 300);
	damage(folder, (off_t)4096 * 12, 4096);
	disk = bed_open(folder, &news);
	assert_true(news.damaged);
	assert_in_range(news.saved, 200, 299);
	assert_int_equal(bed_waiting(disk), news.saved);
	snprintf(aside, sizeof aside, "%s/%s", folder, news.aside);
	assert_int_equal(access(aside, F_OK), 0);
	assert_int_equal(bed_add(disk, "after", ref), HY_OK);
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_file_that_is_no_database_is_set_aside(void **state)
{
	struct disk_news news;
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	fill(folder, 3);
	damage(folder, 0, 100);
	disk = bed_open(folder, &news);
	assert_true(news.damaged);
	assert_int_equal(news.saved, 0);
	assert_int_equal(bed_add(disk, "after", ref), HY_OK);
	disk_close(disk);
	bed_sweep(folder);
}

/* Writes other words of the same length over the first place of `is`. */
static void
reword(const char *folder, const char *is, const char *other)
{
	static char page[8192];
	char path[BED_PATH + 16], *at;
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "%s/outbox.db", folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	len = pread(fd, page, sizeof page, 0);
	at = memmem(page, (size_t)len, is, strlen(is));
	assert_non_null(at);
	assert_int_equal(pwrite(fd, other, strlen(is), at - page), strlen(is));
	close(fd);
}

/* With state 7 a new act would be kept, and never sent. */
static void
a_table_that_says_something_else_is_damage(void **state)
{
	struct disk_news news;
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	fill(folder, 3);
	reword(folder, "state integer not null default 0",
	       "state integer not null default 7");
	disk = bed_open(folder, &news);
	assert_true(news.damaged);
	assert_int_equal(news.saved, 3);
	assert_int_equal(bed_add(disk, "after", ref), HY_OK);
	assert_int_equal(bed_waiting(disk), 4);
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_store_is_for_its_user_alone_and_has_no_shared_memory(void **state)
{
	char folder[BED_PATH], path[BED_PATH + 16], ref[HY_REF];
	struct stat there;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	for (int i = 0; i < 2; i++) {
		disk = bed_open(folder, NULL);
		assert_int_equal(bed_add(disk, "x", ref), HY_OK);
		snprintf(path, sizeof path, "%s/outbox.db-shm", folder);
		assert_int_not_equal(access(path, F_OK), 0);
		disk_close(disk);
	}
	assert_int_equal(stat(folder, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0700);
	bed_sweep(folder);
}

static void
no_descriptor_of_a_store_goes_over_to_another_program(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	bool before[64];
	struct disk *disk;
	int opened = 0;

	(void)state;
	for (int fd = 0; fd < 64; fd++)
		before[fd] = fcntl(fd, F_GETFD) >= 0;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	for (int fd = 0; fd < 64; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (before[fd] || flags < 0)
			continue;
		assert_true(flags & FD_CLOEXEC);
		opened++;
	}
	assert_true(opened >= 2);
	disk_close(disk);
	bed_sweep(folder);
}

/* Else it would grow for as long as an outbox drains. */
static void
the_log_stays_small_while_acts_end(void **state)
{
	char folder[BED_PATH], log[BED_PATH + 16], ref[HY_REF];
	struct disk *disk;
	struct stat there;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	for (int i = 0; i < 150; i++) {
		assert_int_equal(bed_add(disk, "x", ref), HY_OK);
		bed_settle(disk, ref, "{}");
		assert_int_equal(outbox_done(disk, ref), HY_OK);
	}
	snprintf(log, sizeof log, "%s/outbox.db-wal", folder);
	assert_int_equal(stat(log, &there), 0);
	assert_in_range(there.st_size, 0, 1 << 20);
	disk_close(disk);
	bed_sweep(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_log_stays_small_while_acts_end),
		cmocka_unit_test(what_was_accepted_survives_kill_9),
		cmocka_unit_test(acts_come_out_in_the_order_they_went_in),
		cmocka_unit_test(
			what_settled_is_handed_out_after_each_restart_until_done),
		cmocka_unit_test(done_of_what_still_waits_is_an_error),
		cmocka_unit_test(
			done_leaves_nothing_of_content_and_key_on_disk),
		cmocka_unit_test(
			a_full_outbox_refuses_new_acts_and_keeps_the_old),
		cmocka_unit_test(a_store_that_is_open_is_not_opened_twice),
		cmocka_unit_test(
			a_store_of_before_traffic_was_counted_is_brought_up),
		cmocka_unit_test(a_newer_store_is_refused_and_stays_as_it_is),
		cmocka_unit_test(somebody_elses_database_is_left_alone),
		cmocka_unit_test(
			a_damaged_file_is_set_aside_and_what_can_be_read_is_saved),
		cmocka_unit_test(a_file_that_is_no_database_is_set_aside),
		cmocka_unit_test(a_table_that_says_something_else_is_damage),
		cmocka_unit_test(
			a_store_is_for_its_user_alone_and_has_no_shared_memory),
		cmocka_unit_test(
			no_descriptor_of_a_store_goes_over_to_another_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
