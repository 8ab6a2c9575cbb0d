/* SPDX-License-Identifier: Apache-2.0 */
/* wake: hints that a feed has grown, to all nodes. */
#include "wake.h"

#include <string.h>

#include "crash.h"
#include "store_body.h"

#define REST_MS 5

const char *const wake_channels[FEED_COUNT + 1] = { "huiyin_notice",
						    "huiyin_feedback",
						    "huiyin_identity", NULL };

static const struct {
	const char *name, *params;
} feeds[FEED_COUNT] = {
	[FEED_NOTICE] = { "notice", "{\"feed\":\"notice\"}" },
	[FEED_FEEDBACK] = { "feedback", "{\"feed\":\"feedback\"}" },
	[FEED_IDENTITY] = { "identity", "{\"feed\":\"identity\"}" },
};

static const char wake_sql[] = "select api.wake($1::jsonb, $2::jsonb)";

void
wakes_init(struct store *store)
{
	for (int i = 0; i < FEED_COUNT; i++) {
		struct wake *w = &store->wakes[i];

		w->store = store;
		w->feed = (enum feed_id)i;
		must(uv_timer_init(store->loop, &w->rest) == 0);
		w->rest.data = store;
	}
}

void
wakes_fini(struct store *store, void (*closed)(uv_handle_t *))
{
	for (int i = 0; i < FEED_COUNT; i++)
		uv_close((uv_handle_t *)&store->wakes[i].rest, closed);
}

static void
tell(struct store *store, enum feed_id feed)
{
	store->calls.woken(store->calls.context, feeds[feed].name);
}

void
wakes_tell(struct store *store)
{
	for (int i = 0; i < FEED_COUNT; i++) {
		if (!store->wakes[i].here)
			continue;
		store->wakes[i].here = false;
		tell(store, (enum feed_id)i);
	}
}

void
wakes_heard(struct store *store, const char *channel)
{
	for (int i = 0; i < FEED_COUNT; i++)
		if (strcmp(wake_channels[i], channel) == 0)
			tell(store, (enum feed_id)i);
}

void
wakes_poll(struct store *store)
{
	for (int i = 0; i < FEED_COUNT; i++)
		tell(store, (enum feed_id)i);
}

/* A hint that is lost is made up for by the polls of the nodes. */
static void
ignore(void *context, const struct link_answer *answer)
{
	(void)answer;
	store_later(context);
}

static void on_rested(uv_timer_t *timer);

static void
give(struct wake *w)
{
	const char *const params[] = { "{}", feeds[w->feed].params };
	const struct link_ask ask = { .sql = wake_sql,
				      .count = 2,
				      .params = params,
				      .answered = ignore,
				      .context = w->store };
	bool given;

	w->again = false;
	w->here = true;
	store_later(w->store);
	crash_here("before_wake");
	given = link_call(store_link(w->store, LANE_DESK), &ask);
	crash_here("after_wake");
	w->again = !given; /* memory is out: after the rest */
	must(uv_timer_start(&w->rest, on_rested, REST_MS, 0) == 0);
}

static void
on_rested(uv_timer_t *timer)
{
	struct store *store = timer->data;

	for (int i = 0; i < FEED_COUNT; i++)
		if (&store->wakes[i].rest == timer && store->wakes[i].again &&
		    !store->closing)
			give(&store->wakes[i]);
}

void
store_wake(struct store *store, const char *feed)
{
	int i = 0;

	while (i < FEED_COUNT && strcmp(feeds[i].name, feed) != 0)
		i++;
	must(i < FEED_COUNT);
	if (store->closing)
		return;
	if (uv_is_active((uv_handle_t *)&store->wakes[i].rest))
		store->wakes[i].again = true;
	else
		give(&store->wakes[i]);
}
