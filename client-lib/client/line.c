/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line: one turn after the other: what happened is heard, brought to disk and
 * told; then what is due is done.
 */
#include "line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "fault.h"
#include "greet.h"
#include "log.h"
#include "outbox.h"
#include "pump.h"
#include "talk.h"
#include "text.h"
#include "thrift.h"

#define ANSWER_MS 60000  /* an act unanswered so long: the line is no good */
#define SETTLED_MS 10000 /* a line that lives so long forgives failures */
#define SCRUB_MS 1000    /* erased content is overwritten within it */

static bool
is_stopping(struct line *line)
{
	bool stopping;

	client_lock(line->client);
	stopping = line->client->stopping;
	client_unlock(line->client);
	return stopping;
}

static const char *
sentence_of(const char *tag)
{
	static const char *const sentences[][2] = {
		{ "unreachable", "The server cannot be reached." },
		{ "untrusted", "The server's certificate is not trusted." },
		{ "proxy", "The proxy does not connect." },
		{ "lost", "The line was lost." },
		{ "silent", "The server fell silent." },
		{ "unanswered", "The server does not answer." },
		{ "timeout", "The server did not answer in time." },
		{ "bad_message", "The server said what cannot be understood." },
		{ "bye", "The server said good-bye." },
		{ "budget", "The day's bytes decide what is asked for." },
		{ "disabled", "This identity is disabled; an administrator can "
			      "enable it." },
		{ "disk", "This machine's disk is full or broken." },
		{ "memory", "There is no memory left." },
	};

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (strcmp(sentences[i][0], tag) == 0)
			return sentences[i][1];
	return "";
}

bool
line_is_online(const struct line *line)
{
	return line->state == LINE_CATCHING_UP || line->state == LINE_LIVE;
}

void
line_set_online(struct line *line, bool online)
{
	client_lock(line->client);
	line->client->online = online;
	line->client->waiting = true;
	client_unlock(line->client);
	if (online)
		line->told[0] = 0;
}

void
line_tell(struct line *line, const hy_event *event)
{
	if (!harvest_add(&line->harvest, event_new(event), 0, FOR_PROGRAM))
		line_hang_up(line, "memory");
}

void
line_hang_up(struct line *line, const char *why)
{
	socket_hang_up(line->socket, why);
}

void
line_say(struct line *line)
{
	bool said = !line->out.failed &&
		    socket_send(line->socket, line->out.data, line->out.len);

	line->spoke = clock_ms();
	if (line->out.len > 0)
		explicit_bzero(line->out.data, line->out.len);
	bytes_clear(&line->out);
	if (!said)
		line_hang_up(line, "memory");
}

static void
heard_opened(void *context)
{
	struct line *line = context;

	line->heard = clock_ms();
	line->pinged = 0;
	options_log(&line->client->options, LOG_DEBUG,
		    "open; TLS sessions resumed so far: %u",
		    socket_resumed(line->socket));
	greet_say(line);
}

static void
heard_text(void *context, const char *text, size_t len)
{
	struct line *line = context;

	line->heard = clock_ms();
	line->pinged = 0;
	talk_heard(line, text, len);
}

/* Once for each kind of failure, not once for each try. */
static void
tell_offline(struct line *line, const char *why, const char *detail)
{
	hy_event e = { .kind = HY_OFFLINE, .tag = why };
	char sentence[300];

	options_log(&line->client->options, LOG_NOTE, "offline: %s %s", why,
		    detail);
	if (strcmp(why, "refused") == 0 || strcmp(line->told, why) == 0)
		return;
	/* Where nobody was reached people want to know who that was to be. */
	if (text_in_list("unreachable|untrusted|timeout|proxy", why))
		snprintf(sentence, sizeof sentence, "%s (%s%s%s)",
			 sentence_of(why), line->dialled, *detail ? ": " : "",
			 detail);
	else
		snprintf(sentence, sizeof sentence, "%s%s%s%s",
			 sentence_of(why), *detail ? " (" : "", detail,
			 *detail ? ")" : "");
	e.message = sentence;
	/* For want of memory it is told at the next failure. */
	if (harvest_add(&line->harvest, event_new(&e), 0, FOR_PROGRAM))
		(void)text_copy(line->told, sizeof line->told, why);
}

static void
heard_closed(void *context, const char *why, const char *message)
{
	struct line *line = context;
	int64_t now = clock_ms();
	bool was_online = line_is_online(line) || line->state == LINE_LEAVING;

	if (line->state == LINE_LEAVING)
		why = line->disabled ? "disabled" : "bye";
	line->disabled = false;
	if (was_online && now - line->since > SETTLED_MS)
		line->backoff.failures = 0;
	line_set_online(line, false);
	pump_lost(line);
	if (!is_stopping(line))
		tell_offline(line, why, message);
	line->state = LINE_AWAY;
	line->deaf = line->crowded = false;
	/* One after the other; an address that was of use is kept. */
	if (!was_online || line->backoff.failures > 0)
		line->url++;
	if (line->away_ms < 0)
		line->away_ms = backoff_next(&line->backoff);
	line->deadline = now + line->away_ms;
	line->away_ms = -1;
	line->hold_until = 0;
}

static const struct socket_ups ups = { heard_opened, heard_text, heard_closed };

static void
flush(struct line *line, int64_t now)
{
	hy_event e = { .kind = HY_TROUBLE };
	hy_error error;

	if (now < harvest_due(&line->harvest, line->state == LINE_CATCHING_UP))
		return;
	if (harvest_flush(line) == HY_OK)
		return;
	error = *hy_last_error();
	e.tag = "disk";
	e.message = error.message;
	options_log(&line->client->options, LOG_BAD, "%s", error.message);
	events_give(&line->client->events, event_new(&e));
	line_hang_up(line, "disk");
}

static void
dial(struct line *line, int64_t now)
{
	const hy_options *o = &line->client->options.given;
	struct address to;
	int64_t floor;

	/* What was heard is kept as the session that heard it would have. */
	flush(line, INT64_MAX);
	if (address_read(o->url, line->url, &to) != 1) {
		line->url = 0;
		must(address_read(o->url, 0, &to) == 1);
	}
	snprintf(line->dialled, sizeof line->dialled, "%.80s:%d", to.host,
		 to.port);
	line->state = LINE_DIALLING;
	line->deadline = now + o->connect_ms;
	options_log(&line->client->options, LOG_DEBUG, "dialling %s:%d",
		    to.host, to.port);
	client_lock(line->client);
	floor = line->client->floor;
	client_unlock(line->client);
	socket_connect(line->socket, &to, floor);
}

/*
 * When a line on which nothing is heard is given up: within two keepalives,
 * sooner when a ping was not answered as soon as an act would have been.
 */
static int64_t
silent_at(const struct line *line)
{
	int64_t patience =
		line->keepalive < ANSWER_MS ? line->keepalive : ANSWER_MS;

	if (line->pinged > 0)
		return line->pinged + patience;
	return line->heard + 2 * line->keepalive;
}

/* Is there still somebody at the other end? */
static void
watch(struct line *line, int64_t now)
{
	const struct flight *first = TAILQ_FIRST(&line->flights.list);

	if (line->deaf)
		return;
	if (now > silent_at(line))
		line_hang_up(line, "silent");
	else if (first && now - first->at > ANSWER_MS)
		line_hang_up(line, "unanswered");
}

/* A program that does not pull is not to be buried: TCP holds the rest. */
static void
throttle(struct line *line)
{
	bool many = events_are_many(&line->client->events);

	if (many == line->deaf)
		return;
	line->deaf = many;
	line->heard = clock_ms();
	line->pinged = 0;
	socket_listen(line->socket, !many);
}

static void
scrub(struct line *line, int64_t now)
{
	struct hy_client *client = line->client;

	client_lock(client);
	if (!client->scrub) {
		line->scrub_at = 0;
	} else if (line->scrub_at == 0) {
		line->scrub_at = now + SCRUB_MS;
	} else if (now >= line->scrub_at) {
		client->scrub = false;
		disk_scrub(client->disk);
	}
	client_unlock(client);
}

static void
tell_loss(struct line *line)
{
	struct hy_client *client = line->client;
	hy_event e = { .kind = HY_TROUBLE, .tag = "store_damaged" };
	bool lost;

	client_lock(client);
	lost = disk_take_loss(client->disk);
	client_unlock(client);
	if (!lost)
		return;
	e.message = "The file of the store was removed or replaced: what "
		    "waited in it is lost.";
	options_log(&client->options, LOG_BAD, "%s", e.message);
	events_give(&client->events, event_new(&e));
}

static void
sooner(int64_t *when, int64_t other)
{
	if (other > 0 && other < *when)
		*when = other;
}

/* Until when nothing is due. */
static int64_t
next_due(const struct line *line, int64_t now)
{
	int64_t when = now + 60000;

	if (line->state != LINE_CATCHING_UP && line->state != LINE_LIVE)
		sooner(&when, line->deadline);
	else
		sooner(&when, line->spoke + line->keepalive * 4 / 5);
	sooner(&when,
	       harvest_due(&line->harvest, line->state == LINE_CATCHING_UP));
	if (line_is_online(line)) {
		sooner(&when, line->hold_until);
		sooner(&when, line->lavish_at);
		sooner(&when, line->receipts_at);
		if (!line->deaf)
			sooner(&when, silent_at(line) + 1);
	}
	sooner(&when, line->scrub_at);
	if (line->deaf)
		sooner(&when, now + 100);
	return when;
}

static void
work(struct line *line)
{
	int64_t now = clock_ms();

	flush(line, now);
	thrift_count(line, now);
	if (now >= line->hold_until)
		line->hold_until = 0;
	if (line->state == LINE_AWAY && now >= line->deadline)
		dial(line, now);
	else if (line_is_online(line)) {
		throttle(line);
		pump_run(line, now);
		pump_keepalive(line, now);
		watch(line, now);
		thrift_watch(line, now);
	} else if (line->state != LINE_AWAY && now >= line->deadline)
		line_hang_up(line, "timeout");
	scrub(line, now);
	tell_loss(line);
	now = clock_ms();
	socket_alarm(line->socket, next_due(line, now) - now);
}

/* Says good-bye properly, but not for long. */
static void
leave(struct line *line)
{
	int64_t until = clock_ms() + 500;

	socket_leave(line->socket);
	while (line->state != LINE_AWAY && clock_ms() < until) {
		socket_alarm(line->socket, 50);
		if (!socket_turn(line->socket))
			break;
	}
	if (harvest_flush(line) != HY_OK)
		options_log(&line->client->options, LOG_BAD, "%s",
			    hy_last_error()->message);
}

void *
line_run(void *context)
{
	struct line *line = context;
	bool turning = true;

	while (turning && !is_stopping(line)) {
		work(line);
		turning = socket_turn(line->socket);
	}
	if (line->state != LINE_AWAY)
		leave(line);
	thrift_end(line);
	return NULL;
}

struct line *
line_new(struct hy_client *client)
{
	const hy_options *o = &client->options.given;
	struct line *line = calloc(1, sizeof *line);

	if (!line)
		return NULL;
	line->client = client;
	line->away_ms = -1;
	line->keepalive = 55000;
	line->window = 1;
	line->deadline = clock_ms() + backoff_start(o->start_within_ms,
						    strcmp(o->as, "kiosk") == 0,
						    clock_ms());
	flights_init(&line->flights);
	harvest_init(&line->harvest);
	bytes_init(&line->out);
	line->socket = socket_new(
		o->ca, client->options.proxied ? &client->options.proxy : NULL,
		&ups, line);
	if (line->socket)
		return line;
	line_free(line);
	return NULL;
}

void
line_free(struct line *line)
{
	if (!line)
		return;
	socket_free(line->socket);
	flights_fini(&line->flights);
	harvest_fini(&line->harvest);
	bytes_fini(&line->out);
	explicit_bzero(line->token, sizeof line->token);
	free(line);
}

void
line_wake(struct line *line)
{
	socket_wake(line->socket);
}
