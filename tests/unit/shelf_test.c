/* SPDX-License-Identifier: Apache-2.0 */
/* Notices, cursor and receipts of the client library. */
/* rooms: client */
/* with: outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "outbox_bed.h"
#include "shelf.h"

static int
put(struct disk *disk, int64_t seq, const char *id, const char *body,
    int64_t round)
{
	struct shelf_notice notice = { seq, id, body };

	return shelf_put(disk, &notice, 0, round);
}

static unsigned
count(struct disk *disk, int64_t now)
{
	struct shelf_notice found = { 0 };
	unsigned n = 0;

	while (shelf_next(disk, found.seq, now, &found) == 1)
		n++;
	return n;
}

static void
a_notice_is_new_once_and_again_when_it_changed(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);

	(void)state;
	assert_int_equal(put(disk, 1, "N-1", "{\"a\":1}", 0), 1);
	assert_int_equal(put(disk, 1, "N-1", "{\"a\":1}", 0), 0);
	assert_int_equal(put(disk, 1, "N-1", "{\"a\":2}", 0), 1);
	assert_int_equal(count(disk, 0), 1);
	disk_close(disk);
}

static void
a_number_that_another_epoch_gives_again_takes_the_place(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);
	struct shelf_notice found;

	(void)state;
	assert_int_equal(put(disk, 1, "N-1", "{}", 0), 1);
	assert_int_equal(put(disk, 2, "N-2", "{}", 0), 1);
	assert_int_equal(put(disk, 1, "N-2", "{}", 1), 0);
	assert_int_equal(count(disk, 0), 1);
	assert_int_equal(shelf_next(disk, 0, 0, &found), 1);
	assert_string_equal(found.id, "N-2");
	disk_close(disk);
}

static void
a_replay_of_everything_drops_what_was_not_sent_again(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);

	(void)state;
	for (int i = 1; i <= 5; i++) {
		char id[16];

		snprintf(id, sizeof id, "N-%d", i);
		assert_int_equal(put(disk, i, id, "{}", 0), 1);
	}
	assert_int_equal(put(disk, 2, "N-2", "{}", 1), 0);
	assert_int_equal(put(disk, 6, "N-6", "{}", 1), 1);
	assert_int_equal(shelf_drop_others(disk, 1), HY_OK);
	assert_int_equal(count(disk, 0), 2);
	disk_close(disk);
}

static void
what_has_expired_is_not_shown_and_then_dropped(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);
	struct shelf_notice notice = { 1, "N-1", "{}" };

	(void)state;
	assert_int_equal(shelf_put(disk, &notice, 1000, 0), 1);
	assert_int_equal(put(disk, 2, "N-2", "{}", 0), 1);
	assert_int_equal(count(disk, 999), 2);
	assert_int_equal(count(disk, 1000), 1);
	assert_int_equal(shelf_expire(disk, 1000), HY_OK);
	assert_int_equal(count(disk, 0), 1);
	disk_close(disk);
}

static void
a_cursor_is_kept_and_forgotten_with_the_identity(void **state)
{
	char folder[BED_PATH];
	struct shelf_place place, want = { "e1", 17, 3, 1790000000 };
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(shelf_open(disk, "kiosk a", &place), HY_OK);
	assert_int_equal(place.cursor, 0);
	assert_string_equal(place.epoch, "");
	assert_int_equal(shelf_set_place(disk, &want), HY_OK);
	disk_close(disk);
	disk = bed_open(folder, NULL);
	assert_int_equal(shelf_open(disk, "kiosk a", &place), HY_OK);
	assert_int_equal(place.cursor, 17);
	assert_int_equal(place.round, 3);
	assert_string_equal(place.epoch, "e1");
	assert_int_equal(shelf_open(disk, "kiosk b", &place), HY_OK);
	assert_int_equal(place.cursor, 0);
	assert_int_equal(place.told, 1790000000); /* whoever it is */
	disk_close(disk);
	bed_sweep(folder);
}

static void
notice_and_cursor_go_together_or_not_at_all(void **state)
{
	char folder[BED_PATH];
	struct shelf_place place = { "e1", 1, 0, 0 };
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, NULL);
	assert_int_equal(shelf_open(disk, "k", &place), HY_OK);
	assert_int_equal(disk_begin(disk), HY_OK);
	assert_int_equal(put(disk, 1, "N-1", "{}", 0), 1);
	place.cursor = 1;
	assert_int_equal(shelf_set_place(disk, &place), HY_OK);
	disk_close(disk); /* as a power cut before the commit */
	disk = bed_open(folder, NULL);
	assert_int_equal(count(disk, 0), 0);
	assert_int_equal(shelf_open(disk, "k", &place), HY_OK);
	assert_int_equal(place.cursor, 0);
	disk_close(disk);
	bed_sweep(folder);
}

static void
a_receipt_never_goes_backwards(void **state)
{
	static const char at[] = "2026-11-23T10:00:00+08:00";
	struct disk *disk = bed_open(NULL, NULL);
	json_t *params, *item;

	(void)state;
	assert_int_equal(shelf_note(disk, "N-1", "delivered", at), HY_OK);
	assert_int_equal(shelf_note(disk, "N-1", "understood", at), HY_OK);
	assert_int_equal(shelf_note(disk, "N-1", "shown", at), HY_OK);
	assert_int_equal(shelf_note(disk, "N-1", "misunderstood", at), HY_OK);
	assert_int_equal(shelf_take_receipts(disk, &params), HY_OK);
	item = json_array_get(json_object_get(params, "items"), 0);
	assert_string_equal(json_string_value(json_object_get(item, "state")),
			    "understood");
	json_decref(params);
	assert_int_equal(shelf_take_receipts(disk, &params), HY_OK);
	assert_null(params);
	disk_close(disk);
}

static void
receipts_leave_256_at_a_time(void **state)
{
	struct disk *disk = bed_open(NULL, NULL);
	json_t *params;
	char id[24];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(id, sizeof id, "N-%d", i);
		assert_int_equal(shelf_note(disk, id, "delivered",
					    "2026-11-23T10:00:00+08:00"),
				 HY_OK);
	}
	assert_int_equal(shelf_take_receipts(disk, &params), HY_OK);
	assert_int_equal(json_array_size(json_object_get(params, "items")),
			 256);
	json_decref(params);
	assert_int_equal(shelf_take_receipts(disk, &params), HY_OK);
	assert_int_equal(json_array_size(json_object_get(params, "items")), 44);
	json_decref(params);
	disk_close(disk);
}

static void
times_of_all_offsets_are_the_same_seconds(void **state)
{
	(void)state;
	assert_int_equal(shelf_seconds("1970-01-01T00:00:00+00:00"), 0);
	assert_int_equal(shelf_seconds("2026-11-23T10:00:00+08:00"),
			 1795399200);
	assert_int_equal(shelf_seconds("2026-11-22T21:30:00-04:30"),
			 1795399200);
	assert_int_equal(shelf_seconds("2026-11-23T02:00:00.250+00:00"),
			 1795399200);
	assert_int_equal(shelf_seconds("tomorrow"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_notice_is_new_once_and_again_when_it_changed),
		cmocka_unit_test(
			a_number_that_another_epoch_gives_again_takes_the_place),
		cmocka_unit_test(
			a_replay_of_everything_drops_what_was_not_sent_again),
		cmocka_unit_test(
			what_has_expired_is_not_shown_and_then_dropped),
		cmocka_unit_test(
			a_cursor_is_kept_and_forgotten_with_the_identity),
		cmocka_unit_test(notice_and_cursor_go_together_or_not_at_all),
		cmocka_unit_test(a_receipt_never_goes_backwards),
		cmocka_unit_test(receipts_leave_256_at_a_time),
		cmocka_unit_test(times_of_all_offsets_are_the_same_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
