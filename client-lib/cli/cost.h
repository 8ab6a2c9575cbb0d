/* SPDX-License-Identifier: Apache-2.0 */
/* cost: huiyin traffic: what the line of a --store has cost. */
#ifndef CLI_COST_H
#define CLI_COST_H

#include "identity.h"

/* argv[0] is the whole name of the command. An enum exit_code. */
int cost_run(struct identity *who, int argc, char **argv);
/* What it takes, for help and completion. */
extern const struct argp_option cost_options[];

#endif
