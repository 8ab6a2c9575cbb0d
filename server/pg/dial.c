/* SPDX-License-Identifier: Apache-2.0 */
/* dial: connecting without waiting, then asking what the server is like. */
#include "dial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "link_body.h"
#include "pipe.h"
#include "text.h"

/* What must be so, or "settled" would not mean durable (RELIABILITY I1). */
static const struct {
	const char *name, *good; /* words separated by '|' */
} wanted[] = {
	{ "fsync", "on" },
	{ "full_page_writes", "on" },
	{ "synchronous_commit", "on|remote_apply" },
	{ "server_encoding", "UTF8" },
	{ "client_encoding", "UTF8" },
	{ "transaction_read_only", "off" },
};

#define WANTED (sizeof wanted / sizeof *wanted)

static const char check_sql[] = "select current_setting('fsync'),"
				" current_setting('full_page_writes'),"
				" current_setting('synchronous_commit'),"
				" current_setting('server_encoding'),"
				" current_setting('client_encoding'),"
				" current_setting('transaction_read_only')";

static void
on_freed(uv_handle_t *handle)
{
	free(handle);
}

void
dial_unwatch(struct link *link)
{
	if (!link->poll)
		return;
	(void)uv_poll_stop(link->poll);
	uv_close((uv_handle_t *)link->poll, on_freed);
	link->poll = NULL;
	link->events = 0;
}

/*
 * A poll of its own for each step: libpq may have closed the descriptor and
 * opened another of the same number, of which epoll knows nothing.
 */
static bool
watch(struct link *link)
{
	uv_poll_t *poll = calloc(1, sizeof *poll);

	dial_unwatch(link);
	if (!poll) {
		link_break(link, "no memory");
		return false;
	}
	if (uv_poll_init(link->loop, poll, PQsocket(link->conn)) != 0) {
		free(poll);
		link_break(link, "the descriptor cannot be watched");
		return false;
	}
	poll->data = link;
	link->poll = poll;
	return true;
}

static bool
settings_are_good(struct link *link, const struct pg_rows *rows)
{
	char why[TROUBLE_TEXT];

	for (int i = 0; i < (int)WANTED; i++) {
		const char *is = pg_text(rows, 0, i);

		if (is && text_in_list(wanted[i].good, is))
			continue;
		snprintf(why, sizeof why, "%s is %s where %s is needed",
			 wanted[i].name, is ? is : "unknown", wanted[i].good);
		link_break(link, why);
		return false;
	}
	return true;
}

static void
checked(void *context, const struct link_answer *answer)
{
	struct link *link = context;

	link->pulse_on_way = false;
	link->pulse_ms = clock_ms();
	if (link->broken || answer->outcome == LINK_WEATHER)
		return;
	if (answer->outcome != LINK_DONE)
		link_break(link, "the settings cannot be asked for");
	else if (settings_are_good(link, answer->rows) &&
		 link->state == LINK_CHECKING)
		link_is_up(link);
}

void
dial_check(struct link *link)
{
	const struct link_ask ask = { .sql = check_sql,
				      .answered = checked,
				      .context = link };

	link->pulse_on_way = true;
	if (!pipe_send_ours(link, &ask))
		link_break(link, "no memory");
}

static void
listening(void *context, const struct link_answer *answer)
{
	struct link *link = context;

	if (answer->outcome == LINK_REFUSED || answer->outcome == LINK_FAILED)
		link_break(link, "LISTEN is refused");
}

static void
listen_on(struct link *link, const char *channel)
{
	char sql[80];
	const struct link_ask ask = { .sql = sql,
				      .answered = listening,
				      .context = link };

	must(strspn(channel, "abcdefghijklmnopqrstuvwxyz_") == strlen(channel));
	must(snprintf(sql, sizeof sql, "listen %s", channel) < (int)sizeof sql);
	if (!pipe_send_ours(link, &ask))
		link_break(link, "no memory");
}

static void
connected(struct link *link)
{
	if (!watch(link))
		return;
	if (PQsetnonblocking(link->conn, 1) != 0 ||
	    !PQenterPipelineMode(link->conn)) {
		link_break(link, PQerrorMessage(link->conn));
		return;
	}
	link->state = LINK_CHECKING;
	for (int i = 0; link->channels && link->channels[i]; i++)
		if (!link->broken)
			listen_on(link, link->channels[i]);
	if (!link->broken)
		dial_check(link);
}

static void step(struct link *link);

static void
on_dial(uv_poll_t *poll, int status, int events)
{
	struct link *link = poll->data;

	(void)status; /* libpq finds out by itself, and says more */
	(void)events;
	step(link);
	if (link->broken)
		link_lose(link);
}

static void
wait_for(struct link *link, int events)
{
	if (watch(link))
		must(uv_poll_start(link->poll, events, on_dial) == 0);
}

static void
step(struct link *link)
{
	dial_unwatch(link);
	switch (PQconnectPoll(link->conn)) {
	case PGRES_POLLING_READING:
		wait_for(link, UV_READABLE);
		return;
	case PGRES_POLLING_WRITING:
		wait_for(link, UV_WRITABLE);
		return;
	case PGRES_POLLING_OK:
		connected(link);
		return;
	default:
		link_break(link, PQerrorMessage(link->conn));
	}
}

/*
 * What stands before dbname may be overruled by the conninfo, what stands
 * after it may not.
 */
static PGconn *
start(const struct link *link)
{
	const char *const keys[] = { "tcp_user_timeout", "keepalives",
				     "keepalives_idle",  "keepalives_interval",
				     "keepalives_count", "target_session_attrs",
				     "dbname",           "application_name",
				     "client_encoding",  NULL };
	const char *const values[] = {
		"10000",        "1",        "20",   "5", "3", "read-write",
		link->conninfo, link->name, "UTF8", NULL
	};

	return PQconnectStartParams(keys, values, 1);
}

/* libpq's own words about a bad conninfo could quote a password. */
static bool
conninfo_is_good(const struct link *link)
{
	char *error = NULL;
	PQconninfoOption *options = PQconninfoParse(link->conninfo, &error);
	bool good = options != NULL;

	PQconninfoFree(options);
	PQfreemem(error);
	return good;
}

void
dial(struct link *link)
{
	link->state = LINK_DIALLING;
	link->progress_ms = clock_ms();
	if (!conninfo_is_good(link)) {
		link_break(link, "the database setting is no conninfo");
		return;
	}
	link->conn = start(link);
	if (!link->conn) {
		link_break(link, "no memory");
		return;
	}
	PQsetNoticeReceiver(link->conn, pipe_noticed, link);
	if (PQstatus(link->conn) == CONNECTION_BAD)
		link_break(link, PQerrorMessage(link->conn));
	else
		wait_for(link, UV_WRITABLE);
}
