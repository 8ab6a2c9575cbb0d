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

#endif
