/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backoff: how long to stay away. Full jitter: a random time between nothing
 * and a ceiling that doubles with each failure, so that the kiosks of a county
 * that lost the server together do not come back together.
 */
#ifndef CLIENT_BACKOFF_H
#define CLIENT_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_FIRST 1000 /* ms */
#define BACKOFF_MOST 60000
#define BACKOFF_BOOTING 300000 /* ms; up for less: it was just started */

struct backoff {
	unsigned failures;
};

/* A random time of 0..most ms. */
int64_t backoff_within(int64_t most);
/*
 * How many ms to wait before the first try. given: of hy_options, 0 when it
 * says nothing, -1 for none. A county that gets power back switches all its
 * kiosks on in the same second: they come within a minute, unless the machine
 * has been up for long.
 */
int64_t backoff_start(int64_t given, bool kiosk, int64_t up_ms);
/* Counts a failure; how many ms to wait. */
int64_t backoff_next(struct backoff *b);

#endif
