/* SPDX-License-Identifier: Apache-2.0 */
/* squeeze: what goes in comes out, shorter; what was not squeezed does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "squeeze.h"

#define NOTICE                                                                                          \
	"{\"jsonrpc\":\"2.0\",\"method\":\"notice\",\"params\":{\"seq\":1235,"                          \
	"\"notice\":\"422802-0192f0aa-7c1b-7def-8123-0123456789ab\","                                   \
	"\"kind\":\"policy\",\"department\":{\"code\":\"commerce\",\"name\":"                           \
	"\"利川市商务局\"},\"headline\":\"小微企业贷款贴息开始申报\","                \
	"\"description\":\"符合条件的小微企业和个体工商户，请于十二月二十日前" \
	"带上营业执照复印件、身份证到所在乡镇便民服务中心办理。\",\"lang\":" \
	"\"zh-CN\",\"audience\":{\"roles\":[],\"regions\":[\"422802000000\"]}"                          \
	","                                                                                             \
	"\"sent\":\"2026-11-23T10:00:00+08:00\",\"ack\":\"read\","                                      \
	"\"instruction\":null,\"expires\":null}}"

static void
expect_back(const char *text, size_t len)
{
	struct bytes small, back;

	bytes_init(&small);
	bytes_init(&back);
	bytes_text(&small, "what was there");
	bytes_text(&back, "stays");
	assert_true(squeeze(&small, text, len));
	assert_int_equal(unsqueeze(&back, small.data + 14, small.len - 14, len),
			 SQUEEZE_GOOD);
	assert_int_equal(back.len, len + 5);
	assert_memory_equal(back.data, "stays", 5);
	assert_memory_equal(back.data + 5, text, len);
	bytes_fini(&small);
	bytes_fini(&back);
}

static void
what_goes_in_comes_out(void **state)
{
	static char big[300000];

	(void)state;
	expect_back("", 0);
	expect_back("x", 1);
	expect_back(NOTICE, sizeof NOTICE - 1);
	memset(big, 'a', sizeof big);
	expect_back(big, sizeof big);
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 2654435761u >> 13);
	expect_back(big, sizeof big);
}

static void
a_notice_shrinks_to_less_than_half(void **state)
{
	struct bytes small;

	(void)state;
	bytes_init(&small);
	assert_true(squeeze(&small, NOTICE, sizeof NOTICE - 1));
	assert_in_range(small.len, 20, (sizeof NOTICE - 1) / 2);
	bytes_fini(&small);
}

static enum squeeze_fault
fault_of(const void *data, size_t len, size_t most)
{
	struct bytes out;
	enum squeeze_fault fault;

	bytes_init(&out);
	fault = unsqueeze(&out, data, len, most);
	bytes_fini(&out);
	return fault;
}

static void
what_is_cut_changed_or_not_ours_is_bad(void **state)
{
	/* A zlib stream of "hello" without a dictionary, and with another. */
	static const unsigned char plain[] = { 0x78, 0x9c, 0xcb, 0x48, 0xcd,
					       0xc9, 0xc9, 0x07, 0x00, 0x06,
					       0x2c, 0x02, 0x15 };
	static const unsigned char others[] = { 0x78, 0xbb, 0x00, 0x62,
						0x00, 0x62, 0x03, 0x00 };
	struct bytes small;

	(void)state;
	bytes_init(&small);
	assert_true(squeeze(&small, NOTICE, sizeof NOTICE - 1));
	for (size_t len = 0; len < small.len; len++)
		assert_int_equal(fault_of(small.data, len, 1 << 20),
				 SQUEEZE_BAD);
	small.data[small.len / 2] ^= 1;
	assert_int_not_equal(fault_of(small.data, small.len, 1 << 20),
			     SQUEEZE_GOOD);
	small.data[small.len / 2] ^= 1;
	bytes_text(&small, "and more");
	assert_int_equal(fault_of(small.data, small.len, 1 << 20), SQUEEZE_BAD);
	assert_int_equal(fault_of(plain, sizeof plain, 100), SQUEEZE_GOOD);
	assert_int_equal(fault_of(others, sizeof others, 100), SQUEEZE_BAD);
	bytes_fini(&small);
}

static void
a_bomb_is_not_blown_up(void **state)
{
	static char zeros[1 << 20];
	struct bytes small;

	(void)state;
	bytes_init(&small);
	assert_true(squeeze(&small, zeros, sizeof zeros));
	assert_in_range(small.len, 1, 2000);
	assert_int_equal(fault_of(small.data, small.len, 65536),
			 SQUEEZE_TOO_LARGE);
	assert_int_equal(fault_of(small.data, small.len, sizeof zeros),
			 SQUEEZE_GOOD);
	bytes_fini(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(a_notice_shrinks_to_less_than_half),
		cmocka_unit_test(what_is_cut_changed_or_not_ours_is_bad),
		cmocka_unit_test(a_bomb_is_not_blown_up),
	};

	return cmocka_run_group_tests_name("squeeze", tests, NULL, NULL);
}
