/* SPDX-License-Identifier: Apache-2.0 */
/* base: bytes, text, times, refs and log lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "clock.h"
#include "log.h"
#include "ref.h"
#include "text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* --- bytes ---------------------------------------------------------------- */

static void
bytes_grow_and_stay_terminated(void **state)
{
	struct bytes b;

	(void)state;
	bytes_init(&b);
	for (int i = 0; i < 1000; i++)
		bytes_format(&b, "%03d", i);
	assert_int_equal(b.len, 3000);
	assert_int_equal(b.data[b.len], 0);
	assert_memory_equal(b.data + 2997, "999", 3);
	bytes_clear(&b);
	assert_int_equal(b.len, 0);
	bytes_fini(&b);
}

static void
bytes_that_failed_take_nothing_more(void **state)
{
	struct bytes b;

	(void)state;
	bytes_init(&b);
	bytes_text(&b, "kept");
	b.failed = true;
	bytes_text(&b, "lost");
	assert_int_equal(b.len, 4);
	assert_null(bytes_take(&b));
	assert_null(b.data);
}

static void
bytes_json_escapes_what_json_forbids(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\n\t\r", "\"\\n\\t\\r\"" },
		{ "\x01\x1f", "\"\\u0001\\u001f\"" },
		{ "\x7f", "\"\\u007f\"" },
		{ "回音", "\"回音\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes b;

		bytes_init(&b);
		bytes_json(&b, cases[i].text);
		assert_string_equal(b.data, cases[i].json);
		bytes_fini(&b);
	}
}

/* --- text ----------------------------------------------------------------- */

static void
a_length_is_counted_in_characters(void **state)
{
	(void)state;
	assert_int_equal(text_length(""), 0);
	assert_int_equal(text_length("abc"), 3);
	assert_int_equal(text_length("利川"), 2);
	assert_int_equal(text_length("\xf0\x9f\x8c\xbe"), 1);
}

static void
a_text_of_blanks_of_any_script_is_blank(void **state)
{
	(void)state;
	assert_true(text_is_blank(""));
	assert_true(text_is_blank(" \t\r\n\v\f"));
	assert_true(
		text_is_blank("\u3000\u00a0\u2003\u200b\u200d\ufeff\u2060"));
	assert_true(text_is_blank("\u2028\u2029\u202f\u205f\u1680\xc2\x85"));
	assert_false(text_is_blank(" \u3000利"));
	assert_false(text_is_blank("."));
	assert_false(text_is_blank("\u2014"));
	assert_false(text_is_blank("\u200e"));
	assert_false(text_is_blank("\xf0\x9f\x8c\xbe"));
}

static void
a_control_character_is_known(void **state)
{
	(void)state;
	assert_int_equal(text_control("\x1b["), 0x1b);
	assert_int_equal(text_control("\n"), '\n');
	assert_int_equal(text_control("\x7f"), 0x7f);
	assert_int_equal(text_control("\xc2\x9b"), 0x9b);
	assert_int_equal(text_control(""), 0);
	assert_int_equal(text_control("\xc2"), 0);
	assert_int_equal(text_control("\xc2\xa0"), 0);
	assert_int_equal(text_control(" "), 0);
	assert_int_equal(text_control("利"), 0);
}

static void
a_copy_never_runs_over_nor_cuts_a_character(void **state)
{
	char room[8];

	(void)state;
	assert_true(text_copy(room, sizeof room, "1234567"));
	assert_string_equal(room, "1234567");
	assert_false(text_copy(room, sizeof room, "12345678"));
	assert_string_equal(room, "1234567");
	assert_false(text_copy(room, sizeof room, "利川市"));
	assert_string_equal(room, "利川");
	assert_false(text_copy(room, 6, "利川市"));
	assert_string_equal(room, "利");
	assert_false(text_copy(room, 4, "ab\xf0\x9f\x8c\xbe"));
	assert_string_equal(room, "ab");
	assert_true(text_copy(room, 4, "利"));
	assert_string_equal(room, "利");
	assert_false(text_copy(room, 1, "x"));
	assert_string_equal(room, "");
}

/* Table 3-7 of Unicode: the first and last of each row, and beyond them. */
static void
only_utf_8_is_good_text(void **state)
{
	static const char *const good[] = { "",
					    "a利\x7f",
					    "\xc2\x80\xdf\xbf",
					    "\xe0\xa0\x80\xed\x9f\xbf",
					    "\xee\x80\x80\xef\xbf\xbf",
					    "\xf0\x90\x80\x80",
					    "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = {
		"\x80",
		"\xc1\xbf",
		"\xc2",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xe5\x88",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"ab\xff",
	};
	char text[] = "\xff利\xe5\x88{\xc1";

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(text_is_good(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_is_good(bad[i]));
	text_make_good(text);
	assert_string_equal(text, "?利??{?");
}

static void
a_region_is_twelve_digits(void **state)
{
	static const char *const bad[] = { "",
					   "42280210120",
					   "4228021012011",
					   "42280210120x",
					   " 42280210120",
					   "+42280210120",
					   "000000000000" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(text_region(bad[i]), 0);
	assert_int_equal(text_region("422802101201"), 422802101201);
}

static void
a_subtree_ends_where_its_level_says(void **state)
{
	static const struct {
		uint64_t first, last;
	} cases[] = {
		{ 420000000000, 429999999999 }, { 422800000000, 422899999999 },
		{ 422802000000, 422802999999 }, { 422802101000, 422802101999 },
		{ 422802101201, 422802101201 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(text_region_last(cases[i].first),
				 cases[i].last);
}

static void
a_word_of_a_list_is_whole(void **state)
{
	(void)state;
	assert_true(text_in_list("id|method|params", "id"));
	assert_true(text_in_list("id|method|params", "params"));
	assert_false(text_in_list("id|method|params", "param"));
	assert_false(text_in_list("id|method|params", ""));
	assert_false(text_in_list("id|method|params", "id|method"));
	assert_false(text_in_list("id|method|params", "ID"));
}

/* --- clock ---------------------------------------------------------------- */

static void
only_times_with_a_numeric_offset_are_times(void **state)
{
	static const char *const good[] = {
		"2026-11-23T10:00:00+08:00",
		"2026-02-28T23:59:59-00:00",
		"2024-02-29T00:00:00+00:00",
		"2026-11-23T10:00:00.5+08:00",
		"2026-11-23T10:00:00.123456789+05:45",
		"2016-12-31T23:59:60+00:00",
		"0001-01-01T00:00:00+00:00",
	};
	static const char *const bad[] = {
		"",
		"2026-11-23",
		"2026-11-23T10:00:00",
		"2026-11-23T10:00:00Z",
		"2026-11-23 10:00:00+08:00",
		"2026-13-01T10:00:00+08:00",
		"2026-00-01T10:00:00+08:00",
		"2026-02-29T10:00:00+08:00",
		"2026-11-31T10:00:00+08:00",
		"2026-11-00T10:00:00+08:00",
		"2026-11-23T24:00:00+08:00",
		"2026-11-23T10:60:00+08:00",
		"2026-11-23T10:00:61+08:00",
		"2026-11-23T10:00:00+8:00",
		"2026-11-23T10:00:00+08:60",
		"2026-11-23T10:00:00+0800",
		"2026-11-23T10:00:00.+08:00",
		"2026-11-23T10:00:00+08:00 ",
		"2026-11-23t10:00:00+08:00",
		"20261-11-23T10:00:00+08:00",
		/* PostgreSQL knows no year 0, no offset of a day */
		"0000-01-01T00:00:00+00:00",
		"2026-11-23T10:00:00+15:00",
		/* and no text of over 128 characters */
		"2026-11-23T10:00:00.1234567890+08:00",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!clock_text_is_time(good[i]))
			fail_msg("%s is a time", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (clock_text_is_time(bad[i]))
			fail_msg("%s is no time", bad[i]);
}

static void
our_own_times_are_times(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	clock_text(clock_wall_ms(), text);
	assert_true(clock_text_is_time(text));
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	clock_text(0, text);
	assert_string_equal(text, "1970-01-01T08:00:00+08:00");
	assert_true(clock_ms() <= clock_ms());
}

/* --- ref ------------------------------------------------------------------ */

static void
a_new_ref_is_a_good_one_and_new(void **state)
{
	char one[REF_TEXT], two[REF_TEXT];

	(void)state;
	assert_true(ref_new(one));
	assert_true(ref_new(two));
	assert_true(ref_is_good(one));
	assert_string_not_equal(one, two);
	assert_memory_equal(one, two, 8);
}

static void
only_uuids_of_version_7_are_refs(void **state)
{
	static const char *const good[] = {
		"019231c8-6d7f-7abc-8def-0123456789ab",
		"019231C8-6D7F-7ABC-BDEF-0123456789AB",
	};
	static const char *const bad[] = {
		"",
		"019231c8-6d7f-4abc-8def-0123456789ab",
		"019231c8-6d7f-7abc-cdef-0123456789ab",
		"019231c86d7f7abc8def0123456789ab",
		"{019231c8-6d7f-7abc-8def-0123456789ab}",
		"019231c8-6d7f-7abc-8def-0123456789a",
		"019231c8-6d7f-7abc-8def-0123456789abc",
		"019231c8-6d7f-7abc-8def-0123456789ag",
		"019231c8-6d7f-7abc-8def0-123456789ab",
	};
	char lower[REF_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(ref_is_good(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (ref_is_good(bad[i]))
			fail_msg("%s is no ref", bad[i]);
	ref_lower(lower, good[1]);
	assert_string_equal(lower, "019231c8-6d7f-7abc-bdef-0123456789ab");
}

/* --- log ------------------------------------------------------------------ */

/* What log_event writes on stderr for one pair. */
static void
logged(bool json, const char *value, char *line, size_t room)
{
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_init("node", json, LOG_INFO);
	log_event(LOG_INFO, "tried", "key", value, "none", NULL, NULL);
	log_event(LOG_DEBUG, "never", NULL);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[1]);
	len = read(ends[0], line, room - 1);
	close(ends[0]);
	assert_true(len > 0);
	line[len] = 0;
}

static void
a_log_line_is_one_line_whatever_it_says(void **state)
{
	static const char *const values[] = { "plain", "",     "two words",
					      "a\nb",  "\r",   "\x1b[2J",
					      "x=y",   "\x7f", "\"",
					      "\\" };
	char line[512];

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(values); i++) {
		logged(i % 2, values[i / 2], line, sizeof line);
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
		for (char *c = line; *c != '\n'; c++)
			assert_true((unsigned char)*c >= 32 && *c != 127);
		assert_non_null(strstr(line, "tried"));
		assert_null(strstr(line, "none"));
	}
	logged(false, "plain", line, sizeof line);
	assert_memory_equal(line, "<6>", 3);
	assert_non_null(strstr(line, " key=plain\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_grow_and_stay_terminated),
		cmocka_unit_test(bytes_that_failed_take_nothing_more),
		cmocka_unit_test(bytes_json_escapes_what_json_forbids),
		cmocka_unit_test(a_length_is_counted_in_characters),
		cmocka_unit_test(a_text_of_blanks_of_any_script_is_blank),
		cmocka_unit_test(a_control_character_is_known),
		cmocka_unit_test(a_copy_never_runs_over_nor_cuts_a_character),
		cmocka_unit_test(only_utf_8_is_good_text),
		cmocka_unit_test(a_region_is_twelve_digits),
		cmocka_unit_test(a_subtree_ends_where_its_level_says),
		cmocka_unit_test(a_word_of_a_list_is_whole),
		cmocka_unit_test(only_times_with_a_numeric_offset_are_times),
		cmocka_unit_test(our_own_times_are_times),
		cmocka_unit_test(a_new_ref_is_a_good_one_and_new),
		cmocka_unit_test(only_uuids_of_version_7_are_refs),
		cmocka_unit_test(a_log_line_is_one_line_whatever_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
