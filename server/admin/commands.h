/* SPDX-License-Identifier: Apache-2.0 */
/* commands: the rows of commands.tbl.h as values. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

struct wish;

enum command_id {
#define COMMAND(id, words, run, function, columns, help) COMMAND_##id,
#include "commands.tbl.h"
	COMMANDS
};

enum param_where { PLACE, FLAG };
enum param_need { MUST, MAY };
enum param_form { TEXT, LIST, DATE, YEAR, REGION, COUNTY, SWITCH };

struct param {
	const char *name;
	const char *words; /* the only ones allowed, a|b; NULL: any */
	const char *help;
	enum command_id command;
	enum param_where where;
	enum param_need need;
	enum param_form form;
};

struct command {
	const char *words;          /* noun and verb */
	int (*run)(struct wish *w); /* the exit code */
	const char *function;       /* in the schema admin; NULL: none */
	const char *columns;        /* of items or of a file; NULL: none */
	const char *help;
};

extern const struct command command_at[COMMANDS];

/* The params of a command in the order of the table: NULL, then its first. */
const struct param *param_next(const struct param *p, enum command_id id);
/* By the name of the function's parameter; NULL: none. */
const struct param *param_named(enum command_id id, const char *name);
/* Its name as people type it: --valid-from, or FILE. */
const char *param_title(const struct param *p);
/* What would be allowed, for a sentence that ends with it. */
const char *param_allowed(const struct param *p);
/* COMMANDS when there is none of that noun and verb (NULL: of one word). */
enum command_id command_find(const char *noun, const char *verb);
/* Is there a command whose first word it is? */
bool command_is_noun(const char *noun);

#endif
