/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traffic: bytes on the wire, by day of the county (UTC+8), on disk. Like
 * outbox: the caller holds the client's lock.
 */
#ifndef CLIENT_TRAFFIC_H
#define CLIENT_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"
#include "meter.h"
#include "must.h"

#define TRAFFIC_DAYS 62 /* kept, today among them */

struct traffic {
	int64_t day;        /* since 1970; 0: none yet */
	struct meter kept;  /* of that day, on disk */
	struct meter fresh; /* of that day, not yet */
	int64_t since;      /* clock_ms from which fresh is not on disk; 0 */
};

/* Day of a time in seconds since 1970. */
int64_t traffic_day(int64_t seconds);
/* Counts bytes; what was counted on another day is brought to disk. */
void traffic_add(struct traffic *traffic, struct disk *disk, int64_t day,
		 const struct meter *more);
/* Is it time to bring it to disk? */
bool traffic_is_due(const struct traffic *traffic, int64_t now);
/*
 * Brings it to disk, or keeps it for the next time. A power cut may take what
 * was counted since: no fsync for that.
 */
void traffic_flush(struct traffic *traffic, struct disk *disk);
/* Bytes of the day that is being counted. */
uint64_t traffic_today(const struct traffic *traffic);
/* Of any day; nothing where nothing is kept. HY_OK or a code. */
MUST_USE int traffic_of(const struct traffic *traffic, struct disk *disk,
			int64_t day, struct meter *sum);

#endif
