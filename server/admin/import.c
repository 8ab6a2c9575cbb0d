/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import: yearly lists from CSV, regions and days of the calendar. The rows go
 * to SQL as they are, which says what is wrong with which.
 */
#include "errands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "exits.h"
#include "rows.h"
#include "show.h"

/* The cells of a row that were told back, in the order of the columns. */
static void
say_cells(const json_t *row, const char *columns)
{
	char name[32];

	while (*columns) {
		size_t len = strcspn(columns, " ");
		const char *cell;

		snprintf(name, sizeof name, "%.*s", (int)len, columns);
		cell = json_string_value(json_object_get(row, name));
		if (cell) {
			show_text(stderr, cell);
			fputc(' ', stderr);
		}
		columns += len + (columns[len] == ' ');
	}
}

/* One line a problem, as compilers say it; how many rows were not taken. */
static int
say_problems(const char *path, const char *columns, const json_t *problems)
{
	const json_t *one;
	int lost = 0;
	size_t i;

	json_array_foreach(problems, i, one) {
		fprintf(stderr, "%s:%lld: ", path,
			(long long)json_integer_value(
				json_object_get(one, "line")));
		say_cells(one, columns);
		fprintf(stderr, "%s\n",
			json_string_value(json_object_get(one, "problem")));
		if (!json_is_true(json_object_get(one, "imported")))
			lost++;
	}
	return lost;
}

/* Numbers, lists as how many there are, and until when; those there are. */
static void
show_counts(const json_t *result)
{
	static const char *const counts[][2] = {
		{ "imported", "imported" }, { "unchanged", "unchanged" },
		{ "renamed", "renamed" },   { "returned", "valid again" },
		{ "retired", "retired" },   { "problems", "to look at" }
	};
	const json_t *until = json_object_get(result, "named_until");

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const json_t *one = json_object_get(result, counts[i][0]);

		if (one)
			printf("%s%lld %s", i ? ", " : "",
			       json_is_array(one) ?
				       (long long)json_array_size(one) :
				       (long long)json_integer_value(one),
			       counts[i][1]);
	}
	if (until)
		printf("; days are named until %s",
		       json_is_string(until) ? json_string_value(until) : "-");
	putchar('\n');
}

int
run_import(struct wish *w)
{
	const char *columns = command_at[w->id].columns;
	char *path =
		strdup(json_string_value(json_object_get(w->params, "file")));
	json_t *rows = path ? rows_read(path, columns) : NULL, *result = NULL;
	int code = FAILED, lost;

	json_object_del(w->params, "file");
	if (rows && json_object_set_new(w->params, "rows", rows) == 0)
		code = ask(w, &result);
	if (code == DONE) {
		lost = say_problems(path, columns,
				    json_object_get(result, "problems"));
		if (w->json)
			show(w, result);
		else
			show_counts(result);
		if (lost) {
			fprintf(stderr,
				"huiyin-admin: %d rows were not taken%s\n",
				lost,
				json_object_get(result, "retired") ?
					"; so nothing was retired" :
					"");
			code = FAILED;
		}
	}
	json_decref(result);
	free(path);
	return code;
}
