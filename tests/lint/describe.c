/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe: the table of acts as documents. "describe openrpc" prints
 * client-lib/openrpc.json (OpenRPC 1.2.6), "describe reference" the reference
 * part of client-lib/PROTOCOL.md, "describe words" a dictionary for fuzzers.
 * describe.py compares them with what is in the tree.
 */
#include "describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seal.h"

static json_t *
errors_of_all(void)
{
	json_t *all = json_object();

	for (int i = 1; i < REFUSAL_COUNT; i++) {
		const struct refusal_row *row = refusal_row((enum refusal_id)i);
		json_t *error =
			json_pack("{s:i, s:s, s:{s:s, s:s, s:s}}", "code",
				  row->code, "message", row->en, "data", "tag",
				  row->tag, "allow", row->allow_en, "retry",
				  row->retry == LATER ? "later" : "never");

		must(json_object_set_new(all, row->tag, error) == 0);
	}
	return all;
}

static json_t *
roles_of(unsigned who)
{
	json_t *list = json_array();

	for (unsigned role = 1; role <= WHO_ADMIN; role <<= 1)
		if (who & role)
			json_array_append_new(list,
					      json_string(role_name(role)));
	return list;
}

static bool
is_top(const char *path)
{
	return !strpbrk(path, ".[");
}

static json_t *
params_of(const struct act *act)
{
	json_t *schema = schema_of_fields(act), *list = json_array();

	for (size_t i = 0; i < act->field_count; i++) {
		const struct field *f = &act->field[i];
		json_t *one, *properties;

		if (!is_top(f->path))
			continue;
		properties = json_object_get(schema, "properties");
		one = json_pack("{s:s, s:s, s:b, s:O}", "name", f->path,
				"summary", f->help, "required", f->need == MUST,
				"schema", json_object_get(properties, f->path));
		if (f->need == UNLESS)
			json_object_set_new(
				one, "x-unless",
				json_string(strchr(f->words, ';') + 1));
		json_array_append_new(list, one);
	}
	json_decref(schema);
	return list;
}

static json_t *
method_of(const struct act *act)
{
	json_t *result = schema_of_results(act->result, act->result_count);

	return json_pack(
		"{s:s, s:s, s:s, s:o, s:{s:s, s:o}, s:o, s:s, s:b,"
		" s:b, s:I}",
		"name", act->name, "summary", act->help, "paramStructure",
		"by-name", "params", params_of(act), "result", "name", "result",
		"schema", result, "x-roles", roles_of(act->who), "x-when",
		act->when == BEFORE_HELLO ? "first" : "after hello", "x-writes",
		act->does == WRITES, "x-may-be-sealed", seal_is_for(act),
		"x-max-bytes", (json_int_t)act->size);
}

static json_t *
news_of_all(void)
{
	json_t *list = json_array();

	for (int i = 0; i < NEWS_COUNT; i++) {
		const struct news *news = news_row((enum news_id)i);

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o}", "name", news->name,
					"summary", news->help, "params",
					schema_of_results(news->field,
							  news->field_count)));
	}
	return list;
}

static json_t *
openrpc(void)
{
	json_t *methods = json_array();

	for (int i = 0; i < ACT_COUNT; i++)
		json_array_append_new(methods,
				      method_of(act_row((enum act_id)i)));
	return json_pack(
		"{s:s, s:{s:s, s:s, s:s, s:{s:s}}, s:[{s:s, s:s}], s:o, s:o,"
		" s:{s:o}}",
		"openrpc", "1.2.6", "info", "title", "huiyin", "version",
		HUIYIN_VERSION, "description",
		"JSON-RPC 2.0 over WebSocket, subprotocol " WIRE_SUBPROTOCOL
		". Params are objects. The id of an act that writes is a"
		" UUIDv7. See PROTOCOL.md.",
		"license", "name", "Apache-2.0", "servers", "name", "a node",
		"url", "wss://127.0.0.1:7443/ws", "methods", methods, "x-news",
		news_of_all(), "components", "errors", errors_of_all());
}

static void
print_json(json_t *value)
{
	must(value != NULL);
	must(json_dumpf(value, stdout, JSON_INDENT(2)) == 0);
	putchar('\n');
	json_decref(value);
}

static void
print_word(const char *word)
{
	printf("\"\\\"%s\\\"\"\n", word);
}

/* Every key and word once, in libFuzzer's form: "\"word\"". */
static void
print_words(void)
{
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		print_word(act->name);
		for (size_t j = 0; j < act->field_count; j++) {
			const char *key = strrchr(act->field[j].path, '.');

			print_word(key ? key + 1 : act->field[j].path);
		}
	}
	for (int i = 0; i < NEWS_COUNT; i++)
		print_word(news_row((enum news_id)i)->name);
	print_word("jsonrpc");
	print_word("2.0");
	print_word("method");
	print_word("params");
	print_word("result");
	print_word("error");
}

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "openrpc") == 0)
		print_json(openrpc());
	else if (strcmp(what, "reference") == 0)
		print_reference();
	else if (strcmp(what, "words") == 0)
		print_words();
	else {
		fputs("usage: describe openrpc|reference|words\n", stderr);
		return 2;
	}
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
