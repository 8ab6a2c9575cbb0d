/* SPDX-License-Identifier: Apache-2.0 */
/* table: aligned columns, cut to the terminal where there is one. */
#include "table.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "width.h"

#define MOST_COLUMNS 24

struct column {
	const char *key;
	size_t width; /* of its widest cell */
	bool numbers;
};

/* {code, name} is told by its name, other objects as JSON. */
static const char *
object_text(const json_t *value, char text[2048])
{
	const json_t *name = json_object_get(value, "name");
	size_t len;

	if (json_is_string(name)) {
		(void)text_copy(text, 2048, json_string_value(name));
		return text;
	}
	len = json_dumpb(value, text, 2047, JSON_COMPACT);
	text[len < 2047 ? len : 0] = 0;
	return text;
}

const char *
table_text(const json_t *value, char text[2048])
{
	if (!value || json_is_null(value))
		return "-";
	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	if (json_is_string(value)) {
		(void)text_copy(text, 2048, json_string_value(value));
		return text;
	}
	if (json_is_integer(value)) {
		snprintf(text, 2048, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return text;
	}
	return object_text(value, text);
}

static void
heading(const char *key, char text[64])
{
	size_t i = 0;

	for (; i < 63 && key[i]; i++)
		text[i] = key[i] == '_' ? ' ' :
					  (char)toupper((unsigned char)key[i]);
	text[i] = 0;
}

/* Measures a column; false when no item has it. */
static bool
measure(const json_t *items, struct column *column)
{
	char text[2048], head[64];
	bool there = false;
	size_t i, width;
	json_t *item;

	heading(column->key, head);
	column->width = strlen(head);
	column->numbers = true;
	json_array_foreach(items, i, item) {
		json_t *value = json_object_get(item, column->key);

		there |= value != NULL;
		column->numbers &= !value || json_is_integer(value);
		width = width_of(table_text(value, text));
		if (width > column->width)
			column->width = width;
	}
	return there;
}

static void
put_cell(const struct column *column, const char *text, size_t most, bool last)
{
	size_t width = width_of(text);

	if (column->numbers && width < column->width)
		printf("%*s", (int)(column->width - width), "");
	width_put(text, most, last || column->numbers ? 0 : column->width);
	fputs(last ? "\n" : "  ", stdout);
}

/* Columns left for the last one; 0: as many as it wants. */
static size_t
room_of_last(const struct column *columns, size_t count, size_t indent)
{
	size_t terminal = width_terminal(), used = indent;

	for (size_t i = 0; i + 1 < count; i++)
		used += columns[i].width + 2;
	if (terminal == 0)
		return 0;
	return terminal > used + 10 ? terminal - used : 10;
}

static void
put_rows(const json_t *items, const struct column *columns, size_t count,
	 size_t indent)
{
	size_t room = room_of_last(columns, count, indent), i;
	char text[2048];
	json_t *item;

	json_array_foreach(items, i, item) {
		printf("%*s", (int)indent, "");
		for (size_t c = 0; c < count; c++)
			put_cell(&columns[c],
				 table_text(
					 json_object_get(item, columns[c].key),
					 text),
				 c + 1 == count ? room : 0, c + 1 == count);
	}
}

/* On a terminal the widest comes last, where it is cut and not wrapped. */
static void
widest_last(struct column *columns, size_t count)
{
	size_t widest = 0;
	struct column moved;

	if (width_terminal() == 0)
		return;
	for (size_t c = 1; c < count; c++)
		if (columns[c].width >= columns[widest].width)
			widest = c;
	moved = columns[widest];
	memmove(&columns[widest], &columns[widest + 1],
		(count - widest - 1) * sizeof *columns);
	columns[count - 1] = moved;
}

void
table_print(const json_t *items, const char *const *keys, size_t key_count,
	    size_t indent)
{
	struct column columns[MOST_COLUMNS];
	size_t count = 0;
	char head[64];

	for (size_t i = 0; i < key_count && count < MOST_COLUMNS; i++) {
		columns[count].key = keys[i];
		count += measure(items, &columns[count]);
	}
	if (count == 0)
		return;
	widest_last(columns, count);
	printf("%*s", (int)indent, "");
	for (size_t c = 0; c < count; c++) {
		heading(columns[c].key, head);
		put_cell(&columns[c], head, 0, c + 1 == count);
	}
	put_rows(items, columns, count, indent);
}
