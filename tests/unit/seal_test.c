/* SPDX-License-Identifier: Apache-2.0 */
/* Params sealed to the county: closed by clients, opened by nodes. */
/* rooms: secret */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "act.h"
#include "seal.h"
#include "seal_keys.h"

#define REF "019360d2-0000-7000-8000-000000000001"
#define OTHER_REF "019360d2-0000-7000-8000-000000000002"
#define PARAMS "{\"text\":\"the-canary-sings\"}"

/* Bob's of RFC 7748, section 6.1; and some other. */
#define SECRET \
	"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define OTHER "77076d0a7318a57d3c16c17251b26645db1c3d19a8ce5d2d5c1b2f7f9b3cde2a"

static struct seal_pair
pair_of(const char *secret)
{
	struct seal_pair pair;

	assert_true(seal_pair_read(&pair, secret));
	return pair;
}

static char *
close_it(const struct seal_pair *pair, const char *params)
{
	struct seal_what what = { "feedback.submit", REF, false };
	char *text = seal_close(&pair->open, &what, params);

	assert_non_null(text);
	return text;
}

/* Opens as said under that act and ref; the tag of the refusal, or "". */
static const char *
open_as(const struct seal_pair *pair, const char *sealed, const char *act,
	const char *ref)
{
	struct seal_what what = { act, ref, false };
	json_t *params = json_loads(sealed, 0, NULL), *opened;
	struct refusal why;

	assert_non_null(params);
	opened = seal_open(pair, 1, params, &what, &why);
	json_decref(params);
	if (!opened)
		return refusal_row(why.id)->tag;
	json_decref(opened);
	return "";
}

static void
what_is_sealed_opens_to_the_same_params(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	struct seal_what what = { "feedback.submit", REF, false };
	char *text = close_it(&pair, PARAMS);
	json_t *params = json_loads(text, 0, NULL), *opened, *want;
	struct refusal why;

	(void)state;
	assert_true(seal_is_there(params));
	opened = seal_open(&pair, 1, params, &what, &why);
	want = json_loads(PARAMS, 0, NULL);
	assert_true(json_equal(opened, want));
	assert_false(what.copy);
	json_decref(want);
	json_decref(opened);
	json_decref(params);
	free(text);
}

static void
a_box_shows_neither_words_nor_their_length(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *text = close_it(&pair, PARAMS), *again = close_it(&pair, PARAMS);
	char *shorter = close_it(&pair, "{\"text\":\"no\"}");

	(void)state;
	assert_null(strstr(text, "canary"));
	assert_string_not_equal(text, again);
	assert_int_equal(strlen(text), strlen(shorter));
	free(text);
	free(again);
	free(shorter);
}

static void
a_box_opens_under_its_own_ref_and_act_only(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *text = close_it(&pair, PARAMS);

	(void)state;
	assert_string_equal(open_as(&pair, text, "feedback.submit", REF), "");
	assert_string_equal(open_as(&pair, text, "feedback.submit", OTHER_REF),
			    "bad_seal");
	assert_string_equal(open_as(&pair, text, "feedback.answer", REF),
			    "bad_seal");
	free(text);
}

static void
a_box_opens_with_its_own_key_only(void **state)
{
	struct seal_pair pair = pair_of(SECRET), other = pair_of(OTHER);
	char *text = close_it(&pair, PARAMS);

	(void)state;
	assert_string_equal(open_as(&other, text, "feedback.submit", REF),
			    "bad_seal");
	memcpy(other.open.name, pair.open.name, SEAL_NAME);
	assert_string_equal(open_as(&other, text, "feedback.submit", REF),
			    "bad_seal");
	free(text);
}

static void
a_box_of_which_a_byte_is_another_does_not_open(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *text = close_it(&pair, PARAMS);
	size_t end = (size_t)(strstr(text, "\",\"to\"") - text);

	(void)state;
	for (size_t i = strlen("{\"sealed\":\""); i < end - 2; i++) {
		char was = text[i];

		text[i] = was == 'A' ? 'B' : 'A';
		assert_string_equal(
			open_as(&pair, text, "feedback.submit", REF),
			"bad_seal");
		text[i] = was;
	}
	assert_string_equal(open_as(&pair, text, "feedback.submit", REF), "");
	free(text);
}

static void
what_is_no_box_is_refused(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char text[200];
	static const char *const sealed[] = { "\"\"", "\"AAAA\"", "\"!\"",
					      "7",    "null",     "{}" };

	(void)state;
	for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
		snprintf(text, sizeof text, "{\"sealed\":%s,\"to\":\"%s\"}",
			 sealed[i], pair.open.name);
		assert_string_equal(
			open_as(&pair, text, "feedback.submit", REF),
			"bad_seal");
	}
	assert_string_equal(
		open_as(&pair, "{\"sealed\":\"AAAA\"}", "feedback.submit", REF),
		"bad_seal");
}

/* Whoever has the public key may put anything inside. */
static void
what_is_inside_is_read_as_strictly_as_what_is_outside(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *deep = close_it(&pair, "{\"a\":[[[[[[[[]]]]]]]]}");
	char *twice = close_it(&pair, "{\"a\":1,\"a\":2}");
	char *list = close_it(&pair, "[]");
	char *more = close_it(&pair, "{},\"more\":1");

	(void)state;
	assert_string_equal(open_as(&pair, deep, "feedback.submit", REF),
			    "too_deep");
	assert_string_equal(open_as(&pair, twice, "feedback.submit", REF),
			    "duplicate_key");
	assert_string_equal(open_as(&pair, list, "feedback.submit", REF),
			    "bad_seal");
	assert_string_equal(open_as(&pair, more, "feedback.submit", REF),
			    "bad_seal");
	free(deep);
	free(twice);
	free(list);
	free(more);
}

static void
a_copy_says_that_it_is_one(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	struct seal_what what = { "feedback.submit", REF, true };
	char *text = seal_close(&pair.open, &what, PARAMS);
	json_t *params = json_loads(text, 0, NULL), *opened;
	struct refusal why;

	(void)state;
	what.copy = false;
	opened = seal_open(&pair, 1, params, &what, &why);
	assert_non_null(opened);
	assert_true(what.copy);
	json_decref(opened);
	json_decref(params);
	free(text);
}

static void
the_name_of_the_key_is_told_of_a_box_and_of_nothing_else(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *text = close_it(&pair, PARAMS), name[SEAL_NAME];

	(void)state;
	assert_true(seal_name_of(text, name));
	assert_string_equal(name, pair.open.name);
	assert_false(seal_name_of(PARAMS, name));
	assert_false(seal_name_of("", name));
	assert_false(seal_name_of("{\"sealed\":\"\",\"to\":\"\"}", name));
	free(text);
}

static void
personal_acts_that_write_are_sealed_and_no_others(void **state)
{
	(void)state;
	assert_true(seal_is_for(act_row(ACT_feedback_submit)));
	assert_true(seal_is_for(act_row(ACT_feedback_answer)));
	assert_false(seal_is_for(act_row(ACT_notice_publish)));
	assert_false(seal_is_for(act_row(ACT_notice_receipt)));
	assert_false(seal_is_for(act_row(ACT_feedback_get)));
}

static void
a_public_key_is_64_hex_digits_of_a_good_point(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char hex[SEAL_HEX], zero[SEAL_HEX];
	struct seal_key key;

	(void)state;
	seal_key_write(&pair.open, hex); /* RFC 7748, section 6.1 */
	assert_string_equal(hex, "de9edb7d7b7dc1b4d35b61c2ece43537"
				 "3f8343c85b78674dadfc7e146f882b4f");
	assert_true(seal_key_read(&key, hex));
	assert_string_equal(key.name, pair.open.name);
	memset(zero, '0', sizeof zero - 1);
	zero[sizeof zero - 1] = 0;
	assert_false(seal_key_read(&key, zero));
	assert_false(seal_key_read(&key, hex + 1));
	hex[3] = 'x';
	assert_false(seal_key_read(&key, hex));
}

static void
a_setting_holds_up_to_four_keys_and_nothing_else(void **state)
{
	struct seal_keys keys;
	const char *why;

	(void)state;
	assert_true(seal_keys_init(&keys, NULL, &why));
	assert_int_equal(keys.count, 0);
	assert_true(seal_keys_init(&keys, SECRET "\n" OTHER "\n", &why));
	assert_int_equal(keys.count, 2);
	assert_string_not_equal(keys.pair[0].open.name, keys.pair[1].open.name);
	assert_false(seal_keys_init(&keys, SECRET "\nx", &why));
	assert_int_equal(keys.count, 0);
	assert_false(seal_keys_init(
		&keys, SECRET "\n" SECRET "\n" SECRET "\n" SECRET "\n" OTHER,
		&why));
}

/* Not a test of speed: a figure for whoever wants to know what it costs. */
static void
a_thousand_boxes_open(void **state)
{
	struct seal_pair pair = pair_of(SECRET);
	char *text = close_it(&pair, PARAMS);
	struct timespec from, to;

	(void)state;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < 1000; i++)
		assert_string_equal(
			open_as(&pair, text, "feedback.submit", REF), "");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	print_message("# %.0f us of CPU to open one\n",
		      (double)(to.tv_sec - from.tv_sec) * 1e3 +
			      (double)(to.tv_nsec - from.tv_nsec) / 1e6);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_opens_to_the_same_params),
		cmocka_unit_test(a_box_shows_neither_words_nor_their_length),
		cmocka_unit_test(a_box_opens_under_its_own_ref_and_act_only),
		cmocka_unit_test(a_box_opens_with_its_own_key_only),
		cmocka_unit_test(
			a_box_of_which_a_byte_is_another_does_not_open),
		cmocka_unit_test(what_is_no_box_is_refused),
		cmocka_unit_test(
			what_is_inside_is_read_as_strictly_as_what_is_outside),
		cmocka_unit_test(a_copy_says_that_it_is_one),
		cmocka_unit_test(
			the_name_of_the_key_is_told_of_a_box_and_of_nothing_else),
		cmocka_unit_test(
			personal_acts_that_write_are_sealed_and_no_others),
		cmocka_unit_test(a_public_key_is_64_hex_digits_of_a_good_point),
		cmocka_unit_test(
			a_setting_holds_up_to_four_keys_and_nothing_else),
		cmocka_unit_test(a_thousand_boxes_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
