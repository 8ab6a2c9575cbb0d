/* SPDX-License-Identifier: Apache-2.0 */
/* command: the names of acts as words of a command line. */
#include "command.h"

#include <stdio.h>
#include <string.h>

const struct extra command_extras[] = {
	{ "listen", "", "Prints notices as they come." },
	{ "outbox", "",
	  "Sends what is kept in --store; shows what came of it." },
	{ "traffic", "", "Prints what the line of --store has cost." },
	{ "completion", "bash", "Prints a script that completes commands." },
	{ "manual", "", "Prints the manual page, as scdoc(5) reads it." },
};

const size_t command_extra_count =
	sizeof command_extras / sizeof *command_extras;

bool
command_is_act(const struct act *act)
{
	return act->when == AFTER_HELLO;
}

void
command_split(const struct act *act, char noun[32], char verb[32])
{
	const char *dot = strchr(act->name, '.');
	int len = (int)(dot ? (size_t)(dot - act->name) : strlen(act->name));

	snprintf(noun, 32, "%.*s", len, act->name);
	snprintf(verb, 32, "%s", dot ? dot + 1 : "");
	/* "a.b_c" is said "a b-c". */
	for (; *verb; verb++)
		if (*verb == '_' || *verb == '.')
			*verb = '-';
}

/* Another word for get: what one says to see something. */
static const char *
plain_verb(const char *verb)
{
	return verb && strcmp(verb, "show") == 0 ? "get" : verb;
}

const struct act *
command_find(const char *noun, const char *verb)
{
	char mine[32], my_verb[32];

	verb = plain_verb(verb);
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		command_split(act, mine, my_verb);
		if (command_is_act(act) && strcmp(mine, noun) == 0 &&
		    strcmp(my_verb, verb ? verb : "") == 0)
			return act;
	}
	return NULL;
}

bool
command_is_noun(const char *noun)
{
	char mine[32], verb[32];

	for (int i = 0; i < ACT_COUNT; i++) {
		command_split(act_row((enum act_id)i), mine, verb);
		if (*verb && strcmp(mine, noun) == 0 &&
		    command_is_act(act_row((enum act_id)i)))
			return true;
	}
	return false;
}

bool
command_is_first(const struct act *act)
{
	char mine[32], other[32], verb[32];

	command_split(act, mine, verb);
	for (int i = 0; i < (int)act_id_of(act); i++) {
		const struct act *before = act_row((enum act_id)i);

		command_split(before, other, verb);
		if (command_is_act(before) && strcmp(mine, other) == 0)
			return false;
	}
	return command_is_act(act);
}
