/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch: acts of one kind on their way to SQL: one batch flies, the next
 * grows meanwhile. What weather throws back flies again; what makes a batch
 * fail is found by halving.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <sys/queue.h>

#include "store.h"

#define BATCH_MOST 512
#define BATCH_BYTES (1u << 20)

struct item {
	STAILQ_ENTRY(item) next;
	uint64_t number; /* order of arrival */
	unsigned most;   /* items of a batch it may be part of */
	size_t len;      /* of text */
	store_answered_f *answered;
	void *context;
	char text[]; /* the JSON object SQL wants, without "{\"n\":0," */
};

STAILQ_HEAD(items, item);

struct batcher {
	struct store *store;
	const char *sql; /* NULL: no such batcher */
	int lane;        /* enum lane_id */
	unsigned most;   /* items of a batch */
	bool settles;    /* refs: sorted by them, kept through weather */
	struct items queue;
	struct item *flying[BATCH_MOST];
	unsigned flying_count;
	int weather;         /* times in a row that a batch was thrown back */
	int64_t not_before;  /* clock_ms at which to try again */
	const char *lacking; /* of the database, by its last answer; or NULL */
	int64_t lacking_ms;  /* clock_ms since when */
};

/* Those of the acts that have one. */
void batchers_init(struct store *store);
/* Copies text (len bytes); false when memory is out. */
MUST_USE bool batcher_add(struct batcher *b, const struct item *item,
			  const char *text);
/* Sends a batch when there is one and the lane takes it. */
void batcher_pump(struct batcher *b);
/* Tells all that are not flying that the database cannot be reached. */
void batcher_refuse(struct batcher *b);

#endif
