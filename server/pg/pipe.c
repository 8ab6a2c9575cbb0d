/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipe: calls on their way. Each has a sync of its own, so that an error hurts
 * only its own call; it is answered when that sync is back, since only then
 * is it known that the commit raised no WARNING.
 */
#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "link_body.h"
#include "log.h"
#include "verdict.h"

static int
statement_find(struct link *link, const char *sql)
{
	for (int i = 0; i < link->statement_count; i++)
		if (link->statements[i] == sql)
			return i;
	must(link->statement_count < STATEMENTS_MAX);
	link->statements[link->statement_count] = sql;
	return link->statement_count++;
}

static struct call *
call_new(struct link *link, const struct link_ask *ask, bool ours)
{
	struct call *call = calloc(1, sizeof *call);

	if (!call)
		return NULL;
	call->statement = -1;
	call->ours = ours;
	call->answered = ask->answered;
	call->context = ask->context;
	link->waiting += !ours;
	return call;
}

static bool
send_named(struct link *link, struct call *call, const struct link_ask *ask)
{
	int i = statement_find(link, ask->sql);
	char name[16];

	snprintf(name, sizeof name, "s%d", i);
	call->statement = i;
	if (!link->prepared[i]) {
		if (!PQsendPrepare(link->conn, name, ask->sql, 0, NULL))
			return false;
		call->preparing = true;
		link->prepared[i] = true;
	}
	return PQsendQueryPrepared(link->conn, name, ask->count, ask->params,
				   NULL, NULL, 0) == 1;
}

static bool
send_call(struct link *link, const struct link_ask *ask, bool ours)
{
	struct call *call = call_new(link, ask, ours);
	bool sent;

	if (!call)
		return false;
	if (STAILQ_EMPTY(&link->on_way))
		link->progress_ms = clock_ms();
	STAILQ_INSERT_TAIL(&link->on_way, call, next);
	sent = ours ? PQsendQueryParams(link->conn, ask->sql, ask->count, NULL,
					ask->params, NULL, NULL, 0) == 1 :
		      send_named(link, call, ask);
	if (!sent || !PQpipelineSync(link->conn))
		link_break(link, PQerrorMessage(link->conn));
	else
		pipe_watch(link);
	return true;
}

bool
pipe_send(struct link *link, const struct link_ask *ask)
{
	return send_call(link, ask, false);
}

bool
pipe_send_ours(struct link *link, const struct link_ask *ask)
{
	return send_call(link, ask, true);
}

bool
pipe_refuse(struct link *link, const struct link_ask *ask)
{
	struct call *call = call_new(link, ask, false);

	if (call)
		STAILQ_INSERT_TAIL(&link->late, call, next);
	return call != NULL;
}

/* Takes the first call off; it stays the caller's. */
static struct call *
calls_take(struct link *link, struct calls *calls)
{
	struct call *call = STAILQ_FIRST(calls);

	STAILQ_REMOVE_HEAD(calls, next);
	link->waiting -= !call->ours;
	return call;
}

static void
call_answer(struct call *call, const struct link_answer *answer)
{
	call->answered(call->context, answer);
	PQclear(call->result);
	free(call);
}

void
pipe_drop(struct link *link, struct calls *calls)
{
	const struct link_answer weather = { .outcome = LINK_WEATHER };

	while (!STAILQ_EMPTY(calls))
		call_answer(calls_take(link, calls), &weather);
}

/* Its sync is back: the first call is over. */
static void
finish_first(struct link *link)
{
	struct call *call = STAILQ_FIRST(&link->on_way);
	struct pg_rows rows = { .result = call->result };
	struct link_answer answer = { .rows = &rows };
	bool broken;

	if (!call->result) { /* a sync without an answer: out of step */
		link_break(link, "an answer is missing");
		return;
	}
	broken = verdict(call, &answer);
	if (answer.outcome == LINK_FAILED || answer.outcome == LINK_WEATHER)
		verdict_log(link, call);
	if (broken)
		link_break(link, PQresultErrorMessage(call->result));
	if (answer.outcome == LINK_DONE && link->state == LINK_READY)
		link->backoff_ms = 0;
	link->progress_ms = clock_ms();
	call_answer(calls_take(link, &link->on_way), &answer);
}

/* Takes over one result that belongs to the first call. */
static void
take_result(struct link *link, PGresult *result)
{
	struct call *call = STAILQ_FIRST(&link->on_way);

	switch (PQresultStatus(result)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(result);
		finish_first(link);
		return;
	case PGRES_PIPELINE_ABORTED: /* follows the error that is kept */
		PQclear(result);
		return;
	case PGRES_COMMAND_OK:
		if (call->preparing) {
			call->preparing = false;
			PQclear(result);
			return;
		}
		break;
	case PGRES_TUPLES_OK:
		break;
	default:
		call->unprepared = call->preparing;
		if (call->statement >= 0 && call->preparing)
			link->prepared[call->statement] = false;
	}
	PQclear(call->result);
	call->result = result;
}

static bool
may_read(const struct link *link)
{
	return !link->broken && !STAILQ_EMPTY(&link->on_way) &&
	       link->state != LINK_CLOSING;
}

static void
read_results(struct link *link)
{
	int nothing = 0;

	while (may_read(link) && nothing < 2 && !PQisBusy(link->conn)) {
		PGresult *result = PQgetResult(link->conn);

		nothing = result ? 0 : nothing + 1;
		if (result)
			take_result(link, result);
	}
}

/* NOTIFYs for a link that is not ready are made up for when it is. */
static void
read_notifies(struct link *link)
{
	PGnotify *n;

	while (!link->broken && link->state != LINK_CLOSING &&
	       (n = PQnotifies(link->conn)) != NULL) {
		if (link->state == LINK_READY && link->calls.notified)
			link->calls.notified(link->calls.context, n->relname);
		PQfreemem(n);
	}
}

void
pipe_read(struct link *link)
{
	if (!PQconsumeInput(link->conn)) {
		link_break(link, PQerrorMessage(link->conn));
		return;
	}
	read_results(link);
	read_notifies(link);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct link *link = poll->data;

	if (status < 0 || events & UV_READABLE)
		pipe_read(link);
	if (status < 0) /* libuv has stopped: libpq may know a better reason */
		link_break(link, "the connection broke");
	if (!link->broken && link->state != LINK_CLOSING)
		pipe_watch(link);
	if (link->broken)
		link_lose(link);
}

void
pipe_watch(struct link *link)
{
	int unsent = PQflush(link->conn);
	int events = UV_READABLE | (unsent > 0 ? UV_WRITABLE : 0);

	if (unsent < 0 || PQsocket(link->conn) < 0)
		link_break(link, PQerrorMessage(link->conn));
	if (link->broken || events == link->events)
		return;
	link->events = events;
	must(uv_poll_start(link->poll, events, on_poll) == 0);
}

/*
 * A WARNING while something is on its way may mean that a commit was reported
 * without having been replicated: nobody is told that it is settled.
 */
void
pipe_noticed(void *context, const PGresult *notice)
{
	struct link *link = context;
	const char *severity =
		PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
	char why[TROUBLE_TEXT];

	if (!severity || STAILQ_EMPTY(&link->on_way) ||
	    strcmp(severity, "NOTICE") == 0 || strcmp(severity, "INFO") == 0 ||
	    strcmp(severity, "LOG") == 0 || strcmp(severity, "DEBUG") == 0)
		return;
	snprintf(why, sizeof why, "a %s during a call (%s)", severity,
		 sqlstate ? sqlstate : "no SQLSTATE");
	link_break(link, why);
}
