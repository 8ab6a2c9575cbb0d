/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mark: by which the server sees a store that was put back from an old copy
 * (I4): a random generation, and a number that only grows with it. It is told
 * in hello and decides nothing else: acts are known by their random refs.
 */
#ifndef CLIENT_MARK_H
#define CLIENT_MARK_H

#include <stdint.h>

#include "disk.h"

#define MARK_GENERATION 33 /* 32 hex digits and a NUL */

struct mark {
	char generation[MARK_GENERATION];
	int64_t number; /* greater than all before, and on disk */
};

/*
 * The next mark, for a hello, in a transaction of its own. 1; 0 when the
 * server is not known to take one; or a negative code.
 */
MUST_USE int mark_next(struct disk *disk, struct mark *mark);
/* Inside a transaction: what goes to disk now makes the store a newer one. */
MUST_USE int mark_grow(struct disk *disk);
/* Remembers whether the server takes marks. */
MUST_USE int mark_taken(struct disk *disk, bool taken);
/* Another generation: the store had gone back. */
MUST_USE int mark_renew(struct disk *disk);

#endif
