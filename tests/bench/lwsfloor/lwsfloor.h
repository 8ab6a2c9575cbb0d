/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lwsfloor: what libwebsockets itself costs, a minimal broadcaster on it.
 * Connections to /pub publish, all others subscribe. Every message is framed
 * once into a log of bytes; each subscriber has a position in that log.
 */
#ifndef LWSFLOOR_H
#define LWSFLOOR_H

#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

#define LOG_SIZE (16u << 20)

struct session { /* libwebsockets allocates one for each connection */
	struct lws *wsi;
	bool publisher;
	size_t place;
	uint64_t at; /* in the log: everything before it was sent */
};

struct broadcaster {
	int port, rx_buffer, tx_packet, tickets;
	bool writable; /* by the book: lws_callback_on_writable, then write */
	bool batch;    /* gather for 1 ms, then one write for all of it */
	bool validity; /* keep libwebsockets' timer per connection */
	uint64_t loop;
	const char *cert, *key;
	struct lws_context *context;
	unsigned char *log; /* LOG_SIZE bytes, mapped twice in a row */
	uint64_t head;
	struct session **session;
	size_t sessions, room;
	unsigned char *in; /* the publisher's message so far; owned */
	size_t in_len, in_room;
	bool pending; /* the log grew and subscribers were not told */
	lws_sorted_usec_list_t timer;
};

extern struct broadcaster all;

_Noreturn void die(const char *what);

/* log.c */
void log_open(void);
void publish(const unsigned char *data, size_t len);
/* Writes what is pending; asks to be called again when more is. 0 or -1. */
int send_pending(struct session *s, bool in_callback);

#endif
