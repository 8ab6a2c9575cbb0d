/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash: named points at which a test may kill the process, as power would.
 * HUIYIN_CRASH_AT=NAME:COUNT in the environment kills it (SIGKILL: no handler
 * runs, nothing is flushed) when NAME is passed for the COUNTth time. Without
 * it a point costs one branch. Always compiled in: what is tested is what is
 * shipped.
 *
 * Points of this room: before_batch_sent, after_batch_sent (not yet answered),
 * before_settled (the commit is known, nobody told), between_settled (one act
 * of a batch is told, the next is not), before_wake, after_wake.
 */
#ifndef STORE_CRASH_H
#define STORE_CRASH_H

#include <stdbool.h>

extern bool crash_is_armed;

void crash_reached(const char *name);

static inline void
crash_here(const char *name)
{
	if (crash_is_armed)
		crash_reached(name);
}

#endif
