/* SPDX-License-Identifier: Apache-2.0 */
/* turns: who is to be written to next. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 1000

static void
on_idle(uv_idle_t *idle)
{
	turns_run(idle->data);
}

bool
turns_init(struct turns *t, uv_loop_t *loop,
	   void (*turn)(void *context, uint64_t id),
	   void (*ahead)(void *context, uint64_t id, int turns), void *context)
{
	*t = (struct turns){ .turn = turn, .ahead = ahead, .context = context };
	t->idle.data = t;
	return uv_idle_init(loop, &t->idle) == 0;
}

static void
idle_closed(uv_handle_t *handle)
{
	struct turns *t = handle->data;

	free(t->id);
	t->closed(t->context);
}

void
turns_fini(struct turns *t, void (*closed)(void *context))
{
	t->closed = closed;
	uv_close((uv_handle_t *)&t->idle, idle_closed);
}

/* Moves what waits to the front, or doubles the room. */
static bool
make_room(struct turns *t)
{
	size_t count = t->last - t->first, room = t->room;
	uint64_t *id = t->id;

	if (t->last < t->room)
		return true;
	if (count > room / 2 || room == 0) {
		room = room ? room * 2 : 1024;
		id = realloc(t->id, room * sizeof *id);
	}
	if (!id)
		return false;
	t->id = id;
	t->room = room;
	memmove(id, id + t->first, count * sizeof *id);
	t->first = 0;
	t->last = count;
	return true;
}

bool
turns_add(struct turns *t, uint64_t id)
{
	if (!make_room(t))
		return false;
	t->id[t->last++] = id;
	return true;
}

static void
look_ahead(const struct turns *t)
{
	for (int turns = TURNS_AHEAD; turns > 0; turns--)
		if (t->first + (size_t)turns < t->last)
			t->ahead(t->context, t->id[t->first + (size_t)turns],
				 turns);
}

void
turns_run(struct turns *t)
{
	size_t count = t->last - t->first;

	if (count > AT_ONCE)
		count = AT_ONCE;
	while (count-- > 0) {
		look_ahead(t);
		t->turn(t->context, t->id[t->first++]);
	}
	if (t->first < t->last) {
		(void)uv_idle_start(&t->idle, on_idle);
		return;
	}
	t->first = t->last = 0;
	uv_idle_stop(&t->idle);
}
