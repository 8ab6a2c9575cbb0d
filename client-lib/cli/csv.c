/* SPDX-License-Identifier: Apache-2.0 */
/* csv: lists for spreadsheets and scripts. */
#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dump.h"
#include "print.h"

static bool
is_number(const char *text)
{
	size_t whole, parts = 0;

	text += *text == '-' || *text == '+';
	whole = strspn(text, "0123456789");
	if (text[whole] == '.')
		parts = strspn(text + whole + 1, "0123456789") + 1;
	return whole > 0 && parts != 1 && !text[whole + parts];
}

/* Spreadsheets run what begins so (CWE-1236), also behind blanks. */
static bool
is_formula(const char *text)
{
	const char *first = text + strspn(text, " \t\r\n");

	return (*first && strchr("=+-@", *first) && !is_number(text)) ||
	       *text == '\t' || *text == '\r';
}

static void
put_text(const char *text)
{
	bool formula = is_formula(text), quotes = strpbrk(text, ",\"\r\n");

	if (quotes)
		putchar('"');
	if (formula)
		putchar('\'');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	if (quotes)
		putchar('"');
}

static void
put_value(const json_t *value)
{
	const json_t *name = json_object_get(value, "name");
	char *text;

	if (!value || json_is_null(value))
		return;
	if (json_is_string(name))
		value = name;
	if (json_is_string(value)) {
		put_text(json_string_value(value));
		return;
	}
	text = dump_text(value, JSON_ENCODE_ANY);
	put_text(text ? text : "");
	free(text);
}

/*
 * A file that begins here is opened by a spreadsheet, which takes it for the
 * system's own encoding without a byte order mark; what comes through a pipe
 * is read by programs, whose first column it would spoil.
 */
static void
put_mark(void)
{
	struct stat there;

	if (fstat(STDOUT_FILENO, &there) == 0 && S_ISREG(there.st_mode) &&
	    there.st_size == 0)
		fputs("\xEF\xBB\xBF", stdout);
}

void
csv_print(const struct act *act, const json_t *result)
{
	const char *keys[PRINT_MOST_KEYS];
	size_t count = print_columns(act, "items", keys), i;
	json_t *item;

	put_mark();
	for (size_t c = 0; c < count; c++)
		printf("%s%s", c > 0 ? "," : "", keys[c]);
	fputs("\r\n", stdout);
	json_array_foreach(json_object_get(result, "items"), i, item) {
		for (size_t c = 0; c < count; c++) {
			if (c > 0)
				putchar(',');
			put_value(json_object_get(item, keys[c]));
		}
		fputs("\r\n", stdout);
	}
}
