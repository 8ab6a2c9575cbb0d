/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duties: what a node asks of the database by itself: says that it lives, and
 * looks for what is due. Which node does it does not matter: SQL lets one at a
 * time.
 */
#ifndef DUTIES_H
#define DUTIES_H

#include <stdbool.h>
#include <stdint.h>

struct store;

struct duties {
	struct store *store; /* borrowed */
	const char *node;    /* its UUID; borrowed */
	int tick_seconds;    /* between two looks for what is due; 0: never */
	int64_t alive_ms;    /* clock_ms() when it last said that it lives */
	int64_t tick_ms;     /* when it last looked; 0: never */
	int64_t rest_ms;     /* from then to the next look */
	bool ticking;        /* asked, not yet answered */
};

/* What is to be done by now; of the loop, some times a second. */
void duties_do(struct duties *duties, int64_t now);
/* Says that the node is no more. */
void duties_end(const struct duties *duties);

#endif
