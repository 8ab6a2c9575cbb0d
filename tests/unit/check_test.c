/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: every field of every act, from the table itself. For each act a
 * good value is made, and then spoilt in one place at a time: what is missing,
 * of another type, out of bounds, not allowed or not known must be refused by
 * the right tag and path.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "check.h"
#include "text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* --- making values --------------------------------------------------------- */

static json_t *
text_of(const char *character, int64_t count)
{
	struct bytes text;
	json_t *value;

	bytes_init(&text);
	bytes_text(&text, "");
	for (int64_t i = 0; i < count; i++)
		bytes_text(&text, character);
	assert_false(text.failed);
	value = json_string(text.data);
	bytes_fini(&text);
	assert_non_null(value);
	return value;
}

static json_t *
sample(const struct field *f)
{
	switch (f->type) {
	case TEXT:
		return text_of("x", f->min > 0 ? f->min : 1);
	case WORD:
		return json_stringn(f->words, strcspn(f->words, "|;"));
	case INTEGER:
		return json_integer(f->min);
	case BOOLEAN:
		return json_true();
	case OBJECT:
		return json_object();
	case LIST:
		return json_array();
	case REGION:
		return json_string("422802101201");
	case REF:
		return json_string("019231c8-6d7f-7abc-8def-0123456789ab");
	case TIME:
		return json_string("2026-11-23T10:00:00+08:00");
	case DIGITS:
		return text_of("1", f->max);
	}
	return NULL;
}

/* Puts value (taken) at a path whose "[]" means the first item. NULL removes. */
static void
put(json_t *at, const char *path, json_t *value)
{
	for (;;) {
		size_t len = strcspn(path, ".[");
		char key[64];

		memcpy(key, path, len);
		key[len] = 0;
		path += len;
		if (path[0] == '[' && path[2] == 0) {
			json_t *list = json_object_get(at, key);

			if (json_array_size(list) == 0)
				json_array_append_new(list, value);
			else
				json_array_set_new(list, 0, value);
			return;
		}
		if (path[0] == 0 && value)
			json_object_set_new(at, key, value);
		else if (path[0] == 0)
			json_object_del(at, key);
		if (path[0] == 0)
			return;
		at = json_object_get(at, key);
		if (path[0] == '[') {
			at = json_array_get(at, 0);
			path += 2;
		}
		path++;
		assert_non_null(at);
	}
}

/* The path as a refusal names it: "items[].at" -> "items[0].at". */
static const char *
named(const char *path, const char *more)
{
	static char name[128];
	size_t n = 0;

	for (; *path; path++) {
		name[n++] = *path;
		if (*path == '[')
			name[n++] = '0';
	}
	snprintf(name + n, sizeof name - n, "%s", more);
	return name;
}

static bool
lies_in(const char *path, const char *parent)
{
	size_t len = strlen(parent);

	return strncmp(path, parent, len) == 0 &&
	       (path[len] == 0 || path[len] == '.' || path[len] == '[');
}

/* The field that others of this act stand in for; NULL when there is none. */
static const char *
other_of(const struct act *act)
{
	for (size_t i = 0; i < act->field_count; i++)
		if (act->field[i].need == UNLESS)
			return strchr(act->field[i].words, ';') + 1;
	return NULL;
}

/* Does a field belong to the form with (or without) the other one? */
static bool
is_of_form(const struct act *act, const struct field *f, bool with_other)
{
	const char *other = other_of(act);
	char top[64];

	if (!other)
		return true;
	if (lies_in(f->path, other))
		return with_other;
	snprintf(top, sizeof top, "%.*s", (int)strcspn(f->path, ".["), f->path);
	return !with_other || check_row(act, top)->need != UNLESS;
}

static json_t *
good_params(const struct act *act, bool with_other)
{
	json_t *params = json_object();

	for (size_t i = 0; i < act->field_count; i++)
		if (is_of_form(act, &act->field[i], with_other))
			put(params, act->field[i].path, sample(&act->field[i]));
	return params;
}

/* --- spoiling them --------------------------------------------------------- */

struct spoilt {
	const struct act *act;
	const struct field *field;
	bool with_other;
};

static void
expect(const struct spoilt *s, json_t *params, enum refusal_id id,
       const char *path)
{
	struct refusal why = { 0 };
	int bad = check_params(s->act, params, &why);
	char *text = json_dumps(params, JSON_COMPACT);

	if (id == REFUSAL_none ?
		    bad :
		    !bad || why.id != id || strcmp(why.path, path) != 0)
		fail_msg("%s %.200s: wanted %s at \"%s\", got %s at \"%s\"",
			 s->act->name, text, refusal_row(id)->tag, path,
			 bad ? refusal_row(why.id)->tag : "nothing",
			 bad ? why.path : "");
	free(text);
	json_decref(params);
}

/* With value (taken) in the field's place, the refusal must be id. */
static void
expect_with(const struct spoilt *s, json_t *value, enum refusal_id id)
{
	json_t *params = good_params(s->act, s->with_other);

	put(params, s->field->path, value);
	expect(s, params, id, named(s->field->path, ""));
}

static void
expect_texts(const struct spoilt *s, const char *const *text, size_t count,
	     enum refusal_id id)
{
	for (size_t i = 0; i < count; i++)
		expect_with(s, json_string(text[i]), id);
}

static void
spoil_type(const struct spoilt *s)
{
	enum field_type type = s->field->type;

	expect_with(s, json_null(), REFUSAL_wrong_type);
	expect_with(s, json_real(1.5), REFUSAL_wrong_type);
	if (type != OBJECT)
		expect_with(s, json_object(), REFUSAL_wrong_type);
	if (type != LIST)
		expect_with(s, json_array(), REFUSAL_wrong_type);
	if (type != BOOLEAN)
		expect_with(s, json_false(), REFUSAL_wrong_type);
	if (type == INTEGER || type == BOOLEAN || type == OBJECT ||
	    type == LIST)
		expect_with(s, json_string("1"), REFUSAL_wrong_type);
	if (type != INTEGER)
		expect_with(s, json_integer(1), REFUSAL_wrong_type);
}

static void
spoil_bounds(const struct spoilt *s)
{
	const struct field *f = s->field;
	enum refusal_id blank = f->min > 0 && f->privacy != SECRET ?
					REFUSAL_blank :
					REFUSAL_none;
	json_t *list = json_array();

	if (f->type == TEXT) {
		if (f->min > 0)
			expect_with(s, text_of("x", f->min - 1),
				    REFUSAL_out_of_bounds);
		expect_with(s, text_of("\xe5\x88\xa9", f->max + 1),
			    REFUSAL_out_of_bounds);
		expect_with(s, text_of("\xe5\x88\xa9", f->max), REFUSAL_none);
		expect_with(s, text_of(" ", f->max), blank);
		expect_with(s, text_of("\xe3\x80\x80", f->max), blank);
	}
	if (f->type == INTEGER) {
		expect_with(s, json_integer(f->min - 1), REFUSAL_out_of_bounds);
		expect_with(s, json_integer(f->max + 1), REFUSAL_out_of_bounds);
		expect_with(s, json_integer(f->max), REFUSAL_none);
		expect_with(s, json_integer(INT64_MAX), REFUSAL_out_of_bounds);
		expect_with(s, json_integer(INT64_MIN), REFUSAL_out_of_bounds);
	}
	for (int64_t i = 0; f->type == LIST && i < f->max + 1; i++)
		json_array_append_new(list, json_string("x"));
	if (f->type == LIST) {
		expect_with(s, json_incref(list), REFUSAL_out_of_bounds);
		expect_with(s, json_array(), REFUSAL_out_of_bounds);
	}
	json_decref(list);
}

static void
spoil_value(const struct spoilt *s)
{
	static const char *const words[] = { "", "nonsense", "|", ";", "a|b" };
	static const char *const regions[] = { "", "42280210120",
					       "4228021012010", "42280210120x",
					       "\uff1422802101201" };
	static const char *const times[] = { "", "2026-11-23",
					     "2026-11-23T10:00:00Z",
					     "2026-02-30T10:00:00+08:00" };
	static const char *const digits[] = { "", "12345", "1234567", "12345x",
					      "-12345" };
	const struct field *f = s->field;

	if (f->type == WORD)
		expect_texts(s, words, COUNT(words), REFUSAL_bad_value);
	if (f->type == REGION)
		expect_texts(s, regions, COUNT(regions), REFUSAL_bad_value);
	if (f->type == TIME)
		expect_texts(s, times, COUNT(times), REFUSAL_bad_value);
	if (f->type == DIGITS && f->max == 6)
		expect_texts(s, digits, COUNT(digits), REFUSAL_bad_value);
}

static void
spoil_presence(const struct spoilt *s)
{
	const struct field *f = s->field;
	json_t *params = good_params(s->act, s->with_other);
	bool must = f->need == MUST || (f->need == UNLESS && !s->with_other);

	if (f->path[strlen(f->path) - 1] == ']') {
		json_decref(params);
		return;
	}
	/* Without the other one its substitutes would be missing. */
	if (s->with_other && strcmp(f->path, other_of(s->act)) == 0) {
		json_decref(params);
		return;
	}
	put(params, f->path, NULL);
	expect(s, params, must ? REFUSAL_missing_field : REFUSAL_none,
	       must ? named(f->path, "") : "");
}

static void
spoil_keys(const struct spoilt *s)
{
	const struct field *f = s->field;
	json_t *params = good_params(s->act, s->with_other);
	char path[128];

	if (f->type == OBJECT) {
		snprintf(path, sizeof path, "%s.nonsense", f->path);
		put(params, path, json_true());
		expect(s, params, REFUSAL_unknown_field,
		       named(f->path, ".nonsense"));
		return;
	}
	json_decref(params);
}

static void
spoil_form(const struct act *act, bool with_other)
{
	struct spoilt s = { act, NULL, with_other };
	json_t *params = good_params(act, with_other);

	expect(&s, json_incref(params), REFUSAL_none, "");
	put(params, "nonsense", json_integer(1));
	expect(&s, params, REFUSAL_unknown_field, "nonsense");
	for (size_t i = 0; i < act->field_count; i++) {
		s.field = &act->field[i];
		if (!is_of_form(act, s.field, with_other))
			continue;
		spoil_type(&s);
		spoil_bounds(&s);
		spoil_value(&s);
		spoil_presence(&s);
		spoil_keys(&s);
	}
}

/* The test of one act: state is its row. */
static void
every_field_is_judged(void **state)
{
	const struct act *act = *state;

	spoil_form(act, false);
	if (other_of(act))
		spoil_form(act, true);
}

/* --- what no field shows ---------------------------------------------------- */

static void
expect_text(enum act_id id, const char *json, enum refusal_id tag,
	    const char *path)
{
	struct spoilt s = { act_row(id), NULL, false };
	json_t *params = json_loads(json, JSON_DECODE_ANY, NULL);

	assert_non_null(params);
	expect(&s, params, tag, path);
}

static void
params_are_an_object_or_absent(void **state)
{
	struct refusal why;

	(void)state;
	assert_int_equal(check_params(act_row(ACT_ping), NULL, &why), 0);
	assert_int_equal(check_params(act_row(ACT_hello), NULL, &why), -1);
	assert_int_equal(why.id, REFUSAL_missing_field);
	assert_string_equal(why.path, "protocol");
	expect_text(ACT_ping, "[]", REFUSAL_wrong_type, "params");
	expect_text(ACT_ping, "null", REFUSAL_wrong_type, "params");
	expect_text(ACT_ping, "\"x\"", REFUSAL_wrong_type, "params");
	expect_text(ACT_ping, "{\"x\":1}", REFUSAL_unknown_field, "x");
}

static void
the_item_at_fault_is_named(void **state)
{
	(void)state;
	expect_text(ACT_notice_receipt,
		    "{\"items\":[{\"notice\":\"n\",\"state\":\"read\",\"at\":"
		    "\"2026-11-23T10:00:00+08:00\"},{\"notice\":\"n\",\"state\""
		    ":\"eaten\",\"at\":\"2026-11-23T10:00:00+08:00\"}]}",
		    REFUSAL_bad_value, "items[1].state");
	expect_text(ACT_notice_receipt, "{\"items\":[{\"notice\":\"n\"}]}",
		    REFUSAL_missing_field, "items[0].state");
	expect_text(ACT_notice_receipt, "{\"items\":[[]]}", REFUSAL_wrong_type,
		    "items[0]");
	expect_text(ACT_notice_receipt, "{\"items\":{},\"notice\":\"n\"}",
		    REFUSAL_wrong_type, "items");
}

static void
one_form_forbids_the_other(void **state)
{
	(void)state;
	expect_text(ACT_notice_publish, "{\"notice\":\"d\",\"headline\":\"h\"}",
		    REFUSAL_unknown_field, "headline");
	expect_text(ACT_notice_publish, "{\"notice\":\"d\"}", REFUSAL_none, "");
	expect_text(ACT_notice_publish, "{}", REFUSAL_missing_field, "kind");
}

static void
a_key_is_never_taken_for_a_path(void **state)
{
	(void)state;
	expect_text(ACT_feedback_submit, "{\"about.notice\":\"n\"}",
		    REFUSAL_unknown_field, "about.notice");
	expect_text(ACT_notice_receipt, "{\"items[]\":{}}",
		    REFUSAL_unknown_field, "items[]");
	expect_text(ACT_ping, "{\"\":1}", REFUSAL_unknown_field, "");
}

static void
a_long_key_is_named_by_whole_characters(void **state)
{
	json_t *params = json_object();
	struct refusal why;
	json_t *again;

	(void)state;
	for (int shift = 0; shift < 3; shift++) {
		json_t *key = text_of("\xe5\x88\xa9", 100);
		char text[400];

		snprintf(text, sizeof text, "%.*s%s", shift, "xx",
			 json_string_value(key));
		json_object_clear(params);
		json_object_set_new(params, text, json_true());
		assert_int_equal(check_params(act_row(ACT_ping), params, &why),
				 -1);
		assert_int_equal(why.id, REFUSAL_unknown_field);
		again = json_string(why.path);
		assert_non_null(again);
		json_decref(again);
		json_decref(key);
	}
	json_decref(params);
}

static void
a_known_path_is_the_table_s_and_no_other(void **state)
{
	const struct act *receipt = act_row(ACT_notice_receipt);

	(void)state;
	assert_string_equal(check_known(receipt, "items[255].at"),
			    "items[].at");
	assert_string_equal(check_known(receipt, "items"), "items");
	assert_string_equal(check_known(receipt, "items[13800000000]"),
			    "items[]");
	assert_null(check_known(receipt, "Zhang"));
	assert_null(check_known(receipt, "items[3].Zhang"));
	assert_null(check_known(receipt, "items[Zhang]"));
	assert_null(check_known(receipt, ""));
	assert_null(check_known(NULL, "items"));
}

int
main(void)
{
	struct CMUnitTest tests[ACT_COUNT + 6] = {
		cmocka_unit_test(params_are_an_object_or_absent),
		cmocka_unit_test(the_item_at_fault_is_named),
		cmocka_unit_test(one_form_forbids_the_other),
		cmocka_unit_test(a_key_is_never_taken_for_a_path),
		cmocka_unit_test(a_long_key_is_named_by_whole_characters),
		cmocka_unit_test(a_known_path_is_the_table_s_and_no_other),
	};
	char name[ACT_COUNT][80];

	for (size_t i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		snprintf(name[i], sizeof name[i], "every field of %s is judged",
			 act->name);
		tests[6 + i] = (struct CMUnitTest){
			.name = name[i],
			.test_func = every_field_is_judged,
			.initial_state = (void *)(uintptr_t)act,
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
