/* SPDX-License-Identifier: Apache-2.0 */
/* backoff: exponential, with full jitter. */
#include "backoff.h"

#include <sys/random.h>

int64_t
backoff_within(int64_t most)
{
	uint64_t random = 0;

	if (most <= 0)
		return 0;
	/* Without randomness the whole time is waited: never a storm. */
	if (getrandom(&random, sizeof random, GRND_NONBLOCK) !=
	    (ssize_t)sizeof random)
		return most;
	return (int64_t)(random % (uint64_t)(most + 1));
}

int64_t
backoff_start(int64_t given, bool kiosk, int64_t up_ms)
{
	if (given == 0 && kiosk && up_ms < BACKOFF_BOOTING)
		given = BACKOFF_MOST;
	return backoff_within(given);
}

int64_t
backoff_next(struct backoff *b)
{
	int64_t ceiling = BACKOFF_MOST;

	if (b->failures < 6)
		ceiling = BACKOFF_FIRST << b->failures;
	if (ceiling > BACKOFF_MOST)
		ceiling = BACKOFF_MOST;
	b->failures++;
	return backoff_within(ceiling);
}
