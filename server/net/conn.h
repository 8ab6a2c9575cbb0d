/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conn: one WebSocket peer. Everything a conn sends is framed by frame_begin
 * and goes out in the order it was given. A conn takes messages as long as it
 * is not blocked; what it holds back is bounded by max_unsent.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct conn;

enum conn_sent {
	CONN_SENT,    /* handed to TLS and the kernel */
	CONN_BLOCKED, /* kept, but the peer does not read: wait for writable() */
	CONN_GONE     /* closing; nothing was kept */
};

#define FRAME_HEAD_MAX 10
/* First byte of a head: the whole of a message (RFC 6455 section 5.2). */
#define FRAME_TEXT 0x81
#define FRAME_BINARY 0x82

/*
 * Writes the head of an unmasked text frame for len bytes of payload; returns
 * its length, at most FRAME_HEAD_MAX. Of a binary one the first byte differs.
 */
size_t frame_head(unsigned char head[FRAME_HEAD_MAX], size_t len);

/*
 * Frames and sends one text message (borrowed). A conn that holds back more
 * than max_unsent already, or of which nothing is acknowledged for
 * stall_seconds, is closed as a slow reader (4013), and what it held back is
 * forgotten.
 */
enum conn_sent conn_send(struct conn *conn, const char *text, size_t len);
/*
 * Sends bytes that are framed already, one or more whole frames (borrowed).
 * With nothing queued they leave at once, in one TLS record where they fit.
 */
enum conn_sent conn_send_framed(struct conn *conn, const void *data,
				size_t len);
/*
 * Fetches into the processor's caches what a write to conn looks at, while
 * others are written to; so many writes come first: 3, then 2, then 1.
 */
void conn_ahead(const struct conn *conn, int writes);
/* Does it hold back bytes? */
bool conn_is_blocked(const struct conn *conn);
/* The peer has said who it is: its login deadline is over. */
void conn_known(struct conn *conn);
/* Quiet for so many seconds it is pinged, instead of the node's own. */
void conn_keepalive(struct conn *conn, int seconds);
/*
 * Stops or resumes reading from the peer (back-pressure). Idempotent. said()
 * is not called while paused; what had come already follows on resuming, but
 * never from inside this call.
 */
void conn_pause(struct conn *conn, bool pause);
/*
 * Sends what is queued, then a close frame with code (RFC 6455 section 7.4)
 * and reason, and ends; a peer that does not read is cut after 5 s.
 * closed() follows later, never from inside this call.
 */
void conn_close(struct conn *conn, int code, const char *reason);
/*
 * The peer's address as text, borrowed while the conn lives; of IPv6 its /64,
 * which is what one peer has.
 */
const char *conn_address(const struct conn *conn);
/* Common name of its verified client certificate; NULL when it has none. */
const char *conn_certified_name(const struct conn *conn);

#endif
