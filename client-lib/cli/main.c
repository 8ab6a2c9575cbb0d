/* SPDX-License-Identifier: Apache-2.0 */
/* huiyin: the command line. Everything about acts comes from their table. */
#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "completion.h"
#include "cost.h"
#include "help.h"
#include "identity.h"
#include "kept.h"
#include "listen.h"
#include "load.h"
#include "manual.h"
#include "flag.h"
#include "run.h"

/* What the parser of one act fills. */
struct said {
	struct identity *who;
	struct act_flags options;
	json_t *params;
	bool bare_given;
};

static void
put(struct said *said, const struct flag *option, const char *value,
    struct argp_state *state)
{
	char why[160];

	if (!flag_put(option, value, said->params, why))
		argp_error(state, "--%s %s", option->name, why);
}

static error_t
parse_act(int key, char *arg, struct argp_state *state)
{
	struct said *said = state->input;
	size_t at = (size_t)(key - FLAG_KEY);

	if (key == ARGP_KEY_INIT) {
		state->child_inputs[0] = said->who;
	} else if (key == ARGP_KEY_ARG && said->options.bare &&
		   !said->bare_given) {
		said->bare_given = true;
		put(said, said->options.bare, arg, state);
	} else if (key == ARGP_KEY_ARG) {
		argp_error(state, "what is '%s'?", arg);
	} else if (key == FLAG_CSV) {
		said->who->csv = true;
	} else if (key >= FLAG_KEY && at < said->options.count) {
		put(said, &said->options.flag[at], arg ? arg : "", state);
	} else {
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int
run_said(struct said *said, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &identity_argp, 0, NULL, 0 }, { 0 }
	};
	const struct flag *bare = said->options.bare;
	char doc[FLAG_NAME];
	struct argp argp = {
		said->options.argp, parse_act, NULL, said->options.act->help,
		children,           NULL,      NULL
	};

	for (size_t i = 0; bare && i <= strlen(bare->name); i++)
		doc[i] = (char)(bare->name[i] >= 'a' && bare->name[i] <= 'z' ?
					bare->name[i] - 'a' + 'A' :
					bare->name[i]);
	if (bare)
		argp.args_doc = doc;
	argp_parse(&argp, argc, argv, 0, NULL, said);
	if (said->who->csv && said->who->json) {
		talk("either --csv or --json");
		return EXIT_WRONG_USAGE;
	}
	return run_act(said->who, &said->options, said->params);
}

/* argv[0] becomes the whole name, for what argp says of it. */
static int
run_command(const struct act *act, struct identity *who, int argc, char **argv)
{
	static struct said said;
	int code;

	said.who = who;
	flags_of(act, &said.options);
	said.params = json_object();
	if (!said.params) {
		talk("there is no memory left");
		return EXIT_FAILED;
	}
	code = run_said(&said, argc, argv);
	json_decref(said.params);
	return code;
}

static bool
wants_help(const char *word)
{
	return word && (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0);
}

static int
unknown(const char *noun, const char *verb)
{
	if (command_is_noun(noun) && verb)
		talk("%s has no verb %s; huiyin %s --help lists them", noun,
		     verb, noun);
	else if (command_is_noun(noun))
		talk("what about the %s? huiyin %s --help lists verbs", noun,
		     noun);
	else
		talk("there is no command %s; huiyin --help lists them", noun);
	return EXIT_WRONG_USAGE;
}

/* What was printed has arrived, or not. */
static int
printed(void)
{
	if (fflush(stdout) == 0)
		return EXIT_OK;
	talk("standard output cannot be written");
	return EXIT_FAILED;
}

/* -1: it is no command at all. */
static int
wrong_extra(const char *noun)
{
	bool manual = strcmp(noun, "manual") == 0;

	if (!manual && strcmp(noun, "completion") != 0)
		return -1;
	talk("%s", manual ? "manual takes no word more" :
			    "completion is for bash: huiyin completion bash");
	return EXIT_WRONG_USAGE;
}

static int
run_extra(const char *noun, struct identity *who, int argc, char **argv)
{
	if (strcmp(noun, "listen") == 0)
		return listen_run(who, argc, argv);
	if (strcmp(noun, "outbox") == 0)
		return kept_run(who, argc, argv);
	if (strcmp(noun, "traffic") == 0)
		return cost_run(who, argc, argv);
	if (strcmp(noun, "manual") == 0 && argc == 1)
		manual_print();
	else if (strcmp(noun, "completion") == 0 && argc == 2 &&
		 strcmp(argv[1], "bash") == 0)
		completion_bash();
	else
		return wrong_extra(noun);
	return printed();
}

/* argv[0] is the noun. */
static int
dispatch(struct identity *who, int argc, char **argv)
{
	const char *noun = argv[0], *verb = argc > 1 ? argv[1] : NULL;
	const struct act *act = command_find(noun, NULL);
	static char name[80];
	int used = 0, code;

	if (!act && verb) {
		act = command_find(noun, verb);
		used = act != NULL;
	}
	snprintf(name, sizeof name, "huiyin %.30s%s%.30s", noun,
		 used ? " " : "", used ? verb : "");
	argv[used] = name;
	if (act)
		return run_command(act, who, argc - used, argv + used);
	code = run_extra(noun, who, argc, argv);
	if (code >= 0)
		return code;
	if (command_is_noun(noun) && wants_help(verb)) {
		help_noun(noun);
		return printed();
	}
	return unknown(noun, verb);
}

#define KEY_USAGE 600

static const char usage[] = "Usage: huiyin NOUN VERB [OPTION...]\n"
			    "huiyin --help lists what can be said.\n";

struct top {
	struct identity *who;
	int noun; /* index in argv; 0: none */
};

static error_t
/* NOLINTNEXTLINE(readability-non-const-parameter): argp's signature */
parse_top(int key, char *arg, struct argp_state *state)
{
	struct top *top = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = top->who;
		return 0;
	case '?':
		help_all();
		exit(printed());
	case KEY_USAGE:
		fputs(usage, stdout);
		exit(printed());
	case 'V':
		printf("huiyin %s\n", hy_version());
		exit(printed());
	case ARGP_KEY_ARG: /* the rest is for the command's own parser */
		top->noun = state->next - 1;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int
main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "help", '?', NULL, 0, NULL, 0 },
		{ "usage", KEY_USAGE, NULL, 0, NULL, 0 },
		{ "version", 'V', NULL, 0, NULL, 0 },
		{ 0 }
	};
	static const struct argp_child children[] = {
		{ &identity_argp, 0, NULL, 0 }, { 0 }
	};
	const struct argp argp = { options,  parse_top, NULL, NULL,
				   children, NULL,      NULL };
	struct identity who;
	struct top top = { &who, 0 };

	load_guard();
	argp_err_exit_status = EXIT_WRONG_USAGE;
	identity_from_environment(&who);
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP, NULL, &top);
	if (top.noun == 0) {
		fputs(usage, stderr);
		return EXIT_WRONG_USAGE;
	}
	return dispatch(&who, argc - top.noun, argv + top.noun);
}
