/* SPDX-License-Identifier: Apache-2.0 */
/* wish: what the command line asks for, checked against commands.tbl.h. */
#ifndef WISH_H
#define WISH_H

#include <jansson.h>
#include <stdbool.h>

#include "commands.h"
#include "must.h"

struct wish {
	enum command_id id;
	json_t *params;          /* owned; what the function gets */
	const char *db;          /* conninfo, or NULL */
	const char *sql;         /* folder of the SQL files, or NULL */
	const char *secret_file; /* the installation's secret, or NULL */
	bool json;               /* results for programs */
};

/*
 * True with *w filled (wish_fini). False with *exit_code: help was printed
 * (DONE), or what is wrong was said on stderr (USAGE).
 */
MUST_USE bool wish_init(struct wish *w, int argc, char **argv, int *exit_code);
void wish_fini(struct wish *w);

#endif
