/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line: the connection to the server, over and over: the thread, its states
 * and its times. What is said on it is the business of greet, talk and pump;
 * what was heard goes through harvest. All in the library's thread, but for
 * line_new, line_wake and line_free.
 */
#ifndef CLIENT_LINE_H
#define CLIENT_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"
#include "bytes.h"
#include "announced.h"
#include "flight.h"
#include "harvest.h"
#include "huiyin.h"
#include "shelf.h"
#include "socket.h"

struct hy_client;

enum line_state {
	LINE_AWAY,     /* waits until `deadline` to dial */
	LINE_DIALLING, /* must be greeted before `deadline` */
	LINE_GREETING,
	LINE_CATCHING_UP, /* known to the server; hears what it missed */
	LINE_LIVE,
	LINE_LEAVING /* the server said bye; closes by `deadline` */
};

struct line {
	struct hy_client *client; /* borrowed */
	struct socket *socket;
	int64_t deadline; /* of the state; clock_ms */
	int64_t away_ms;  /* how long to stay away; -1: backoff says */
	enum line_state state;
	unsigned url; /* number of the one to dial next; see dial() */
	struct backoff backoff;
	char dialled[100]; /* host:port of the one dialled last */
	char told[32];     /* tag of the last HY_OFFLINE; "": online */

	/* What it is now. */
	bool replay_all;
	bool thrifty;  /* asked for the urgent only: the place stays as it is */
	bool indebted; /* the next session is for all, whatever it costs */
	bool token_used;
	bool mark_told;          /* hello said how far the store has come */
	bool asks_nothing;       /* the server knows no keepalive, no missed */
	bool deaf;               /* not reading: the program does not pull */
	bool crowded;            /* no room for notices: another session's */
	bool disabled;           /* the server's bye says that we are */
	bool copies;             /* there may be more of them to say */
	bool waits_told;         /* that sealed acts wait for another server */
	char epoch[SHELF_EPOCH]; /* of this session */
	char token[132];         /* staff: instead of the password; or "" */
	char copied[HY_REF];     /* copies up to that ref were said */

	struct announced announced;
	unsigned window;
	size_t max_frame;
	int64_t keepalive;    /* ms */
	int64_t since;        /* clock_ms of hello's answer */
	int64_t heard, spoke; /* clock_ms */
	int64_t pinged;       /* when we asked for a sign of life that has not
				 come; clock_ms, or 0 */
	int64_t lavish_at; /* clock_ms: asks for what it missed; 0: not yet */

	struct shelf_place place; /* as on disk */
	struct meter counted;   /* of the socket, in client->traffic already */
	struct flights flights; /* said, not answered */
	int64_t sent_number;    /* acts of the outbox up to it were said */
	int64_t hold_until;     /* nothing of the outbox before; clock_ms */
	int64_t receipts_at;    /* when receipts leave; 0: there are none */
	int64_t scrub_at;
	struct harvest harvest;
	struct bytes out; /* what is being said */
};

MUST_USE struct line *line_new(struct hy_client *client);
void line_free(struct line *line);
/* The thread; line is a struct line. */
void *line_run(void *line);
void line_wake(struct line *line);

/* For the other files of the line. */
bool line_is_online(const struct line *line);
/* Says what is in line->out; hangs up when that cannot be. */
void line_say(struct line *line);
void line_hang_up(struct line *line, const char *why);
/* Online is what the program is told and what lets reading acts in. */
void line_set_online(struct line *line, bool online);
/* An event that has nothing to do with the disk, in its place. */
void line_tell(struct line *line, const hy_event *event);

#endif
