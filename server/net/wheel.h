/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wheel: deadlines in whole seconds on one timer. A deadline never fires
 * early and at most a second and a tick late. It is cheap to move one later:
 * leave it filed and look again when it fires.
 */
#ifndef NET_WHEEL_H
#define NET_WHEEL_H

#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#define WHEEL_SLOTS 64

struct wheel_item {
	TAILQ_ENTRY(wheel_item) in_slot;
	uint32_t due; /* tick; 0: not filed */
};

TAILQ_HEAD(wheel_slot, wheel_item);

/* Called with an item that is due and is not filed any more. */
typedef void wheel_f(struct wheel_item *item);

struct wheel {
	uv_timer_t timer;
	struct wheel_slot slot[WHEEL_SLOTS];
	uint32_t tick;     /* seconds since it began, from 1 */
	uint64_t began_ms; /* of the loop's clock */
	wheel_f *due;
	void (*each)(void *context); /* once a tick */
	void *context;
};

void wheel_open(struct wheel *wheel, uv_loop_t *loop, wheel_f *due,
		void (*each)(void *context), void *context);
/* Nothing fires after this; the timer's handle closes with closed. */
void wheel_close(struct wheel *wheel, uv_close_cb closed);
/* The tick at which seconds from now have surely passed. */
uint32_t wheel_after(const struct wheel *wheel, int seconds);
/* Files an item for a tick, or moves it. */
void wheel_file(struct wheel *wheel, struct wheel_item *item, uint32_t due);
void wheel_remove(struct wheel *wheel, struct wheel_item *item);

#endif
