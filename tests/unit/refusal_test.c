/* SPDX-License-Identifier: Apache-2.0 */
/* refusal: what it says beside its tag: where, and whose act it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "message.h"
#include "text.h"

#define ASK "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\""

/* What a refusal of this text says: its path, and bytes read until then. */
static void
expect_place(const char *text, const char *path, int position)
{
	struct refusal why = { 0 };
	struct message m;

	assert_int_equal(message_read_act(text, strlen(text), &m, &why), -1);
	assert_string_equal(why.path, path);
	assert_int_equal(why.position, position);
}

static void
a_refusal_of_bad_json_says_where(void **state)
{
	(void)state;
	expect_place("{\"a\":}", "", 6);
	expect_place("{\"a\":1,\"a\":2}", "a", 10);
	expect_place("{\"x\":\"a\\\"\",\"p\":{\"b c\":1,\"b c\":1}}", "b c",
		     29);
	expect_place("", "", 0);
	expect_place(ASK ",\"extra\":1}", "extra", 0);
	expect_place("{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", "id", 0);
	expect_place("{\"id\":1,\"method\":\"ping\"}", "jsonrpc", 0);
	expect_place("{\"jsonrpc\":\"2.0\",\"id\":1}", "method", 0);
	expect_place("[]", "", 0);
}

static void
a_long_key_said_twice_is_cut_at_a_whole_character(void **state)
{
	char text[1000], key[400];
	struct refusal why = { 0 };
	struct message m;
	json_t *again;

	(void)state;
	for (int i = 0; i < 100; i++)
		(void)text_copy(key + 3 * i, 4, "\xe5\x88\xa9");
	snprintf(text, sizeof text, "{\"xx%s\":1,\"xx%s\":2}", key, key);
	assert_int_equal(message_read_act(text, strlen(text), &m, &why), -1);
	assert_int_equal(why.id, REFUSAL_duplicate_key);
	again = json_string(why.path);
	assert_non_null(again);
	assert_true(strlen(why.path) > 100);
	json_decref(again);
}

static void
what_is_not_allowed_says_whose_it_is(void **state)
{
	struct refusal why;
	struct bytes text;

	(void)state;
	(void)refuse(&why, REFUSAL_not_allowed, NULL);
	why.who = WHO_CLERK | WHO_ADMIN;
	bytes_init(&text);
	message_refusal(&text, "1", &why, "en");
	assert_non_null(strstr(text.data, " Roles: clerk, admin.\""));
	bytes_clear(&text);
	message_refusal(&text, "1", &why, "zh");
	assert_non_null(strstr(text.data, "角色:clerk、admin。\""));
	bytes_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_of_bad_json_says_where),
		cmocka_unit_test(
			a_long_key_said_twice_is_cut_at_a_whole_character),
		cmocka_unit_test(what_is_not_allowed_says_whose_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
