/* SPDX-License-Identifier: Apache-2.0 */
/* What a node's settings may be, and what is said when they are not. */
/* rooms: conf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf.h"

#define NEEDED "database: d\ninstallation_secret_file: s\ncert: c\nkey: k\n"
#define MOST_FLAGS 8

static char path[] = "/tmp/huiyin_conf_XXXXXX";
static char said[8192]; /* on stderr during the last read */

static void
write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Reads text as file and flags (NULL at the end) with stderr in said. */
static int
read_conf(struct conf *c, enum conf_wish *wish, const char *text, ...)
{
	char *argv[MOST_FLAGS + 4] = { "huiyind", "--config", path };
	int argc = 3, result, saved;
	FILE *catch = tmpfile();
	va_list flags;

	assert_non_null(catch);
	write_file(text);
	va_start(flags, text);
	while ((argv[argc] = va_arg(flags, char *)) != NULL)
		argc++;
	va_end(flags);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	assert_true(dup2(fileno(catch), STDERR_FILENO) >= 0);
	result = conf_read(c, argc, argv, wish);
	fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	close(saved);
	rewind(catch);
	said[fread(said, 1, sizeof said - 1, catch)] = 0;
	fclose(catch);
	return result;
}

static void
refused(const char *text, const char *words)
{
	struct conf c;
	enum conf_wish wish;

	assert_int_equal(read_conf(&c, &wish, text, NULL), 2);
	if (!strstr(said, words))
		fail_msg("\"%s\" is not in: %s", words, said);
}

static void
what_nobody_says_has_its_standard_value(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	assert_int_equal(read_conf(&c, &wish, NEEDED, NULL), 0);
	assert_int_equal(wish, CONF_RUN);
	assert_int_equal(c.port, 7443);
	assert_string_equal(c.host, "127.0.0.1");
	assert_null(c.names);
	assert_string_equal(said, "");
	conf_fini(&c);
}

static void
a_flag_beats_the_environment_which_beats_the_file(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	setenv("HUIYIN_PORT", "2", 1);
	setenv("HUIYIN_ADMIN_PORT", "2", 1);
	assert_int_equal(read_conf(&c, &wish,
				   NEEDED "port: 1\nadmin_port: 1\n"
					  "mtls_port: 1\nclient_ca: x\n",
				   "--port=3", NULL),
			 0);
	assert_int_equal(c.port, 3);
	assert_int_equal(c.admin_port, 2);
	assert_int_equal(c.mtls_port, 1);
	conf_fini(&c);
	unsetenv("HUIYIN_PORT");
	unsetenv("HUIYIN_ADMIN_PORT");
}

static void
two_listeners_at_one_place_are_refused(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	refused(NEEDED "port: 9\nadmin_port: 9\n", "admin_port: another");
	refused(NEEDED "port: 9\nmtls_port: 9\nclient_ca: x\n",
		"mtls_port: another");
	refused(NEEDED "mtls_port: 9\nclient_ca: x\nadmin_port: 9\n",
		"admin_port: another");
	refused(NEEDED "host: 0.0.0.0\nport: 9\nadmin_port: 9\n",
		"admin_port: another");
	assert_int_equal(read_conf(&c, &wish,
				   NEEDED "host: 127.0.0.2\nport: 9\n"
					  "admin_port: 9\n",
				   NULL),
			 0);
	conf_fini(&c);
	assert_int_equal(read_conf(&c, &wish,
				   NEEDED "listen_fd: 3\nport: 9\n"
					  "admin_port: 9\n",
				   NULL),
			 0);
	conf_fini(&c);
}

static void
a_host_that_is_no_ip_address_is_refused(void **state)
{
	(void)state;
	refused(NEEDED "host: foo.invalid\n",
		"host: \"foo.invalid\" is not an IP address");
	refused(NEEDED "admin_host: localhost\n",
		"admin_host: \"localhost\" is not an IP address");
}

static void
an_empty_value_says_nothing(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	setenv("HUIYIN_PORT", "", 1);
	assert_int_equal(read_conf(&c, &wish, NEEDED "port: 9\n", NULL), 0);
	assert_int_equal(c.port, 9);
	conf_fini(&c);
	assert_int_equal(
		read_conf(&c, &wish, NEEDED "port:\nhost: \"\"\n", NULL), 0);
	assert_int_equal(c.port, 7443);
	assert_string_equal(c.host, "127.0.0.1");
	conf_fini(&c);
	unsetenv("HUIYIN_PORT");
}

static void
a_secret_may_stand_in_a_file_of_its_own(void **state)
{
	char secret[] = "/tmp/huiyin_conf_secret_XXXXXX";
	int fd = mkstemp(secret);
	struct conf c;
	enum conf_wish wish;

	(void)state;
	assert_int_equal(write(fd, "host=/there\n", 12), 12);
	close(fd);
	setenv("HUIYIN_DATABASE_FILE", secret, 1);
	assert_int_equal(read_conf(&c, &wish, NEEDED, NULL), 0);
	assert_string_equal(c.database, "host=/there");
	conf_fini(&c);
	setenv("HUIYIN_DATABASE", "both", 1);
	refused(NEEDED, "HUIYIN_DATABASE_FILE: only one of it");
	unsetenv("HUIYIN_DATABASE");
	unsetenv("HUIYIN_DATABASE_FILE");
	assert_int_equal(
		read_conf(&c, &wish, NEEDED, "--database-file", secret, NULL),
		0);
	assert_string_equal(c.database, "host=/there");
	conf_fini(&c);
	unlink(secret);
}

static void
an_unknown_setting_is_named_with_its_line_and_column(void **state)
{
	(void)state;
	refused(NEEDED "  \n# a remark\nprot: 12\n", ":7:1: prot: there is no");
	refused("prot: 12\n", "installation_secret_file, host, port");
}

static void
a_number_out_of_bounds_is_told_the_bounds(void **state)
{
	(void)state;
	refused(NEEDED "port: 70000\n",
		":5:7: port: \"70000\" is not allowed; a whole number from 1 "
		"to 65535 is");
	refused(NEEDED "port: 7x\n", ":5:7: port: \"7x\"");
	refused(NEEDED "port: -1\n", ":5:7: port: \"-1\"");
	refused(NEEDED "port: 99999999999999999999\n", ":5:7: port:");
}

static void
a_word_that_is_not_allowed_is_told_the_words(void **state)
{
	(void)state;
	refused(NEEDED "log:   loud\n",
		":5:8: log: \"loud\" is not allowed; one of text|json is");
}

static void
a_setting_said_twice_is_refused(void **state)
{
	(void)state;
	refused(NEEDED "port: 1\nport: 2\n", ":6:1: port: said twice");
}

static void
a_list_where_a_value_belongs_is_refused(void **state)
{
	(void)state;
	refused(NEEDED "port: [1, 2]\n", ":5:7: port: a list or a mapping");
	refused("- port\n", ":1:1: lines of the form");
}

static void
what_is_not_yaml_is_refused_with_its_place(void **state)
{
	(void)state;
	refused("cert: \"x\n", ":2:1: found unexpected end of stream");
	refused("cert: x\n\tkey: y\n", ":2:1: ");
}

static void
a_missing_file_is_named(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	assert_int_equal(
		read_conf(&c, &wish, "", "--config", "/nowhere/at all", NULL),
		2);
	assert_non_null(strstr(said, "/nowhere/at all: No such file"));
}

static void
a_node_is_told_everything_it_cannot_run_without(void **state)
{
	(void)state;
	refused("", "huiyind: database: missing; say it in the file of "
		    "--config, by --database or HUIYIN_DATABASE\n");
	refused("", "huiyind: key: missing");
	refused(NEEDED "mtls_port: 8\n", "client_ca: missing");
}

static void
an_unknown_flag_is_refused(void **state)
{
	struct conf c;
	enum conf_wish wish;

	(void)state;
	assert_int_equal(read_conf(&c, &wish, NEEDED, "--prot=1", NULL), 2);
	assert_non_null(strstr(said, "--prot=1"));
	assert_int_equal(read_conf(&c, &wish, NEEDED, "start", NULL), 2);
	assert_non_null(strstr(said, "start"));
}

static void
what_is_printed_can_be_read_again_and_shows_no_secret(void **state)
{
	struct conf c, again;
	enum conf_wish wish;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_int_equal(read_conf(&c, &wish,
				   NEEDED "names: \"a\\tb: #\"\nport: 12\n",
				   "--print-config", NULL),
			 0);
	assert_int_equal(wish, CONF_PRINT);
	conf_print(&c, to);
	fclose(to);
	assert_null(strstr(text, "database: \"d\""));
	assert_int_equal(read_conf(&again, &wish, text, NULL), 0);
	assert_int_equal(again.port, 12);
	assert_string_equal(again.names, "a\tb: #");
	assert_string_equal(again.database, "(not shown)");
	conf_fini(&again);
	conf_fini(&c);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_says_has_its_standard_value),
		cmocka_unit_test(
			a_flag_beats_the_environment_which_beats_the_file),
		cmocka_unit_test(an_empty_value_says_nothing),
		cmocka_unit_test(two_listeners_at_one_place_are_refused),
		cmocka_unit_test(a_host_that_is_no_ip_address_is_refused),
		cmocka_unit_test(a_secret_may_stand_in_a_file_of_its_own),
		cmocka_unit_test(
			an_unknown_setting_is_named_with_its_line_and_column),
		cmocka_unit_test(a_number_out_of_bounds_is_told_the_bounds),
		cmocka_unit_test(a_word_that_is_not_allowed_is_told_the_words),
		cmocka_unit_test(a_setting_said_twice_is_refused),
		cmocka_unit_test(a_list_where_a_value_belongs_is_refused),
		cmocka_unit_test(what_is_not_yaml_is_refused_with_its_place),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(
			a_node_is_told_everything_it_cannot_run_without),
		cmocka_unit_test(an_unknown_flag_is_refused),
		cmocka_unit_test(
			what_is_printed_can_be_read_again_and_shows_no_secret),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
