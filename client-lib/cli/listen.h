/* SPDX-License-Identifier: Apache-2.0 */
/* listen: huiyin listen: prints notices as they come. */
#ifndef CLI_LISTEN_H
#define CLI_LISTEN_H

#include "identity.h"

/* argv[0] is the whole name of the command. An enum exit_code. */
int listen_run(struct identity *who, int argc, char **argv);
/* What it takes, for help and completion. */
extern const struct argp_option listen_options[];

#endif
