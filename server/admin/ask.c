/* SPDX-License-Identifier: Apache-2.0 */
/* ask: the SQL function of a command, its result and its refusals. */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "dump.h"
#include "exits.h"
#include "refusal.h"
#include "errands.h"
#include "secret.h"
#include "show.h"

/* Locales that show Chinese, as gettext finds them. */
static bool
want_chinese(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *value = NULL;

	for (int i = 0; i < 3 && (!value || !value[0]); i++)
		value = getenv(names[i]);
	return value && value[0] && lang_is_chinese(value);
}

static const struct allows {
	enum command_id command;
	const char *tag, *path, *en, *zh;
} allows[] = {
#define ALLOWS(command, tag, path, en, zh) \
	{ COMMAND_##command, tag, path, en, zh },
#include "allows.tbl.h"
};

/* NULL: the row of the tag has to do. */
static const struct allows *
allows_find(enum command_id command, const char *tag, const char *path)
{
	for (size_t i = 0; i < sizeof allows / sizeof *allows; i++)
		if (allows[i].command == command &&
		    strcmp(allows[i].tag, tag) == 0 &&
		    strcmp(allows[i].path, path) == 0)
			return &allows[i];
	return NULL;
}

/*
 * The sentences of errors.tbl.h speak of the wire; what would be allowed here
 * is what the tables of this room say.
 */
static void
say_why(const struct wish *w, const char *tag, const char *path,
	const struct param *p)
{
	const struct refusal_row *row = refusal_row(refusal_find(tag));
	const struct allows *allowed =
		path ? allows_find(w->id, tag, path) : NULL;

	if (allowed)
		fprintf(stderr, "%s",
			want_chinese() ? allowed->zh : allowed->en);
	else if (p && strcmp(tag, "already") == 0)
		fprintf(stderr, "there is one already");
	else if (p && strcmp(tag, "not_found") == 0)
		fprintf(stderr, "there is none");
	else if (p && strcmp(tag, "bad_value") == 0)
		fprintf(stderr, "%s Allowed: %s.", p->help, param_allowed(p));
	else
		fprintf(stderr, "%s", want_chinese() ? row->zh : row->en);
}

static int
say_refusal(const struct wish *w, const char *tag, const char *path)
{
	const struct param *p = path ? param_named(w->id, path) : NULL;

	fprintf(stderr, "huiyin-admin: refused (%s): ", tag);
	if (path)
		fprintf(stderr, "%s: ", p ? param_title(p) : path);
	say_why(w, tag, path, p);
	fputc('\n', stderr);
	if (strcmp(tag, "not_found") == 0)
		return NOT_FOUND;
	if (p && p->where == PLACE && strncmp(tag, "unknown_", 8) == 0)
		return NOT_FOUND;
	return REFUSED;
}

static int
answer(const struct wish *w, const PGresult *r, json_t **result)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	json_error_t error;

	if (state && strcmp(state, "YN001") == 0)
		return say_refusal(
			w, PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY),
			PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL));
	*result = json_loads(PQgetvalue(r, 0, 0), JSON_DECODE_ANY, &error);
	if (*result)
		return DONE;
	fprintf(stderr, "huiyin-admin: the database answered %s\n", error.text);
	return FAILED;
}

int
ask(const struct wish *w, json_t **result)
{
	return ask_function(w, command_at[w->id].function, w->params, result);
}

int
ask_function(const struct wish *w, const char *function, const json_t *what,
	     json_t **result)
{
	char text[120];
	char *params = dump_text(what, 0);
	const char *values[] = { params, NULL };
	struct database d;
	PGresult *r = NULL;
	int code;

	if (!params) {
		fprintf(stderr, "huiyin-admin: out of memory\n");
		return FAILED;
	}
	snprintf(text, sizeof text, "select admin.%s($1::jsonb)", function);
	code = database_open(&d, w->db);
	if (code == DONE) {
		code = database_run(&d, NULL, text, values, &r);
		if (r)
			code = answer(w, r, result);
		PQclear(r);
		database_close(&d);
	}
	free(params);
	return code;
}

int
ask_secret(const struct wish *w)
{
	const char *why = "";

	if (!w->secret_file) {
		fprintf(stderr,
			"huiyin-admin: the file with the "
			"installation's secret is missing; say it by --secret "
			"or HUIYIN_INSTALLATION_SECRET_FILE\n");
		return USAGE;
	}
	if (secret_open(w->secret_file, &why))
		return DONE;
	fprintf(stderr, "huiyin-admin: %s: %s\n", w->secret_file, why);
	return USAGE;
}

int
run_ask(struct wish *w)
{
	json_t *result = NULL;
	int code = ask(w, &result);

	if (code == DONE)
		show(w, result);
	json_decref(result);
	return code;
}
