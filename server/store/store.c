/* SPDX-License-Identifier: Apache-2.0 */
/* store: the lanes, what waits for them, and its end. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "store_body.h"

#define POLL_MS 2000
#define RETRY_MS 50
#define LACK_MS 3000      /* what is over sooner is weather */
#define REPORTS_TIMES 6   /* as long may a report take */
#define BYTES_OF_ACT 4096 /* of each act the queue has room for */
#define HARD 2 /* times the queue: then even who did not pause is refused */

static const char *const lane_names[LANE_COUNT] = { "settle", "desk", "reports",
						    "listen" };

struct link *
store_link(const struct store *store, enum lane_id lane)
{
	must(lane < LANE_COUNT);
	return store->lanes[lane].link;
}

static bool
lane_is_ready(const struct lane *lane)
{
	return lane->link && link_is_ready(lane->link);
}

static bool
lane_is_needed(enum lane_id lane)
{
	return lane != LANE_LISTEN; /* without it nodes poll */
}

/* --- being up -------------------------------------------------------------- */

static bool
all_ready(const struct store *store)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (lane_is_needed((enum lane_id)i) &&
		    !lane_is_ready(&store->lanes[i]))
			return false;
	return true;
}

bool
store_is_up(const struct store *store)
{
	return store->up && !store->closing && all_ready(store);
}

const char *
store_trouble(const struct store *store)
{
	if (store->closing)
		return "it is being closed";
	for (int i = 0; i < LANE_COUNT; i++)
		if (lane_is_needed((enum lane_id)i) &&
		    !lane_is_ready(&store->lanes[i]))
			return link_trouble(store->lanes[i].link);
	return "";
}

const char *
store_lack(const struct store *store)
{
	int64_t now = clock_ms();

	for (int i = 0; i < ACT_COUNT; i++) {
		const struct batcher *b = &store->batchers[i];

		if (b->lacking && now - b->lacking_ms >= LACK_MS)
			return b->lacking;
	}
	return "";
}

static void
judge(struct store *store)
{
	bool up = !store->closing && all_ready(store);

	store_later(store);
	if (up == store->up || store->closing)
		return;
	store->up = up;
	store->calls.up(store->calls.context, up);
}

static void
lane_ready(void *context)
{
	judge(((struct lane *)context)->store);
}

static void
lane_lost(void *context)
{
	judge(((struct lane *)context)->store);
}

static void
lane_notified(void *context, const char *channel)
{
	struct store *store = ((struct lane *)context)->store;

	if (!store->closing)
		wakes_heard(store, channel);
}

/* --- room ------------------------------------------------------------------ */

static bool
is_over(const struct store *store, int parts)
{
	size_t most = (size_t)store->queue * BYTES_OF_ACT;

	return store->counts.waiting >= (store->queue + parts - 1) / parts ||
	       store->bytes_waiting >= most / (size_t)parts;
}

void
store_weigh(struct store *store, size_t bytes, int sign)
{
	store->counts.waiting += sign;
	store->bytes_waiting += sign > 0 ? bytes : 0 - bytes;
	must(store->counts.waiting >= 0);
	if (is_over(store, 1))
		store->full = true;
	else if (store->full && !is_over(store, 2)) {
		store->full = false;
		store->tell_roomy = true;
		store_later(store);
	}
}

bool
store_has_no_room(const struct store *store)
{
	return store->counts.waiting >= HARD * store->queue ||
	       store->bytes_waiting >=
		       (size_t)HARD * BYTES_OF_ACT * (size_t)store->queue;
}

bool
store_is_full(const struct store *store)
{
	return store->full;
}

struct store_counts
store_count(const struct store *store)
{
	return store->counts;
}

/* --- turns ----------------------------------------------------------------- */

static void begin_hang_up(struct store *store);

static void
pump(struct store *store)
{
	for (int i = 0; i < ACT_COUNT; i++)
		batcher_pump(&store->batchers[i]);
}

static void
on_later(uv_idle_t *idle)
{
	struct store *store = idle->data;

	(void)uv_idle_stop(idle);
	told_tell(&store->told);
	pump(store);
	if (store->closing) {
		begin_hang_up(store);
		return;
	}
	wakes_tell(store);
	if (store->tell_roomy && !store->full)
		store->calls.roomy(store->calls.context);
	store->tell_roomy = false;
}

void
store_later(struct store *store)
{
	if (store->handles_open == 0)
		must(uv_idle_start(&store->later, on_later) == 0);
}

static void
on_retry(uv_timer_t *timer)
{
	struct store *store = timer->data;
	bool waits = false;

	pump(store);
	for (int i = 0; i < ACT_COUNT; i++) {
		struct batcher *b = &store->batchers[i];

		waits |= b->flying_count == 0 && !STAILQ_EMPTY(&b->queue) &&
			 lane_is_ready(&store->lanes[b->lane]);
	}
	if (!waits)
		(void)uv_timer_stop(timer);
}

void
store_retry(struct store *store)
{
	if (store->handles_open == 0)
		must(uv_timer_start(&store->retry, on_retry, RETRY_MS,
				    RETRY_MS) == 0);
}

static void
on_poll(uv_timer_t *timer)
{
	struct store *store = timer->data;

	if (store_is_up(store))
		wakes_poll(store);
}

/* --- the end --------------------------------------------------------------- */

static void
store_free(struct store *store)
{
	bytes_fini(&store->scratch);
	free(store);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct store *store = handle->data;

	if (--store->handles_open > 0)
		return;
	if (store->closed)
		store->closed(store->closed_context);
	store_free(store);
}

static void
close_handles(struct store *store)
{
	store->handles_open = 3 + FEED_COUNT;
	uv_close((uv_handle_t *)&store->later, on_handle_closed);
	uv_close((uv_handle_t *)&store->retry, on_handle_closed);
	uv_close((uv_handle_t *)&store->poll, on_handle_closed);
	wakes_fini(store, on_handle_closed);
}

/* All links are gone: what still waits is told so. */
static void
end(struct store *store)
{
	for (int i = 0; i < ACT_COUNT; i++)
		if (store->batchers[i].sql)
			batcher_refuse(&store->batchers[i]);
	told_tell(&store->told);
	close_handles(store);
}

static void
link_closed(void *context)
{
	struct lane *lane = context;
	struct store *store = lane->store;

	lane->link = NULL;
	if (--store->links_open == 0)
		end(store);
}

/*
 * Once nothing is on its way any more, as link timeouts see to. Reports are
 * not waited for: they change nothing and may take long.
 */
static void
begin_hang_up(struct store *store)
{
	int on_way = 0;

	for (int i = 0; i < LANE_COUNT; i++)
		if (i != LANE_REPORTS && store->lanes[i].link)
			on_way += link_waiting(store->lanes[i].link);
	if (on_way > 0 || store->hanging_up)
		return;
	store->hanging_up = true;
	if (store->links_open == 0)
		end(store);
	for (int i = 0; i < LANE_COUNT; i++)
		if (store->lanes[i].link)
			link_close(store->lanes[i].link, link_closed,
				   &store->lanes[i]);
}

void
store_close(struct store *store, void (*closed)(void *context), void *context)
{
	must(!store->closing);
	store->closing = true;
	store->closed = closed;
	store->closed_context = context;
	store_later(store);
}

/* --- the beginning --------------------------------------------------------- */

static bool
lane_open(struct store *store, enum lane_id id, const struct store_settings *s)
{
	struct lane *lane = &store->lanes[id];
	const struct link_calls calls = { .ready = lane_ready,
					  .lost = lane_lost,
					  .notified = lane_notified,
					  .context = lane };
	char name[64];
	const struct link_settings settings = {
		.name = name,
		.conninfo = s->conninfo,
		.timeout_seconds = s->timeout_seconds *
				   (id == LANE_REPORTS ? REPORTS_TIMES : 1),
		.channels = id == LANE_LISTEN ? wake_channels : NULL,
	};

	(void)snprintf(name, sizeof name, "huiyind %.40s %s", s->name,
		       lane_names[id]);
	lane->store = store;
	lane->link = link_open(store->loop, &settings, &calls);
	store->links_open += lane->link != NULL;
	return lane->link != NULL;
}

static void
handles_init(struct store *store)
{
	must(uv_idle_init(store->loop, &store->later) == 0);
	must(uv_timer_init(store->loop, &store->retry) == 0);
	must(uv_timer_init(store->loop, &store->poll) == 0);
	store->later.data = store;
	store->retry.data = store;
	store->poll.data = store;
	must(uv_timer_start(&store->poll, on_poll, POLL_MS, POLL_MS) == 0);
	wakes_init(store);
}

struct store *
store_open(uv_loop_t *loop, const struct store_settings *s,
	   const struct store_calls *calls)
{
	struct store *store = calloc(1, sizeof *store);
	bool opened = true;

	if (!store)
		return NULL;
	store->loop = loop;
	store->calls = *calls;
	store->hash = s->hash ? s->hash : store_hash;
	store->queue = s->queue;
	bytes_init(&store->scratch);
	told_init(&store->told);
	batchers_init(store);
	handles_init(store);
	for (int i = 0; i < LANE_COUNT; i++)
		opened = opened && lane_open(store, (enum lane_id)i, s);
	if (opened)
		return store;
	store_close(store, NULL, NULL); /* frees itself as the loop turns */
	return NULL;
}
