/* SPDX-License-Identifier: Apache-2.0 */
/* flag: rows of the table of acts, for argp. */
#include "flag.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"

/* Fields inside a list of objects have no place on a command line. */
static bool
has_option(const struct field *field)
{
	return field->type != OBJECT && field->type != LIST &&
	       !strstr(field->path, "[].");
}

static const char *
last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot + 1 : path;
}

/* "filed_by.name[]" -> "filed-by-name" */
static void
dashed(char to[FLAG_NAME], const char *path)
{
	size_t n = 0;

	for (; *path && *path != '[' && n < FLAG_NAME - 1; path++)
		to[n++] = *path == '.' || *path == '_' ? '-' : *path;
	to[n] = 0;
}

static bool
is_alone(const struct act *act, const struct field *field)
{
	char mine[FLAG_NAME], other[FLAG_NAME];

	dashed(mine, last_part(field->path));
	for (size_t i = 0; i < act->field_count; i++) {
		dashed(other, last_part(act->field[i].path));
		if (&act->field[i] != field && has_option(&act->field[i]) &&
		    strcmp(mine, other) == 0)
			return false;
	}
	return true;
}

static const char *
argument_of(const struct field *field)
{
	switch (field->type) {
	case INTEGER:
		return "N";
	case REGION:
		return "CODE";
	case REF:
		return "REF";
	case TIME:
		return "TIME";
	case DIGITS:
		return "DIGITS";
	case WORD:
		return "WORD";
	case BOOLEAN:
		return NULL;
	default:
		return "TEXT";
	}
}

/* The words a row has: all that stands before a ';'. */
static void
write_words(char *to, size_t room, const struct field *field)
{
	int len = field->words ? (int)strcspn(field->words, ";") : 0;

	if (len == 0)
		return;
	snprintf(to, room, " %s: %.*s.",
		 field->type == WORD ? "One of" : "Such as", len, field->words);
	for (; *to; to++)
		if (*to == '|')
			*to = ' ';
}

/* What the object is about that a field stands in; "" when in none. */
static const char *
help_of_parent(const struct act *act, const struct field *field)
{
	size_t len = (size_t)(last_part(field->path) - field->path);

	for (size_t i = 0; i < act->field_count && len > 0; i++)
		if (strlen(act->field[i].path) == len - 1 &&
		    strncmp(act->field[i].path, field->path, len - 1) == 0)
			return act->field[i].help;
	return "";
}

/* "names[]" is no must where the list "names" is none. */
static bool
must_be(const struct act *act, const struct field *field)
{
	size_t len = strcspn(field->path, "[");

	if (field->need != MUST || strchr(field->path, '.'))
		return false;
	for (size_t i = 0; i < act->field_count && field->path[len]; i++)
		if (strlen(act->field[i].path) == len &&
		    strncmp(act->field[i].path, field->path, len) == 0)
			return act->field[i].need == MUST;
	return true;
}

/* The form of a time, the bounds of a number, the length of a text. */
static void
write_bounds(char *to, size_t room, const struct field *field)
{
	if (field->type == TIME)
		snprintf(to, room, " Such as 2026-12-01T09:00:00+08:00.");
	else if (field->type == INTEGER && field->max == WIRE_NUMBER_MAX)
		snprintf(to, room, " At least %" PRId64 ".", field->min);
	else if (field->type == INTEGER && field->max > 0)
		snprintf(to, room, " From %" PRId64 " to %" PRId64 ".",
			 field->min, field->max);
	else if (field->type == TEXT && field->max > 0)
		snprintf(to, room, " At most %" PRId64 " characters.",
			 field->max);
}

static void
write_help(struct flag *o, const struct act *act)
{
	const char *parent = help_of_parent(act, o->field);
	char words[320] = "", bounds[64] = "";

	write_words(words, sizeof words, o->field);
	write_bounds(bounds, sizeof bounds, o->field);
	snprintf(o->help, sizeof o->help, "%s%s%s%s%s%s%s", parent,
		 *parent ? " " : "", o->field->help, words, bounds,
		 must_be(act, o->field) ? " A must." : "",
		 o->repeats ? " May come several times." : "");
}

static void
fill(struct flag *o, const struct act *act, const struct field *field)
{
	size_t len;

	*o = (struct flag){ .field = field };
	o->repeats = strstr(field->path, "[]") != NULL;
	dashed(o->name,
	       is_alone(act, field) ? last_part(field->path) : field->path);
	dashed(o->path, field->path);
	if (strcmp(o->path, o->name) == 0)
		o->path[0] = 0;
	len = strlen(o->name);
	if (o->repeats && len > 2 && o->name[len - 1] == 's')
		memcpy(o->single, o->name, len - 1);
	if (*o->single && len > 3 && strcmp(o->name + len - 3, "ies") == 0)
		memcpy(o->single + len - 3, "y", 2);
	write_help(o, act);
}

/* The only must of an act may be given without its name. */
static const struct flag *
find_bare(const struct act_flags *all)
{
	const struct flag *found = NULL;

	for (size_t i = 0; i < all->act->field_count; i++)
		if (all->act->field[i].need == UNLESS)
			return NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct field *field = all->flag[i].field;

		if (field->need != MUST || strchr(field->path, '.'))
			continue;
		if (found)
			return NULL;
		found = &all->flag[i];
	}
	return found;
}

static void
write_argp(struct act_flags *all)
{
	struct argp_option *to = all->argp;

	for (size_t i = 0; i < all->count; i++) {
		struct flag *o = &all->flag[i];

		*to++ = (struct argp_option){
			o->name, FLAG_KEY + (int)i, argument_of(o->field),
			0,       o->help,           1
		};
		if (o->path[0])
			*to++ = (struct argp_option){
				o->path, 0, NULL, OPTION_ALIAS | OPTION_HIDDEN,
				NULL,    1
			};
		if (o->single[0])
			*to++ = (struct argp_option){ o->single,    0,    NULL,
						      OPTION_ALIAS, NULL, 1 };
	}
	if (print_is_list(all->act))
		*to++ = (struct argp_option){
			"csv",
			FLAG_CSV,
			NULL,
			0,
			"The list as CSV, with a line of names",
			1
		};
	*to = (struct argp_option){ 0 };
}

void
flags_of(const struct act *act, struct act_flags *all)
{
	*all = (struct act_flags){ .act = act };
	for (size_t i = 0; i < act->field_count; i++) {
		if (!has_option(&act->field[i]))
			continue;
		must(all->count < FLAGS_MOST);
		fill(&all->flag[all->count++], act, &act->field[i]);
	}
	all->bare = find_bare(all);
	write_argp(all);
}

#define INPUT_MOST 70000 /* bytes; no act takes so long a text */

/* What standard input has, or why not. */
static const char *
read_all(char *text, size_t *len)
{
	*len = fread(text, 1, INPUT_MOST, stdin);
	if (ferror(stdin))
		return "cannot be read from standard input";
	if (*len == INPUT_MOST)
		return "is too long for one text";
	if (memchr(text, 0, *len))
		return "has a byte 0 in it: that is no text";
	return NULL;
}

/* All of standard input, without its last newline; NULL with why. */
static char *
read_input(char why[160])
{
	char *text = malloc(INPUT_MOST);
	const char *wrong;
	size_t len = 0;

	wrong = text ? read_all(text, &len) : "finds no memory";
	if (wrong) {
		snprintf(why, 160, "%s", wrong);
		free(text);
		return NULL;
	}
	if (len > 0 && text[len - 1] == '\n')
		len--;
	text[len] = 0;
	return text;
}

static json_t *
text_value(const char *value, char why[160])
{
	json_t *text = json_string(value);

	if (!text)
		snprintf(why, 160, "is not UTF-8");
	return text;
}

/* "-" is standard input, and never itself. */
static json_t *
said_or_read(const char *value, char why[160])
{
	char *input;
	json_t *text;

	if (strcmp(value, "-") != 0)
		return text_value(value, why);
	input = read_input(why);
	text = input ? text_value(input, why) : NULL;
	free(input);
	return text;
}

static json_t *
make_value(const struct field *field, const char *value, char why[160])
{
	long long number;
	char *end;

	if (field->type == BOOLEAN)
		return json_true();
	if (field->type == TEXT)
		return said_or_read(value, why);
	if (field->type == INTEGER) {
		errno = 0;
		number = strtoll(value, &end, 10);
		if (!errno && end != value && !*end)
			return json_integer(number);
		snprintf(why, 160, "wants a number, not '%.40s'", value);
		return NULL;
	}
	return text_value(strcmp(value, "-") == 0 ? "" : value, why);
}

/* Puts value at path, making objects and lists on the way; takes value. */
static bool
put_at(json_t *object, const char *path, json_t *value)
{
	size_t len = strcspn(path, ".[");
	json_t *inner = json_object_getn(object, path, len);

	if (!path[len])
		return json_object_setn_new(object, path, len, value) == 0;
	if (!inner) {
		inner = path[len] == '[' ? json_array() : json_object();
		if (json_object_setn_new(object, path, len, inner) != 0) {
			json_decref(value);
			return false;
		}
	}
	if (path[len] == '[')
		return json_array_append_new(inner, value) == 0;
	return put_at(inner, path + len + 1, value);
}

/* "A,B" for a list of codes or words is A and B. */
static bool
put_several(const struct flag *o, const char *value, json_t *params,
	    char why[160])
{
	bool words = o->field->type == REGION || o->field->type == WORD;
	size_t len = words ? strcspn(value, ",") : strlen(value);
	char *one = strndup(value, len);
	json_t *made = one ? make_value(o->field, one, why) : NULL;
	bool good = made && put_at(params, o->field->path, made);

	free(one);
	if (good && value[len] == ',')
		return put_several(o, value + len + 1, params, why);
	return good;
}

bool
flag_put(const struct flag *o, const char *value, json_t *params, char why[160])
{
	json_t *made;

	why[0] = 0;
	if (o->repeats)
		return put_several(o, value, params, why);
	made = make_value(o->field, value, why);
	return made && put_at(params, o->field->path, made);
}

const char *
flag_for_path(const struct act_flags *all, const char *path,
	      char text[FLAG_NAME + 4])
{
	char wanted[FLAG_NAME], have[FLAG_NAME];

	dashed(wanted, path);
	for (size_t i = 0; i < all->count; i++) {
		dashed(have, all->flag[i].field->path);
		if (strcmp(wanted, have) != 0)
			continue;
		snprintf(text, FLAG_NAME + 4, "--%s", all->flag[i].name);
		return text;
	}
	return path;
}
