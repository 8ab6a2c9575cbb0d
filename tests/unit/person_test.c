/* SPDX-License-Identifier: Apache-2.0 */
/* Whose voice a feedback is: sealed, opened, marked. */
/* rooms: secret */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "person.h"
#include "secret.h"
#include "submitter.h"

static char path[] = "/tmp/huiyin_person_XXXXXX";
static char public[PERSON_KEY_HEX], private[PERSON_KEY_HEX];

static void
is_marked(bool anonymous, const char *phone, const char *name, const char *mark)
{
	char hex[PERSON_MARK_HEX] = "none";

	assert_int_equal(person_mark(anonymous, phone, name, hex),
			 strcmp(mark, "none") != 0);
	assert_string_equal(hex, mark);
}

/* The shapes are for ever; made with Python's hmac. */
static void
marks_never_change(void **state)
{
	static const char one[] = "e1bfa3545db79d58fab1c667b0a19c59";
	static const char open[] = "64f989183489fb46c90a297e6ac606bc";
	static const char named[] = "1cbd21905f618bfea6ebfe9a697b90a0";

	(void)state;
	is_marked(true, "13800000002", "张三", one);
	is_marked(true, "+86 138-0000-0002", NULL, one);
	is_marked(true, "0086 13800000002", NULL, one);
	is_marked(true, "１３８０００００００２", NULL, one);
	is_marked(false, "13800000002", NULL, open);
	is_marked(false, NULL, "张三", named);
	is_marked(false, "-", " 张　三 ", named);
	is_marked(false, NULL, NULL, "none");
	is_marked(false, "", " 　", "none");
}

static void
content_and_witness_never_change(void **state)
{
	char hex[SECRET_HASH_HEX];

	(void)state;
	secret_content("{}", hex);
	assert_string_equal(hex, "38a33c506bc21e5a2532e82fe61966d1"
				 "5bd0982ddb19209a4f0325d871876e57");
	secret_witness("x", hex);
	assert_string_equal(hex, "de53084112a712288a649a2a1ae5aa0c"
				 "ed1a024b632c95f751621ce87d0e5199");
}

static void
opens_to(const char *hex, const char *salt, const char *key, const char *text)
{
	struct bytes out;
	bool opened;

	bytes_init(&out);
	opened = person_unseal(hex, salt, key, &out);
	assert_int_equal(opened, text != NULL);
	if (text)
		assert_string_equal(out.data, text);
	bytes_fini(&out);
}

static void
a_record_opens_with_its_salt_only(void **state)
{
	char salt[PERSON_SALT_HEX], other[PERSON_SALT_HEX];
	struct bytes hex, again;

	(void)state;
	bytes_init(&hex);
	bytes_init(&again);
	assert_true(person_seal("{\"name\":\"李四\"}", false, &hex, salt));
	assert_true(person_seal("{\"name\":\"李四\"}", false, &again, other));
	assert_string_not_equal(hex.data, again.data);
	opens_to(hex.data, salt, NULL, "{\"name\":\"李四\"}");
	opens_to(hex.data, other, NULL, NULL);
	opens_to(hex.data, "", NULL, NULL);
	opens_to("00", salt, NULL, NULL);
	opens_to("x", salt, NULL, NULL);
	hex.data[60] = hex.data[60] == '0' ? '1' : '0';
	opens_to(hex.data, salt, NULL, NULL);
	bytes_fini(&hex);
	bytes_fini(&again);
}

static void
an_anonymous_record_opens_with_the_auditors_key_only(void **state)
{
	char salt[PERSON_SALT_HEX], no_public[PERSON_KEY_HEX];
	char other[PERSON_KEY_HEX];
	struct bytes hex;

	(void)state;
	bytes_init(&hex);
	person_key_new(no_public, other);
	assert_true(person_seal("who", true, &hex, salt));
	opens_to(hex.data, salt, private, "who");
	opens_to(hex.data, salt, other, NULL);
	opens_to(hex.data, salt, public, NULL);
	opens_to(hex.data, salt, "", NULL);
	opens_to(hex.data, "00112233445566778899aabbccddeeff", private, NULL);
	bytes_fini(&hex);
}

static void
a_length_tells_only_how_many_blocks(void **state)
{
	char text[130] = "", salt[PERSON_SALT_HEX];
	size_t lengths[130];

	(void)state;
	for (size_t i = 0; i < 129; i++) {
		struct bytes hex;

		memset(text, 'a', i);
		bytes_init(&hex);
		assert_true(person_seal(text, true, &hex, salt));
		opens_to(hex.data, salt, private, text);
		lengths[i] = hex.len;
		bytes_fini(&hex);
	}
	assert_int_equal(lengths[0], lengths[127]);
	assert_int_equal(lengths[128], lengths[0] + (size_t)256);
}

static void
a_key_is_known_by_its_public_one(void **state)
{
	char found[PERSON_KEY_HEX];

	(void)state;
	assert_true(person_key_public(private, found));
	assert_string_equal(found, public);
	assert_false(person_key_public("12", found));
}

static void
what_is_taken_out_of_params_comes_back(void **state)
{
	static const char said[] =
		"{\"filed_by\":{\"name\":\"李\",\"relation\":\"邻居\"},"
		"\"submitter\":{\"kind\":\"farmer\",\"name\":\"张三\","
		"\"phone\":\"138\"},\"text\":\"CANARY\"}";
	json_t *params = json_loads(said, 0, NULL), *back;
	char *sealed = submitter_seal(params), *shown;

	(void)state;
	assert_non_null(sealed);
	assert_null(strstr(sealed, "张三"));
	assert_null(strstr(sealed, "邻居"));
	assert_null(strstr(sealed, "filed_by"));
	assert_non_null(strstr(sealed, "farmer"));
	shown = submitter_unseal(sealed);
	assert_non_null(shown);
	back = json_loads(shown, 0, NULL);
	assert_true(json_equal(params, back));
	json_decref(params);
	json_decref(back);
	free(sealed);
	free(shown);
}

static void
consent_stays_where_it_is(void **state)
{
	static const char said[] =
		"{\"filed_by\":{\"consent\":true,\"name\":\"李\"}}";
	json_t *params = json_loads(said, 0, NULL);
	char *sealed = submitter_seal(params);
	char *shown = sealed ? submitter_unseal(sealed) : NULL;

	(void)state;
	assert_true(sealed && strstr(sealed, "{\"consent\":true}"));
	assert_true(shown &&
		    strstr(shown, "{\"consent\":true,\"name\":\"李\"}"));
	json_decref(params);
	free(sealed);
	free(shown);
}

static void
what_people_say_is_not_taken_for_a_record(void **state)
{
	(void)state;
	assert_true(submitter_is_in("{\"person\": {\"salt\": \"00\"}}"));
	assert_false(submitter_is_in(
		"{\"text\": \"\\\"person\\\": {\\\"salt\\\": \"}"));
}

static void
without_an_auditor_an_anonymous_person_is_dropped(void **state)
{
	const char *why = "";
	json_t *params = json_loads("{\"anonymous\":true,\"submitter\":{"
				    "\"kind\":\"other\",\"phone\":\"138\"}}",
				    0, NULL);
	char *sealed;

	(void)state;
	assert_true(person_open(NULL, &why));
	assert_false(person_has_auditor());
	sealed = submitter_seal(params);
	assert_non_null(sealed);
	assert_null(strstr(sealed, "138\""));
	assert_null(strstr(sealed, "\"sealed\""));
	assert_non_null(strstr(sealed, "\"dropped\":true"));
	assert_non_null(strstr(sealed, "\"pseudonym\""));
	assert_true(person_open(public, &why));
	json_decref(params);
	free(sealed);
}

static void
what_names_nobody_is_left_as_it_is(void **state)
{
	static const char said[] = "{\"anonymous\":true,\"submitter\":{"
				   "\"kind\":\"other\"},\"text\":\"x\"}";
	json_t *params = json_loads(said, 0, NULL);
	char *sealed = submitter_seal(params);

	(void)state;
	assert_string_equal(sealed, said);
	json_decref(params);
	free(sealed);
}

static void
a_key_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"12",
		"x",
		"00000000000000000000000000000000000000000000000000000000000000"
		"00",
		"01000000000000000000000000000000000000000000000000000000000000"
		"00",
	};
	const char *why = "";

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(person_open(bad[i], &why));
		assert_false(person_has_auditor());
	}
	assert_true(person_open(public, &why));
}

static int
set_up(void **state)
{
	static const char good[] = "000102030405060708090a0b0c0d0e0f"
				   "101112131415161718191a1b1c1d1e1f\n";
	const char *why = "";
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0 || write(fd, good, sizeof good - 1) < 0 || close(fd) != 0 ||
	    !secret_open(path, &why))
		return -1;
	person_key_new(public, private);
	return person_open(public, &why) ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_never_change),
		cmocka_unit_test(content_and_witness_never_change),
		cmocka_unit_test(a_record_opens_with_its_salt_only),
		cmocka_unit_test(
			an_anonymous_record_opens_with_the_auditors_key_only),
		cmocka_unit_test(a_length_tells_only_how_many_blocks),
		cmocka_unit_test(a_key_is_known_by_its_public_one),
		cmocka_unit_test(what_is_taken_out_of_params_comes_back),
		cmocka_unit_test(consent_stays_where_it_is),
		cmocka_unit_test(what_people_say_is_not_taken_for_a_record),
		cmocka_unit_test(
			without_an_auditor_an_anonymous_person_is_dropped),
		cmocka_unit_test(what_names_nobody_is_left_as_it_is),
		cmocka_unit_test(a_key_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
