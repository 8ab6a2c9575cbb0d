/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed: follows one growing list in the database from where it stands: asks
 * for what came after, one question at a time, again until nothing is left.
 * A wake is a hint to ask; hints may be lost, doubled or late.
 */
#ifndef FEED_H
#define FEED_H

#include <jansson.h>
#include <stdbool.h>

#include "must.h"
#include "store.h"

struct feed;

struct feed_settings {
	const char *name;     /* "notice": for logs and to compare wakes */
	enum store_ask ask;   /* a function that takes and gives a position */
	const char *position; /* its key in params: "cursor", "xid" */
	const char *next;     /* its key in the answer */
	const char *item;     /* key of an item's own position, or NULL */
	int limit;            /* most items asked for; 0: not said */
};

struct feed_calls {
	/*
	 * Items in order, and the whole answer; both borrowed. False when not
	 * all could be taken, memory being out: they come again.
	 */
	bool (*grew)(void *context, const json_t *items, const json_t *answer);
	void *context;
};

/* settings' texts are borrowed for ever. NULL when memory is out. */
MUST_USE struct feed *feed_new(struct store *store,
			       const struct feed_settings *settings,
			       const struct feed_calls *calls);
void feed_free(struct feed *feed);
/* From where to follow: an integer or a string, or NULL for "from now". */
void feed_start(struct feed *feed, const json_t *position);
/* Asks, unless a question is on its way: then once more afterwards. */
void feed_wake(struct feed *feed);
/* The feed's name, as wakes have it. */
const char *feed_name(const struct feed *feed);

#endif
