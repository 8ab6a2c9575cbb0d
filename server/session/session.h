/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session: one peer while connected. Outside this room, and whenever time may
 * pass, a session is named by its id (slot and generation), never by pointer.
 * A session is on exactly one list, that of its state; session_move moves it.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "must.h"
#include "refusal.h"
#include "store.h"

struct sessions;
struct session;

enum session_state {
	SESSION_GREETING,    /* has not said who it is, or is being checked */
	SESSION_CATCHING_UP, /* is being sent what it missed */
	SESSION_LIVE,        /* hears notices as they come */
	SESSION_LEAVING,     /* told to go */
	SESSION_STATES
};

/* Why a peer is not read; it is read again when no reason is left. */
enum session_pause {
	PAUSE_GREETING = 1 << 0,  /* its hello is being checked */
	PAUSE_WINDOW = 1 << 1,    /* too many acts on their way */
	PAUSE_FULL = 1 << 2,      /* the store is full */
	PAUSE_ALLOWANCE = 1 << 3, /* too many acts a second */
	PAUSE_UNREAD = 1 << 4,    /* it does not read its answers */
	PAUSE_DRAIN = 1 << 5      /* the node is about to stop */
};

/* Who a peer turned out to be. */
struct identity {
	int64_t principal;  /* 0: a visitor */
	unsigned roles;     /* mask of enum role */
	uint64_t region;    /* 0: nowhere */
	int64_t department; /* 0: none */
};

/* What the room `notice` keeps with each session. */
struct hearing {
	int64_t cursor; /* all up to this number is settled with this peer */
	int64_t until;  /* catching up: at least so far */
	int64_t hurry;  /* up to this number only what is urgent */
	bool replay;    /* catching up: tell it when it is done */
	bool due;       /* waits for its turn to be written to */
	bool asking;    /* what it missed is being asked of the database */
	bool behind;    /* does not read: goes on when it does */
	bool deflate;   /* takes notices squeezed */
};

struct sessions_settings {
	const char *node;           /* uuid of this run of the node */
	int window;                 /* acts on their way */
	int acts_per_second;        /* in the long run */
	int keepalive_seconds;      /* of those who ask for nothing */
	int keepalive_most_seconds; /* of those who ask for longer */
	size_t max_frame;
	const char *const *features; /* of hello; borrowed; ends with NULL */
};

/* News that travels up: pointers that main hands down. */
struct session_calls {
	/* It has said who it is; its hearing says what is due to it. */
	void (*greeted)(void *context, struct session *s);
	/* A message that had to wait for the answer to hello. */
	void (*said)(void *context, struct session *s, const char *text,
		     size_t len);
	void *context;
};

/* store is borrowed and outlives the sessions. */
MUST_USE struct sessions *sessions_new(const struct sessions_settings *s,
				       const struct session_calls *calls,
				       struct store *store);
/* Only when there are none and sessions_are_idle. */
void sessions_free(struct sessions *all);
/* Is nobody's password being checked in the thread pool? */
bool sessions_are_idle(const struct sessions *all);
struct store *sessions_store(const struct sessions *all);
const struct sessions_settings *sessions_settings(const struct sessions *all);
int sessions_count(const struct sessions *all, enum session_state state);
/* Calls f for each session in that state; f may move or close that one. */
void sessions_each(struct sessions *all, enum session_state state,
		   void (*f)(void *context, struct session *s), void *context);
/* Is one of that principal, or of that department, here? */
bool sessions_any_of(struct sessions *all, int64_t principal);
bool sessions_any_in(struct sessions *all, int64_t department);
/* Those of one principal, or of one department. As above. */
void sessions_each_of(struct sessions *all, int64_t principal,
		      void (*f)(void *context, struct session *s),
		      void *context);
void sessions_each_in(struct sessions *all, int64_t department,
		      void (*f)(void *context, struct session *s),
		      void *context);
/*
 * Those who hear of the regions first..last; roles: a mask, 0 for everybody.
 * f must not move or close sessions.
 */
void sessions_walk(struct sessions *all, uint64_t first, uint64_t last,
		   void (*f)(void *context, struct session *s), void *context);

/* NULL when memory is out; the caller then closes conn. */
MUST_USE struct session *session_new(struct sessions *all, struct conn *conn);
void session_free(struct session *s);
/* NULL when that session has gone. */
struct session *session_find(struct sessions *all, uint64_t id);
/* conn_ahead of that one's conn; 4 writes ahead: what leads there. */
void session_ahead(struct sessions *all, uint64_t id, int writes);
uint64_t session_id(const struct session *s);
/* For logs and SQL: unique over nodes and restarts. Borrowed. */
const char *session_name(const struct session *s);
struct sessions *session_all(const struct session *s);
struct conn *session_conn(const struct session *s);
enum session_state session_state(const struct session *s);
void session_move(struct session *s, enum session_state state);

/* Gives it an identity: it is found by region, principal and department. */
MUST_USE bool session_identify(struct session *s, const struct identity *who);
const struct identity *session_identity(const struct session *s);
struct store_who session_who(const struct session *s);
/* NULL until hello said one. */
const char *session_lang(const struct session *s);
void session_set_lang(struct session *s, const char *lang);
struct hearing *session_hearing(struct session *s);

/* May it have one more act now? Else it is paused until it may. */
bool session_spend(struct session *s, int64_t now_ms);
/* May another refusal of it be logged? Some a second are enough. */
bool session_may_log(struct session *s);
/* Counts acts on their way and pauses at the window. */
void session_act_begins(struct session *s);
void session_act_ends(struct session *s);
void session_pause(struct session *s, enum session_pause why, bool pause);
bool session_is_paused(const struct session *s, enum session_pause why);
/* Ends the pauses whose time is over; tells who has gone. */
void sessions_tick(struct sessions *all, int64_t now_ms);

/*
 * Keeps a message until the answer to hello; a peer that says more than one
 * frame's worth before is dismissed.
 */
void session_hold(struct session *s, const char *text, size_t len);
/* Sends one message; a peer that does not read is not read any more either. */
void session_send(struct session *s, const char *text, size_t len);
void session_refuse(struct session *s, const char *id,
		    const struct refusal *why);
/* Says bye {reason, retry} and closes with code (RFC 6455 section 7.4). */
void session_dismiss(struct session *s, const char *reason, int retry,
		     int code);

#endif
