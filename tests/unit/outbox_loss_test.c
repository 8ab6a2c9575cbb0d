/* SPDX-License-Identifier: Apache-2.0 */
/* Stores whose file was emptied, removed or replaced by somebody. */
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

#include <sys/stat.h>
#include <unistd.h>

#include "outbox_bed.h"

static void
fill(const char *folder)
{
	struct disk *disk = bed_open(folder, NULL);
	char ref[HY_REF];

	for (int i = 0; i < 3; i++)
		assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	disk_close(disk);
}

static void
name_file(const char *folder, char path[BED_PATH + 16])
{
	snprintf(path, BED_PATH + 16, "%s/outbox.db", folder);
}

/* It is told once, and the store is good for more. */
static void
check_told(const char *folder)
{
	struct disk_news news;
	struct disk *disk = bed_open(folder, &news);
	char ref[HY_REF];

	assert_true(news.damaged);
	assert_true(news.gone);
	assert_int_equal(news.saved, 0);
	assert_int_equal(bed_add(disk, "after", ref), HY_OK);
	disk_close(disk);
	disk = bed_open(folder, &news);
	assert_false(news.damaged);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_store_that_was_emptied_is_told(void **state)
{
	char folder[BED_PATH], path[BED_PATH + 16];

	(void)state;
	bed_folder(folder);
	fill(folder);
	name_file(folder, path);
	assert_int_equal(truncate(path, 0), 0);
	check_told(folder);
}

static void
a_store_that_has_lost_its_file_is_told(void **state)
{
	char folder[BED_PATH], path[BED_PATH + 16];

	(void)state;
	bed_folder(folder);
	fill(folder);
	name_file(folder, path);
	assert_int_equal(unlink(path), 0);
	check_told(folder);
}

static void
a_new_store_and_an_empty_folder_are_no_loss(void **state)
{
	struct disk_news news;
	char folder[BED_PATH];

	(void)state;
	bed_folder(folder);
	for (int i = 0; i < 2; i++) {
		disk_close(bed_open(folder, &news));
		assert_false(news.damaged);
		bed_sweep(folder);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
	bed_sweep(folder);
}

static void
nothing_is_kept_in_a_folder_that_was_removed(void **state)
{
	char folder[BED_PATH], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_add(disk, "before", ref), HY_OK);
	bed_sweep(folder);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(bed_add(disk, "after", ref), HY_ERR_DISK);
		assert_string_equal(hy_last_error()->path, "store");
	}
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(bed_add(disk, "again", ref), HY_OK);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	bed_sweep(folder);
}

static void
nothing_is_kept_in_a_file_that_was_replaced(void **state)
{
	char folder[BED_PATH], path[BED_PATH + 16], ref[HY_REF];
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	name_file(folder, path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(bed_add(disk, "x", ref), HY_ERR_DISK);
	assert_int_equal(bed_add(disk, "x", ref), HY_OK);
	disk_close(disk);
	disk = bed_open(folder, NULL);
	assert_int_equal(bed_waiting(disk), 1);
	disk_close(disk);
	bed_sweep(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_that_was_emptied_is_told),
		cmocka_unit_test(a_store_that_has_lost_its_file_is_told),
		cmocka_unit_test(a_new_store_and_an_empty_folder_are_no_loss),
		cmocka_unit_test(nothing_is_kept_in_a_folder_that_was_removed),
		cmocka_unit_test(nothing_is_kept_in_a_file_that_was_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
