/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flag: the fields of an act as options of the command line. An option is
 * called as the last part of its field's path, or as the whole path where an
 * act has two that end alike; the whole path always works. A list is an option
 * that may come several times. Objects have no option, their fields have.
 */
#ifndef CLI_FLAG_H
#define CLI_FLAG_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>

#include "act.h"
#include "must.h"

#define FLAG_NAME 48
#define FLAGS_MOST 32
#define FLAG_KEY 1000 /* argp's key of the first one */
#define FLAG_CSV 900  /* of --csv, where the act answers with a list */

struct flag {
	const struct field *field;
	char name[FLAG_NAME];   /* "text", "submitter-name" */
	char path[FLAG_NAME];   /* "audience-regions"; "" when as name */
	char single[FLAG_NAME]; /* "region" for "regions"; "" otherwise */
	bool repeats;
	char help[640];
};

struct act_flags {
	const struct act *act;
	struct flag flag[FLAGS_MOST];
	size_t count;
	const struct flag *bare; /* may stand without its name; or NULL */
	struct argp_option argp[FLAGS_MOST * 3 + 3];
};

void flags_of(const struct act *act, struct act_flags *options);
/*
 * Puts a value, as it was typed, into params. False with a sentence in why
 * when it is no number, ... ; what else is wrong the library says.
 */
MUST_USE bool flag_put(const struct flag *option, const char *value,
		       json_t *params, char why[160]);
/* "audience.regions[0]" -> "--regions"; the path when no option is meant. */
const char *flag_for_path(const struct act_flags *options, const char *path,
			  char text[FLAG_NAME + 4]);

#endif
