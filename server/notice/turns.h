/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns: who is to be written to next. At most 1,000 in one turn of the loop,
 * so that a large audience does not keep everybody else waiting.
 */
#ifndef NOTICE_TURNS_H
#define NOTICE_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "must.h"

struct turns {
	uint64_t *id; /* sessions, from first to last */
	size_t first, last, room;
	uv_idle_t idle; /* runs while somebody waits */
	void (*turn)(void *context, uint64_t id);
	void (*ahead)(void *context, uint64_t id, int turns);
	void (*closed)(void *context);
	void *context;
};

/*
 * turn is called when its turn is there; ahead TURNS_AHEAD turns before, and
 * again with each, while that many wait: 4, 3, 2, 1 to come.
 */
#define TURNS_AHEAD 4
MUST_USE bool turns_init(struct turns *t, uv_loop_t *loop,
			 void (*turn)(void *context, uint64_t id),
			 void (*ahead)(void *context, uint64_t id, int turns),
			 void *context);
/* closed is called when the handle is. */
void turns_fini(struct turns *t, void (*closed)(void *context));
/* Puts it at the end; false when memory is out. */
MUST_USE bool turns_add(struct turns *t, uint64_t id);
/* Gives the first ones their turn now, the others in the turns to come. */
void turns_run(struct turns *t);

#endif
