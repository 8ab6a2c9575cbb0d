/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_file: libcyaml reads the values by a schema made from settings.tbl.h.
 * Its messages name the place of the last thing it understood, not of the one
 * it did not; so the places come from libyaml, which lies below it.
 */
#include "yaml_file.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct values {
#define SETTING(key, type, standard, min, max, help) char *key;
#include "settings.tbl.h"
};

static const cyaml_schema_field_t fields[] = {
#define SETTING(k, type, standard, min, max, help)                     \
	CYAML_FIELD_STRING_PTR(                                        \
		#k, CYAML_FLAG_POINTER_NULL_STR | CYAML_FLAG_OPTIONAL, \
		struct values, k, 0, CYAML_UNLIMITED),
#include "settings.tbl.h"
	CYAML_FIELD_END
};

static const cyaml_schema_value_t schema = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct values, fields) };

struct place {
	const char *path;
	struct bytes *why;
};

static void
complain(const struct place *p, yaml_mark_t at, const char *key,
	 const char *reason)
{
	bytes_format(p->why, "%s:%zu:%zu: ", p->path, at.line + 1,
		     at.column + 1);
	if (key)
		bytes_format(p->why, "%s: ", key);
	bytes_text(p->why, reason);
}

static void
complain_unknown(const struct place *p, yaml_mark_t at, const char *key)
{
	complain(p, at, key, "there is no such setting; there are ");
	for (int i = 0; i < SETTINGS; i++)
		bytes_format(p->why, "%s%s", i ? ", " : "", setting_at[i].key);
}

static bool
place_pair(struct yaml_file *f, const struct place *p, const yaml_node_t *key,
	   const yaml_node_t *value)
{
	const char *name;
	int i;

	if (!key || !value || key->type != YAML_SCALAR_NODE) {
		complain(p, key ? key->start_mark : value->start_mark, NULL,
			 "the name of a setting is expected");
		return false;
	}
	name = (const char *)key->data.scalar.value;
	i = setting_find(name);
	if (i < 0) {
		complain_unknown(p, key->start_mark, name);
		return false;
	}
	if (f->values[i].line) {
		complain(p, key->start_mark, name,
			 "said twice; once is allowed");
		return false;
	}
	if (value->type != YAML_SCALAR_NODE) {
		complain(p, value->start_mark, name,
			 "a list or a mapping is not allowed; one value is");
		return false;
	}
	f->values[i].line = value->start_mark.line + 1;
	f->values[i].column = value->start_mark.column + 1;
	return true;
}

static bool
place_all(struct yaml_file *f, const struct place *p, yaml_document_t *d)
{
	yaml_node_t *root = yaml_document_get_root_node(d);
	yaml_node_pair_t *pair;

	if (!root)
		return true;
	if (root->type != YAML_MAPPING_NODE) {
		complain(p, root->start_mark, NULL,
			 "lines of the form \"setting: value\" are expected");
		return false;
	}
	for (pair = root->data.mapping.pairs.start;
	     pair < root->data.mapping.pairs.top; pair++)
		if (!place_pair(f, p, yaml_document_get_node(d, pair->key),
				yaml_document_get_node(d, pair->value)))
			return false;
	return true;
}

static bool
places(struct yaml_file *f, const struct place *p, const char *text, size_t len)
{
	yaml_parser_t parser;
	yaml_document_t document;
	bool good = false;

	if (!yaml_parser_initialize(&parser)) {
		bytes_text(p->why, "out of memory");
		return false;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (yaml_parser_load(&parser, &document)) {
		good = place_all(f, p, &document);
		yaml_document_delete(&document);
	} else {
		complain(p, parser.problem_mark, NULL,
			 parser.problem ? parser.problem : "not YAML");
	}
	yaml_parser_delete(&parser);
	return good;
}

static bool
load(struct yaml_file *f, const struct place *p, const char *text, size_t len)
{
	const cyaml_config_t config = { .mem_fn = cyaml_mem,
					.flags = CYAML_CFG_NO_ALIAS };
	struct values *values = NULL;
	cyaml_err_t err =
		cyaml_load_data((const uint8_t *)text, len, &config, &schema,
				(cyaml_data_t **)&values, NULL);

	if (err != CYAML_OK) {
		bytes_format(p->why, "%s: %s", p->path, cyaml_strerror(err));
		return false;
	}
	if (!values)
		return true;
#define SETTING(k, type, standard, min, max, help) \
	f->values[SETTING_##k].text = values->k;
#include "settings.tbl.h"
	free(values); /* the texts are ours now: cyaml_mem is realloc */
	return true;
}

static bool
read_whole(const struct place *p, char *text, size_t *len)
{
	FILE *file = fopen(p->path, "re");
	bool good;

	if (!file) {
		bytes_format(p->why, "%s: %s", p->path, strerror(errno));
		return false;
	}
	*len = fread(text, 1, YAML_FILE_MOST + 1, file);
	good = !ferror(file) && *len <= YAML_FILE_MOST;
	if (ferror(file))
		bytes_format(p->why, "%s: %s", p->path, strerror(errno));
	else if (!good)
		bytes_format(p->why,
			     "%s: larger than %d bytes, which are "
			     "allowed",
			     p->path, YAML_FILE_MOST);
	fclose(file);
	return good;
}

bool
yaml_file_init(struct yaml_file *f, const char *path, struct bytes *why)
{
	const struct place p = { .path = path, .why = why };
	char *text = malloc(YAML_FILE_MOST + 1);
	size_t len;
	bool good;

	memset(f, 0, sizeof *f);
	if (!text) {
		bytes_text(why, "out of memory");
		return false;
	}
	good = read_whole(&p, text, &len) && places(f, &p, text, len) &&
	       load(f, &p, text, len);
	free(text);
	return good;
}

void
yaml_file_fini(struct yaml_file *f)
{
	for (int i = 0; i < SETTINGS; i++)
		free(f->values[i].text);
}
