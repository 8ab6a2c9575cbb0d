/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send: bytes on their way out of a conn. With nothing queued they go to TLS
 * and the kernel at once, past libwebsockets: its way there looks at a dozen
 * lines of memory that are in no cache where there are thousands of peers (a
 * delivery costs 1.23 of a bare broadcaster's through it, 1.13 past it). As
 * soon as the kernel takes no more, libwebsockets holds the rest of that write
 * and everything further waits here: it would copy all of it otherwise,
 * without a bound.
 */
#include "send.h"

#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "acked.h"
#include "bytes.h"
#include "frame.h"
#include "net_body.h"

#define LINE_BYTES 64 /* of the processor's caches */

struct backlog {
	struct bytes out; /* empty: libwebsockets holds all there is */
	size_t at;        /* of out, where what is to be sent begins */
	uint64_t acked;   /* bytes acknowledged when last looked at */
	uint32_t moved;   /* tick at which that last changed */
};

void
backlog_free(struct backlog *backlog)
{
	if (backlog)
		bytes_fini(&backlog->out);
	free(backlog);
}

/* Adds to what is to be sent; what has gone makes room first. */
static bool
append(struct backlog *b, const void *data, size_t len)
{
	if (b->at > 0 && b->out.len + len >= b->out.room) {
		b->out.len -= b->at;
		memmove(b->out.data, b->out.data + b->at, b->out.len);
		b->at = 0;
	}
	bytes_add(&b->out, data, len);
	return !b->out.failed;
}

static uint64_t
bytes_acked(const struct conn *conn)
{
	return acked_bytes(lws_get_socket_fd(conn->wsi));
}

/*
 * One write. What TLS does not take is handed to libwebsockets, framed as it
 * is (LWS_WRITE_HTTP): given the same bytes again, no fewer, OpenSSL goes on
 * where it was. More than NET_WRITE_MOST libwebsockets would cut, so there it
 * writes from the start.
 */
static bool
write_run(struct conn *conn, const unsigned char *data, size_t run)
{
	int taken = run <= NET_WRITE_MOST ?
			    SSL_write(conn->ssl, data, (int)run) :
			    0;
	size_t done = taken > 0 ? (size_t)taken : 0;

	if (done == run)
		return true;
	return lws_write(conn->wsi, (unsigned char *)data + done, run - done,
			 LWS_WRITE_HTTP) >= 0;
}

/*
 * Writes whole frames while the kernel takes them; how many bytes were taken,
 * or -1. libwebsockets may hold something of its own: the answer to a ping.
 */
static ssize_t
write_through(struct conn *conn, const unsigned char *data, size_t len)
{
	size_t done = 0;

	while (done < len && !lws_partial_buffered(conn->wsi)) {
		size_t run = frame_run(data + done, len - done, NET_WRITE_MOST);

		if (!write_run(conn, data + done, run)) {
			conn_kill(conn);
			return -1;
		}
		done += run;
	}
	return (ssize_t)done;
}

static enum conn_sent
block(struct conn *conn, const unsigned char *rest, size_t len)
{
	struct backlog *b = calloc(1, sizeof *b);

	if (!b || (len > 0 && !append(b, rest, len))) {
		backlog_free(b);
		conn_kill(conn);
		return CONN_GONE;
	}
	b->acked = bytes_acked(conn);
	b->moved = conn->net->wheel.tick;
	conn->backlog = b;
	conn->stall_due = wheel_after(&conn->net->wheel, 0);
	conn_file(conn, conn->stall_due);
	lws_callback_on_writable(conn->wsi);
	return CONN_BLOCKED;
}

static enum conn_sent
queue(struct conn *conn, const unsigned char *data, size_t len)
{
	struct backlog *b = conn->backlog;

	if (conn->state == CONN_OPEN &&
	    b->out.len - b->at > conn->net->settings.max_unsent) {
		conn_cut(conn);
		return CONN_GONE;
	}
	if (!append(b, data, len)) {
		conn_kill(conn);
		return CONN_GONE;
	}
	return CONN_BLOCKED;
}

/*
 * Where OpenSSL 3.0 looks in its SSL object to write a record, in bytes from
 * its beginning: a line of memory each. Found with valgrind's lackey. A hint
 * that is wrong costs a line of the cache, nothing else: it is never read.
 */
static const unsigned short ssl_hints[] = {
	0x000, 0x018, 0x044, 0x084,  0x0a9,  0x184,  0x1a4,  0x2e0,
	0x4c0, 0x878, 0x890, 0x918,  0x9f0,  0xa10,  0xa9c,  0xba4,
	0xc70, 0xcb0, 0xcd0, 0x1cb8, 0x1cd8, 0x1d00, 0x1d50,
};

#define WSI_BYTES 512 /* of libwebsockets', from the first */

static void
fetch(const void *from, size_t len)
{
	for (size_t i = 0; i < len; i += LINE_BYTES)
		__builtin_prefetch((const char *)from + i);
}

static void
fetch_tls(const struct conn *conn)
{
	for (size_t i = 0; i < sizeof ssl_hints / sizeof *ssl_hints; i++)
		__builtin_prefetch((const char *)conn->ssl + ssl_hints[i]);
	fetch(conn->wsi, WSI_BYTES);
}

void
conn_ahead(const struct conn *conn, int writes)
{
	if (writes >= 3)
		fetch(conn, LINE_BYTES);
	else if (!conn->ssl)
		return;
	else if (writes == 2)
		fetch_tls(conn);
	else
		fetch(SSL_get_wbio(conn->ssl), 2 * LINE_BYTES);
}

enum conn_sent
send_frames(struct conn *conn, const void *data, size_t len)
{
	ssize_t done;

	if (conn->backlog)
		return queue(conn, data, len);
	done = write_through(conn, data, len);
	if (done < 0)
		return CONN_GONE;
	if ((size_t)done == len && !lws_partial_buffered(conn->wsi))
		return CONN_SENT;
	return block(conn, (const unsigned char *)data + done,
		     len - (size_t)done);
}

bool
send_flush(struct conn *conn)
{
	struct backlog *b = conn->backlog;
	ssize_t done;

	if (!b)
		return true;
	done = write_through(conn, (unsigned char *)b->out.data + b->at,
			     b->out.len - b->at);
	if (done < 0)
		return false;
	b->at += (size_t)done;
	if (b->at < b->out.len || lws_partial_buffered(conn->wsi)) {
		lws_callback_on_writable(conn->wsi);
		return false;
	}
	backlog_free(b);
	conn->backlog = NULL;
	conn->stall_due = 0;
	return true;
}

void
send_drop(struct conn *conn)
{
	struct backlog *b = conn->backlog;

	if (!b)
		return;
	bytes_fini(&b->out);
	b->at = 0;
}

bool
send_is_stalled(struct conn *conn)
{
	struct backlog *b = conn->backlog;
	uint64_t acked = bytes_acked(conn);
	uint32_t now = conn->net->wheel.tick;

	if (acked != b->acked) {
		b->acked = acked;
		b->moved = now;
	}
	return now - b->moved > (uint32_t)conn->net->settings.stall_seconds;
}
