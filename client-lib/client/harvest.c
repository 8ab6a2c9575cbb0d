/* SPDX-License-Identifier: Apache-2.0 */
/* harvest: from what was heard to the disk, and from there to the program. */
#include "harvest.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "copies.h"
#include "fault.h"
#include "line.h"
#include "log.h"
#include "mark.h"
#include "outbox.h"
#include "receipts.h"
#include "socket.h"

#define HEAP 256 /* messages of one transaction */
#define HEAP_BYTES (1u << 20)
/*
 * The first of a heap waits no longer. TLS hands out one record, mostly one
 * message, at a time: without the short wait each would have an fsync of its
 * own, and an outbox that drains would be as slow as the disk.
 */
#define HEAP_MS 50 /* catching up */
#define LIVE_MS 3
#define CROWDED_MS 60000 /* most that notices wait for acts, on a full disk */

void
harvest_init(struct harvest *h)
{
	*h = (struct harvest){ 0 };
	STAILQ_INIT(&h->list);
}

static void
forget(struct harvest *h)
{
	h->count = h->bytes = 0;
	h->since = 0;
}

void
harvest_fini(struct harvest *h)
{
	struct gathered *g;

	while ((g = STAILQ_FIRST(&h->list)) != NULL) {
		STAILQ_REMOVE_HEAD(&h->list, next);
		event_free(g->event);
		free(g);
	}
	forget(h);
}

bool
harvest_add(struct harvest *h, struct event *event, int64_t expires,
	    enum gathered_for whose)
{
	struct gathered *g = event ? calloc(1, sizeof *g) : NULL;

	if (!g) {
		event_free(event);
		return false;
	}
	g->event = event;
	g->expires = expires;
	g->whose = whose;
	STAILQ_INSERT_TAIL(&h->list, g, next);
	if (h->count++ == 0)
		h->since = clock_ms();
	h->bytes += strlen(event_face(event)->body);
	return true;
}

int64_t
harvest_due(const struct harvest *h, bool catching_up)
{
	if (h->count == 0)
		return INT64_MAX;
	if (h->count >= HEAP || h->bytes >= HEAP_BYTES)
		return h->since;
	return h->since + (catching_up ? HEAP_MS : LIVE_MS);
}

/* A notice, with what the server is to be told of it. */
static int
keep_notice(struct line *line, struct gathered *g, struct shelf_place *place)
{
	const hy_event *said = event_face(g->event);
	const hy_options *o = &line->client->options.given;
	struct shelf_notice notice = { .seq = said->seq, .body = said->body };
	char at[CLOCK_TEXT];
	int kept;

	notice.id = hy_field(said, "notice");
	if (!notice.id)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	kept = shelf_put(line->client->disk, &notice, g->expires,
			 place->round + line->replay_all);
	if (kept < 0)
		return kept;
	g->hushed = kept == 0;
	if (!line->replay_all && !line->thrifty && said->seq > place->cursor)
		place->cursor = said->seq;
	if (kept == 0 || strcmp(o->as, "kiosk") != 0 ||
	    (o->flags & HY_NO_DELIVERED))
		return HY_OK;
	clock_text(clock_wall_ms(), at);
	line->client->receipts = true;
	return shelf_note(line->client->disk, notice.id, "delivered", at);
}

static int
keep_place(struct line *line, struct gathered *g, struct shelf_place *place)
{
	struct disk *disk = line->client->disk;
	int code = HY_OK;

	if (line->replay_all) {
		place->round++;
		code = shelf_drop_others(disk, place->round);
		line->replay_all = false;
	}
	memcpy(place->epoch, line->epoch, sizeof place->epoch);
	place->cursor = event_face(g->event)->seq;
	if (code == HY_OK && line->client->clock_shift != 0)
		code = shelf_expire(disk, client_now(line->client));
	if (code == HY_OK && line->client->clock_shift != 0)
		code = copies_expire(disk, client_now(line->client));
	return code;
}

static struct copies_fate
fate_of(const struct line *line, const hy_event *said)
{
	return (struct copies_fate){
		.ref = said->ref,
		.epoch = line->epoch,
		.receipt = hy_field(said, "receipt"),
		.at = client_now(line->client),
	};
}

/* A settled act has a copy from now on, a refused one none any more. */
static int
keep_fate(struct line *line, const hy_event *said)
{
	struct copies_fate fate = fate_of(line, said);
	int code = said->kind == HY_SETTLED ?
			   copies_settled(line->client->disk, &fate) :
			   copies_drop(line->client->disk, said->ref);

	return code < 0 ? code : HY_OK;
}

/*
 * A copy that a restored database has taken again, or has had all the time.
 * One that it refuses is not sent again in this epoch.
 */
static int
keep_copy(struct line *line, struct gathered *g)
{
	hy_event *said = event_face(g->event);
	struct copies_fate fate = fate_of(line, said);
	int other = copies_settled(line->client->disk, &fate);

	g->hushed = other != 1;
	if (said->kind == HY_REFUSED)
		options_log(&line->client->options, LOG_WARN,
			    "the copy of a settled act was refused (%s)",
			    said->tag);
	if (other == 1) {
		said->kind = HY_TROUBLE;
		said->tag = "settled_anew";
		said->message = "The server's database was restored; this act "
				"was sent again and has another receipt now.";
	}
	return other < 0 ? other : HY_OK;
}

/* What became of an act of the outbox. */
static int
keep_answer(struct line *line, struct gathered *g)
{
	const hy_event *said = event_face(g->event);
	struct disk *disk = line->client->disk;
	bool settled = said->kind == HY_SETTLED;
	struct outbox_act act;
	int found = outbox_find(disk, said->ref, &act), code;

	if (found < 1)
		g->hushed = true;
	if (found < 1)
		return found;
	g->hushed = act.silent || act.state != OUTBOX_WAITING;
	if (act.silent && !settled)
		return receipts_refused(line->client, &act, said->path);
	if (act.silent)
		return outbox_drop(disk, said->ref);
	code = outbox_end(disk, said->ref,
			  settled ? OUTBOX_SETTLED : OUTBOX_REFUSED,
			  said->body);
	return code == HY_OK ? keep_fate(line, said) : code;
}

static int
keep(struct line *line, struct gathered *g, struct shelf_place *place)
{
	switch (event_face(g->event)->kind) {
	case HY_NOTICE:
		return keep_notice(line, g, place);
	case HY_CAUGHT_UP:
		return keep_place(line, g, place);
	case HY_SETTLED:
	case HY_REFUSED:
		if (g->whose == FOR_COPY)
			return keep_copy(line, g);
		return g->whose == FOR_OUTBOX ? keep_answer(line, g) : HY_OK;
	default:
		return HY_OK;
	}
}

static bool
needs_disk(const struct harvest *h)
{
	const struct gathered *g;

	STAILQ_FOREACH(g, &h->list, next) {
		int kind = event_face(g->event)->kind;

		if (g->whose != FOR_PROGRAM || kind == HY_NOTICE ||
		    kind == HY_CAUGHT_UP)
			return true;
	}
	return false;
}

/*
 * What the server's clock says, for a kiosk that will wake in 1970. Never more
 * than its certificate is good for: a server in 2099 would lock us out.
 */
static int64_t
told_now(const struct line *line)
{
	int64_t until = socket_until(line->socket);
	int64_t now = client_now(line->client);

	if (line->client->clock_shift == 0)
		return line->place.told;
	return now < until ? now : until;
}

static int
keep_all(struct line *line, struct shelf_place *place)
{
	struct disk *disk = line->client->disk;
	bool replay_all = line->replay_all;
	struct gathered *g;
	int code = disk_begin(disk);

	*place = line->place;
	place->told = told_now(line);
	if (code != HY_OK)
		return code;
	STAILQ_FOREACH(g, &line->harvest.list, next)
		if (code == HY_OK)
			code = keep(line, g, place);
	if (code == HY_OK)
		code = shelf_set_place(disk, place);
	if (code == HY_OK)
		code = mark_grow(disk);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code == HY_OK) {
		client_set_floor(line->client, place->told);
		return HY_OK;
	}
	disk_rollback(disk);
	line->replay_all = replay_all;
	return code;
}

static void
hand_out(struct line *line)
{
	struct gathered *g;

	while ((g = STAILQ_FIRST(&line->harvest.list)) != NULL) {
		STAILQ_REMOVE_HEAD(&line->harvest.list, next);
		/* A line that brings something is no failure, however short. */
		if (g->whose != FOR_PROGRAM ||
		    event_face(g->event)->kind == HY_NOTICE)
			line->backoff.failures = 0;
		if (g->hushed)
			event_free(g->event);
		else
			events_give(&line->client->events, g->event);
		free(g);
	}
	forget(&line->harvest);
}

/* Is there something that wants more room than what it replaces? */
static bool
has_notices(const struct harvest *h)
{
	const struct gathered *g;

	STAILQ_FOREACH(g, &h->list, next)
		if (event_face(g->event)->kind == HY_NOTICE)
			return true;
	return false;
}

/* Notices, and that they were all. */
static void
drop_notices(struct harvest *h)
{
	struct gathered *g = STAILQ_FIRST(&h->list), *next;

	for (; g; g = next) {
		int kind = event_face(g->event)->kind;

		next = STAILQ_NEXT(g, next);
		if (kind != HY_NOTICE && kind != HY_CAUGHT_UP)
			continue;
		STAILQ_REMOVE(&h->list, g, gathered, next);
		event_free(g->event);
		free(g);
	}
}

/*
 * On a full disk what became of our own acts goes first, into the room that
 * is kept for it; notices are heard again when there is room for them.
 */
static int
keep_answers(struct line *line, struct shelf_place *place)
{
	int code;

	line->crowded |= has_notices(&line->harvest);
	if (line->crowded)
		drop_notices(&line->harvest);
	code = keep_all(line, place);
	if (code == HY_ERR_DISK && disk_spend_reserve(line->client->disk))
		code = keep_all(line, place);
	return code;
}

/* Are there acts that this session may still settle, and is it young? */
static bool
is_settling(const struct line *line)
{
	int64_t now = clock_ms();

	if (now - line->since > CROWDED_MS)
		return false;
	return line->flights.count > 0 ||
	       (line->client->waiting && line->hold_until <= now);
}

/*
 * A session that has let a notice go lets all of them go, or the place would
 * pass it. It lasts as long as acts are settled, which makes room; notices
 * mostly come before the first answer, and ending it for their sake would let
 * no answer ever come.
 */
static int
keep_harvest(struct line *line, struct shelf_place *place)
{
	struct disk *disk = line->client->disk;
	int code = HY_OK;

	if (line->crowded)
		drop_notices(&line->harvest);
	if (has_notices(&line->harvest))
		code = disk_keep_reserve(disk);
	if (code == HY_OK)
		code = keep_all(line, place);
	if (code == HY_ERR_DISK && disk_is_full(disk))
		code = keep_answers(line, place);
	if (code != HY_OK || !line->crowded || is_settling(line))
		return code;
	line->place = *place;
	hand_out(line);
	return fault(HY_ERR_DISK, "disk", NULL, NULL);
}

int
harvest_flush(struct line *line)
{
	struct shelf_place place = line->place;
	int code = HY_OK;

	if (needs_disk(&line->harvest)) {
		client_lock(line->client);
		code = keep_harvest(line, &place);
		client_unlock(line->client);
	}
	if (code != HY_OK) {
		harvest_fini(&line->harvest);
		return code;
	}
	line->place = place;
	hand_out(line);
	return HY_OK;
}
