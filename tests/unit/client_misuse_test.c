/* SPDX-License-Identifier: Apache-2.0 */
/* What programs do wrong to the client library, and what it says to that. */
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

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client_bed.h"

static void
check_fault(int is, int code, const char *path)
{
	assert_int_equal(is, code);
	assert_string_equal(hy_last_error()->path, path);
	assert_true(strlen(hy_last_error()->message) > 0);
}

static void
no_client_is_an_error_and_no_crash(void **state)
{
	hy_feedback feedback = HY_FEEDBACK_INIT;
	hy_outbox_state box = HY_OUTBOX_INIT;
	hy_traffic_day day = HY_TRAFFIC_INIT;

	(void)state;
	hy_close(NULL);
	assert_int_equal(hy_fd(NULL), -1);
	assert_null(hy_next(NULL));
	assert_null(hy_wait(NULL, -1));
	assert_null(hy_notices(NULL, 0));
	assert_null(hy_refused(NULL, 0));
	check_fault(hy_act(NULL, "ping", NULL, NULL), HY_ERR_INPUT, "client");
	check_fault(hy_submit_feedback(NULL, &feedback, NULL), HY_ERR_INPUT,
		    "client");
	check_fault(hy_receipt(NULL, "N-1", "shown"), HY_ERR_INPUT, "client");
	check_fault(hy_lookup(NULL, "HY-1", NULL, NULL), HY_ERR_INPUT,
		    "client");
	check_fault(hy_done(NULL, "x"), HY_ERR_INPUT, "client");
	check_fault(hy_outbox(NULL, &box), HY_ERR_INPUT, "client");
	check_fault(hy_traffic(NULL, 0, &day), HY_ERR_INPUT, "client");
}

/* In a child: 0 when every call says that it is not its client. */
static int
touch(hy_client *client)
{
	hy_feedback feedback = HY_FEEDBACK_INIT;
	hy_outbox_state box = HY_OUTBOX_INIT;

	feedback.region = "422802101201";
	feedback.service = "question";
	feedback.text = "of the child";
	if (hy_submit_feedback(client, &feedback, NULL) != HY_ERR_INPUT ||
	    strcmp(hy_last_error()->path, "client") != 0)
		return 1;
	if (hy_outbox(client, &box) != HY_ERR_INPUT || hy_fd(client) >= 0)
		return 2;
	if (hy_wait(client, -1) || hy_next(client) || hy_notices(client, 0))
		return 3;
	hy_close(client);
	return 0;
}

static void
a_child_of_the_program_cannot_harm_the_store(void **state)
{
	struct bed *bed = *state;
	char ref[2][HY_REF];
	int status;
	pid_t child;

	bed_open_client(bed);
	bed_submit(bed, "1", ref[0]);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(touch(bed->client));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	bed_submit(bed, "2", ref[1]);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	for (int i = 0; i < 2; i++) {
		json_t *act = peer_take_act(bed->peer, "feedback.submit");

		assert_string_equal(
			json_string_value(json_object_get(act, "id")), ref[i]);
		json_decref(act);
	}
	assert_false(bed_holds(bed->folder, "of the child"));
}

static void
text_that_is_no_utf_8_is_blamed_by_its_path(void **state)
{
	struct bed *bed = *state;
	hy_feedback feedback = HY_FEEDBACK_INIT;

	bed->options.lang = "en";
	bed_open_client(bed);
	feedback.region = "422802101201";
	feedback.service = "question";
	feedback.text = "\xff\xfe";
	check_fault(hy_submit_feedback(bed->client, &feedback, NULL),
		    HY_ERR_INPUT, "text");
	assert_string_equal(hy_last_error()->tag, "bad_value");
	assert_non_null(strstr(hy_last_error()->message, "UTF-8"));
	feedback.text = "x";
	feedback.submitter_name = "\xe5\x88";
	check_fault(hy_submit_feedback(bed->client, &feedback, NULL),
		    HY_ERR_INPUT, "submitter.name");
	check_fault(hy_lookup(bed->client, "\xc0\x80", NULL, NULL),
		    HY_ERR_INPUT, "receipt");
	check_fault(hy_receipt(bed->client, "\xff", "shown"), HY_ERR_INPUT,
		    "notice");
}

/* Eight bytes of a struct are a member or two, never a piece of one. */
static void
a_size_that_cuts_a_member_is_refused(void **state)
{
	struct bed *bed = *state;
	hy_feedback feedback = HY_FEEDBACK_INIT;
	hy_options options = bed->options;
	hy_client *client;

	for (size_t size = 0; size < sizeof options; size++) {
		options.size = size;
		if (size % 8 == 0 && size >= 16)
			continue;
		check_fault(hy_open(&client, &options), HY_ERR_INPUT, "size");
		assert_null(client);
	}
	bed_open_client(bed);
	for (size_t size = 0; size < sizeof feedback; size++) {
		feedback.size = size;
		if (size % 8 == 0 && size >= 8)
			continue;
		check_fault(hy_submit_feedback(bed->client, &feedback, NULL),
			    HY_ERR_INPUT, "size");
	}
}

static void
check_option(const hy_options *options, const char *path)
{
	hy_client *client;

	check_fault(hy_open(&client, options), HY_ERR_INPUT, path);
	assert_null(client);
}

static void
an_option_that_means_nothing_is_refused(void **state)
{
	struct bed *bed = *state;
	hy_options o = bed->options;

	o.lang = "fr";
	check_option(&o, "lang");
	o = bed->options;
	o.agent = "a\nb";
	check_option(&o, "agent");
	o = bed->options;
	o.region = "422802101201";
	check_option(&o, "region");
	o = bed->options;
	o.connect_ms = -1;
	check_option(&o, "connect_ms");
	o = bed->options;
	o.start_within_ms = -2;
	check_option(&o, "start_within_ms");
	o = bed->options;
	o.receipt_ms = -2;
	check_option(&o, "receipt_ms");
	o = bed->options;
	o.flags = 1u << 7;
	check_option(&o, "flags");
}

/* A char may have a sign or not. */
static bool
is_ascii(const char *text)
{
	return (unsigned char)*text < 0x80;
}

static void
what_is_wrong_with_options_is_said_in_one_language(void **state)
{
	static const char *const langs[] = { NULL, "zh-CN", "en" };
	struct bed *bed = *state;

	for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
		hy_options o = bed->options;
		bool english = langs[i] && strcmp(langs[i], "en") == 0;

		o.lang = langs[i];
		o.url = "";
		check_option(&o, "url");
		assert_int_equal(is_ascii(hy_last_error()->message), english);
		o.url = bed->options.url;
		o.name = "";
		check_option(&o, "name");
		assert_int_equal(is_ascii(hy_last_error()->message), english);
	}
}

static void
check_store(struct bed *bed, const char *store, const char *why)
{
	hy_options o = bed->options;
	hy_client *client;

	o.store = store;
	check_fault(hy_open(&client, &o), HY_ERR_DISK, "store");
	assert_non_null(strstr(hy_last_error()->message, why));
}

static void
a_store_that_cannot_be_made_says_why(void **state)
{
	struct bed *bed = *state;
	struct rlimit before, few;
	int fd;

	check_store(bed, "/dev/null", "Not a directory");
	check_store(bed, "/no/such/folder", "No such file or directory");
	assert_int_equal(mkdir(bed->folder, 0700), 0);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)fd + 1; /* one for the events, none more */
	close(fd);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	check_store(bed, bed->folder, "Too many open files");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* A pipe, a folder and a device are no file that can be read twice. */
static void
a_ca_that_is_no_file_is_refused_at_once(void **state)
{
	struct bed *bed = *state;
	char pipe[BED_PATH + 8];
	const char *const cas[] = { pipe, bed->folder, "/dev/null",
				    "/no/such/file", "" };
	hy_options o = bed->options;
	hy_client *client;

	assert_int_equal(mkdir(bed->folder, 0700), 0);
	snprintf(pipe, sizeof pipe, "%s/pipe", bed->folder);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	alarm(60);
	for (size_t i = 0; i < sizeof cas / sizeof *cas; i++) {
		o.ca = cas[i];
		check_fault(hy_open(&client, &o), HY_ERR_CA, "ca");
		assert_null(client);
	}
	alarm(0);
}

static void
what_one_has_said_is_not_sent_as_another(void **state)
{
	struct bed *bed = *state;
	hy_options o;
	hy_client *client;
	char ref[HY_REF];

	bed_open_client(bed);
	bed_submit(bed, "x", ref);
	bed_close_client(bed);
	o = bed->options;
	o.as = "visitor";
	o.name = o.secret = NULL;
	check_fault(hy_open(&client, &o), HY_ERR_INPUT, "name");
	o = bed->options;
	o.name = "k2";
	o.lang = "en";
	check_fault(hy_open(&client, &o), HY_ERR_INPUT, "name");
	assert_non_null(strstr(hy_last_error()->message, "kiosk k:"));
	bed_open_online(bed);
	json_decref(peer_take_act(bed->peer, "feedback.submit"));
}

static void
a_store_without_acts_may_have_another_owner(void **state)
{
	struct bed *bed = *state;

	bed_open_client(bed);
	bed_close_client(bed);
	bed->options.name = "k2";
	bed_open_client(bed);
}

/* One of the two rows that say whose it is: the act is sent all the same. */
static void
a_damaged_owner_locks_nobody_out(void **state)
{
	static const char *const rows[] = { "owner", "identity" };
	struct bed *bed = *state;
	char path[BED_PATH + 16], sql[120], ref[HY_REF];
	sqlite3 *db;

	bed_open_client(bed);
	bed_submit(bed, "x", ref);
	bed_close_client(bed);
	snprintf(path, sizeof path, "%s/outbox.db", bed->folder);
	for (int i = 0; i < 2; i++) {
		snprintf(sql, sizeof sql,
			 "update meta set value = 'kiosk j' where name = '%s'",
			 rows[i]);
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL),
				 SQLITE_OK);
		sqlite3_close(db);
		bed_open_client(bed);
		bed_close_client(bed);
	}
}

#define WITH_BED(test) \
	cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_client_is_an_error_and_no_crash),
		WITH_BED(a_child_of_the_program_cannot_harm_the_store),
		WITH_BED(text_that_is_no_utf_8_is_blamed_by_its_path),
		WITH_BED(a_size_that_cuts_a_member_is_refused),
		WITH_BED(an_option_that_means_nothing_is_refused),
		WITH_BED(what_is_wrong_with_options_is_said_in_one_language),
		WITH_BED(a_store_that_cannot_be_made_says_why),
		WITH_BED(a_ca_that_is_no_file_is_refused_at_once),
		WITH_BED(what_one_has_said_is_not_sent_as_another),
		WITH_BED(a_store_without_acts_may_have_another_owner),
		WITH_BED(a_damaged_owner_locks_nobody_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
