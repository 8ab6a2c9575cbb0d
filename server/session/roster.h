/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster: who listens where. Places sorted by region code: since the digits of
 * a code are its path in the division tree, a region with everything below it
 * is one stretch of the list, found by bisection whatever the tree's size.
 */
#ifndef SESSION_ROSTER_H
#define SESSION_ROSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

struct session;
struct place;

struct roster {
	struct place **place; /* sorted by code; kept while empty */
	uint32_t count, room;
};

void roster_fini(struct roster *r);
/* False when memory is out. */
MUST_USE bool roster_add(struct roster *r, uint64_t region, struct session *s);
void roster_remove(struct session *s);
/* Calls f for each at first..last; f must not add or remove. */
void roster_walk(struct roster *r, uint64_t first, uint64_t last,
		 void (*f)(void *context, struct session *s), void *context);

#endif
