/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load: a text is read whole or not at all where jansson's memory is the
 * host's, who did not ask for a guard (load.h), whatever it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define FOREVER 1000000

/* What the host gives: nothing from the from-th piece on, many times; and
 * nothing that is larger than most bytes. */
static int seen, from, many;
static size_t most = SIZE_MAX;

static void *
take(size_t size)
{
	int number = ++seen;

	if (size > most || (number >= from && number - from < many))
		return NULL;
	return malloc(size);
}

static int
plenty(void **state)
{
	(void)state;
	many = 0;
	most = SIZE_MAX;
	json_set_alloc_funcs(take, free);
	return 0;
}

/* Tried once with what the host gives now: the truth, or nothing at all. */
static bool
expect_all_or_nothing(const char *text, const json_t *truth)
{
	struct load_trouble trouble;
	json_t *root;

	seen = 0;
	root = load_text(text, JSON_REJECT_DUPLICATES, &trouble);
	if (!root && trouble.fault != LOAD_NO_MEMORY)
		fail_msg("called wrong: %s", text);
	if (root && !json_equal(root, truth))
		fail_msg("read as another: %s", text);
	json_decref(root);
	return root != NULL;
}

/* Fails each piece in turn, and those after it; true when all was read. */
static void
starve(const char *text, const json_t *truth, int run)
{
	many = run;
	for (from = 1; from < 10000; from++)
		if (expect_all_or_nothing(text, truth) && seen < from)
			break;
	many = 0;
	assert_in_range(from, 5, 9999);
}

static void
try_text(const char *text)
{
	static const int runs[] = { 1, 2, 3, 7, 20, FOREVER };
	struct load_trouble trouble;
	json_t *truth = load_text(text, 0, &trouble);
	char *again;

	assert_non_null(truth);
	again = json_dumps(truth, JSON_COMPACT);
	assert_string_equal(again, text);
	free(again);
	for (size_t i = 0; i < COUNT(runs); i++)
		starve(text, truth, runs[i]);
	for (most = 8; most < 3000; most = most * 9 / 8 + 1)
		(void)expect_all_or_nothing(text, truth);
	most = SIZE_MAX;
	assert_true(expect_all_or_nothing(text, truth));
	json_decref(truth);
}

/* The closing quote, and each character, comes to where more is needed. */
static void
strings_of_every_length_are_whole_or_not_there(void **state)
{
	char text[400], filling[301];

	(void)state;
	for (int len = 0; len < 300; len += len < 70 ? 1 : 13) {
		memset(filling, 'x', (size_t)len);
		filling[len] = 0;
		snprintf(text, sizeof text, "{\"receipt\":\"%s\",\"b\":[1]}",
			 filling);
		try_text(text);
		snprintf(text, sizeof text, "[\"%s\\\"\\\\\"]", filling);
		try_text(text);
		snprintf(text, sizeof text, "[\"\\\\\",\"%s\\\"\"]", filling);
		try_text(text);
	}
}

static void
keys_and_numbers_are_whole_or_not_there(void **state)
{
	(void)state;
	try_text("{\"a_key_of_quite_some_length_in_bytes\":null}");
	try_text("[123456789012345,1234567890123456,-123456789012345]");
	try_text("[true,false,null,0.5,{\"k\":[[[\"v\"]]]}]");
	try_text("{\"headline\":\"\xe9\x80\x9a\xe7\x9f\xa5\xe4\xba\x8e\","
		 "\"seq\":900719925474099}");
}

static void
what_is_no_json_is_wrong_and_says_where(void **state)
{
	static const struct {
		const char *text;
		int position;
	} wrong[] = {
		{ "", 0 },         { "{", 1 },           { "1", 1 },
		{ "\"a\"", 3 },    { "{\"a\":}", 6 },    { "{}{}", 3 },
		{ "[1],[2]", 7 },  { "[1]]", 4 },        { "[1],2", 5 },
		{ "{},\"a\"", 6 }, { "[\"a\xff\"]", 3 }, { "nul", 3 },
		{ "[1", 2 },       { "[\"abc", 5 },      { "]", 1 },
		{ "],[", 1 },      { "1,2", 3 },         { ",[]", 1 },
		{ "[],", 3 },      { "[1],[", 5 },       { "\"],[\"", 5 },
	};
	struct load_trouble trouble;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_null(load_text(wrong[i].text, 0, &trouble));
		assert_int_equal(trouble.fault, LOAD_WRONG);
		assert_int_equal(trouble.position, wrong[i].position);
	}
}

static void
what_is_asked_of_jansson_is_asked_as_before(void **state)
{
	struct load_trouble trouble;
	json_t *root;

	(void)state;
	assert_null(load_text("{\"a\":1,\"a\":2}", JSON_REJECT_DUPLICATES,
			      &trouble));
	assert_int_equal(trouble.fault, LOAD_TWICE);
	assert_int_equal(trouble.position, 10);
	root = load_text("{\"a\":1,\"a\":2}", 0, &trouble);
	assert_int_equal(json_integer_value(json_object_get(root, "a")), 2);
	json_decref(root);
	root = load_text("\"only a text\"", JSON_DECODE_ANY, &trouble);
	assert_string_equal(json_string_value(root), "only a text");
	json_decref(root);
	assert_null(load_bytes("[1]\0", 4, 0, &trouble));
	assert_int_equal(trouble.fault, LOAD_WRONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			strings_of_every_length_are_whole_or_not_there, plenty),
		cmocka_unit_test_setup(keys_and_numbers_are_whole_or_not_there,
				       plenty),
		cmocka_unit_test(what_is_no_json_is_wrong_and_says_where),
		cmocka_unit_test(what_is_asked_of_jansson_is_asked_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
