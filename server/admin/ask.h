/* SPDX-License-Identifier: Apache-2.0 */
/* ask: the SQL function of a command, its result and its refusals. */
#ifndef ASK_H
#define ASK_H

#include <jansson.h>

#include "must.h"

struct wish;

/*
 * Connects, calls the function of the command with its params. DONE with
 * *result (json_decref), else the exit code with everything said.
 */
MUST_USE int ask(const struct wish *w, json_t **result);
/* The same of another function, with params of its own. */
MUST_USE int ask_function(const struct wish *w, const char *function,
			  const json_t *params, json_t **result);
/* Opens the installation's secret (secret.h); USAGE with everything said. */
MUST_USE int ask_secret(const struct wish *w);

#endif
