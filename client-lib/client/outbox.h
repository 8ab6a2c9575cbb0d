/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox: the writing acts of this client in the order in which they were
 * said, from the moment they are accepted until the program has dealt with
 * what became of them. The caller holds the client's lock.
 */
#ifndef CLIENT_OUTBOX_H
#define CLIENT_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"
#include "huiyin.h"

#define OUTBOX_FRAME 160 /* bytes of a frame beside its params */

enum outbox_state { OUTBOX_WAITING, OUTBOX_SETTLED, OUTBOX_REFUSED };

/* Texts are borrowed, until the next look of the same kind. */
struct outbox_act {
	int64_t number; /* its place */
	const char *ref, *name, *params;
	const char *copy;   /* params sealed for copies.h, or NULL; outbox_add
			       only */
	const char *answer; /* result or error as JSON text; NULL before */
	enum outbox_state state;
	uint64_t size; /* bytes; of outbox_find only */
	bool silent;   /* the library's own: the program hears nothing */
};

/*
 * Keeps an act. HY_OK: on disk. limit: most bytes of the whole outbox, beyond
 * which HY_ERR_FULL.
 */
MUST_USE int outbox_add(struct disk *disk, const struct outbox_act *act,
			uint64_t limit);
/* As outbox_add inside a transaction of the caller, without a limit. */
MUST_USE int outbox_put(struct disk *disk, const struct outbox_act *act);
/* Each 1 when found, 0 when not, or a negative code. */
MUST_USE int outbox_next_waiting(struct disk *disk, int64_t after,
				 struct outbox_act *found);
/* Ended in an earlier opening of the store. */
MUST_USE int outbox_next_ended(struct disk *disk, int64_t after,
			       struct outbox_act *found);
MUST_USE int outbox_next_refused(struct disk *disk, int64_t after,
				 struct outbox_act *found);
MUST_USE int outbox_find(struct disk *disk, const char *ref,
			 struct outbox_act *found);
/* 1: an act of the library itself is waiting. */
MUST_USE int outbox_has_silent(struct disk *disk);
/* Inside a transaction: what became of a waiting act. */
MUST_USE int outbox_end(struct disk *disk, const char *ref,
			enum outbox_state state, const char *answer);
/* Inside a transaction: takes out an act in any state. */
MUST_USE int outbox_drop(struct disk *disk, const char *ref);
/* Takes out an act that has ended; HY_ERR_NOT_FOUND when none has. */
MUST_USE int outbox_done(struct disk *disk, const char *ref);
MUST_USE int outbox_count(struct disk *disk, hy_outbox_state *state);

#endif
