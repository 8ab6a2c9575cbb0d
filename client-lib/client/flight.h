/* SPDX-License-Identifier: Apache-2.0 */
/* flight: acts that were said on this line and are not answered. */
#ifndef CLIENT_FLIGHT_H
#define CLIENT_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "act.h"
#include "huiyin.h"
#include "must.h"

/* The number of a copy of a settled act, sent again; see copies.h. */
#define FLIGHT_COPY (-1)

struct flight {
	TAILQ_ENTRY(flight) next; /* in the order in which they were said */
	char ref[HY_REF];
	const struct act *act;
	int64_t number; /* in the outbox; 0: a reading act; FLIGHT_COPY */
	int64_t at;     /* clock_ms when it was said */
};

struct flights {
	TAILQ_HEAD(flight_list, flight) list;
	unsigned count;
};

void flights_init(struct flights *all);
void flights_fini(struct flights *all);
/* False when memory is out. */
MUST_USE bool flight_add(struct flights *all, const char *ref,
			 const struct act *act, int64_t number, int64_t at);
/* NULL when there is none. */
struct flight *flight_find(struct flights *all, const char *ref);
void flight_remove(struct flights *all, struct flight *f);

#endif
