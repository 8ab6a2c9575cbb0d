/* SPDX-License-Identifier: Apache-2.0 */
/* show: a result on stdout, as JSON or as people read it. */
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "text.h"
#include "wish.h"

#define MOST_COLUMNS 16
#define GAP 2 /* blanks between columns */

static void
show_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
	putchar('\n');
}

void
show_text(FILE *to, const char *text)
{
	for (; *text; text++) {
		unsigned control = text_control(text);

		if (control == '\n')
			fputs("\\n", to);
		else if (control)
			fprintf(to, "\\u%04x", control);
		else
			fputc(*text, to);
		text += control >= 0x80; /* of two bytes */
	}
}

/* In one line: words of a list by commas, fields of an object by colons. */
static void
write_value(FILE *to, const json_t *value)
{
	const char *key;
	json_t *one;
	size_t i;

	if (json_is_string(value)) {
		show_text(to, json_string_value(value));
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, one) {
			fputs(i ? ", " : "", to);
			write_value(to, one);
		}
	} else if (json_is_object(value)) {
		const char *gap = "";

		json_object_foreach((json_t *)value, key, one) {
			fprintf(to, "%s%s: ", gap, key);
			write_value(to, one);
			gap = ", ";
		}
	} else if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "yes" : "no", to);
	} else if (value && !json_is_null(value)) {
		json_dumpf(value, to, JSON_ENCODE_ANY);
	} else {
		fputc('-', to);
	}
}

/* To be freed; NULL when memory is out. */
static char *
value_text(const json_t *value)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return NULL;
	write_value(to, value);
	return fclose(to) == 0 ? text : NULL;
}

/* Places on a terminal: Chinese characters take two. */
static int
width_of(const char *text)
{
	wchar_t wide[256];
	size_t n = mbstowcs(wide, text, 255);
	int width;

	if (n == (size_t)-1)
		return (int)text_length(text);
	wide[n] = 0;
	width = wcswidth(wide, n);
	return width < 0 ? (int)n : width;
}

static void
show_cell(const char *text, int width, bool last)
{
	int blanks = last ? 0 : width - width_of(text) + GAP;

	printf("%s%*s", text, blanks > 0 ? blanks : 0, "");
}

struct table {
	char names[MOST_COLUMNS][32];
	int widths[MOST_COLUMNS];
	int count;
};

static void
name_columns(struct table *t, const char *columns)
{
	while (*columns && t->count < MOST_COLUMNS) {
		size_t len = strcspn(columns, " ");

		snprintf(t->names[t->count], sizeof t->names[0], "%.*s",
			 (int)len, columns);
		t->widths[t->count] = width_of(t->names[t->count]);
		t->count++;
		columns += len + (columns[len] == ' ');
	}
}

static void
row(struct table *t, const json_t *item, bool print)
{
	for (int i = 0; i < t->count; i++) {
		char *text = value_text(json_object_get(item, t->names[i]));
		int width = width_of(text ? text : "");

		if (print)
			show_cell(text ? text : "", t->widths[i],
				  i + 1 == t->count);
		else if (width > t->widths[i])
			t->widths[i] = width;
		free(text);
	}
	if (print)
		putchar('\n');
}

static void
show_table(const char *columns, const json_t *items)
{
	struct table t = { .count = 0 };
	const json_t *item;
	size_t i;

	name_columns(&t, columns);
	json_array_foreach(items, i, item)
		row(&t, item, false);
	for (int c = 0; c < t.count; c++)
		show_cell(t.names[c], t.widths[c], c + 1 == t.count);
	putchar('\n');
	json_array_foreach(items, i, item)
		row(&t, item, true);
}

static void
show_line(const char *key, const json_t *value)
{
	printf("%s: ", key);
	write_value(stdout, value);
	putchar('\n');
}

static void
show_lines(const char *key, const json_t *list)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		show_line(key, one);
}

void
show(const struct wish *w, const json_t *result)
{
	const json_t *items = json_object_get(result, "items");
	const char *key;
	json_t *value;
	size_t i;

	if (w->json && items) {
		json_array_foreach(items, i, value)
			show_json(value);
	} else if (w->json) {
		show_json(result);
	} else if (items && command_at[w->id].columns) {
		show_table(command_at[w->id].columns, items);
	} else {
		json_object_foreach((json_t *)result, key, value) {
			if (json_is_array(value))
				show_lines(key, value);
			else
				show_line(key, value);
		}
	}
}
