/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link: one connection to PostgreSQL on the loop: dial, check, ready, lost,
 * again. The only room that knows libpq. Calls are pipelined; results come in
 * the order of calls. A link dials again by itself, with back-off and jitter.
 *
 * Ready means more than connected: the settings without which an answer does
 * not mean durable (fsync, full_page_writes, synchronous_commit and so on)
 * were asked for and are right. They are asked for again every few seconds,
 * since an administrator may change them under a living connection.
 */
#ifndef PG_LINK_H
#define PG_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "must.h"

struct link;
struct pg_rows;

enum link_outcome {
	LINK_DONE,    /* committed, no WARNING seen; rows are there */
	LINK_REFUSED, /* SQLSTATE YN001: tag, path and after are there */
	LINK_FAILED,  /* an error of this datum: the same again fails again */
	LINK_WEATHER  /* lost, or to be tried again: the outcome is unknown */
};

struct link_answer {
	enum link_outcome outcome;
	const struct pg_rows *rows; /* LINK_DONE; borrowed for the call */
	const char *tag, *path;     /* LINK_REFUSED; path may be NULL */
	int after;                  /* LINK_REFUSED; seconds or 0 */
	const char *sqlstate;       /* LINK_FAILED, LINK_WEATHER; may be NULL */
};

typedef void link_answered_f(void *context, const struct link_answer *answer);

/* Text of a field, NUL-terminated; NULL when it is null or not there. */
const char *pg_text(const struct pg_rows *rows, int row, int column);
int pg_row_count(const struct pg_rows *rows);

struct link_settings {
	const char *name; /* application_name and in the log; copied */
	/*
	 * libpq's, copied. A socket folder, hostaddr or an address in host:
	 * a name in host would be looked up by libpq while the loop stands.
	 */
	const char *conninfo;
	int timeout_seconds;         /* no answer for so long closes the link */
	const char *const *channels; /* to LISTEN on, NULL-terminated; or NULL;
				      * constant: borrowed for ever */
};

struct link_calls {
	/* Connected, the settings checked (I1): calls are taken. */
	void (*ready)(void *context);
	/* Was ready and is not any more; calls on their way got WEATHER. */
	void (*lost)(void *context);
	/*
	 * A NOTIFY on one of the channels; also once for each channel when the
	 * link is ready again, since some may have been missed. May be NULL
	 * without channels.
	 */
	void (*notified)(void *context, const char *channel);
	void *context;
};

/* One call. Everything but sql is borrowed until link_call returns. */
struct link_ask {
	const char *sql; /* a constant: known by its address and prepared once
			  * per connection */
	int count;       /* of params */
	const char *const *params; /* as text; NULL is null */
	link_answered_f *answered; /* called once, never inside link_call */
	void *context;
};

/* NULL when memory is out. */
MUST_USE struct link *link_open(uv_loop_t *loop, const struct link_settings *s,
				const struct link_calls *calls);
bool link_is_ready(const struct link *link);
/* Why it is not ready, as a short text; "" when it is. */
const char *link_trouble(const struct link *link);
/*
 * False when memory is out or link_close was called: then answered never is.
 * Not ready: answered with LINK_WEATHER at the next turn of the loop.
 */
MUST_USE bool link_call(struct link *link, const struct link_ask *ask);
/* Calls on their way. */
int link_waiting(const struct link *link);
/*
 * Ends it at the next turn; calls on their way get LINK_WEATHER, lost is not
 * called; then closed, when nothing of the link is left.
 */
void link_close(struct link *link, void (*closed)(void *context),
		void *context);

#endif
