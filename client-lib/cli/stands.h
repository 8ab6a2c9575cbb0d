/* SPDX-License-Identifier: Apache-2.0 */
/* stands: how things stand where an act was refused, for people. */
#ifndef CLI_STANDS_H
#define CLI_STANDS_H

#include "huiyin.h"

/*
 * Tells on standard error what data.now of a refusal has: the revision and who
 * changed what, or who has not signed. Nothing where there is none.
 */
void stands_tell(const hy_event *refused);

#endif
