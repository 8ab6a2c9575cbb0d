/* SPDX-License-Identifier: Apache-2.0 */
/* commands: the rows of commands.tbl.h as values. */
#include "commands.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "errands.h"

const struct command command_at[COMMANDS] = {
#define COMMAND(id, typed, runs, asks, shows, text) \
	[COMMAND_##id] = { .words = typed,          \
			   .run = run_##runs,       \
			   .function = asks,        \
			   .columns = shows,        \
			   .help = text },
#include "commands.tbl.h"
};

static const struct param params[] = {
#define PARAM(id, key, at, must_or_may, as, allowed, text) \
	{ .command = COMMAND_##id,                         \
	  .name = key,                                     \
	  .where = at,                                     \
	  .need = must_or_may,                             \
	  .form = as,                                      \
	  .words = allowed,                                \
	  .help = text },
#include "commands.tbl.h"
};

const struct param *
param_next(const struct param *p, enum command_id id)
{
	const struct param *end = params + sizeof params / sizeof *params;

	for (p = p ? p + 1 : params; p < end; p++)
		if (p->command == id)
			return p;
	return NULL;
}

const struct param *
param_named(enum command_id id, const char *name)
{
	for (const struct param *p = NULL; (p = param_next(p, id)) != NULL;)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

const char *
param_title(const struct param *p)
{
	static char title[64];
	bool flag = p->where == FLAG;

	snprintf(title, sizeof title, "%s%s", flag ? "--" : "", p->name);
	for (char *c = title; *c; c++) {
		if (!flag)
			*c = (char)toupper((unsigned char)*c);
		else if (*c == '_')
			*c = '-';
	}
	return title;
}

const char *
param_allowed(const struct param *p)
{
	static const char *const allowed[] = {
		[TEXT] = "text without control characters",
		[LIST] = "words separated by commas",
		[DATE] = "a day as 2026-01-31",
		[YEAR] = "a year as 2026",
		[REGION] = "a code of 12 digits",
		[COUNTY] = "a code of 6 or 12 digits",
		[SWITCH] = "no value",
	};

	return p->words ? p->words : allowed[p->form];
}

enum command_id
command_find(const char *noun, const char *verb)
{
	char words[80];
	int id = 0;

	snprintf(words, sizeof words, "%s%s%s", noun, verb ? " " : "",
		 verb ? verb : "");
	while (id < COMMANDS && strcmp(command_at[id].words, words) != 0)
		id++;
	return (enum command_id)id;
}

bool
command_is_noun(const char *noun)
{
	size_t len = strlen(noun);

	for (int i = 0; i < COMMANDS; i++)
		if (strncmp(command_at[i].words, noun, len) == 0 &&
		    strchr(" ", command_at[i].words[len]))
			return true;
	return false;
}
