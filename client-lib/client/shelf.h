/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shelf: the notices on this machine, how far it has read (epoch and cursor),
 * and what it has still to tell about them (receipts). A notice, its place in
 * the cursor and its receipt go to disk in one transaction of the caller, who
 * holds the client's lock.
 */
#ifndef CLIENT_SHELF_H
#define CLIENT_SHELF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "disk.h"

#define SHELF_EPOCH 72

struct shelf_place {
	char epoch[SHELF_EPOCH]; /* "" when nothing was ever heard */
	int64_t cursor;
	int64_t round; /* replays of everything so far */
	int64_t told;  /* what a server's clock said last; seconds since 1970 */
};

struct shelf_notice {
	int64_t seq;
	const char *id, *body; /* borrowed until the next look */
};

/*
 * Whose place it is: when the identity changed, the cursor is forgotten, for
 * its audience was another's.
 */
MUST_USE int shelf_open(struct disk *disk, const char *identity,
			struct shelf_place *place);
MUST_USE int shelf_set_place(struct disk *disk,
			     const struct shelf_place *place);
/*
 * Keeps a notice: 1 when it is new here or has changed, 0 when it was here as
 * it is, or a negative code. expires: seconds since 1970, 0 for never.
 */
MUST_USE int shelf_put(struct disk *disk, const struct shelf_notice *notice,
		       int64_t expires, int64_t round);
/* A replay of everything has ended: drops what was not part of it. */
MUST_USE int shelf_drop_others(struct disk *disk, int64_t round);
/* Drops what has expired by now (seconds, the server's clock). */
MUST_USE int shelf_expire(struct disk *disk, int64_t now);
/* 1 when found. now: as above, or 0 to see expired ones as well. */
MUST_USE int shelf_next(struct disk *disk, int64_t after, int64_t now,
			struct shelf_notice *found);

/* Notes that a notice has come so far; a lesser state changes nothing. */
MUST_USE int shelf_note(struct disk *disk, const char *notice,
			const char *state, const char *at);
/*
 * Takes up to 256 receipts as {"items":[...]}; *params is owned by the caller
 * (json_decref), NULL when there is none.
 */
MUST_USE int shelf_take_receipts(struct disk *disk, json_t **params);
/* Seconds since 1970 of an RFC 3339 time; 0 when it is none. */
int64_t shelf_seconds(const char *time);

#endif
