/* SPDX-License-Identifier: Apache-2.0 */
/* rows: rows of a file in CSV. Only its form is judged here. */
#include "rows.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "must.h"

#define MOST_COLUMNS 8
#define EVERY 5000 /* rows between signs of life on a terminal */

struct reader {
	const char *path;
	FILE *file;
	char *line; /* of getline */
	size_t room;
	int number;     /* of the line, from 1 */
	char names[80]; /* of the columns, each ends with NUL */
	char *name_at[MOST_COLUMNS];
	char *cells[MOST_COLUMNS];
	int columns;
};

static int
say_line(const struct reader *f, const char *why)
{
	fprintf(stderr, "huiyin-admin: %s:%d: %s\n", f->path, f->number, why);
	return -1;
}

/* The header as it should be, after what is wrong. */
static int
say_header(const struct reader *f, const char *why)
{
	fprintf(stderr, "huiyin-admin: %s:%d: %s: ", f->path, f->number, why);
	for (int i = 0; i < f->columns; i++)
		fprintf(stderr, "%s%s", i ? "," : "", f->name_at[i]);
	fputc('\n', stderr);
	return -1;
}

static void
name_columns(struct reader *f, const char *columns)
{
	char *name = f->names;

	must(strlen(columns) < sizeof f->names);
	memcpy(f->names, columns, strlen(columns) + 1);
	while (name) {
		must(f->columns < MOST_COLUMNS);
		f->name_at[f->columns++] = strsep(&name, " ");
	}
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
	for (int i = 0; i < f->columns; i++) {
		if (!next)
			return say_header(f, "a cell is missing of");
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

	for (int i = 0; got > 0 && i < f->columns; i++)
		if (strcmp(f->cells[i], f->name_at[i]) != 0)
			got = say_header(f, "the header is not");
	return got == 0 ? say_line(f, "the file is empty") : got;
}

/* NULL when a cell is not UTF-8, or memory is out. */
static json_t *
row_value(const struct reader *f)
{
	json_t *row = json_pack("{si}", "line", f->number);

	for (int i = 0; row && i < f->columns; i++)
		if (json_object_set_new(row, f->name_at[i],
					json_string(f->cells[i])) != 0) {
			json_decref(row);
			return NULL;
		}
	return row;
}

static json_t *
read_rows(struct reader *f)
{
	json_t *rows = json_array();
	int got = read_header(f);

	while (rows && got > 0 && (got = read_row(f)) > 0) {
		if (json_array_append_new(rows, row_value(f)) != 0)
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

json_t *
rows_read(const char *path, const char *columns)
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
	name_columns(&f, columns);
	rows = read_rows(&f);
	if (!standard)
		fclose(f.file);
	free(f.line);
	return rows;
}
