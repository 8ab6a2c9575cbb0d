/* SPDX-License-Identifier: Apache-2.0 */
/* notices: from the feed to the sessions of the audience. */
#include "notices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "log.h"
#include "notices_body.h"
#include "stats.h"
#include "text.h"

static const struct feed_settings feed_settings = {
	.name = "notice",
	.ask = ASK_notices_after,
	.position = "cursor",
	.next = "head",
	.item = "seq",
	.limit = 512,
};

void
make_due(struct notices *all, struct session *s)
{
	struct hearing *h = session_hearing(s);

	if (h->due)
		return;
	h->due = turns_add(&all->turns, session_id(s));
	if (!h->due)
		session_dismiss(s, "overloaded", 5, 1013);
}

static void
turn(void *context, uint64_t id)
{
	struct notices *all = context;
	struct session *s = session_find(all->sessions, id);

	if (!s)
		return;
	session_hearing(s)->due = false;
	if (tell(all, s))
		make_due(all, s);
}

static void
ahead(void *context, uint64_t id, int turns)
{
	struct notices *all = context;

	session_ahead(all->sessions, id, turns);
}

/*
 * A live session that waits for nothing has all that was told before; one
 * that read more elsewhere is ahead of us, and stays so.
 */
static void
mark_live(void *context, struct session *s)
{
	struct notices *all = context;
	struct hearing *h = session_hearing(s);

	if (session_state(s) != SESSION_LIVE || h->due || h->behind ||
	    h->asking)
		return;
	if (h->cursor < all->told)
		h->cursor = all->told;
	make_due(all, s);
}

static void
mark_catching_up(void *context, struct session *s)
{
	make_due(context, s);
}

static void
mark_audience(struct notices *all, const struct notice *n)
{
	for (size_t i = 0; i < n->stretches; i++)
		sessions_walk(all->sessions, n->stretch[i].first,
			      n->stretch[i].last, mark_live, all);
}

static void
dismiss(void *context, struct session *s)
{
	(void)context;
	session_dismiss(s, "epoch", 1, 1012);
}

/* Another epoch: everybody comes back and gets all that is in force. */
static void
begin_anew(struct notices *all)
{
	log_event(LOG_WARN, "the feed has another epoch; beginning anew", NULL);
	counters.resets++;
	all->epoch[0] = 0;
	all->ready = false;
	sessions_each(all->sessions, SESSION_LIVE, dismiss, NULL);
	sessions_each(all->sessions, SESSION_CATCHING_UP, dismiss, NULL);
	notices_start(all);
}

static bool
is_our_epoch(struct notices *all, const json_t *answer)
{
	const char *epoch = json_string_value(json_object_get(answer, "epoch"));
	int64_t head = json_integer_value(json_object_get(answer, "head"));

	if (!epoch)
		return true;
	if (!all->epoch[0])
		(void)text_copy(all->epoch, sizeof all->epoch, epoch);
	return strcmp(all->epoch, epoch) == 0 && head >= all->memory.head;
}

/* False when one was lost for want of memory. */
static bool
remember(struct notices *all, const json_t *items)
{
	struct notice *n;
	json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		n = notice_new(item);
		if (!n)
			return false;
		if (n->seq > all->memory.head)
			memory_give(&all->memory, n);
		else
			notice_free(n);
	}
	return true;
}

/* Notices that are no longer in force are not sent but have numbers. */
static void
learn_head(struct notices *all, const json_t *items, const json_t *answer)
{
	int64_t head = json_integer_value(json_object_get(answer, "head"));

	if (json_array_size(items) < (size_t)feed_settings.limit &&
	    head > all->memory.head)
		all->memory.head = head;
}

static bool
grew(void *context, const json_t *items, const json_t *answer)
{
	struct notices *all = context;
	bool whole;

	if (!is_our_epoch(all, answer)) {
		begin_anew(all);
		return true;
	}
	all->told = all->memory.head;
	whole = remember(all, items);
	if (whole)
		learn_head(all, items, answer);
	if (all->memory.head == all->told)
		return whole;
	for (size_t i = memory_after(&all->memory, all->told);
	     i < all->memory.count; i++)
		mark_audience(all, all->memory.notice[i]);
	sessions_each(all->sessions, SESSION_CATCHING_UP, mark_catching_up,
		      all);
	turns_run(&all->turns);
	return whole;
}

/* The newest in force, from the answer's list to the memory. */
static bool
fill(struct notices *all, const json_t *answer)
{
	const json_t *items = json_object_get(answer, "items");
	json_t *head = json_object_get(answer, "head");

	memory_clear(&all->memory);
	if (!answer || !remember(all, items))
		return false;
	(void)is_our_epoch(all, answer);
	if (!json_is_true(json_object_get(answer, "complete")) &&
	    all->memory.count > 0)
		all->memory.floor = all->memory.notice[0]->seq - 1;
	if (json_integer_value(head) > all->memory.head)
		all->memory.head = json_integer_value(head);
	all->ready = true;
	feed_start(all->feed, head);
	sessions_each(all->sessions, SESSION_CATCHING_UP, mark_catching_up,
		      all);
	turns_run(&all->turns);
	return true;
}

/* What could not be taken is asked for again at the next wake. */
static void
filled(void *context, const char *result, const struct refusal *why)
{
	struct notices *all = context;
	const char *tag = refusal_row(why->id)->tag;
	json_t *answer = NULL;

	all->filling = false;
	if (why->id == REFUSAL_none) {
		answer = load_text(result, 0, NULL);
		tag = fill(all, answer) ? NULL : "no memory";
		json_decref(answer);
	}
	if (tag)
		log_event(LOG_WARN, "notices in force cannot be read", "tag",
			  tag, NULL);
}

void
notices_start(struct notices *all)
{
	char params[64];

	if (all->ready) {
		feed_wake(all->feed);
		return;
	}
	if (all->filling)
		return;
	all->filling = true;
	snprintf(params, sizeof params, "{\"before\":null,\"limit\":%zu}",
		 all->memory.most);
	store_ask(all->store, ASK_notices_in_force, NULL, params, filled, all);
}

bool
notices_are_ready(const struct notices *all)
{
	return all->ready;
}

void
notices_wake(struct notices *all)
{
	if (store_is_up(all->store))
		notices_start(all);
}

void
notices_greeted(struct notices *all, struct session *s)
{
	if (session_hearing(s)->until > all->memory.head)
		notices_wake(all);
	make_due(all, s);
	turns_run(&all->turns);
}

void
notices_writable(struct notices *all, struct session *s)
{
	struct hearing *h = session_hearing(s);

	if (!h->behind)
		return;
	h->behind = false;
	make_due(all, s);
	turns_run(&all->turns);
}

struct notices_counts
notices_count(const struct notices *all)
{
	return (struct notices_counts){ all->memory.head, all->memory.count };
}

struct notices *
notices_new(uv_loop_t *loop, struct sessions *sessions, struct store *store,
	    size_t most)
{
	struct notices *all = calloc(1, sizeof *all);
	const struct feed_calls calls = { .grew = grew, .context = all };

	if (!all)
		return NULL;
	all->sessions = sessions;
	all->store = store;
	all->feed = feed_new(store, &feed_settings, &calls);
	if (all->feed && memory_init(&all->memory, most) &&
	    turns_init(&all->turns, loop, turn, ahead, all))
		return all;
	feed_free(all->feed);
	memory_fini(&all->memory);
	free(all);
	return NULL;
}

static void
turns_closed(void *context)
{
	free(context);
}

void
notices_free(struct notices *all)
{
	if (!all)
		return;
	feed_free(all->feed);
	memory_fini(&all->memory);
	turns_fini(&all->turns, turns_closed);
}
