/* SPDX-License-Identifier: Apache-2.0 */
/* feed: follows one growing list in the database. */
#include "feed.h"

#include <stdbool.h>
#include <stdlib.h>

#include "dump.h"
#include "load.h"
#include "log.h"
#include "stats.h"

struct feed {
	struct store *store; /* borrowed */
	struct feed_settings settings;
	struct feed_calls calls;
	json_t *position; /* owned; JSON null before the first answer */
	bool started;
	bool asking;    /* a question is on its way */
	bool again;     /* woken meanwhile */
	bool failing;   /* the last answer was none: said once */
	unsigned start; /* which feed_start the question belongs to */
	unsigned asked_for;
};

static void ask(struct feed *feed);

struct feed *
feed_new(struct store *store, const struct feed_settings *settings,
	 const struct feed_calls *calls)
{
	struct feed *feed = calloc(1, sizeof *feed);

	if (!feed)
		return NULL;
	feed->store = store;
	feed->settings = *settings;
	feed->calls = *calls;
	feed->position = json_null();
	return feed;
}

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	must(!feed->asking);
	json_decref(feed->position);
	free(feed);
}

const char *
feed_name(const struct feed *feed)
{
	return feed->settings.name;
}

void
feed_start(struct feed *feed, const json_t *position)
{
	json_decref(feed->position);
	feed->position = position ? json_deep_copy(position) : json_null();
	if (!feed->position)
		feed->position = json_null();
	feed->started = true;
	feed->start++;
	feed_wake(feed);
}

void
feed_wake(struct feed *feed)
{
	if (!feed->started)
		return;
	if (feed->asking)
		feed->again = true;
	else
		ask(feed);
}

static void
note_trouble(struct feed *feed, const struct refusal *why)
{
	bool failing = why->id != REFUSAL_none;

	if (failing && !feed->failing)
		log_event(LOG_WARN, "feed cannot be read", "feed",
			  feed->settings.name, "tag", refusal_row(why->id)->tag,
			  NULL);
	feed->failing = failing;
}

/* Takes the answer over; true when there may be more at once. */
static bool
take(struct feed *feed, const char *result)
{
	json_t *answer = load_text(result, 0, NULL), *items, *next;
	size_t count;

	items = json_object_get(answer, "items");
	next = json_object_get(answer, feed->settings.next);
	count = json_array_size(items);
	if (feed->settings.item && count >= (size_t)feed->settings.limit)
		next = json_object_get(json_array_get(items, count - 1),
				       feed->settings.item);
	if (!next || !feed->calls.grew(feed->calls.context, items, answer)) {
		json_decref(answer);
		return false;
	}
	json_decref(feed->position);
	feed->position = json_incref(next);
	json_decref(answer);
	return feed->settings.limit > 0 &&
	       count >= (size_t)feed->settings.limit;
}

static void
answered(void *context, const char *result, const struct refusal *why)
{
	struct feed *feed = context;
	bool more = false;

	feed->asking = false;
	note_trouble(feed, why);
	if (feed->asked_for != feed->start)
		more = true; /* begun anew meanwhile: this answer is old */
	else if (why->id == REFUSAL_none)
		more = take(feed, result);
	if ((more || feed->again) && !feed->asking && store_is_up(feed->store))
		ask(feed);
}

static void
ask(struct feed *feed)
{
	json_t *params = json_pack(
		"{s:O, s:o*}", feed->settings.position, feed->position, "limit",
		feed->settings.limit ? json_integer(feed->settings.limit) :
				       NULL);
	char *text = params ? dump_text(params, 0) : NULL;

	json_decref(params);
	if (!text)
		return;
	feed->asking = true;
	feed->again = false;
	feed->asked_for = feed->start;
	counters.feed_queries++;
	store_ask(feed->store, feed->settings.ask, NULL, text, answered, feed);
	free(text);
}
