/* SPDX-License-Identifier: Apache-2.0 */
/* print: what people read of a result, and what a text in it cannot forge. */
/* cli: minutes print reach table width */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "message.h"
#include "print.h"

static char said[8192];

/* What print_result writes of result, which it takes, is then in said. */
static void
show(const char *act, const char *json)
{
	json_t *result = json_loads(json, 0, NULL);
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);
	ssize_t len;

	assert_non_null(result);
	assert_non_null(file);
	fflush(stdout);
	assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
	print_result(act_find(act), result);
	fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	len = pread(fileno(file), said, sizeof said - 1, 0);
	assert_true(len > 0);
	said[len] = 0;
	fclose(file);
	json_decref(result);
}

static void
a_column_of_any_row_is_shown(void **state)
{
	(void)state;
	show("ledger.get",
	     "{\"entry\":\"E-1\",\"history\":["
	     "{\"at\":\"t1\",\"state\":\"open\",\"act\":\"issue\"},"
	     "{\"at\":\"t2\",\"state\":\"doing\",\"act\":\"go\","
	     "\"text\":\"half done\",\"progress\":50}]}");
	assert_non_null(strstr(said, "TEXT"));
	assert_non_null(strstr(said, "PROGRESS"));
	assert_non_null(strstr(said, "half done"));
	assert_non_null(strstr(said, "50"));
}

static void
a_list_of_strings_is_on_one_line(void **state)
{
	(void)state;
	show("ledger.get",
	     "{\"entry\":\"E-1\",\"feedback\":[\"HY-1\",\"HY-2\"]}");
	assert_non_null(strstr(said, "feedback: HY-1, HY-2\n"));
	show("ledger.get", "{\"entry\":\"E-1\",\"feedback\":[]}");
	assert_non_null(strstr(said, "feedback: -\n"));
}

static void
a_summary_tells_its_revision(void **state)
{
	(void)state;
	show("summary.get", "{\"state\":\"circulated\",\"revision\":9,"
			    "\"title\":\"roads\"}");
	assert_non_null(strstr(said, "Summary, circulated, revision 9\n"));
}

static void
a_text_forges_no_line(void **state)
{
	(void)state;
	show("meeting.get",
	     "{\"meeting\":1,\"state\":\"convened\",\"revision\":1,"
	     "\"title\":\"a\\nchair: b\",\"place\":\"c\\noffice: d\","
	     "\"agenda\":[{\"item\":1,\"position\":1,"
	     "\"text\":\"e\\ndecided: f\\n    decided: g\"}]}");
	assert_non_null(strstr(said, "\na chair: b\n"));
	assert_non_null(strstr(said, " c office: d\n"));
	assert_null(strstr(said, "\ndecided"));
	assert_null(strstr(said, "\n    decided"));
	assert_non_null(strstr(said, " e\n                 decided: f\n"));
}

static void
what_turns_text_round_is_dropped(void **state)
{
	(void)state;
	show("meeting.get",
	     "{\"meeting\":1,\"state\":\"convened\",\"revision\":1,"
	     "\"title\":\"a\\u202Eb\\u202Ac\\u2066d\\u2069e\\u001Bf\"}");
	assert_non_null(strstr(said, "\nabcdef\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_column_of_any_row_is_shown),
		cmocka_unit_test(a_list_of_strings_is_on_one_line),
		cmocka_unit_test(a_summary_tells_its_revision),
		cmocka_unit_test(a_text_forges_no_line),
		cmocka_unit_test(what_turns_text_round_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
