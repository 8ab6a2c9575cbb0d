/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backoff: how long to stay away. Full jitter: a random time between nothing
 * and a ceiling that doubles with each failure, so that the kiosks of a county
 * that lost the server together do not come back together.
 */
#ifndef CLIENT_BACKOFF_H
#define CLIENT_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST 1000 /* ms */
#define BACKOFF_MOST 60000

struct backoff {
	unsigned failures;
};

/* A random time of 0..most ms. */
int64_t backoff_within(int64_t most);
/* Counts a failure; how many ms to wait. */
int64_t backoff_next(struct backoff *b);

#endif
