/* SPDX-License-Identifier: Apache-2.0 */
/* link_body: the inside of a link, for the files of this room only. */
#ifndef PG_LINK_BODY_H
#define PG_LINK_BODY_H

#include <libpq-fe.h>
#include <stdint.h>
#include <sys/queue.h>

#include "link.h"

#define STATEMENTS_MAX 64
#define TROUBLE_TEXT 200

enum link_state {
	LINK_DOWN,
	LINK_DIALLING,
	LINK_CHECKING,
	LINK_READY,
	LINK_CLOSING
};

/* A call on its way: its answer is complete when its sync comes back. */
struct call {
	STAILQ_ENTRY(call) next;
	int statement;    /* index into the link's statements; -1: unnamed */
	bool preparing;   /* the answer to its PREPARE is still to come */
	bool unprepared;  /* the error came from the PREPARE, not from data */
	bool ours;        /* asked by the link itself */
	PGresult *result; /* owned: rows, or the error; NULL before */
	link_answered_f *answered;
	void *context;
};

STAILQ_HEAD(calls, call);

struct pg_rows {
	const PGresult *result;
};

struct link {
	uv_loop_t *loop;
	struct link_calls calls;
	char *name, *conninfo;       /* owned */
	const char *const *channels; /* NULL: listens to nothing */
	int timeout_ms;

	enum link_state state;
	PGconn *conn;     /* NULL while down */
	uv_poll_t *poll;  /* of conn's descriptor; freed when closed */
	int events;       /* that poll waits for */
	uv_timer_t timer; /* back-off, deadlines, the pulse */
	uv_idle_t later;  /* what may not happen inside a call */
	int handles_open; /* of timer and later, while closing */

	struct calls on_way; /* sent; answers come in this order */
	struct calls late;   /* never sent: to be told so */
	int waiting;         /* of both, without our own */
	int64_t progress_ms; /* when something was last heard or begun */
	int64_t pulse_ms;    /* when the settings were last asked for */
	bool pulse_on_way;

	const char *statements[STATEMENTS_MAX]; /* by address */
	bool prepared[STATEMENTS_MAX];          /* on this connection */
	int statement_count;

	bool broken;                /* lost, but not yet cleared away */
	char trouble[TROUBLE_TEXT]; /* "" when ready */
	char logged[TROUBLE_TEXT];  /* the trouble that was last logged */
	int backoff_ms;             /* most to wait before the next dial */

	void (*closed)(void *context);
	void *closed_context;
};

/*
 * Marks the link as lost for this reason (a first line of it is kept); it is
 * cleared away at the next turn, or by the caller with link_lose.
 */
void link_break(struct link *link, const char *why);
/* Clears a broken link away: answers, news upwards, the next dial. */
void link_lose(struct link *link);
void link_is_up(struct link *link);

#endif
