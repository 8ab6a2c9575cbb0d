/* SPDX-License-Identifier: Apache-2.0 */
/* kept: huiyin outbox: sends what a store keeps and shows what came of it. */
#ifndef CLI_KEPT_H
#define CLI_KEPT_H

#include "identity.h"

/* argv[0] is the whole name of the command. An enum exit_code. */
int kept_run(struct identity *who, int argc, char **argv);

#endif
