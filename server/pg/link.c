/* SPDX-License-Identifier: Apache-2.0 */
/* link: the life of a connection: down, dialling, checking, ready, again. */
#include "link.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dial.h"
#include "link_body.h"
#include "log.h"
#include "pipe.h"

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MOST_MS 4000 /* so that service is back within 5 s */
#define TICK_MS 200
#define PULSE_MS 5000
#define DIAL_MOST_MS 5000 /* also where calls may take longer */

const char *
pg_text(const struct pg_rows *rows, int row, int column)
{
	const PGresult *result = rows->result;

	if (row < 0 || row >= PQntuples(result) || column < 0 ||
	    column >= PQnfields(result) || PQgetisnull(result, row, column))
		return NULL;
	return PQgetvalue(result, row, column);
}

int
pg_row_count(const struct pg_rows *rows)
{
	return PQntuples(rows->result);
}

static void
set_trouble(struct link *link, const char *why)
{
	size_t len = strcspn(why, "\r\n");

	if (len >= sizeof link->trouble)
		len = sizeof link->trouble - 1;
	memcpy(link->trouble, why, len);
	link->trouble[len] = 0;
	if (len == 0)
		(void)memcpy(link->trouble, "unknown", sizeof "unknown");
}

static void on_later(uv_idle_t *later);

static void
do_later(struct link *link)
{
	if (link->handles_open == 0) /* else closing: it will come */
		must(uv_idle_start(&link->later, on_later) == 0);
}

void
link_break(struct link *link, const char *why)
{
	if (link->broken || link->state == LINK_CLOSING)
		return;
	link->broken = true;
	/* libpq may have closed its descriptor, and others get the number. */
	dial_unwatch(link);
	set_trouble(link, why);
	do_later(link);
}

static void
log_trouble(struct link *link)
{
	if (strcmp(link->trouble, link->logged) == 0)
		return;
	memcpy(link->logged, link->trouble, sizeof link->logged);
	log_event(LOG_WARN, "no database link", "link", link->name, "why",
		  link->trouble, NULL);
}

/* Ends the connection; the calls stay. Never cancels what is on its way. */
static void
hang_up(struct link *link)
{
	dial_unwatch(link);
	PQfinish(link->conn);
	link->conn = NULL;
	link->pulse_on_way = false;
	memset(link->prepared, 0, sizeof link->prepared);
}

static void on_timer(uv_timer_t *timer);

static void
tick_after(struct link *link, int ms, int repeat_ms)
{
	must(uv_timer_start(&link->timer, on_timer, (uint64_t)ms,
			    (uint64_t)repeat_ms) == 0);
}

/* Half of it is chance, so that nodes do not come back in step. */
static void
dial_later(struct link *link)
{
	int most = link->backoff_ms ? link->backoff_ms * 2 : BACKOFF_FIRST_MS;

	if (most > BACKOFF_MOST_MS)
		most = BACKOFF_MOST_MS;
	link->backoff_ms = most;
	tick_after(link,
		   most / 2 + (int)arc4random_uniform((uint32_t)most / 2 + 1),
		   0);
}

void
link_lose(struct link *link)
{
	bool was_ready = link->state == LINK_READY;
	struct calls dropped = STAILQ_HEAD_INITIALIZER(dropped);

	if (link->state == LINK_CLOSING)
		return; /* its end is due at the next turn */
	if (was_ready && STAILQ_EMPTY(&link->on_way))
		link->backoff_ms = 0; /* no call of ours brought it about */

	link->broken = false;
	link->state = LINK_DOWN;
	hang_up(link);
	log_trouble(link);
	(void)uv_timer_stop(&link->timer);
	STAILQ_CONCAT(&dropped, &link->on_way);
	pipe_drop(link, &dropped);
	if (was_ready && link->state == LINK_DOWN)
		link->calls.lost(link->calls.context);
	if (link->state == LINK_DOWN)
		dial_later(link);
}

void
link_is_up(struct link *link)
{
	link->state = LINK_READY;
	link->trouble[0] = 0;
	link->logged[0] = 0;
	log_event(LOG_INFO, "database link ready", "link", link->name, NULL);
	link->calls.ready(link->calls.context);
	for (int i = 0; link->channels && link->channels[i]; i++)
		if (link->state == LINK_READY)
			link->calls.notified(link->calls.context,
					     link->channels[i]);
}

static void
begin_dial(struct link *link)
{
	tick_after(link, TICK_MS, TICK_MS);
	dial(link);
}

/* While it is ready: is it late, and is it time to ask for the settings? */
static void
tick(struct link *link)
{
	int64_t now = clock_ms();
	bool ready = link->state == LINK_READY;
	bool idle = ready && STAILQ_EMPTY(&link->on_way);
	int most = link->timeout_ms;

	if (!ready && most > DIAL_MOST_MS)
		most = DIAL_MOST_MS;
	if (!idle && now - link->progress_ms >= most)
		link_break(link, link->state == LINK_DIALLING ?
					 "no connection within the time" :
					 "no answer within the time");
	else if (ready && !link->pulse_on_way &&
		 now - link->pulse_ms >= PULSE_MS)
		dial_check(link);
}

static void
on_timer(uv_timer_t *timer)
{
	struct link *link = timer->data;

	if (link->broken)
		link_lose(link);
	else if (link->state == LINK_DOWN)
		begin_dial(link);
	else
		tick(link);
	if (link->broken)
		link_lose(link);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct link *link = handle->data;

	if (--link->handles_open > 0)
		return;
	if (link->closed)
		link->closed(link->closed_context);
	free(link->name);
	free(link->conninfo);
	free(link);
}

static void
end(struct link *link)
{
	hang_up(link);
	pipe_drop(link, &link->on_way);
	pipe_drop(link, &link->late);
	link->handles_open = 2;
	uv_close((uv_handle_t *)&link->timer, on_handle_closed);
	uv_close((uv_handle_t *)&link->later, on_handle_closed);
}

static void
on_later(uv_idle_t *later)
{
	struct link *link = later->data;
	struct calls late = STAILQ_HEAD_INITIALIZER(late);

	(void)uv_idle_stop(later);
	if (link->state == LINK_CLOSING) {
		end(link);
		return;
	}
	STAILQ_CONCAT(&late, &link->late);
	pipe_drop(link, &late);
	if (link->broken)
		link_lose(link);
}

static struct link *
link_new(const struct link_settings *s)
{
	struct link *link = calloc(1, sizeof *link);

	if (!link)
		return NULL;
	STAILQ_INIT(&link->on_way);
	STAILQ_INIT(&link->late);
	link->name = strdup(s->name);
	link->conninfo = strdup(s->conninfo);
	if (link->name && link->conninfo)
		return link;
	free(link->name);
	free(link->conninfo);
	free(link);
	return NULL;
}

struct link *
link_open(uv_loop_t *loop, const struct link_settings *s,
	  const struct link_calls *calls)
{
	struct link *link = link_new(s);

	if (!link)
		return NULL;
	must(!s->channels || calls->notified);
	link->loop = loop;
	link->calls = *calls;
	link->channels = s->channels;
	link->timeout_ms = s->timeout_seconds * 1000;
	set_trouble(link, "not connected yet");
	must(uv_timer_init(loop, &link->timer) == 0);
	must(uv_idle_init(loop, &link->later) == 0);
	link->timer.data = link;
	link->later.data = link;
	tick_after(link, 0, 0);
	return link;
}

bool
link_is_ready(const struct link *link)
{
	return link->state == LINK_READY && !link->broken;
}

const char *
link_trouble(const struct link *link)
{
	return link->trouble;
}

bool
link_call(struct link *link, const struct link_ask *ask)
{
	bool kept;

	if (link->state == LINK_CLOSING)
		return false;
	if (link_is_ready(link))
		return pipe_send(link, ask);
	kept = pipe_refuse(link, ask);
	if (kept)
		do_later(link);
	return kept;
}

int
link_waiting(const struct link *link)
{
	return link->waiting;
}

void
link_close(struct link *link, void (*closed)(void *context), void *context)
{
	must(link->state != LINK_CLOSING);
	link->state = LINK_CLOSING;
	link->closed = closed;
	link->closed_context = context;
	dial_unwatch(link); /* nothing but the next turn may move it now */
	(void)uv_timer_stop(&link->timer);
	do_later(link);
}
