/* SPDX-License-Identifier: Apache-2.0 */
/* batch: from single acts to one call of SQL, and back. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "crash.h"
#include "log.h"
#include "store_body.h"
#include "text.h"

#define REF_AT 7   /* behind "ref":", with which the text of an item begins */
#define REF_END 43 /* and its 36 characters */
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MOST_MS 4000
#define WEATHER_HALVES 2 /* the second time it flies in halves */

/* A batch that has come back: the batcher may be flying the next one. */
struct batch {
	struct item *items[BATCH_MOST];
	unsigned count;
};

static const char *const batch_sql[ACT_COUNT] = {
#define ACT(id, ...) \
	[ACT_##id] = "select n, result, refused from api." #id "($1::jsonb)",
#include "acts.tbl.h"
};

static void
batcher_init(struct store *store, enum act_id id)
{
	const struct act *act = act_row(id);
	struct batcher *b = &store->batchers[id];

	STAILQ_INIT(&b->queue);
	if (act->does != WRITES && id != ACT_hello)
		return;
	must(act->batch <= BATCH_MOST);
	b->store = store;
	b->sql = batch_sql[id];
	b->most = act->batch ? act->batch : 1;
	b->settles = act->does == WRITES;
	b->lane = b->settles ? LANE_SETTLE : LANE_DESK;
}

void
batchers_init(struct store *store)
{
	for (int i = 0; i < ACT_COUNT; i++)
		batcher_init(store, (enum act_id)i);
}

bool
batcher_add(struct batcher *b, const struct item *item, const char *text)
{
	struct item *kept = malloc(sizeof *kept + item->len + 1);

	if (!kept)
		return false;
	*kept = *item;
	memcpy(kept->text, text, item->len);
	kept->text[item->len] = 0;
	kept->number = b->store->added++;
	kept->most = b->most;
	STAILQ_INSERT_TAIL(&b->queue, kept, next);
	if (b->settles)
		store_weigh(b->store, kept->len, 1);
	store_later(b->store);
	return true;
}

/* Tells an item how it ended; it is gone then. */
static void
item_tell(struct batcher *b, struct item *item, const char *result,
	  const struct refusal *why)
{
	if (b->settles)
		store_weigh(b->store, item->len, -1);
	item->answered(item->context, result, why);
	free(item);
}

static void
item_refuse(struct batcher *b, struct item *item, enum refusal_id id)
{
	struct refusal why;

	(void)refuse(&why, id, NULL);
	item_tell(b, item, NULL, &why);
}

void
batcher_refuse(struct batcher *b)
{
	struct items now = STAILQ_HEAD_INITIALIZER(now);
	struct item *item;

	STAILQ_CONCAT(&now, &b->queue);
	while ((item = STAILQ_FIRST(&now)) != NULL) {
		STAILQ_REMOVE_HEAD(&now, next);
		item_refuse(b, item, REFUSAL_unavailable);
	}
}

/* --- sending -------------------------------------------------------------- */

static int
by_ref(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	int order = strncmp(x->text, y->text, REF_END);

	if (order)
		return order;
	return x->number < y->number ? -1 : 1;
}

/* Takes from the queue what makes the next batch. */
static void
gather(struct batcher *b)
{
	unsigned most = b->most;
	size_t len = 0;
	struct item *item;

	must(b->flying_count == 0);
	while ((item = STAILQ_FIRST(&b->queue)) != NULL) {
		if (item->most < most)
			most = item->most;
		len += item->len;
		if (b->flying_count >= most ||
		    (b->flying_count > 0 && len > BATCH_BYTES))
			break;
		STAILQ_REMOVE_HEAD(&b->queue, next);
		b->flying[b->flying_count++] = item;
	}
	if (b->settles)
		qsort(b->flying, b->flying_count, sizeof b->flying / BATCH_MOST,
		      by_ref);
}

static void
write_batch(const struct batcher *b, struct bytes *text)
{
	bytes_clear(text);
	bytes_text(text, "[");
	for (unsigned i = 0; i < b->flying_count; i++) {
		bytes_format(text, "%s{\"n\":%u,", i ? "," : "", i);
		bytes_add(text, b->flying[i]->text, b->flying[i]->len);
	}
	bytes_text(text, "]");
}

/* Puts items back to the front of the queue in their order. */
static void
put_back(struct batcher *b, struct item *const *items, unsigned count)
{
	while (count-- > 0)
		STAILQ_INSERT_HEAD(&b->queue, items[count], next);
}

static void
wait_out(struct batcher *b)
{
	int shift = b->weather < 6 ? b->weather : 6;
	int most = BACKOFF_FIRST_MS << shift;

	if (most > BACKOFF_MOST_MS)
		most = BACKOFF_MOST_MS;
	b->not_before = clock_ms() + most / 2 +
			(int)arc4random_uniform((uint32_t)most / 2);
	store_retry(b->store);
}

static void answered(void *context, const struct link_answer *answer);

static bool
send_flying(struct batcher *b)
{
	struct bytes *text = &b->store->scratch;
	struct link_ask ask = {
		.sql = b->sql, .count = 1, .answered = answered, .context = b
	};
	const char *params[1];

	write_batch(b, text);
	if (text->failed)
		return false;
	params[0] = text->data;
	ask.params = params;
	return link_call(store_link(b->store, b->lane), &ask);
}

void
batcher_pump(struct batcher *b)
{
	unsigned count;

	if (!b->sql || b->flying_count || STAILQ_EMPTY(&b->queue) ||
	    b->store->closing || clock_ms() < b->not_before)
		return;
	if (!link_is_ready(store_link(b->store, b->lane))) {
		if (!b->settles)
			batcher_refuse(b);
		return;
	}
	gather(b);
	if (b->settles)
		crash_here("before_batch_sent");
	if (send_flying(b)) {
		if (b->settles)
			crash_here("after_batch_sent");
		return;
	}
	count = b->flying_count; /* memory is out: soon again */
	b->flying_count = 0;
	put_back(b, b->flying, count);
	wait_out(b);
}

/* --- answers --------------------------------------------------------------- */

/* The item a row belongs to, taken off the batch; NULL when SQL slipped. */
static struct item *
item_of_row(struct batch *batch, const char *n)
{
	unsigned long i = n ? strtoul(n, NULL, 10) : BATCH_MOST;
	struct item *item;

	if (i >= batch->count)
		return NULL;
	item = batch->items[i];
	batch->items[i] = NULL;
	return item;
}

static void
tell_row(struct batcher *b, struct batch *batch, const struct pg_rows *rows,
	 int row)
{
	struct item *item = item_of_row(batch, pg_text(rows, row, 0));
	const char *result = pg_text(rows, row, 1);
	const char *refused = pg_text(rows, row, 2);
	struct refusal why = { .id = REFUSAL_none };

	if (!item) {
		log_event(LOG_BAD, "SQL answered for nobody", "statement",
			  b->sql, NULL);
		return;
	}
	if (refused)
		told_from_json(&why, refused);
	item_tell(b, item, refused ? NULL : result ? result : "{}", &why);
}

static void
settled(struct batcher *b, struct batch *batch, const struct pg_rows *rows)
{
	for (int row = 0; row < pg_row_count(rows); row++) {
		if (b->settles)
			crash_here(row ? "between_settled" : "before_settled");
		tell_row(b, batch, rows, row);
	}
	for (unsigned i = 0; i < batch->count; i++) {
		if (!batch->items[i])
			continue;
		log_event(LOG_BAD, "SQL left an act unanswered", "statement",
			  b->sql, NULL);
		item_refuse(b, batch->items[i], REFUSAL_internal);
	}
}

/* Each half flies alone, and what fails again is halved again. */
static void
halve(struct batcher *b, struct batch *batch)
{
	unsigned most = (batch->count + 1) / 2;

	for (unsigned i = 0; i < batch->count; i++)
		batch->items[i]->most = most;
	put_back(b, batch->items, batch->count);
}

static void
thrown_back(struct batcher *b, struct batch *batch)
{
	b->store->counts.weather++;
	b->weather++;
	if (b->weather >= WEATHER_HALVES && batch->count > 1)
		halve(b, batch);
	else
		put_back(b, batch->items, batch->count);
	if (link_is_ready(store_link(b->store, b->lane)))
		wait_out(b);
}

/* Weather that somebody has to do something about: classes of SQLSTATE. */
static const char *
lack_of(const struct link_answer *answer)
{
	static const char *const lacks[][2] = {
		{ "53100", "the database's disk is full: nothing is written" },
		{ "532", "the database is out of memory" },
		{ "53", "the database is out of some resource" },
		{ "58", "the database's disk does not work" },
	};

	if (answer->outcome != LINK_WEATHER || !answer->sqlstate)
		return NULL;
	for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
		if (strncmp(answer->sqlstate, lacks[i][0],
			    strlen(lacks[i][0])) == 0)
			return lacks[i][1];
	return NULL;
}

static void
note_lack(struct batcher *b, const struct link_answer *answer)
{
	const char *lack = lack_of(answer);

	if (lack && !b->lacking)
		b->lacking_ms = clock_ms();
	b->lacking = lack;
}

/* The bad one stands alone: whoever has its ref may ask what became of it. */
static void
log_alone(const struct batcher *b, const struct item *item,
	  const char *sqlstate)
{
	char ref[37] = "";

	if (b->settles)
		(void)text_copy(ref, sizeof ref, item->text + REF_AT);
	log_event(LOG_BAD, "an act cannot be done", "ref", ref, "sqlstate",
		  sqlstate, "statement", b->sql, NULL);
}

static void
refuse_batch(struct batcher *b, struct batch *batch,
	     const struct link_answer *answer)
{
	struct refusal why;

	if (answer->outcome == LINK_FAILED)
		log_alone(b, batch->items[0], answer->sqlstate);
	told_from_answer(&why, answer);
	for (unsigned i = 0; i < batch->count; i++)
		item_tell(b, batch->items[i], NULL, &why);
}

static void
count_settled(struct store_counts *counts, unsigned count)
{
	int slot = 0;

	while (slot < 9 && count > 1u << slot)
		slot++;
	counts->batches++;
	counts->acts += count;
	counts->batch_size[slot]++;
}

static void
take_flying(struct batcher *b, struct batch *batch)
{
	must(b->flying_count > 0);
	batch->count = b->flying_count;
	for (unsigned i = 0; i < b->flying_count; i++)
		batch->items[i] = b->flying[i];
	b->flying_count = 0;
}

/* The next batch leaves before the acts of this one are told. */
static void
done(struct batcher *b, struct batch *batch, const struct pg_rows *rows)
{
	b->weather = 0;
	if (b->settles)
		count_settled(&b->store->counts, batch->count);
	batcher_pump(b);
	settled(b, batch, rows);
}

static void
answered(void *context, const struct link_answer *answer)
{
	struct batcher *b = context;
	struct batch batch;

	take_flying(b, &batch);
	note_lack(b, answer);
	store_later(b->store);
	if (answer->outcome == LINK_DONE)
		done(b, &batch, answer->rows);
	else if (answer->outcome == LINK_WEATHER && b->settles)
		thrown_back(b, &batch);
	else if (answer->outcome != LINK_WEATHER && batch.count > 1)
		halve(b, &batch);
	else
		refuse_batch(b, &batch, answer);
}
