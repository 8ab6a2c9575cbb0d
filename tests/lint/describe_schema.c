/* SPDX-License-Identifier: Apache-2.0 */
/* describe: rows of the table as JSON Schema. */
#include "describe.h"

#include <string.h>

static void
set(json_t *schema, const char *key, json_t *value)
{
	must(value != NULL);
	must(json_object_set_new(schema, key, value) == 0);
}

/* The child of that name, made when it is not there. */
static json_t *
child(json_t *parent, const char *key)
{
	json_t *found = json_object_get(parent, key);

	if (!found) {
		found = json_object();
		set(parent, key, found);
	}
	return found;
}

static void
become(json_t *schema, const char *type)
{
	if (!json_object_get(schema, "type"))
		set(schema, "type", json_string(type));
}

/* The schema a path leads to; parents without a row are made on the way. */
static json_t *
schema_at(json_t *root, const char *path, json_t **parent)
{
	json_t *at = root;

	while (*path) {
		size_t len = strcspn(path, ".[");
		char key[64];

		if (*path == '[') {
			become(at, "array");
			at = child(at, "items");
			path += 2;
		} else {
			must(len < sizeof key);
			memcpy(key, path, len);
			key[len] = 0;
			become(at, "object");
			*parent = at;
			at = child(child(at, "properties"), key);
			path += len;
		}
		path += *path == '.';
	}
	return at;
}

static void
set_words(json_t *schema, const char *key, const char *words)
{
	size_t all = strcspn(words, ";"), from = 0;
	json_t *list = json_array();

	while (from < all) {
		size_t len = strcspn(words + from, "|;");

		json_array_append_new(list, json_stringn(words + from, len));
		from += len + 1;
	}
	set(schema, key, list);
}

static void
set_type(json_t *schema, enum field_type type, bool nullable)
{
	static const char *const names[] = {
		[INTEGER] = "integer",
		[BOOLEAN] = "boolean",
		[OBJECT] = "object",
		[LIST] = "array",
	};
	const char *name = type < sizeof names / sizeof *names && names[type] ?
				   names[type] :
				   "string";

	set(schema, "type",
	    nullable ? json_pack("[s, s]", name, "null") : json_string(name));
	if (type == REGION)
		set(schema, "pattern", json_string("^[0-9]{12}$"));
	if (type == REF)
		set(schema, "format", json_string("uuid"));
	if (type == TIME)
		set(schema, "format", json_string("date-time"));
}

static void
set_bounds(json_t *schema, const struct field *f)
{
	if (f->type == TEXT) {
		set(schema, "minLength", json_integer(f->min));
		set(schema, "maxLength", json_integer(f->max));
		if (f->words && *f->words != ';')
			set_words(schema, "examples", f->words);
	} else if (f->type == INTEGER) {
		set(schema, "minimum", json_integer(f->min));
		set(schema, "maximum", json_integer(f->max));
	} else if (f->type == LIST) {
		set(schema, "minItems", json_integer(f->min));
		set(schema, "maxItems", json_integer(f->max));
	} else if (f->type == DIGITS) {
		set(schema, "pattern",
		    json_sprintf("^[0-9]{%d}$", (int)f->max));
	} else if (f->type == OBJECT) {
		set(schema, "additionalProperties", json_false());
	} else if (f->type == WORD) {
		set_words(schema, "enum", f->words);
	}
}

/* A field inside an object is required of the object's schema. */
static void
set_required(json_t *parent, const char *path)
{
	const char *key = strrchr(path, '.');
	json_t *list;

	if (!key || path[strlen(path) - 1] == ']')
		return;
	list = json_object_get(parent, "required");
	if (!list) {
		list = json_array();
		set(parent, "required", list);
	}
	json_array_append_new(list, json_string(key + 1));
}

json_t *
schema_of_fields(const struct act *act)
{
	static const char *const privacy[] = { NULL, "personal", "secret" };
	json_t *root = json_object(), *parent = root, *schema;

	become(root, "object");
	child(root, "properties");
	for (size_t i = 0; i < act->field_count; i++) {
		const struct field *f = &act->field[i];

		schema = schema_at(root, f->path, &parent);
		set_type(schema, f->type, false);
		set(schema, "description", json_string(f->help));
		set_bounds(schema, f);
		if (f->need == MUST)
			set_required(parent, f->path);
		if (privacy[f->privacy])
			set(schema, "x-privacy",
			    json_string(privacy[f->privacy]));
	}
	return root;
}

json_t *
schema_of_results(const struct result *row, size_t count)
{
	json_t *root = json_object(), *parent = root, *schema;

	become(root, "object");
	for (size_t i = 0; i < count; i++, row++) {
		schema = schema_at(root, row->path, &parent);
		set_type(schema, row->type, strstr(row->help, "null") != NULL);
		set(schema, "description", json_string(row->help));
		if (row->type == WORD)
			set_words(schema, "enum", row->words);
	}
	return root;
}
