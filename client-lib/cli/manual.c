/* SPDX-License-Identifier: Apache-2.0 */
/* manual: huiyin(1) for scdoc. */
#include "manual.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "identity.h"
#include "cost.h"
#include "listen.h"
#include "flag.h"

/* Text in which scdoc is to find nothing of its own. */
static void
print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_`[]<>#", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void
print_option(const struct argp_option *option)
{
	if (!option->name || !option->doc || (option->flags & OPTION_HIDDEN))
		return;
	printf("*--%s*", option->name);
	if (option->arg)
		printf(" _%s_", option->arg);
	fputs("\n\t", stdout);
	print_plain(option->doc);
	fputs("\n\n", stdout);
}

static void
print_options(const struct argp_option *options)
{
	for (; options->name || options->doc; options++)
		print_option(options);
}

static void
print_results(const struct act *act)
{
	if (act->result_count == 0)
		return;
	fputs("Answers with", stdout);
	for (size_t i = 0; i < act->result_count; i++) {
		fputs(i > 0 ? ", _" : " _", stdout);
		print_plain(act->result[i].path);
		putchar('_');
	}
	fputs(".\n\n", stdout);
}

static void
print_act(const struct act *act)
{
	static struct act_flags all;
	char noun[32], verb[32];

	flags_of(act, &all);
	command_split(act, noun, verb);
	printf("## huiyin %s %s\n\n", noun, verb);
	print_plain(act->help);
	if (all.bare)
		printf(" *--%s* may be left out before its value.",
		       all.bare->name);
	fputs("\n\n", stdout);
	print_options(all.argp);
	print_results(act);
}

static void
print_head(void)
{
	puts("huiyin(1)\n\n# NAME\n\n"
	     "huiyin - says acts to a huiyin server, and listens to it\n\n"
	     "# SYNOPSIS\n\n"
	     "*huiyin* [_COMMON OPTION_...] _NOUN_ _VERB_ [_OPTION_...]++\n"
	     "*huiyin* *listen* [_OPTION_...]\n\n"
	     "# DESCRIPTION\n\n"
	     "Data goes to standard output, talk to standard error. An option "
	     "of an act is called as the last part of the path of its field, "
	     "or as the whole path where two end alike; the whole path always "
	     "works. A text given as *-* is read from standard input. Where "
	     "an act has an option that is also a common one, the common one "
	     "goes before _NOUN_.\n\n# COMMON OPTIONS\n");
	print_options(identity_argp.options);
}

static void
print_tail(void)
{
	puts("## huiyin listen\n\nPrints notices as they come. A kiosk's are "
	     "acknowledged as delivered.\n");
	print_options(listen_options);
	puts("## huiyin outbox\n\nSends what earlier commands left in the "
	     "outbox of *--store*, shows what came of each act once, and "
	     "forgets it.\n\n"
	     "## huiyin traffic\n\nPrints the bytes that the line of "
	     "*--store* has cost on each day.\n");
	print_options(cost_options);
	puts("# ENVIRONMENT\n\n"
	     "*HUIYIN_URL*, *HUIYIN_CA*, *HUIYIN_AS*, *HUIYIN_NAME*, "
	     "*HUIYIN_SECRET_FILE*, *HUIYIN_SEAL_KEY_FILE*, *HUIYIN_PROXY*, "
	     "*HUIYIN_KEEPALIVE*, *HUIYIN_BUDGET*\n\tAs the options of these "
	     "names.\n\n"
	     "# EXIT STATUS\n\n"
	     "*0* done, *1* failed, *2* wrong usage, *3* the server cannot be "
	     "reached, *4* it refused, *5* it has nothing under this number.");
}

void
manual_print(void)
{
	print_head();
	puts("# COMMANDS\n");
	for (int i = 0; i < ACT_COUNT; i++)
		if (command_is_act(act_row((enum act_id)i)))
			print_act(act_row((enum act_id)i));
	print_tail();
}
