/* SPDX-License-Identifier: Apache-2.0 */
/* usage: help and completion, both from commands.tbl.h. */
#include "usage.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "exits.h"

static void
print_synopsis(enum command_id id)
{
	const struct param *p = NULL;

	printf("huiyin-admin %s", command_at[id].words);
	while ((p = param_next(p, id)) != NULL) {
		printf(p->need == MUST ? " %s" : " [%s", param_title(p));
		if (p->where == FLAG && p->form != SWITCH)
			printf(" %s",
			       p->words && p->form == TEXT ? p->words : "...");
		printf(p->need == MUST ? "" : "]");
	}
	putchar('\n');
}

static void
print_command(enum command_id id)
{
	const struct param *p = NULL;

	print_synopsis(id);
	printf("    %s\n\n", command_at[id].help);
	while ((p = param_next(p, id)) != NULL) {
		printf("    %-16s %s", param_title(p), p->help);
		if (p->form != TEXT && p->form != SWITCH && !p->words)
			printf(" Allowed: %s.", param_allowed(p));
		if (p->words)
			printf(" Allowed: %s.", p->words);
		putchar('\n');
	}
}

static void
print_common(void)
{
	printf("\nAlways:\n"
	       "    --db CONNINFO    The database (libpq); HUIYIN_DB when "
	       "absent.\n"
	       "    --json           Results as JSON, lists as JSON lines.\n"
	       "    --sql DIR        Folder of migrations; HUIYIN_SQL when "
	       "absent.\n"
	       "    --secret FILE    The installation's secret;\n"
	       "                     HUIYIN_INSTALLATION_SECRET_FILE when "
	       "absent.\n"
	       "    --help           Help on a command.\n"
	       "    --version        The version.\n"
	       "Ends with 0 done, 1 failed, 2 usage, 3 not reachable, 4 "
	       "refused, "
	       "5 not found.\n");
}

int
usage_help(const char *noun, const char *verb)
{
	size_t len = noun ? strlen(noun) : 0;

	if (noun && (verb || command_find(noun, NULL) != COMMANDS)) {
		enum command_id id = command_find(noun, verb);

		if (id == COMMANDS) {
			fprintf(stderr, "huiyin-admin: no command %s %s\n",
				noun, verb ? verb : "");
			return USAGE;
		}
		print_command(id);
	} else if (noun && !command_is_noun(noun)) {
		fprintf(stderr, "huiyin-admin: no command %s\n", noun);
		return USAGE;
	} else {
		for (int id = 0; id < COMMANDS; id++)
			if (!noun ||
			    (strncmp(command_at[id].words, noun, len) == 0 &&
			     command_at[id].words[len] == ' '))
				printf("huiyin-admin %-20s %s\n",
				       command_at[id].words,
				       command_at[id].help);
		if (!noun)
			printf("huiyin-admin %-20s %s\n", "completion",
			       "Prints the completion of bash: "
			       "source <(huiyin-admin completion)");
	}
	print_common();
	return DONE;
}

static void
complete_command(enum command_id id)
{
	const struct param *p = NULL;

	printf(strchr(command_at[id].words, ' ') ? "\t\"%s\") words=\"$words" :
						   "\t\"%s \"*) words=\"$words",
	       command_at[id].words);
	while ((p = param_next(p, id)) != NULL)
		if (p->where == FLAG)
			printf(" %s", param_title(p));
	printf("\" ;;\n");
}

static void
complete_values(void)
{
	for (int id = 0; id < COMMANDS; id++) {
		const struct param *p = NULL;

		while ((p = param_next(p, (enum command_id)id)) != NULL) {
			if (!p->words)
				continue;
			printf("\t\"%s %s\") words=\"", command_at[id].words,
			       param_title(p));
			for (const char *c = p->words; *c; c++)
				putchar(*c == '|' ? ' ' : *c);
			printf("\" ;;\n");
		}
	}
}

void
usage_completion(void)
{
	printf("_huiyin_admin() {\n"
	       "\tlocal now=${COMP_WORDS[COMP_CWORD]} words=\n"
	       "\tlocal noun=${COMP_WORDS[1]-} verb=${COMP_WORDS[2]-}\n"
	       "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tCOMPREPLY=()\n"
	       "\tif ((COMP_CWORD <= 2)); then\n"
	       "\t\t((COMP_CWORD == 1)) && noun=\n"
	       "\t\twords=$(printf '%%s\\n' ");
	for (int id = 0; id < COMMANDS; id++)
		printf("'%s' ", command_at[id].words);
	printf("help completion |\n"
	       "\t\t\tsed -n \"s/^${noun:+$noun }//p\" | cut -d' ' -f1 | "
	       "sort -u)\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
	       "\"$now\")\n\t\treturn\n\tfi\n"
	       "\twords='--db --json --sql --secret --help'\n"
	       "\tcase \"$noun $verb\" in\n");
	for (int id = 0; id < COMMANDS; id++)
		complete_command((enum command_id)id);
	printf("\tesac\n\tcase \"$noun $verb $before\" in\n");
	complete_values();
	printf("\t*\" FILE\" | *--sql | *--secret) words= ;;\n\tesac\n"
	       "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$now\")\n"
	       "\t((${#COMPREPLY[@]})) || compopt -o default\n"
	       "}\ncomplete -F _huiyin_admin huiyin-admin\n");
}
