/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wake: hints that a feed has grown. NOTIFY stands in a transaction of its
 * own, after the commit, since inside it would serialise all commits.
 */
#ifndef STORE_WAKE_H
#define STORE_WAKE_H

#include "store.h"

enum feed_id { FEED_NOTICE, FEED_FEEDBACK, FEED_IDENTITY, FEED_COUNT };

struct wake {
	struct store *store;
	enum feed_id feed;
	uv_timer_t rest; /* runs while a hint has just been given */
	bool again;      /* there was another one meanwhile */
	bool here;       /* this node is to be told at the next turn */
};

/* Channels of the feeds, NULL-terminated. */
extern const char *const wake_channels[FEED_COUNT + 1];

void wakes_init(struct store *store);
/* Closes the timers. */
void wakes_fini(struct store *store, void (*closed)(uv_handle_t *));
/* Tells this node of what was woken since the last turn. */
void wakes_tell(struct store *store);
/* A NOTIFY was heard. */
void wakes_heard(struct store *store, const char *channel);
/* Tells this node that any feed may have grown. */
void wakes_poll(struct store *store);

#endif
