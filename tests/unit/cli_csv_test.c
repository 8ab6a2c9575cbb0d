/* SPDX-License-Identifier: Apache-2.0 */
/* csv: what a spreadsheet would run, and what it takes for text. */
/* cli: csv minutes print reach table width */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "csv.h"
#include "message.h"

#define MARK "\xEF\xBB\xBF"

/* What csv_print writes to fd, which it takes: read from the same place. */
static void
print_to(int fd, const char *name)
{
	const struct act *act = act_find("station.list");
	json_t *result = json_pack("{s:[{s:s, s:s, s:i}]}", "items", "station",
				   "S-1", "name", name, "kiosks", -2);
	int saved = dup(STDOUT_FILENO);

	assert_non_null(act);
	assert_non_null(result);
	fflush(stdout);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	csv_print(act, result);
	fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	json_decref(result);
}

static char said[4096];

static void
read_back(int fd)
{
	ssize_t len = read(fd, said, sizeof said - 1);

	assert_true(len > 0);
	said[len] = 0;
}

/* In a new file that has begun with that already. */
static void
print_to_file(const char *begun, const char *name)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fputs(begun, file);
	fflush(file);
	print_to(fileno(file), name);
	assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
	read_back(fileno(file));
	fclose(file);
}

static void
a_new_file_begins_with_a_byte_order_mark(void **state)
{
	(void)state;
	print_to_file("", "便民服务站");
	assert_memory_equal(said, MARK "station,name,", 16);
	assert_null(strstr(said + 3, MARK));
	assert_non_null(strstr(said, "\r\nS-1,便民服务站,"));
}

static void
a_file_that_goes_on_gets_none(void **state)
{
	(void)state;
	print_to_file("x\r\n", "a");
	assert_memory_equal(said, "x\r\nstation,name,", 16);
}

static void
a_pipe_gets_none(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	print_to(ends[1], "a");
	close(ends[1]);
	read_back(ends[0]);
	close(ends[0]);
	assert_memory_equal(said, "station,name,", 13);
}

static void
what_a_spreadsheet_would_run_is_text(void **state)
{
	static const char *const names[] = { "=1+1", "+a", "-a", "@a", "\ta" };
	char cell[64];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		print_to_file("", names[i]);
		snprintf(cell, sizeof cell, "\r\nS-1,'%s,", names[i]);
		assert_non_null(strstr(said, cell));
	}
}

static void
a_number_stays_one(void **state)
{
	(void)state;
	print_to_file("", "-2.5");
	assert_non_null(strstr(said, "\r\nS-1,-2.5,"));
	assert_non_null(strstr(said, ",-2,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file_begins_with_a_byte_order_mark),
		cmocka_unit_test(a_file_that_goes_on_gets_none),
		cmocka_unit_test(a_pipe_gets_none),
		cmocka_unit_test(what_a_spreadsheet_would_run_is_text),
		cmocka_unit_test(a_number_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
