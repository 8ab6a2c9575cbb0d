/* SPDX-License-Identifier: Apache-2.0 */
/* print: results, notices and news for people. */
#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "minutes.h"
#include "reach.h"
#include "table.h"
#include "width.h"

size_t
print_columns(const struct act *act, const char *list, const char **keys)
{
	size_t len = strlen(list), count = 0;

	for (size_t i = 0; i < act->result_count && count < PRINT_MOST_KEYS;
	     i++) {
		const char *path = act->result[i].path;

		if (strncmp(path, list, len) == 0 &&
		    strncmp(path + len, "[].", 3) == 0)
			keys[count++] = path + len + 3;
	}
	return count;
}

static bool
is_among(const char *key, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static bool
any_has(const json_t *list, const char *key)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		if (json_object_get(item, key))
			return true;
	}
	return false;
}

/*
 * Keys of all objects of a list that has no rows of its own: those of a
 * history in their order, then the others as they come.
 */
static size_t
columns_found(const json_t *list, const char **keys)
{
	static const char *const first[] = { "at", "state", "by", "note" };
	json_t *item, *value;
	const char *key;
	size_t count = 0, i;

	for (i = 0; i < sizeof first / sizeof *first; i++)
		if (any_has(list, first[i]))
			keys[count++] = first[i];
	json_array_foreach(list, i, item) {
		json_object_foreach(item, key, value) {
			if (count < PRINT_MOST_KEYS &&
			    !is_among(key, keys, count))
				keys[count++] = key;
		}
	}
	return count;
}

bool
print_is_list(const struct act *act)
{
	const char *keys[PRINT_MOST_KEYS];

	return print_columns(act, "items", keys) > 0;
}

static void print_members(const struct act *act, const json_t *object,
			  size_t indent);

static void
print_array(const struct act *act, const char *key, const json_t *list,
	    size_t indent)
{
	const char *keys[PRINT_MOST_KEYS];
	size_t count = print_columns(act, key, keys);

	if (count == 0)
		count = columns_found(list, keys);
	table_print(list, keys, count, indent);
}

/* A list without objects, which stands on the line of its key. */
static bool
is_plain_list(const json_t *value)
{
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item) {
		if (json_is_object(item) || json_is_array(item))
			return false;
	}
	return json_is_array(value);
}

static void
print_plain_list(const json_t *list)
{
	char text[2048];
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		fputs(i == 0 ? "" : ", ", stdout);
		width_put(table_text(item, text), 0, 0);
	}
	puts(json_array_size(list) == 0 ? "-" : "");
}

static size_t
widest_key(const json_t *object)
{
	const char *key;
	size_t width = 0;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		if ((!json_is_array(value) || is_plain_list(value)) &&
		    strlen(key) > width)
			width = strlen(key);
	}
	return width;
}

static void
print_value(const struct act *act, const char *key, const json_t *value,
	    size_t indent, size_t width)
{
	char text[2048];
	bool plain = is_plain_list(value);

	if ((json_is_array(value) && !plain) ||
	    (json_is_object(value) && !json_object_get(value, "name"))) {
		printf("%*s%s:\n", (int)indent, "", key);
		if (json_is_array(value))
			print_array(act, key, value, indent + 2);
		else
			print_members(act, value, indent + 2);
		return;
	}
	printf("%*s%s: %*s", (int)indent, "", key, (int)(width - strlen(key)),
	       "");
	if (plain)
		print_plain_list(value);
	else
		width_put_lines(json_is_string(value) ?
					json_string_value(value) :
					table_text(value, text),
				indent + width + 2);
}

static void
print_members(const struct act *act, const json_t *object, size_t indent)
{
	size_t width = widest_key(object);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		print_value(act, key, value, indent, width);
	}
}

/* Is path "name", "name.x" or "name[].x"? */
static bool
is_of(const char *path, const char *name)
{
	size_t len = strlen(name);

	return strncmp(path, name, len) == 0 &&
	       (path[len] == 0 || path[len] == '.' || path[len] == '[');
}

static bool
has_row(const struct act *act, const char *name)
{
	for (size_t i = 0; i < act->result_count; i++)
		if (is_of(act->result[i].path, name))
			return true;
	return false;
}

/* In the order of the table, then what it does not know yet. */
static void
print_object(const struct act *act, const json_t *object)
{
	size_t width = widest_key(object);
	const char *key;
	char name[64];
	json_t *value;

	for (size_t i = 0; i < act->result_count; i++) {
		const char *path = act->result[i].path;

		snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "[."),
			 path);
		value = json_object_get(object, name);
		if (value && (i == 0 || !is_of(act->result[i - 1].path, name)))
			print_value(act, name, value, 0, width);
	}
	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		if (!has_row(act, key))
			print_value(act, key, value, 0, width);
	}
}

void
print_result(const struct act *act, const json_t *result)
{
	json_t *items = json_object_get(result, "items");
	const char *keys[PRINT_MOST_KEYS];

	if (act_id_of(act) == ACT_notice_reach) {
		reach_print(result);
	} else if (act_id_of(act) == ACT_meeting_get) {
		minutes_print_meeting(result);
	} else if (act_id_of(act) == ACT_summary_get) {
		minutes_print_summary(result);
	} else if (print_is_list(act)) {
		if (json_array_size(items) > 0)
			table_print(items, keys,
				    print_columns(act, "items", keys), 0);
		else
			fputs("huiyin: nothing\n", stderr);
	} else {
		print_object(act, result);
	}
}

bool
print_line(const json_t *value)
{
	char *text = value ? dump_text(value, JSON_ENCODE_ANY) : NULL;

	if (text)
		puts(text);
	free(text);
	return text != NULL;
}

bool
print_json(const struct act *act, const json_t *result)
{
	json_t *items = json_object_get(result, "items"), *item;
	size_t i;

	if (!print_is_list(act))
		return print_line(result);
	json_array_foreach(items, i, item) {
		if (!print_line(item))
			return false;
	}
	return true;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

void
print_notice(const json_t *notice)
{
	const json_t *department = json_object_get(notice, "department");
	const char *instruction = text_of(notice, "instruction");

	width_put(text_of(notice, "notice"), 0, 0);
	fputs("  ", stdout);
	width_put(text_of(notice, "sent"), 0, 0);
	fputs("  ", stdout);
	width_put(text_of(department, "name"), 0, 0);
	fputs("\n  ", stdout);
	width_put_lines(text_of(notice, "headline"), 2);
	fputs("  ", stdout);
	width_put_lines(text_of(notice, "description"), 2);
	if (*instruction) {
		fputs("  → ", stdout);
		width_put_lines(instruction, 4);
	}
}

void
print_news(const char *name, const json_t *news)
{
	const json_t *meeting = json_object_get(news, "meeting");
	char text[2048];

	width_put(name, 0, 0);
	fputs("  ", stdout);
	width_put(meeting ? table_text(meeting, text) :
			    text_of(news, "receipt"),
		  0, 0);
	fputs("  ", stdout);
	width_put_lines(text_of(news, "state"), 2);
}
