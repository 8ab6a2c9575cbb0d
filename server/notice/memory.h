/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: the newest notices, so that a thousand returning kiosks are not a
 * thousand queries. Sorted by number; bounded; the oldest leave first.
 */
#ifndef NOTICE_MEMORY_H
#define NOTICE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "must.h"
#include "notice.h"

struct memory {
	struct notice **notice; /* ascending; owned */
	size_t count, most;
	int64_t floor; /* all in force above this number are here */
	int64_t head;  /* newest number known, whether here or not */
};

MUST_USE bool memory_init(struct memory *m, size_t most);
void memory_fini(struct memory *m);
void memory_clear(struct memory *m);
/* Takes n, whose number is above all others. */
void memory_give(struct memory *m, struct notice *n);
/* Index of the first notice above seq; m->count when there is none. */
size_t memory_after(const struct memory *m, int64_t seq);

#endif
