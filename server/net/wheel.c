/* SPDX-License-Identifier: Apache-2.0 */
/* wheel: deadlines in whole seconds on one timer. */
#include "wheel.h"

#include "must.h"

/* What is due may file and remove others: only the head is ever held. */
static void
fire_slot(struct wheel *wheel, struct wheel_slot *slot)
{
	struct wheel_item *item;
	unsigned long left = 0;

	TAILQ_FOREACH(item, slot, in_slot)
		left++;
	while (left-- > 0 && (item = TAILQ_FIRST(slot)) != NULL) {
		TAILQ_REMOVE(slot, item, in_slot);
		if (item->due > wheel->tick) {
			TAILQ_INSERT_TAIL(slot, item, in_slot);
			continue;
		}
		item->due = 0;
		wheel->due(item);
	}
}

static void
on_timer(uv_timer_t *timer)
{
	struct wheel *wheel = timer->data;
	uint64_t ms = uv_now(timer->loop) - wheel->began_ms;
	uint32_t until = (uint32_t)(ms / 1000) + 1;

	while (wheel->tick < until) {
		wheel->tick++;
		fire_slot(wheel, &wheel->slot[wheel->tick % WHEEL_SLOTS]);
	}
	wheel->each(wheel->context);
}

void
wheel_open(struct wheel *wheel, uv_loop_t *loop, wheel_f *due,
	   void (*each)(void *context), void *context)
{
	for (int i = 0; i < WHEEL_SLOTS; i++)
		TAILQ_INIT(&wheel->slot[i]);
	wheel->tick = 1;
	wheel->due = due;
	wheel->each = each;
	wheel->context = context;
	uv_update_time(loop);
	wheel->began_ms = uv_now(loop);
	must(uv_timer_init(loop, &wheel->timer) == 0);
	wheel->timer.data = wheel;
	must(uv_timer_start(&wheel->timer, on_timer, 1000, 1000) == 0);
}

void
wheel_close(struct wheel *wheel, uv_close_cb closed)
{
	uv_timer_stop(&wheel->timer);
	uv_close((uv_handle_t *)&wheel->timer, closed);
}

uint32_t
wheel_after(const struct wheel *wheel, int seconds)
{
	/* The tick under way has begun: one more is needed not to be early. */
	return wheel->tick + (uint32_t)seconds + 1;
}

void
wheel_file(struct wheel *wheel, struct wheel_item *item, uint32_t due)
{
	wheel_remove(wheel, item);
	if (due <= wheel->tick)
		due = wheel->tick + 1;
	item->due = due;
	TAILQ_INSERT_TAIL(&wheel->slot[due % WHEEL_SLOTS], item, in_slot);
}

void
wheel_remove(struct wheel *wheel, struct wheel_item *item)
{
	if (item->due == 0)
		return;
	TAILQ_REMOVE(&wheel->slot[item->due % WHEEL_SLOTS], item, in_slot);
	item->due = 0;
}
