/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: params against the rows of their act. A walk over the value, with
 * two paths in hand: the row's ("items[].at") and the value's ("items[3].at").
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "ref.h"
#include "text.h"

struct walk {
	const struct act *act;
	struct refusal *why;
	char row[REFUSAL_PATH];  /* path as in the table */
	char path[REFUSAL_PATH]; /* path as in the value */
};

static int walk_value(struct walk *w, const struct field *field,
		      const json_t *value);

static int
within(const struct field *field, int64_t n, const char *path,
       struct refusal *why)
{
	if (n < field->min || n > field->max)
		return refuse(why, REFUSAL_out_of_bounds, path);
	return 0;
}

/* The words of a row without what follows a ';'. */
static bool
is_word(const struct field *field, const char *word)
{
	char words[512], *end;

	must(text_copy(words, sizeof words, field->words));
	end = strchr(words, ';');
	if (end)
		*end = 0;
	return text_in_list(words, word) && !strpbrk(word, "|;");
}

/* Of secrets nothing is judged but their length. */
static bool
says_nothing(const struct field *field, const char *text)
{
	return field->min > 0 && field->privacy != SECRET &&
	       text_is_blank(text);
}

static int
check_text(const struct field *field, const char *text, const char *path,
	   struct refusal *why)
{
	bool good = true;

	switch (field->type) {
	case TEXT:
		if (within(field, (int64_t)text_length(text), path, why) != 0)
			return -1;
		if (says_nothing(field, text))
			return refuse(why, REFUSAL_blank, path);
		break;
	case WORD:
		good = is_word(field, text);
		break;
	case REGION:
		good = text_region(text) != 0;
		break;
	case REF:
		good = ref_is_good(text);
		break;
	case TIME:
		good = clock_text_is_time(text);
		break;
	case DIGITS:
		good = text_is_digits(text, (size_t)field->max);
		break;
	default:
		must(!"a type that is not text");
	}
	return good ? 0 : refuse(why, REFUSAL_bad_value, path);
}

int
check_value(const struct field *field, const json_t *value, const char *path,
	    struct refusal *why)
{
	bool good;

	switch (field->type) {
	case INTEGER:
		good = json_is_integer(value);
		break;
	case BOOLEAN:
		good = json_is_boolean(value);
		break;
	case OBJECT:
		good = json_is_object(value);
		break;
	case LIST:
		good = json_is_array(value);
		break;
	default:
		good = json_is_string(value);
	}
	if (!good)
		return refuse(why, REFUSAL_wrong_type, path);
	if (field->type == INTEGER)
		return within(field, json_integer_value(value), path, why);
	if (field->type == LIST)
		return within(field, (int64_t)json_array_size(value), path,
			      why);
	if (field->type == BOOLEAN || field->type == OBJECT)
		return 0;
	return check_text(field, json_string_value(value), path, why);
}

const struct field *
check_row(const struct act *act, const char *path)
{
	for (size_t i = 0; i < act->field_count; i++)
		if (strcmp(act->field[i].path, path) == 0)
			return &act->field[i];
	return NULL;
}

const char *
check_known(const struct act *act, const char *path)
{
	char row[REFUSAL_PATH];
	size_t len = 0;
	const struct field *field;

	for (; *path && len + 1 < sizeof row; path++) {
		row[len++] = *path;
		if (*path == '[')
			path += strspn(path + 1, "0123456789");
	}
	row[len] = 0;
	field = act && !*path ? check_row(act, row) : NULL;
	return field ? field->path : NULL;
}

/* Puts more behind a path; false when it does not fit. */
static bool
add_path(char path[REFUSAL_PATH], const char *more)
{
	size_t len = strlen(path);

	if (len > 0 && more[0] != '[' && len + 1 < REFUSAL_PATH) {
		path[len++] = '.';
		path[len] = 0;
	}
	return text_copy(path + len, REFUSAL_PATH - len, more);
}

/* Puts a key or "[3]" behind both paths; false when one does not fit. */
static bool
walk_down(struct walk *w, const char *row, const char *path)
{
	bool fits = add_path(w->path, path);

	return add_path(w->row, row) && fits;
}

static int
walk_list(struct walk *w, const json_t *list)
{
	size_t r = strlen(w->row), p = strlen(w->path), i;
	const struct field *field;
	json_t *value;
	char at[24];

	json_array_foreach(list, i, value) {
		snprintf(at, sizeof at, "[%zu]", i);
		must(walk_down(w, "[]", at));
		field = check_row(w->act, w->row);
		must(field != NULL);
		if (walk_value(w, field, value) != 0)
			return -1;
		w->row[r] = w->path[p] = 0;
	}
	return 0;
}

/* Is this row a direct child of the object whose row path is parent? */
static bool
is_child(const char *path, const char *parent)
{
	size_t len = strlen(parent);

	if (strncmp(path, parent, len) != 0)
		return false;
	path += len;
	if (len > 0 && *path++ != '.')
		return false;
	return *path && !strpbrk(path, ".[");
}

static int
missing(struct walk *w, const struct field *field)
{
	const char *key = strrchr(field->path, '.');
	char path[REFUSAL_PATH];

	key = key ? key + 1 : field->path;
	snprintf(path, sizeof path, "%.80s%s%.30s", w->path,
		 w->path[0] ? "." : "", key);
	return refuse(w->why, REFUSAL_missing_field, path);
}

/* An UNLESS row: a must, or forbidden when the other field is there. */
static int
check_unless(struct walk *w, const struct field *field, const json_t *object,
	     const json_t *value)
{
	const char *other = strchr(field->words, ';');

	must(other != NULL);
	if (!json_object_get(object, other + 1))
		return value ? 0 : missing(w, field);
	return value ? refuse(w->why, REFUSAL_unknown_field, field->path) : 0;
}

/* Are all fields there that must be? */
static int
check_presence(struct walk *w, const json_t *object)
{
	for (size_t i = 0; i < w->act->field_count; i++) {
		const struct field *field = &w->act->field[i];
		const char *key = strrchr(field->path, '.');
		const json_t *value;

		if (!is_child(field->path, w->row))
			continue;
		value = json_object_get(object, key ? key + 1 : field->path);
		if (field->need == MUST && !value)
			return missing(w, field);
		if (field->need == UNLESS &&
		    check_unless(w, field, object, value) != 0)
			return -1;
	}
	return 0;
}

static int
walk_object(struct walk *w, const json_t *object)
{
	size_t r = strlen(w->row), p = strlen(w->path);
	const struct field *field;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		field = walk_down(w, key, key) && !strpbrk(key, ".[") ?
				check_row(w->act, w->row) :
				NULL;
		if (!field)
			return refuse(w->why, REFUSAL_unknown_field, w->path);
		if (walk_value(w, field, value) != 0)
			return -1;
		w->row[r] = w->path[p] = 0;
	}
	return check_presence(w, object);
}

static int
walk_value(struct walk *w, const struct field *field, const json_t *value)
{
	if (check_value(field, value, w->path, w->why) != 0)
		return -1;
	if (field->type == OBJECT)
		return walk_object(w, value);
	if (field->type == LIST)
		return walk_list(w, value);
	return 0;
}

int
check_params(const struct act *act, const json_t *params, struct refusal *why)
{
	struct walk w = { .act = act, .why = why };

	if (params && !json_is_object(params))
		return refuse(why, REFUSAL_wrong_type, "params");
	return params ? walk_object(&w, params) : check_presence(&w, NULL);
}
