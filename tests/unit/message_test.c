/* SPDX-License-Identifier: Apache-2.0 */
/* message: what is read from a peer and what is written to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "message.h"
#include "text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define ASK "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\""

struct bad {
	const char *text;
	enum refusal_id id;
};

static void
expect_refused(const char *text, size_t len, enum refusal_id id)
{
	struct refusal why = { 0 };
	struct message m;

	if (message_read_act(text, len, &m, &why) == 0) {
		message_fini(&m);
		fail_msg("accepted: %.200s", text);
	}
	if (why.id != id)
		fail_msg("%.200s: %s instead of %s", text,
			 refusal_row(why.id)->tag, refusal_row(id)->tag);
	assert_null(m.root);
}

static void
expect_all(const struct bad *bad, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_refused(bad[i].text, strlen(bad[i].text), bad[i].id);
}

static void
an_act_is_read_whole(void **state)
{
	static const char text[] =
		"{\"id\":\"019231c8-6d7f-7abc-8def-0123456789ab\",\"params\":"
		"{\"limit\":3},\"method\":\"feedback.list\",\"jsonrpc\":"
		"\"2.0\"}";
	struct refusal why;
	struct message m;

	(void)state;
	assert_int_equal(message_read_act(text, sizeof text - 1, &m, &why), 0);
	assert_int_equal(m.kind, MESSAGE_ACT);
	assert_string_equal(m.method, "feedback.list");
	assert_string_equal(m.id_text, "019231c8-6d7f-7abc-8def-0123456789ab");
	assert_string_equal(m.id, "\"019231c8-6d7f-7abc-8def-0123456789ab\"");
	assert_int_equal(json_object_size(m.params), 1);
	message_fini(&m);
	assert_null(m.params);
}

static void
params_may_be_absent_and_an_id_a_number(void **state)
{
	struct refusal why;
	struct message m;

	(void)state;
	assert_int_equal(message_read_act(ASK "}", strlen(ASK "}"), &m, &why),
			 0);
	assert_null(m.params);
	assert_null(m.id_text);
	assert_string_equal(m.id, "1");
	message_fini(&m);
}

static void
what_is_no_json_is_refused(void **state)
{
	static const struct bad bad[] = {
		{ "", REFUSAL_bad_json },
		{ " ", REFUSAL_bad_json },
		{ "hello", REFUSAL_bad_json },
		{ "{", REFUSAL_bad_json },
		{ "{\"a\":}", REFUSAL_bad_json },
		{ "{'a':1}", REFUSAL_bad_json },
		{ "{} {}", REFUSAL_bad_json },
		{ "{}x", REFUSAL_bad_json },
		{ "7", REFUSAL_bad_json },
		{ "null", REFUSAL_bad_json },
		{ "{\"a\":1,}", REFUSAL_bad_json },
		{ "{\"a\":01}", REFUSAL_bad_json },
		{ "{\"a\":+1}", REFUSAL_bad_json },
		{ "{\"a\":NaN}", REFUSAL_bad_json },
		{ "{\"a\":1e400}", REFUSAL_bad_json },
		{ "{\"a\":9223372036854775808}", REFUSAL_bad_json },
		{ "{\"a\":\"\\u0000\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\\ud800\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\\x41\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\n\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\xff\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\xc0\xaf\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\xed\xa0\x80\"}", REFUSAL_bad_json },
		{ "{\"a\":\"\xe5\x88\"}", REFUSAL_bad_json },
		{ "\xef\xbb\xbf{}", REFUSAL_bad_json },
		{ "{\"a\":1,\"a\":2}", REFUSAL_duplicate_key },
		{ "{\"a\":1,\"\\u0061\":2}", REFUSAL_duplicate_key },
		{ "{\"p\":{\"a\":1,\"a\":1}}", REFUSAL_duplicate_key },
		{ "[[[[[[[[[]]]]]]]]]", REFUSAL_too_deep },
		{ "{\"a\":[[[[[[[[1]]]]]]]]}", REFUSAL_too_deep },
	};

	(void)state;
	expect_all(bad, COUNT(bad));
}

static void
what_is_no_request_is_refused(void **state)
{
	static const struct bad bad[] = {
		{ "{}", REFUSAL_bad_request },
		{ "[]", REFUSAL_bad_request },
		{ "[" ASK "}]", REFUSAL_bad_request },
		{ "{\"id\":1,\"method\":\"ping\"}", REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
		  REFUSAL_bad_request },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
		  REFUSAL_bad_request },
		{ ASK ",\"extra\":1}", REFUSAL_bad_request },
		{ ASK ",\"id|method\":1}", REFUSAL_bad_request },
		{ ASK ",\"\":1}", REFUSAL_bad_request },
	};

	(void)state;
	expect_all(bad, COUNT(bad));
}

static void
eight_levels_are_not_too_deep(void **state)
{
	static const char text[] = ASK ",\"params\":{\"a\":[[[[[[]]]]]]}}";
	static const char quoted[] =
		ASK ",\"params\":{\"a\":\"[[[[[[[[[[{{{{\\\"[[[[\"}}";
	struct refusal why;
	struct message m;

	(void)state;
	assert_int_equal(message_read_act(text, sizeof text - 1, &m, &why), 0);
	message_fini(&m);
	assert_int_equal(message_read_act(quoted, sizeof quoted - 1, &m, &why),
			 0);
	message_fini(&m);
}

static void
a_nul_is_never_swallowed(void **state)
{
	static const char inside[] = ASK ",\"params\":{\"a\":\"x\0y\"}}";
	static const char behind[] = ASK "}\0";

	(void)state;
	expect_refused(inside, sizeof inside - 1, REFUSAL_bad_json);
	expect_refused(behind, sizeof behind - 1, REFUSAL_bad_json);
}

static void
a_frame_of_brackets_does_no_harm(void **state)
{
	static char text[WIRE_FRAME_MAX];

	(void)state;
	memset(text, '[', sizeof text);
	expect_refused(text, sizeof text, REFUSAL_too_deep);
	memset(text, '{', sizeof text);
	expect_refused(text, sizeof text, REFUSAL_too_deep);
	memset(text, '"', sizeof text);
	expect_refused(text, sizeof text, REFUSAL_bad_json);
	memset(text, '\\', sizeof text);
	text[0] = '"';
	expect_refused(text, sizeof text, REFUSAL_bad_json);
}

/* Reads an act with an id of len characters; the id kept is in m. */
static int
read_id(const char *character, int len, struct message *m, struct refusal *why)
{
	struct bytes text;
	int bad;

	bytes_init(&text);
	bytes_text(&text, "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":\"");
	for (int i = 0; i < len; i++)
		bytes_text(&text, character);
	bytes_text(&text, "\"}");
	bad = message_read_act(text.data, text.len, m, why);
	bytes_fini(&text);
	return bad;
}

static void
a_long_id_is_refused_and_not_repeated(void **state)
{
	struct refusal why;
	struct message m;

	(void)state;
	assert_int_equal(read_id("x", 69, &m, &why), 0);
	assert_int_equal(strlen(m.id), 71);
	message_fini(&m);
	for (int len = 70; len < 3000; len += 733) {
		assert_int_equal(read_id("x", len, &m, &why), -1);
		assert_int_equal(why.id, REFUSAL_bad_request);
		assert_string_equal(m.id, "null");
	}
	assert_int_equal(read_id("\\u0001", 30, &m, &why), -1);
	assert_string_equal(m.id, "null");
}

static void
the_id_of_a_bad_request_is_kept(void **state)
{
	static const char text[] = "{\"id\":\"x1\",\"method\":\"ping\"}";
	struct refusal why;
	struct message m;

	(void)state;
	assert_int_equal(message_read_act(text, sizeof text - 1, &m, &why), -1);
	assert_string_equal(m.id, "\"x1\"");
}

/* --- what a server sends ---------------------------------------------------- */

static void
expect_answer(const char *text, int result, enum message_kind kind)
{
	struct message m;

	assert_int_equal(message_read_answer(text, strlen(text), &m), result);
	if (result == 0) {
		assert_int_equal(m.kind, kind);
		message_fini(&m);
	}
}

static void
answers_and_news_are_told_apart(void **state)
{
	(void)state;
	expect_answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", 0,
		      MESSAGE_RESULT);
	expect_answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}", 0,
		      MESSAGE_REFUSAL);
	expect_answer("{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{}}", 0,
		      MESSAGE_NEWS);
	expect_answer("{\"jsonrpc\":\"2.0\",\"id\":1}", -1, 0);
	expect_answer("{\"id\":1,\"result\":{}}", -1, 0);
	expect_answer("[]", -1, 0);
	expect_answer("", -1, 0);
}

/* A refusal as its JSON; the caller drops it. */
static json_t *
written(enum refusal_id id, const char *path, const char *lang)
{
	struct refusal why;
	struct bytes text;
	json_t *root;

	(void)refuse(&why, id, path);
	why.after = 9;
	bytes_init(&text);
	message_refusal(&text, "\"a\"", &why, lang);
	root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	bytes_fini(&text);
	assert_non_null(root);
	return root;
}

static void
expect_refusal(enum refusal_id id, const char *lang)
{
	const struct refusal_row *row = refusal_row(id);
	json_t *root = written(id, "a\"b", lang);
	const char *message, *tag, *allow, *path, *retry;
	bool zh = lang_is_chinese(lang);
	int code;

	assert_int_equal(json_unpack(root, "{s:{s:i,s:s,s:{s:s,s:s,s:s,s:s}}}",
				     "error", "code", &code, "message",
				     &message, "data", "tag", &tag, "allow",
				     &allow, "path", &path, "retry", &retry),
			 0);
	assert_int_equal(code, row->code);
	assert_string_equal(message, zh ? row->zh : row->en);
	assert_string_equal(allow, zh ? row->allow_zh : row->allow_en);
	assert_string_equal(tag, row->tag);
	assert_string_equal(path, "a\"b");
	assert_string_equal(retry, row->retry == LATER ? "later" : "never");
	assert_int_equal(
		json_integer_value(json_object_get(
			json_object_get(json_object_get(root, "error"), "data"),
			"after")),
		row->retry == LATER ? 9 : 0);
	json_decref(root);
}

static void
every_refusal_is_written_in_both_languages(void **state)
{
	static const char *const langs[] = { NULL, "zh-CN", "ZH",
					     "en", "en-GB", "fr" };

	(void)state;
	for (int id = 1; id < REFUSAL_COUNT; id++)
		for (size_t i = 0; i < COUNT(langs); i++)
			expect_refusal((enum refusal_id)id, langs[i]);
}

static void
a_tag_leads_back_to_its_refusal(void **state)
{
	(void)state;
	for (int id = 1; id < REFUSAL_COUNT; id++)
		assert_int_equal(
			refusal_find(refusal_row((enum refusal_id)id)->tag),
			id);
	assert_int_equal(refusal_find("nonsense"), REFUSAL_internal);
	assert_int_equal(refusal_find(""), REFUSAL_internal);
}

static void
what_is_written_can_be_read(void **state)
{
	struct refusal why;
	struct bytes text;
	struct message m;

	(void)state;
	bytes_init(&text);
	message_act(&text, "a\"b", "ping", "{\"x\":[1]}");
	assert_int_equal(message_read_act(text.data, text.len, &m, &why), 0);
	assert_string_equal(m.id_text, "a\"b");
	message_fini(&m);
	bytes_clear(&text);
	message_result(&text, "7", "{\"now\":1}");
	assert_int_equal(message_read_answer(text.data, text.len, &m), 0);
	assert_int_equal(m.kind, MESSAGE_RESULT);
	message_fini(&m);
	bytes_clear(&text);
	message_news(&text, NEWS_bye, "{\"retry\":1}");
	assert_int_equal(message_read_answer(text.data, text.len, &m), 0);
	assert_string_equal(m.method, "bye");
	message_fini(&m);
	bytes_fini(&text);
}

static void
a_refusal_says_how_things_stand_and_what_is_possible(void **state)
{
	static const char now[] =
		"{\"state\":\"answered\",\"acts\":[\"a.b\",\"c.d\"]}";
	struct refusal why;
	struct bytes text;

	(void)state;
	(void)refuse(&why, REFUSAL_wrong_state, "receipt");
	(void)text_copy(why.now, sizeof why.now, now);
	bytes_init(&text);
	message_refusal(&text, "1", &why, "en");
	assert_non_null(
		strstr(text.data, "history. Possible now: a.b, c.d.\""));
	assert_non_null(strstr(text.data, "\"now\":{\"state\":\"answered\","));
	bytes_clear(&text);
	message_refusal(&text, "1", &why, "zh-CN");
	assert_non_null(strstr(text.data, "现在可以:a.b、c.d。\""));
	bytes_clear(&text);
	(void)refuse(&why, REFUSAL_wrong_state, "receipt");
	message_refusal(&text, "1", &why, "en");
	assert_null(strstr(text.data, "now"));
	bytes_fini(&text);
}

static void
equal_params_have_one_canonical_text(void **state)
{
	static const char *const same[] = {
		"{\"b\":[1,2],\"a\":{\"d\":\"\\u5229\",\"c\":null}}",
		" { \"a\" : {\"c\":null, \"d\":\"利\"}, \"b\":[1, 2] } ",
	};
	char *text[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		json_t *params = json_loads(same[i], 0, NULL);

		text[i] = message_canonical(params);
		json_decref(params);
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
	text[0] = message_canonical(NULL);
	assert_string_equal(text[0], "{}");
	free(text[0]);
}

static void
the_tables_lead_back_to_their_rows(void **state)
{
	(void)state;
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		assert_ptr_equal(act_find(act->name), act);
		assert_int_equal(act_id_of(act), i);
		assert_true(act->who != 0 && act->size <= WIRE_FRAME_MAX);
		assert_true(act->help[strlen(act->help) - 1] == '.');
	}
	for (int i = 0; i < NEWS_COUNT; i++)
		assert_int_equal(news_find(news_row((enum news_id)i)->name), i);
	assert_null(act_find("nonsense"));
	assert_int_equal(news_find("nonsense"), -1);
	for (unsigned role = 1; role <= WHO_ADMIN; role <<= 1)
		assert_int_equal(role_find(role_name(role)), role);
	assert_int_equal(role_find("king"), 0);
	assert_string_equal(role_name(0), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_is_read_whole),
		cmocka_unit_test(params_may_be_absent_and_an_id_a_number),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(what_is_no_request_is_refused),
		cmocka_unit_test(eight_levels_are_not_too_deep),
		cmocka_unit_test(a_nul_is_never_swallowed),
		cmocka_unit_test(a_frame_of_brackets_does_no_harm),
		cmocka_unit_test(a_long_id_is_refused_and_not_repeated),
		cmocka_unit_test(the_id_of_a_bad_request_is_kept),
		cmocka_unit_test(answers_and_news_are_told_apart),
		cmocka_unit_test(every_refusal_is_written_in_both_languages),
		cmocka_unit_test(a_tag_leads_back_to_its_refusal),
		cmocka_unit_test(
			a_refusal_says_how_things_stand_and_what_is_possible),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(equal_params_have_one_canonical_text),
		cmocka_unit_test(the_tables_lead_back_to_their_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
