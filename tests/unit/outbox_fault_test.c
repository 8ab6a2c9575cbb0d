/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox on a disk that is full or fails: never a false OK (I3, I5). */
/* rooms: client */
/* with: outbox_bed.c faulty_disk.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faulty_disk.h"
#include "outbox_bed.h"

#define ACTS 12

struct said {
	char ref[ACTS][HY_REF];
	int code[ACTS];
	unsigned accepted;
};

/* Submits, with a fault somewhere on the way, and the disk whole at last. */
static bool
submit_all(struct disk *disk, enum faulty_what what, unsigned n, bool sticky,
	   struct said *said)
{
	bool happened = false;
	char text[32];

	said->accepted = 0;
	faulty_break(what, n, sticky);
	for (int i = 0; i < ACTS; i++) {
		if (i == ACTS - 2)
			happened = faulty_mend();
		snprintf(text, sizeof text, "act %d", i);
		said->code[i] = bed_add(disk, text, said->ref[i]);
		said->accepted += said->code[i] == HY_OK;
	}
	return happened;
}

/* What was accepted is there; what was not is not. */
static void
compare(struct disk *disk, const struct said *said)
{
	struct outbox_act act;

	for (int i = 0; i < ACTS; i++)
		assert_int_equal(outbox_find(disk, said->ref[i], &act),
				 said->code[i] == HY_OK);
	assert_int_equal(bed_waiting(disk), said->accepted);
}

/* Every call of that kind fails once, in turn, until none is reached. */
static void
fail_each(enum faulty_what what, bool sticky)
{
	char folder[BED_PATH];
	struct disk_news news;
	struct said said;
	struct disk *disk;
	bool happened = true;

	for (unsigned n = 1; happened; n++) {
		assert_in_range(n, 1, 400);
		bed_folder(folder);
		disk = bed_open(folder, NULL);
		happened = submit_all(disk, what, n, sticky, &said);
		assert_int_equal(said.code[ACTS - 1], HY_OK);
		assert_true(said.accepted == ACTS || happened);
		compare(disk, &said);
		disk_close(disk);
		disk = bed_open(folder, &news);
		assert_false(news.damaged);
		compare(disk, &said);
		disk_close(disk);
		bed_sweep(folder);
	}
}

static void
each_write_that_fails_is_an_error_and_no_act(void **state)
{
	(void)state;
	fail_each(FAULTY_WRITE, false);
}

static void
a_disk_that_stays_broken_takes_nothing_until_it_is_whole(void **state)
{
	(void)state;
	fail_each(FAULTY_WRITE, true);
}

static void
each_fsync_that_fails_is_an_error_and_no_act(void **state)
{
	(void)state;
	fail_each(FAULTY_SYNC, false);
}

static void
an_fsync_that_always_fails_is_never_called_ok(void **state)
{
	(void)state;
	fail_each(FAULTY_SYNC, true);
}

static void
a_full_disk_is_an_error_and_no_act(void **state)
{
	(void)state;
	fail_each(FAULTY_FULL, false);
}

static void
a_disk_that_stays_full_takes_nothing_until_there_is_room(void **state)
{
	(void)state;
	fail_each(FAULTY_FULL, true);
}

static void
a_store_opens_on_a_full_disk_and_shows_what_it_has(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	struct disk_news news;
	struct outbox_act act;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	disk_close(disk);
	faulty_break(FAULTY_FULL, 1, true);
	disk = bed_open(folder, &news);
	assert_int_equal(outbox_next_waiting(disk, 0, &act), 1);
	assert_string_equal(act.ref, ref);
	disk_rest(disk);
	assert_int_equal(bed_add(disk, "y", ref), HY_ERR_DISK);
	(void)faulty_mend();
	assert_int_equal(bed_add(disk, "y", ref), HY_OK);
	disk_close(disk);
	bed_sweep(folder);
}

static int
install(void **state)
{
	(void)state;
	faulty_install();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_write_that_fails_is_an_error_and_no_act),
		cmocka_unit_test(
			a_disk_that_stays_broken_takes_nothing_until_it_is_whole),
		cmocka_unit_test(each_fsync_that_fails_is_an_error_and_no_act),
		cmocka_unit_test(an_fsync_that_always_fails_is_never_called_ok),
		cmocka_unit_test(a_full_disk_is_an_error_and_no_act),
		cmocka_unit_test(
			a_disk_that_stays_full_takes_nothing_until_there_is_room),
		cmocka_unit_test(
			a_store_opens_on_a_full_disk_and_shows_what_it_has),
	};

	return cmocka_run_group_tests(tests, install, NULL);
}
