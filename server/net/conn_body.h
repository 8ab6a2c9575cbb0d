/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a conn: for this room only. */
#ifndef NET_CONN_BODY_H
#define NET_CONN_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "conn.h"
#include "door.h"
#include "wheel.h"

struct gate_address;
struct lws;
struct ssl_st;

/* A conn is on exactly one list, that of its state. */
enum conn_state {
	CONN_HANDSHAKING, /* TLS, then HTTP, until the WebSocket is open */
	CONN_OPEN,
	CONN_CLOSING, /* sends what is queued and a close frame */
	CONN_ENDED,   /* told or to be killed; libwebsockets still has it */
	CONN_ASKING,  /* plain HTTP of an operator */
	CONN_STATES
};

struct pieces;  /* a message on its way in: piece.c */
struct backlog; /* bytes on their way out: send.c */

struct conn {
	/* What a write looks at: one line of memory. */
	struct net *net;
	struct lws *wsi;         /* NULL until adopted */
	struct ssl_st *ssl;      /* of wsi; NULL until its WebSocket is open */
	struct backlog *backlog; /* owned; NULL: not blocked */
	enum conn_state state;
	bool killed; /* libwebsockets was told to end it */

	void *owner;                  /* of opened() */
	struct gate_address *address; /* NULL: an operator's */
	char *certified;              /* owned; NULL: no client certificate */
	struct pieces *pieces;        /* owned; NULL: between messages */
	struct pieces *held;          /* whole ones, while paused; NULL: none */
	TAILQ_ENTRY(conn) in_state;
	int fd;                     /* -1: unknown */
	ino_t socket;               /* what fd is, as long as it is ours */
	struct wheel_item deadline; /* the earliest of those below */
	uint32_t phase_due;         /* ticks, 0: none. Handshake, then login */
	uint32_t message_due;
	uint32_t ping_due;
	uint32_t stall_due;
	uint32_t close_due;
	uint32_t accepted;   /* tick */
	uint32_t acked;      /* bytes, when last pinged while stopped */
	uint32_t heard;      /* tick at which it last said anything */
	enum door_kind door; /* it came through */
	int unanswered;      /* pings */
	int keepalive;       /* seconds: quiet so long, it is pinged */
	bool judged;         /* its upgrade was found good */
	bool told;           /* opened() was, closed() is owed */
	bool said_goodbye;   /* a close frame was sent or queued */
	bool paused;         /* by conn_pause */
	bool stopped;        /* libwebsockets does not read it */
	bool hearing;        /* libwebsockets is handing bytes over */
};

TAILQ_HEAD(conn_list, conn);

/* NULL: no memory. It is on the list of state. */
struct conn *conn_new(struct net *net, enum door_kind door,
		      struct gate_address *address);
/* fd is its socket. */
void conn_has_socket(struct conn *conn, int fd);
/* Takes NULL. */
void conn_free(struct conn *conn);
void conn_move(struct conn *conn, enum conn_state state);
/* Has the wheel look at it at this tick, or before. */
void conn_file(struct conn *conn, uint32_t due);
/* The wheel looks at it: what is due is done. */
void conn_due(struct wheel_item *item);
/* Ends it soon and without a word; never from inside this call. */
void conn_kill(struct conn *conn);
/* Drops what is queued and closes it: 4013, slow reader. */
void conn_cut(struct conn *conn);
/* Its WebSocket is open. */
void conn_opened(struct conn *conn);
/* The peer says goodbye: 0, or -1 when that was the answer to ours. */
int conn_hears_goodbye(struct conn *conn);
/* Nothing more comes and goes. */
void conn_ended(struct conn *conn);
/* libwebsockets takes bytes again: 0, or -1 when it has to end. */
int conn_writable(struct conn *conn);
/* Bytes of a message or an answer to a ping came. */
void conn_heard(struct conn *conn);

#endif
