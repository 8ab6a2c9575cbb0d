/* SPDX-License-Identifier: Apache-2.0 */
/* What is derived from the installation's secret; passwords; sealed texts. */
/* rooms: secret */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "secret.h"

#define REF "019360d2-0000-7000-8000-000000000001"
#define KEY "4150835952561595" /* of REF; made with Python's hmac */

static char path[] = "/tmp/huiyin_secret_XXXXXX";
static const char good[] = "000102030405060708090a0b0c0d0e0f"
			   "101112131415161718191a1b1c1d1e1f\n";

static bool
open_with(const char *text, mode_t mode, const char **why)
{
	FILE *file = fopen(path, "w");

	if (!file)
		fail();
	else {
		assert_true(fputs(text, file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	assert_int_equal(chmod(path, mode), 0);
	*why = "";
	return secret_open(path, why);
}

/* The shapes are for ever: receipts on paper depend on them. */
static void
derived_values_never_change(void **state)
{
	char hex[SECRET_HASH_HEX], digits[SECRET_KEY_DIGITS], ticket[65];
	unsigned char key[32];

	(void)state;
	secret_receipt_key(REF, digits);
	assert_string_equal(digits, KEY);
	secret_hash("secret of a kiosk", hex);
	assert_string_equal(hex, "14cd2bc6cb7bd2d3c8f16ef82fd45bcd"
				 "17a9af0e3342eb2a8902791e014d3993");
	secret_ticket_key(7, key);
	for (int i = 0; i < 32; i++)
		snprintf(ticket + 2 * i, 3, "%02x", key[i]);
	assert_string_equal(ticket, "95bcd911cc5fc21485bc0e7b71b3d3aa"
				    "181c195e6d85aeb854545e1dfadfe6c9");
}

static void
a_key_fits_with_blanks_and_hyphens_and_only_its_ref(void **state)
{
	(void)state;
	assert_true(secret_key_fits(REF, KEY));
	assert_true(secret_key_fits(REF, "4150 8359-5256 1595 "));
	assert_false(secret_key_fits(REF, "4150835952561594"));
	assert_false(secret_key_fits(REF, "415083595256159"));
	assert_false(secret_key_fits(REF, "41508359525615950"));
	assert_false(secret_key_fits(REF, "415083595256159x"));
	assert_false(secret_key_fits(REF, ""));
	assert_false(secret_key_fits(REF, "----------------"));
	assert_false(
		secret_key_fits("019360d2-0000-7000-8000-000000000002", KEY));
}

static void
two_new_secrets_are_not_the_same(void **state)
{
	char a[33], b[33];

	(void)state;
	secret_new(a);
	secret_new(b);
	assert_int_equal(strlen(a), 32);
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_string_not_equal(a, b);
}

static void
a_sealed_text_opens_whole_or_not_at_all(void **state)
{
	char hex[256], again[256], text[64];

	(void)state;
	assert_true(secret_seal("JBSWY3DPEHPK3PXP", hex, sizeof hex));
	assert_true(secret_seal("JBSWY3DPEHPK3PXP", again, sizeof again));
	assert_string_not_equal(hex, again);
	assert_true(secret_unseal(hex, text, sizeof text));
	assert_string_equal(text, "JBSWY3DPEHPK3PXP");
	assert_false(secret_unseal(hex, text, 16)); /* no room for its NUL */
	assert_true(secret_unseal(hex, text, 17));
	for (size_t i = 0; hex[i]; i++) {
		char was = hex[i];

		hex[i] = was == '0' ? '1' : '0';
		assert_false(secret_unseal(hex, text, sizeof text));
		hex[i] = was;
	}
	hex[strlen(hex) - 2] = 0;
	assert_false(secret_unseal(hex, text, sizeof text));
	assert_false(secret_unseal("", text, sizeof text));
	assert_false(secret_unseal("not hex", text, sizeof text));
	assert_false(secret_seal("JBSWY3DPEHPK3PXP", hex, 100));
}

static void
a_password_fits_its_own_hash_only(void **state)
{
	char hash[SECRET_PASSWORD];

	(void)state;
	assert_true(secret_password_hash("口令 3", hash));
	assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
	assert_true(secret_password_fits(hash, "口令 3"));
	assert_false(secret_password_fits(hash, "口令 4"));
	assert_int_equal(errno, 0);
	assert_false(secret_password_fits("no hash", "口令 3"));
	assert_false(secret_password_fits("", "口令 3"));
	hash[strlen(hash) - 1] = 0;
	assert_false(secret_password_fits(hash, "口令 3"));
	/* With other costs, by libsodium itself. */
	assert_int_equal(crypto_pwhash_str_alg(hash, "x", 1, 2, 16u << 20,
					       crypto_pwhash_ALG_ARGON2ID13),
			 0);
	assert_true(secret_password_fits(hash, "x"));
	assert_false(secret_password_fits(hash, "y"));
}

static double
seconds_of(const char *hash)
{
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	assert_false(secret_password_fits(hash, "wrong"));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* CPU time, so that a busy machine does not decide. */
static void
nobodys_password_takes_as_long_as_a_wrong_one(void **state)
{
	char hash[SECRET_PASSWORD];
	double somebody, nobody;

	(void)state;
	assert_true(secret_password_hash("x", hash));
	(void)seconds_of(hash);
	somebody = seconds_of(hash);
	nobody = seconds_of(NULL);
	printf("# argon2id: %.0f ms for somebody, %.0f ms for nobody\n",
	       somebody * 1000, nobody * 1000);
	assert_true(nobody > somebody / 2 && nobody < somebody * 2);
}

static void
a_secret_that_is_short_missing_or_open_to_others_is_refused(void **state)
{
	const char *why;

	(void)state;
	assert_false(open_with("0001", 0600, &why));
	assert_non_null(strstr(why, "64 hex digits"));
	assert_false(open_with("", 0600, &why));
	assert_false(open_with("zz0102030405060708090a0b0c0d0e0f"
			       "101112131415161718191a1b1c1d1e1f",
			       0600, &why));
	assert_false(open_with(good, 0604, &why));
	assert_non_null(strstr(why, "others"));
	assert_false(open_with(good, 0620, &why));
	assert_true(open_with(good, 0640, &why));
	unlink(path);
	assert_false(secret_open(path, &why));
	assert_non_null(strstr(why, "cannot be read"));
}

static int
set_up(void **state)
{
	const char *why;

	(void)state;
	close(mkstemp(path));
	return open_with(good, 0600, &why) ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derived_values_never_change),
		cmocka_unit_test(
			a_key_fits_with_blanks_and_hyphens_and_only_its_ref),
		cmocka_unit_test(two_new_secrets_are_not_the_same),
		cmocka_unit_test(a_sealed_text_opens_whole_or_not_at_all),
		cmocka_unit_test(a_password_fits_its_own_hash_only),
		cmocka_unit_test(nobodys_password_takes_as_long_as_a_wrong_one),
		cmocka_unit_test(
			a_secret_that_is_short_missing_or_open_to_others_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
