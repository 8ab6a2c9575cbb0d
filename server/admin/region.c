/* SPDX-License-Identifier: Apache-2.0 */
/*
 * region: the yearly list of regions from CSV (RFC 4180, UTF-8, a BOM is
 * allowed). Only its form is judged here; which row is wrong SQL says.
 */
#include "errands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "exits.h"
#include "show.h"

#define COLUMNS 3
#define EVERY 5000 /* rows between signs of life on a terminal */

static const char *const header[COLUMNS] = { "code", "name", "level" };

struct reader {
	const char *path;
	FILE *file;
	char *line; /* of getline */
	size_t room;
	int number; /* of the line, from 1 */
	char *cells[COLUMNS];
};

static int
say_line(const struct reader *f, const char *why)
{
	fprintf(stderr, "huiyin-admin: %s:%d: %s\n", f->path, f->number, why);
	return -1;
}

/*
 * Cuts one cell out of the line, in place; NULL when its quotes do not end.
 * *next is behind the comma, or NULL at the end of the line.
 */
static char *
cut_cell(char *from, char **next)
{
	char *to = from, *cell = from;

	if (*from != '"') {
		*next = strchr(from, ',');
		if (*next)
			*(*next)++ = 0;
		return cell;
	}
	for (from++; *from; from++) {
		if (*from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	if (from[-1] != '"' || (*from && *from != ','))
		return NULL;
	*next = *from ? from + 1 : NULL;
	*to = 0;
	return cell;
}

/* 1 with cells, 0 at the end, -1 with the reason said. */
static int
read_row(struct reader *f)
{
	ssize_t len = getline(&f->line, &f->room, f->file);
	char *next = f->line;

	f->number++;
	if (len < 0 || !f->line)
		return ferror(f->file) ? say_line(f, strerror(errno)) : 0;
	if (memchr(f->line, 0, (size_t)len))
		return say_line(f, "a NUL byte is not text");
	f->line[strcspn(f->line, "\r\n")] = 0;
	if (f->number == 1 && strncmp(next, "\xef\xbb\xbf", 3) == 0)
		next += 3;
	for (int i = 0; i < COLUMNS; i++) {
		if (!next)
			return say_line(f, "three columns are expected: "
					   "code,name,level");
		f->cells[i] = cut_cell(next, &next);
		if (!f->cells[i])
			return say_line(f, "a quote is not closed");
	}
	return 1;
}

static int
read_header(struct reader *f)
{
	int got = read_row(f);

	for (int i = 0; got > 0 && i < COLUMNS; i++)
		if (!f->cells[i] || strcmp(f->cells[i], header[i]) != 0)
			got = say_line(f, "the header code,name,level is "
					  "expected");
	return got == 0 ? say_line(f, "the file is empty") : got;
}

/* The rows as the function wants them; NULL with the reason said. */
static json_t *
read_rows(struct reader *f)
{
	json_t *rows = json_array();
	int got = read_header(f);

	while (rows && got > 0 && (got = read_row(f)) > 0) {
		json_t *row = json_pack("{si ss ss ss}", "line", f->number,
					header[0], f->cells[0], header[1],
					f->cells[1], header[2], f->cells[2]);

		if (!row || json_array_append_new(rows, row) != 0)
			got = say_line(f, "not UTF-8, or out of memory");
		if (f->number % EVERY == 0 && isatty(STDERR_FILENO))
			fprintf(stderr, "\r%d rows read", f->number);
	}
	if (f->number >= EVERY && isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
	if (got == 0)
		return rows;
	json_decref(rows);
	return NULL;
}

static json_t *
read_file(const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	struct reader f = { .path = standard ? "standard input" : path,
			    .file = standard ? stdin : fopen(path, "re") };
	json_t *rows;

	if (!f.file) {
		fprintf(stderr, "huiyin-admin: %s: %s\n", path,
			strerror(errno));
		return NULL;
	}
	rows = read_rows(&f);
	if (!standard)
		fclose(f.file);
	free(f.line);
	return rows;
}

/* One line a problem, as compilers say it; how many rows were not taken. */
static int
say_problems(const char *path, const json_t *problems)
{
	const json_t *one;
	int lost = 0;
	size_t i;

	json_array_foreach(problems, i, one) {
		const char *code =
			json_string_value(json_object_get(one, "code"));
		const char *name =
			json_string_value(json_object_get(one, "name"));

		fprintf(stderr, "%s:%lld: %s %s: %s\n", path,
			(long long)json_integer_value(
				json_object_get(one, "line")),
			code ? code : "", name ? name : "",
			json_string_value(json_object_get(one, "problem")));
		if (!json_is_true(json_object_get(one, "imported")))
			lost++;
	}
	return lost;
}

static void
show_counts(const json_t *result)
{
	printf("%lld imported, %lld unchanged, %zu renamed, %zu retired, "
	       "%zu to look at\n",
	       (long long)json_integer_value(
		       json_object_get(result, "imported")),
	       (long long)json_integer_value(
		       json_object_get(result, "unchanged")),
	       json_array_size(json_object_get(result, "renamed")),
	       json_array_size(json_object_get(result, "retired")),
	       json_array_size(json_object_get(result, "problems")));
}

int
run_import(struct wish *w)
{
	char *path =
		strdup(json_string_value(json_object_get(w->params, "file")));
	json_t *rows = path ? read_file(path) : NULL, *result = NULL;
	int code = FAILED, lost;

	json_object_del(w->params, "file");
	if (rows && json_object_set_new(w->params, "rows", rows) == 0)
		code = ask(w, &result);
	if (code == DONE) {
		lost = say_problems(path, json_object_get(result, "problems"));
		if (w->json)
			show(w, result);
		else
			show_counts(result);
		if (lost) {
			fprintf(stderr,
				"huiyin-admin: %d rows were not "
				"taken\n",
				lost);
			code = FAILED;
		}
	}
	json_decref(result);
	free(path);
	return code;
}
