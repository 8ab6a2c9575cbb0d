/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opened: acts that come sealed to the county. Opened on the loop, before
 * anything else looks at their params: from there on they are like any other,
 * also for the hash by which a repeat is known.
 */
#ifndef DISPATCH_OPENED_H
#define DISPATCH_OPENED_H

#include "act.h"
#include "message.h"
#include "must.h"
#include "refusal.h"

struct seal_keys;

/* Borrowed, until the process ends; NULL: nothing can be opened. */
void opened_use(const struct seal_keys *keys);
/*
 * Puts what was sealed into its place in *m. 0, also when nothing was sealed,
 * or -1 with *why.
 */
MUST_USE int opened(const struct act *act, struct message *m,
		    struct refusal *why);

#endif
