/* SPDX-License-Identifier: Apache-2.0 */
/* completion: nouns, verbs, options, and the words a field may have. */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "identity.h"
#include "cost.h"
#include "listen.h"
#include "flag.h"

static void
print_options(const struct argp_option *options)
{
	for (; options->name || options->doc; options++)
		if (options->name && !(options->flags & OPTION_HIDDEN))
			printf(" --%s", options->name);
}

static void
print_verbs(void)
{
	char noun[32], verb[32], other[32];

	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *first = act_row((enum act_id)i);

		command_split(first, noun, verb);
		if (!command_is_first(first) || !*verb)
			continue;
		printf("\t%s) words=\"", noun);
		for (int j = i; j < ACT_COUNT; j++) {
			command_split(act_row((enum act_id)j), other, verb);
			if (strcmp(noun, other) == 0)
				printf("%s ", verb);
		}
		puts("\";;");
	}
}

static void
print_nouns(void)
{
	char noun[32], verb[32];

	for (int i = 0; i < ACT_COUNT; i++) {
		command_split(act_row((enum act_id)i), noun, verb);
		if (command_is_first(act_row((enum act_id)i)))
			printf("%s ", noun);
	}
	for (size_t i = 0; i < command_extra_count; i++)
		printf("%s ", command_extras[i].name);
}

/* What may follow an option of this act, or usually does. */
static void
print_values(const struct act_flags *all, const char *command)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct field *field = all->flag[i].field;

		if (!field->words || *field->words == ';')
			continue;
		printf("\t\"%s --%s\") words=\"", command, all->flag[i].name);
		for (const char *c = field->words; *c && *c != ';'; c++)
			putchar(*c == '|' ? ' ' : *c);
		puts("\";;");
	}
}

static void
print_acts(void)
{
	static struct act_flags all;
	char noun[32], verb[32], command[72];

	for (int i = 0; i < ACT_COUNT; i++) {
		const struct act *act = act_row((enum act_id)i);

		if (!command_is_act(act))
			continue;
		command_split(act, noun, verb);
		snprintf(command, sizeof command, "%s %s", noun, verb);
		flags_of(act, &all);
		print_values(&all, command);
		printf("\t\"%s \"*) words=\"", command);
		print_options(all.argp);
		puts(" $common\";;");
	}
}

void
completion_bash(void)
{
	puts("# bash completion for huiyin: made by huiyin completion bash");
	puts("_huiyin() {");
	puts("\tlocal word=${COMP_WORDS[COMP_CWORD]} words common");
	puts("\tlocal before=${COMP_WORDS[COMP_CWORD-1]}");
	printf("\tcommon=\"");
	print_options(identity_argp.options);
	puts(" --help\"");
	puts("\tcase $COMP_CWORD in");
	printf("\t1) words=\"");
	print_nouns();
	puts("$common\";;");
	puts("\t2) case ${COMP_WORDS[1]} in");
	print_verbs();
	puts("\tcompletion) words=bash;;");
	printf("\ttraffic) words=\"");
	print_options(cost_options);
	puts(" $common\";;");
	printf("\tlisten) words=\"");
	print_options(listen_options);
	puts(" $common\";;\n\t*) words=$common;;\n\tesac;;");
	puts("\t*) case \"${COMP_WORDS[1]} ${COMP_WORDS[2]} $before\" in");
	puts("\t*\" --ca\"|*\" --secret-file\"|*\" --store\"|"
	     "*\" --seal-key-file\")");
	puts("\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return;;");
	puts("\t*\" --as\") words=\"visitor kiosk staff\";;");
	puts("\t*\" --lang\") words=\"zh-CN en\";;");
	print_acts();
	puts("\t*) words=$common;;\n\tesac;;\n\tesac");
	puts("\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")");
	puts("}\ncomplete -F _huiyin huiyin");
}
