/* SPDX-License-Identifier: Apache-2.0 */
/* duties: what a node asks of the database by itself. */
#include "duties.h"

#include <jansson.h>
#include <stdio.h>

#include "clock.h"
#include "load.h"
#include "store.h"

#define ALIVE_MS 5000

static void
ignore(void *context, const char *result, const struct refusal *why)
{
	(void)context;
	(void)result;
	(void)why;
}

static void
say(const struct duties *d, enum store_ask what)
{
	char params[64];

	snprintf(params, sizeof params, "{\"node\":\"%s\"}", d->node);
	store_ask(d->store, what, NULL, params, ignore, NULL);
}

/*
 * What the tick noted is told like any change. When more is due it goes on soon,
 * but for a fifth of the time: what is late waits better than what is said.
 */
static void
on_ticked(void *context, const char *result, const struct refusal *why)
{
	struct duties *d = context;
	json_t *said =
		why->id == REFUSAL_none ? load_text(result, 0, NULL) : NULL;

	d->ticking = false;
	if (json_integer_value(json_object_get(said, "seen")) > 0)
		store_wake(d->store, "feedback");
	if (json_is_true(json_object_get(said, "more")))
		d->rest_ms = 4 * (clock_ms() - d->tick_ms);
	else
		d->rest_ms = (int64_t)d->tick_seconds * 1000;
	json_decref(said);
}

static void
tick_the_clocks(struct duties *d, int64_t now)
{
	if (d->tick_seconds == 0 || d->ticking || now - d->tick_ms < d->rest_ms)
		return;
	d->tick_ms = now;
	d->ticking = true;
	store_ask(d->store, ASK_tick, NULL, "{}", on_ticked, d);
}

void
duties_do(struct duties *d, int64_t now)
{
	if (!store_is_up(d->store))
		return;
	if (now - d->alive_ms >= ALIVE_MS) {
		d->alive_ms = now;
		say(d, ASK_node_alive);
	}
	tick_the_clocks(d, now);
}

void
duties_end(const struct duties *d)
{
	if (store_is_up(d->store))
		say(d, ASK_node_gone);
}
