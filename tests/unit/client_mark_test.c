/* SPDX-License-Identifier: Apache-2.0 */
/* A store of the client library that goes back in time is seen (I4). */
/* rooms: client */
/* with: client_bed.c client_peer.c outbox_bed.c faulty_disk.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "client_bed.h"
#include "faulty_disk.h"

#define TAKES BED_GREETING ",\"features\":[\"store_mark\"]"

struct told {
	char generation[65];
	json_int_t mark; /* -1: none */
};

/* What a hello told, which is freed. */
static struct told
told_by(json_t *hello)
{
	json_t *params = json_object_get(hello, "params");
	const char *generation =
		json_string_value(json_object_get(params, "generation"));
	struct told told = { .mark = -1 };

	if (generation) {
		snprintf(told.generation, sizeof told.generation, "%s",
			 generation);
		told.mark = json_integer_value(json_object_get(params, "mark"));
	}
	json_decref(hello);
	return told;
}

/* One session: opens, is greeted with rest, is closed. */
static struct told
session(struct bed *bed, const char *rest)
{
	struct told told;

	bed_open_client(bed);
	told = told_by(peer_greet(bed->peer, "none", "e1", 0, rest));
	(void)bed_event(bed, HY_CAUGHT_UP);
	bed_close_client(bed);
	return told;
}

static void
a_server_that_is_not_known_to_take_a_mark_is_told_none(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(session(bed, BED_GREETING).mark, -1);
	assert_int_equal(session(bed, BED_GREETING).mark, -1);
	assert_int_equal(session(bed, TAKES).mark, -1);
	assert_true(session(bed, BED_GREETING).mark > 0);
	assert_int_equal(session(bed, BED_GREETING).mark, -1);
}

static void
each_hello_tells_a_greater_mark_of_one_generation(void **state)
{
	struct bed *bed = *state;
	struct told first, next;

	(void)session(bed, TAKES);
	first = session(bed, TAKES);
	assert_int_equal(strlen(first.generation), 32);
	for (int i = 0; i < 3; i++) {
		next = session(bed, TAKES);
		assert_string_equal(next.generation, first.generation);
		assert_true(next.mark > first.mark);
		first = next;
	}
}

/* Copies the file of a closed store. */
static void
copy_file(const char *from, const char *to)
{
	static char bytes[1 << 20];
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	ssize_t len;

	assert_true(in >= 0);
	len = read(in, bytes, sizeof bytes);
	assert_in_range(len, 1, sizeof bytes - 1);
	close(in);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(out >= 0);
	assert_int_equal(write(out, bytes, (size_t)len), len);
	close(out);
}

static void
an_old_copy_of_a_store_tells_no_greater_mark(void **state)
{
	struct bed *bed = *state;
	char file[BED_PATH + 16], old[BED_PATH + 16];
	struct told before, after;

	snprintf(file, sizeof file, "%s/outbox.db", bed->folder);
	snprintf(old, sizeof old, "%s/old", bed->folder);
	(void)session(bed, TAKES);
	(void)session(bed, TAKES);
	copy_file(file, old);
	before = session(bed, TAKES);
	copy_file(old, file);
	after = session(bed, TAKES);
	assert_string_equal(after.generation, before.generation);
	assert_true(after.mark <= before.mark);
}

static void
a_store_that_went_back_is_told_and_gets_another_generation(void **state)
{
	struct bed *bed = *state;
	struct told before, after;

	(void)session(bed, TAKES);
	bed_open_client(bed);
	before = told_by(peer_greet(bed->peer, "none", "e1", 0,
				    TAKES ",\"store\":\"rolled_back\""));
	assert_string_equal(bed_event(bed, HY_TROUBLE)->tag,
			    "store_rolled_back");
	bed_close_client(bed);
	after = session(bed, TAKES ",\"store\":\"kept\"");
	assert_string_not_equal(after.generation, before.generation);
	assert_true(after.mark > 0);
	bed_open_client(bed);
	(void)told_by(peer_greet(bed->peer, "none", "e1", 0,
				 TAKES ",\"store\":\"kept\""));
	assert_true(bed_no_event(bed, HY_TROUBLE, 50));
}

static void
a_node_that_knows_no_mark_is_greeted_without_at_once(void **state)
{
	struct bed *bed = *state;
	json_t *hello;

	(void)session(bed, TAKES);
	bed_open_client(bed);
	hello = peer_take_act(bed->peer, "hello");
	peer_refuse(bed->peer, hello, "unknown_field",
		    "\"path\":\"generation\",\"retry\":\"never\"");
	assert_true(told_by(hello).mark > 0);
	assert_int_equal(
		told_by(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING))
			.mark,
		-1);
	(void)bed_event(bed, HY_ONLINE);
}

static void
a_full_disk_keeps_nobody_from_saying_hello(void **state)
{
	struct bed *bed = *state;

	(void)session(bed, TAKES);
	bed_open_client(bed);
	(void)told_by(peer_greet(bed->peer, "none", "e1", 0, TAKES));
	(void)bed_event(bed, HY_CAUGHT_UP);
	faulty_break(FAULTY_FULL, 1, true);
	peer_hang_up(bed->peer);
	assert_int_equal(
		told_by(peer_greet(bed->peer, "since", "e1", 0, TAKES)).mark,
		-1);
	(void)bed_event(bed, HY_ONLINE);
	(void)faulty_mend();
}

static void
staff_and_clients_without_a_store_tell_no_mark(void **state)
{
	struct bed *bed = *state;

	bed->options.store = NULL;
	(void)session(bed, TAKES);
	assert_int_equal(session(bed, TAKES).mark, -1);
	bed->options.store = bed->folder;
	bed->options.as = "staff";
	(void)session(bed, TAKES);
	assert_int_equal(session(bed, TAKES).mark, -1);
}

static int
install(void **state)
{
	(void)state;
	faulty_install();
	return 0;
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(
			a_server_that_is_not_known_to_take_a_mark_is_told_none),
		WITH_BED(each_hello_tells_a_greater_mark_of_one_generation),
		WITH_BED(an_old_copy_of_a_store_tells_no_greater_mark),
		WITH_BED(
			a_store_that_went_back_is_told_and_gets_another_generation),
		WITH_BED(a_node_that_knows_no_mark_is_greeted_without_at_once),
		WITH_BED(a_full_disk_keeps_nobody_from_saying_hello),
		WITH_BED(staff_and_clients_without_a_store_tell_no_mark),
	};

	return cmocka_run_group_tests(tests, install, NULL);
}
