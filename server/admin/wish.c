/* SPDX-License-Identifier: Apache-2.0 */
/* wish: the command line, by argp: first the command, then what belongs to it. */
#include "wish.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "exits.h"
#include "must.h"
#include "show.h"
#include "text.h"
#include "usage.h"

#define MOST_FLAGS 32

enum {
	KEY_DB = 256,
	KEY_JSON,
	KEY_SQL,
	KEY_SECRET,
	KEY_HELP,
	KEY_VERSION,
	KEY_PARAM = 1000
};

struct parse {
	struct wish *w;
	const char *words[2]; /* noun and verb, when found */
	int rest;             /* index of what follows them */
	bool help, version;
	const struct param *flags[MOST_FLAGS];
	const struct param *place; /* the last one that was filled */
};

static const struct argp_option common[] = {
	{ "db", KEY_DB, "CONNINFO", 0, NULL, 0 },
	{ "json", KEY_JSON, NULL, 0, NULL, 0 },
	{ "sql", KEY_SQL, "DIR", 0, NULL, 0 },
	{ "secret", KEY_SECRET, "FILE", 0, NULL, 0 },
	{ "help", KEY_HELP, NULL, 0, NULL, 0 },
	{ "version", KEY_VERSION, NULL, 0, NULL, 0 },
	{ NULL, '?', NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};
#define COMMON (sizeof common / sizeof *common - 1)

static int
take_common(int key, const char *value, struct parse *p)
{
	switch (key) {
	case KEY_DB:
		p->w->db = value;
		return 0;
	case KEY_JSON:
		p->w->json = true;
		return 0;
	case KEY_SQL:
		p->w->sql = value;
		return 0;
	case KEY_SECRET:
		p->w->secret_file = value;
		return 0;
	case KEY_HELP:
	case '?':
		p->help = true;
		return 0;
	case KEY_VERSION:
		p->version = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* Stops at the verb: what follows may be flags only the command knows. */
static error_t
take_word(int key, char *value, struct argp_state *state)
{
	struct parse *p = state->input;

	if (key != ARGP_KEY_ARG || !value)
		return take_common(key, value, p);
	p->words[p->words[0] ? 1 : 0] = value;
	p->rest = state->next;
	if (p->words[1] || strcmp(value, "help") == 0 ||
	    command_find(value, NULL) != COMMANDS)
		state->next = state->argc;
	return 0;
}

static int
wrong(const struct param *p, const char *value)
{
	fprintf(stderr, "huiyin-admin: %s: \"", param_title(p));
	show_text(stderr, value);
	fprintf(stderr, "\" is not allowed; %s is\n", param_allowed(p));
	return EINVAL;
}

/* Of the calendar: 2026-02-30 is none. */
static bool
is_date(const char *value)
{
	char time[CLOCK_TEXT];

	snprintf(time, sizeof time, "%sT00:00:00+00:00", value);
	return strlen(value) == 10 && clock_text_is_time(time);
}

static bool
is_plain(const char *value)
{
	while (*value && !text_control(value))
		value++;
	return !*value;
}

static json_t *
list_value(const struct param *p, const char *value)
{
	json_t *list = json_array();
	char word[64];

	while (list) {
		size_t len = strcspn(value, ",");

		snprintf(word, sizeof word, "%.*s", (int)len, value);
		if (!len || len >= sizeof word ||
		    (p->words && !text_in_list(p->words, word)) ||
		    json_array_append_new(list, json_string(word)) != 0) {
			json_decref(list);
			return NULL;
		}
		if (!value[len])
			break;
		value += len + 1;
	}
	return list;
}

/* NULL when its form does not allow the value. */
static json_t *
param_value(const struct param *p, const char *value)
{
	switch (p->form) {
	case SWITCH:
		return json_true();
	case LIST:
		return list_value(p, value);
	case DATE:
		return is_date(value) ? json_string(value) : NULL;
	case YEAR:
		return text_is_digits(value, 4) ? json_string(value) : NULL;
	case REGION:
		return text_is_digits(value, 12) ? json_string(value) : NULL;
	case COUNTY:
		return text_is_digits(value, 12) || text_is_digits(value, 6) ?
			       json_string(value) :
			       NULL;
	case TEXT:
		break;
	}
	if (!is_plain(value) || (p->words && !text_in_list(p->words, value)))
		return NULL;
	if (!value[0])
		return p->need == MAY ? json_null() : NULL;
	return json_string(value);
}

static int
take_param(struct wish *w, const struct param *p, const char *value)
{
	json_t *one = param_value(p, value);

	if (!one || json_object_set_new(w->params, p->name, one) != 0)
		return wrong(p, value ? value : "");
	return 0;
}

static int
take_place(struct parse *p, const char *value)
{
	do
		p->place = param_next(p->place, p->w->id);
	while (p->place && p->place->where != PLACE);
	if (p->place)
		return take_param(p->w, p->place, value);
	fprintf(stderr, "huiyin-admin: \"%s\" is one word too many\n", value);
	return EINVAL;
}

static error_t
take_detail(int key, char *value, struct argp_state *state)
{
	struct parse *p = state->input;

	if (key == ARGP_KEY_ARG)
		return take_place(p, value);
	if (key >= KEY_PARAM && key < KEY_PARAM + MOST_FLAGS)
		return take_param(p->w, p->flags[key - KEY_PARAM], value);
	return take_common(key, value, p);
}

static bool
nothing_missing(const struct wish *w)
{
	const struct param *p = NULL;
	bool good = true;

	while ((p = param_next(p, w->id)) != NULL) {
		if (p->need != MUST || json_object_get(w->params, p->name))
			continue;
		fprintf(stderr, "huiyin-admin: %s is missing: %s\n",
			param_title(p), p->help);
		good = false;
	}
	return good;
}

static bool
parse_details(struct parse *p, int argc, char **argv)
{
	struct argp_option options[COMMON + MOST_FLAGS + 1] = { { 0 } };
	char names[MOST_FLAGS][64];
	const struct argp argp = { .options = options, .parser = take_detail };
	const struct param *one = NULL;
	int flags = 0;

	memcpy(options, common, sizeof common);
	while ((one = param_next(one, p->w->id)) != NULL) {
		if (one->where != FLAG)
			continue;
		must(flags < MOST_FLAGS);
		p->flags[flags] = one;
		text_copy(names[flags], sizeof names[flags],
			  param_title(one) + 2);
		options[COMMON + (size_t)flags] = (struct argp_option){
			.name = names[flags],
			.key = KEY_PARAM + flags,
			.arg = one->form == SWITCH ? NULL : "VALUE"
		};
		flags++;
	}
	if (argp_parse(&argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_HELP, NULL, p))
		return false;
	return p->help || p->version || nothing_missing(p->w);
}

/* Prints what needs no command; false: there is a command to go on with. */
static bool
ends_here(const struct parse *p, int *exit_code)
{
	const char *noun = p->words[0], *verb = p->words[1];

	*exit_code = DONE;
	if (p->version) {
		printf("huiyin-admin %s\n", HUIYIN_VERSION);
	} else if (noun && strcmp(noun, "completion") == 0) {
		usage_completion();
	} else if (p->help) {
		*exit_code = usage_help(noun, verb);
	} else if (!noun || (!verb && command_find(noun, NULL) == COMMANDS)) {
		fprintf(stderr,
			noun && !command_is_noun(noun) ?
				"huiyin-admin: no command %s; see "
				"huiyin-admin --help\n" :
				"huiyin-admin: what to do is missing; see "
				"huiyin-admin %s --help\n",
			noun ? noun : "");
		*exit_code = USAGE;
	} else {
		return false;
	}
	return true;
}

static bool
understand(struct parse *p, int argc, char **argv, int *exit_code)
{
	const struct argp argp = { .options = common, .parser = take_word };

	*exit_code = USAGE;
	if (argp_parse(&argp, argc, argv,
		       ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_IN_ORDER, NULL, p))
		return false;
	if (p->words[0] && strcmp(p->words[0], "help") == 0) {
		p->words[0] = p->rest < argc ? argv[p->rest] : NULL;
		p->words[1] = p->words[0] && p->rest + 1 < argc ?
				      argv[p->rest + 1] :
				      NULL;
		p->help = true;
	}
	if (ends_here(p, exit_code))
		return false;
	p->w->id = command_find(p->words[0], p->words[1]);
	if (p->w->id == COMMANDS) {
		fprintf(stderr,
			"huiyin-admin: no command %s %s; see "
			"huiyin-admin --help\n",
			p->words[0], p->words[1]);
		*exit_code = USAGE;
		return false;
	}
	argv[p->rest - 1] = argv[0];
	if (!parse_details(p, argc - p->rest + 1, argv + p->rest - 1)) {
		*exit_code = USAGE;
		return false;
	}
	return !ends_here(p, exit_code);
}

static const char *
variable(const char *name)
{
	const char *text = getenv(name);

	return text && text[0] ? text : NULL;
}

bool
wish_init(struct wish *w, int argc, char **argv, int *exit_code)
{
	struct parse p = { .w = w };

	memset(w, 0, sizeof *w);
	w->params = json_object();
	if (!w->params) {
		fprintf(stderr, "huiyin-admin: out of memory\n");
		*exit_code = FAILED;
		return false;
	}
	w->db = variable("HUIYIN_DB");
	w->sql = variable("HUIYIN_SQL");
	w->secret_file = variable("HUIYIN_INSTALLATION_SECRET_FILE");
	if (understand(&p, argc, argv, exit_code))
		return true;
	wish_fini(w);
	return false;
}

void
wish_fini(struct wish *w)
{
	json_decref(w->params);
	w->params = NULL;
}
