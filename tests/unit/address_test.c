/* SPDX-License-Identifier: Apache-2.0 */
/* Where servers are, and how long to stay away from them. */
/* rooms: client */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "address.h"
#include "backoff.h"

static void
urls_are_read_one_after_the_other(void **state)
{
	static const char urls[] = "wss://a.example/ws  wss://b.example:7443\n"
				   "wss://[2001:db8::1]:443/x ws://[::1]:80/ws";
	struct address a;

	(void)state;
	assert_int_equal(address_read(urls, 0, &a), 1);
	assert_string_equal(a.host, "a.example");
	assert_int_equal(a.port, 443);
	assert_int_equal(address_read(urls, 1, &a), 1);
	assert_string_equal(a.host, "b.example");
	assert_int_equal(a.port, 7443);
	assert_string_equal(a.path, "/ws");
	assert_int_equal(address_read(urls, 2, &a), 1);
	assert_string_equal(a.host, "2001:db8::1");
	assert_true(a.ip6 && a.tls);
	assert_string_equal(a.path, "/x");
	assert_int_equal(address_read(urls, 3, &a), 1);
	assert_string_equal(a.host, "::1");
	assert_false(a.tls);
	assert_int_equal(address_read(urls, 4, &a), 0);
}

static void
what_is_no_url_is_not_taken_for_one(void **state)
{
	static const char *const wrong[] = {
		"http://a",        "wss://",          "wss://a:0",
		"wss://a:65536",   "wss://a:",        "wss://a:+1",
		"wss://a:1x",      "wss://a b",       "wss://[::1",
		"wss://[]",        "wss://[1.2.3.4]", "wss://[::1]x",
		"wss://[fe80::%]", "wss://::1",       "ws://[::2]/ws",
		"ws://a.example",  "wss://u@a/ws",
	};
	struct address a;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (strchr(wrong[i], ' '))
			assert_int_equal(address_read(wrong[i], 1, &a), -1);
		else
			assert_int_equal(address_read(wrong[i], 0, &a), -1);
}

/* Each eighth of the range is met: 400 tries miss one in 10^22 cases. */
static void
assert_spread(int64_t (*draw)(void *), void *context, int64_t most)
{
	unsigned met = 0;
	int64_t ms;

	for (int i = 0; i < 400; i++) {
		ms = draw(context);
		assert_in_range(ms, 0, most);
		met |= 1u << (ms * 8 / (most + 1));
	}
	assert_int_equal(met, 0xff);
}

static int64_t
after_failures(void *context)
{
	struct backoff b = { *(unsigned *)context };

	return backoff_next(&b);
}

static void
waiting_doubles_up_to_a_minute_with_full_jitter(void **state)
{
	static const int64_t ceilings[] = { 1000,  2000,  4000,  8000,
					    16000, 32000, 60000, 60000 };
	unsigned failures;

	(void)state;
	for (failures = 0; failures < 8; failures++)
		assert_spread(after_failures, &failures, ceilings[failures]);
	failures = 4000000000u;
	assert_spread(after_failures, &failures, 60000);
}

static int64_t
just_started(void *context)
{
	return backoff_start(*(int64_t *)context, true, 20000);
}

static void
kiosks_that_get_power_back_come_within_a_minute(void **state)
{
	int64_t given = 0;

	(void)state;
	assert_spread(just_started, &given, 60000);
	given = 5000;
	assert_spread(just_started, &given, 5000);
	assert_int_equal(backoff_start(-1, true, 20000), 0);
	assert_int_equal(backoff_start(0, false, 20000), 0);
	assert_int_equal(backoff_start(0, true, 400000), 0);
}

static void
no_time_is_no_waiting(void **state)
{
	(void)state;
	assert_int_equal(backoff_within(0), 0);
	assert_int_equal(backoff_within(-5), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_are_read_one_after_the_other),
		cmocka_unit_test(what_is_no_url_is_not_taken_for_one),
		cmocka_unit_test(
			waiting_doubles_up_to_a_minute_with_full_jitter),
		cmocka_unit_test(
			kiosks_that_get_power_back_come_within_a_minute),
		cmocka_unit_test(no_time_is_no_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
