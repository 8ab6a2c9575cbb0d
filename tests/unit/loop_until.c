/* SPDX-License-Identifier: Apache-2.0 */
/* loop_until: turns a libuv loop until something is so, with a bound. */
#include "loop_until.h"

static void
on_timer(uv_timer_t *timer)
{
	(void)timer; /* has only to end the wait of a turn */
}

static void
on_closed(uv_handle_t *handle)
{
	*(bool *)handle->data = true;
}

bool
loop_until(uv_loop_t *loop, bool (*is_so)(void *context), void *context,
	   int seconds)
{
	uint64_t end = uv_hrtime() + (uint64_t)seconds * 1000000000;
	uv_timer_t timer;
	bool closed = false, so;

	uv_timer_init(loop, &timer);
	timer.data = &closed;
	uv_timer_start(&timer, on_timer, 20, 20);
	while (!(so = is_so(context)) && uv_hrtime() < end)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, on_closed);
	while (!closed)
		uv_run(loop, UV_RUN_ONCE);
	return so;
}

static bool
is_set(void *context)
{
	return *(bool *)context;
}

bool
loop_until_set(uv_loop_t *loop, const bool *flag, int seconds)
{
	return loop_until(loop, is_set, (void *)(uintptr_t)flag, seconds);
}
