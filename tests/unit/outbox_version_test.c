/* SPDX-License-Identifier: Apache-2.0 */
/* Stores of older libraries: brought up to this one, whole or damaged. */
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
#include <sys/stat.h>
#include <unistd.h>

#include "copies.h"
#include "outbox_bed.h"
#include "shelf.h"

#define WAITS "0192a0b0-0000-7000-8000-000000000001"
#define SETTLED "0192a0b0-0000-7000-8000-000000000002"
#define REFUSED "0192a0b0-0000-7000-8000-000000000003"

/* What version 1 made, letter by letter, with something in every table. */
static const char version_1[] =
	"begin immediate;"
	" create table meta (name text primary key, value) without rowid;"
	"create table act ("
	"	number integer primary key autoincrement,"
	"	ref text not null unique,"
	"	name text not null,"
	"	params text not null,"
	"	state integer not null default 0,"
	"	at integer not null,"
	"	size integer not null,"
	"	silent integer not null,"
	"	run integer not null default 0,"
	"	answer text);"
	"create index act_by_state on act (state, number);"
	"create table notice ("
	"	seq integer primary key,"
	"	id text not null unique,"
	"	body text not null,"
	"	expires integer,"
	"	round integer not null);"
	"create table receipt ("
	"	notice text primary key,"
	"	rank integer not null,"
	"	state text not null,"
	"	at text not null) without rowid;"
	"insert into meta values ('identity', 'kiosk k '), ('epoch', 'e1'),"
	" ('cursor', 7), ('round', 1);"
	"insert into act (ref, name, params, state, at, size, silent, answer)"
	" values ('" WAITS "', 'feedback.submit', '{\"text\":\"x\"}', 0, 5, 90,"
	" 0, null), ('" SETTLED "', 'feedback.submit', '{}', 1, 6, 90, 0,"
	" '{\"receipt\":\"HY-1\"}'), ('" REFUSED "', 'feedback.submit', '{}',"
	" 2, 7, 90, 0, '{}');"
	"insert into notice values (7, 'N-7', '{}', null, 1);"
	"insert into receipt values ('N-7', 1, 'delivered', 'then');"
	"pragma application_id = 1752525177;"
	"pragma user_version = 1; commit;";

static void
make_version_1(const char *folder)
{
	char path[BED_PATH + 16];
	sqlite3 *db;

	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(path, sizeof path, "%s/outbox.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, version_1, NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
}

static void
all_acts_are_there(struct disk *disk)
{
	struct outbox_act act;

	assert_int_equal(bed_waiting(disk), 1);
	assert_int_equal(outbox_next_waiting(disk, 0, &act), 1);
	assert_string_equal(act.ref, WAITS);
	assert_string_equal(act.params, "{\"text\":\"x\"}");
	assert_int_equal(outbox_find(disk, SETTLED, &act), 1);
	assert_int_equal(act.state, OUTBOX_SETTLED);
	assert_string_equal(act.answer, "{\"receipt\":\"HY-1\"}");
	assert_int_equal(outbox_next_refused(disk, 0, &act), 1);
	assert_string_equal(act.ref, REFUSED);
}

static void
a_store_of_version_1_is_brought_up_with_all_it_has(void **state)
{
	struct shelf_notice notice;
	struct shelf_place place;
	char folder[BED_PATH];
	struct disk_news news;
	struct disk *disk;
	json_t *receipts;

	(void)state;
	bed_folder(folder);
	make_version_1(folder);
	disk = bed_open(folder, &news);
	assert_false(news.damaged);
	all_acts_are_there(disk);
	assert_int_equal(shelf_open(disk, "kiosk k ", &place), HY_OK);
	assert_string_equal(place.epoch, "e1");
	assert_int_equal(place.cursor, 7);
	assert_int_equal(shelf_next(disk, 0, 0, &notice), 1);
	assert_string_equal(notice.id, "N-7");
	assert_int_equal(disk_begin(disk), HY_OK);
	assert_int_equal(shelf_take_receipts(disk, &receipts), HY_OK);
	assert_non_null(receipts);
	json_decref(receipts);
	disk_rollback(disk);
	disk_close(disk);
	bed_sweep(folder);
}

static void
what_was_brought_up_keeps_copies_and_opens_again(void **state)
{
	struct outbox_act act = { .ref = "r", .name = "a.b", .copy = "{}" },
			  found;
	struct copies_fate fate = { "r", "e1", NULL, 1 };
	char folder[BED_PATH];
	struct disk_news news;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	make_version_1(folder);
	disk = bed_open(folder, &news);
	assert_int_equal(copies_put(disk, &act), HY_OK);
	assert_int_equal(copies_settled(disk, &fate), 0);
	disk_close(disk);
	disk = bed_open(folder, &news);
	assert_false(news.damaged);
	all_acts_are_there(disk);
	assert_int_equal(copies_next(disk, "e2", "", &found), 1);
	disk_close(disk);
	bed_sweep(folder);
}

/* Of the notices only: acts can be read all the same. */
static void
break_table(const char *folder, const char *table)
{
	char path[BED_PATH + 16], ask[80], noise[4096];
	sqlite3_stmt *said;
	sqlite3 *db;
	off_t page;
	int fd;

	memset(noise, 0xa5, sizeof noise);
	snprintf(path, sizeof path, "%s/outbox.db", folder);
	snprintf(ask, sizeof ask,
		 "select rootpage from sqlite_schema where name = '%s'", table);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, ask, -1, &said, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(said), SQLITE_ROW);
	page = sqlite3_column_int(said, 0);
	sqlite3_finalize(said);
	sqlite3_close(db);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, noise, sizeof noise, (page - 1) * 4096),
			 sizeof noise);
	close(fd);
}

static void
a_damaged_store_of_version_1_is_saved_as_far_as_it_can_be_read(void **state)
{
	char folder[BED_PATH];
	struct disk_news news;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	make_version_1(folder);
	break_table(folder, "notice");
	disk = bed_open(folder, &news);
	assert_true(news.damaged);
	assert_int_equal(news.saved, 4); /* three acts, a receipt */
	all_acts_are_there(disk);
	disk_close(disk);
	bed_sweep(folder);
}

static void
copies_are_saved_of_a_damaged_store(void **state)
{
	struct outbox_act act = { .ref = "r", .name = "a.b", .copy = "{}" },
			  found;
	struct copies_fate fate = { "r", "e1", "HY-1", 1 };
	char folder[BED_PATH];
	struct disk_news news;
	struct disk *disk;

	(void)state;
	bed_folder(folder);
	disk = bed_open(folder, &news);
	assert_int_equal(copies_put(disk, &act), HY_OK);
	assert_int_equal(copies_settled(disk, &fate), 0);
	disk_close(disk);
	break_table(folder, "notice");
	disk = bed_open(folder, &news);
	assert_true(news.damaged);
	assert_int_equal(copies_next(disk, "e2", "", &found), 1);
	assert_string_equal(found.ref, "r");
	disk_close(disk);
	bed_sweep(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_store_of_version_1_is_brought_up_with_all_it_has),
		cmocka_unit_test(
			what_was_brought_up_keeps_copies_and_opens_again),
		cmocka_unit_test(
			a_damaged_store_of_version_1_is_saved_as_far_as_it_can_be_read),
		cmocka_unit_test(copies_are_saved_of_a_damaged_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
