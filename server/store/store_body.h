/* SPDX-License-Identifier: Apache-2.0 */
/* store_body: the inside of the store, for the files of this room only. */
#ifndef STORE_BODY_H
#define STORE_BODY_H

#include "batch.h"
#include "bytes.h"
#include "link.h"
#include "store.h"
#include "told.h"
#include "wake.h"

enum lane_id { LANE_SETTLE, LANE_DESK, LANE_REPORTS, LANE_LISTEN, LANE_COUNT };

struct lane {
	struct store *store;
	struct link *link; /* NULL when it could not be opened, or is gone */
};

struct store {
	uv_loop_t *loop;
	struct store_calls calls;
	void (*hash)(const char *text, char hex[65]);
	int queue; /* most acts waiting */
	bool up;   /* as the owner was last told */

	struct lane lanes[LANE_COUNT];
	int links_open;
	struct batcher batchers[ACT_COUNT]; /* of writing acts, and hello */
	struct wake wakes[FEED_COUNT];
	struct told_list told;

	uv_idle_t later;  /* what may not happen inside a call */
	uv_timer_t retry; /* batchers that wait out weather */
	uv_timer_t poll;  /* hints may be lost */
	int handles_open;

	struct bytes scratch; /* a text being made; never across a call up */
	uint64_t added;       /* items so far: their order of arrival */
	size_t bytes_waiting;
	bool full, tell_roomy;
	bool closing, hanging_up;
	struct store_counts counts;

	void (*closed)(void *context);
	void *closed_context;
};

struct link *store_link(const struct store *store, enum lane_id lane);
/* Has the idle handle run at the next turn. */
void store_later(struct store *store);
/* A batcher waits: tries again soon. */
void store_retry(struct store *store);
/* Is it so full that even who did not pause has to be refused? */
bool store_has_no_room(const struct store *store);
/* A waiting act of so many bytes has come (sign 1) or is settled (-1). */
void store_weigh(struct store *store, size_t bytes, int sign);

#endif
