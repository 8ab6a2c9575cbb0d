/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command: what can be said: "huiyin NOUN VERB" for each act but hello, and a
 * few commands that are no acts.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "act.h"

/* A command that is no act. */
struct extra {
	const char *name, *arguments, *help;
};

extern const struct extra command_extras[];
extern const size_t command_extra_count;

/* May the act be said on the command line? */
bool command_is_act(const struct act *act);
/* "notice.publish" -> "notice" and "publish"; "ping" -> "ping" and "". */
void command_split(const struct act *act, char noun[32], char verb[32]);
/* The act of NOUN VERB (verb may be NULL); NULL when there is none. */
const struct act *command_find(const char *noun, const char *verb);
/* Does any act begin with this noun? */
bool command_is_noun(const char *noun);
/* Is act the first of its noun? For lists of nouns. */
bool command_is_first(const struct act *act);

#endif
