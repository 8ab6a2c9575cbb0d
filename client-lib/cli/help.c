/* SPDX-License-Identifier: Apache-2.0 */
/* help: lists of commands; the options of one command argp prints. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "act.h"
#include "command.h"

static void
print_act(const struct act *act)
{
	char noun[32], verb[32], both[72];

	command_split(act, noun, verb);
	snprintf(both, sizeof both, "%s %s", noun, verb);
	printf("  %-20s %s\n", both, act->help);
}

void
help_noun(const char *noun)
{
	char mine[32], verb[32];

	printf("Usage: huiyin %s VERB [OPTION...]\n\n", noun);
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		command_split(act, mine, verb);
		if (command_is_act(act) && strcmp(mine, noun) == 0)
			print_act(act);
	}
	printf("\nhuiyin %s VERB --help tells the options; show is get.\n",
	       noun);
}

void
help_all(void)
{
	puts("Usage: huiyin [COMMON OPTION...] NOUN VERB [OPTION...]\n"
	     "Says one act to a huiyin server, or listens to it.\n");
	for (int i = 0; i < ACT_COUNT; i++)
		if (command_is_act(act_row((enum act_id)i)))
			print_act(act_row((enum act_id)i));
	putchar('\n');
	for (size_t i = 0; i < command_extra_count; i++) {
		const struct extra *extra = &command_extras[i];
		char both[72];

		snprintf(both, sizeof both, "%s %s", extra->name,
			 extra->arguments);
		printf("  %-20s %s\n", both, extra->help);
	}
	puts("\nWho you are: HUIYIN_URL, HUIYIN_CA, HUIYIN_AS, HUIYIN_NAME, "
	     "HUIYIN_SECRET_FILE,\nor --url, --ca, --as, --name, "
	     "--secret-file. huiyin NOUN VERB --help tells the\noptions of a "
	     "command, which may come before NOUN too where they are common.\n"
	     "\n"
	     "Data goes to standard output, talk to standard error. Ends with\n"
	     "0 done, 1 failed, 2 wrong usage, 3 not reachable, 4 refused,\n"
	     "5 not found.");
}
