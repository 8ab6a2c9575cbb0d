/* SPDX-License-Identifier: Apache-2.0 */
/*
 * piece: messages on their way in.
 *
 * A message that cannot be taken is told of once, and the rest of it is
 * swallowed so that the peer can read why.
 *
 * Pausing: libwebsockets must not be told to stop reading while TLS has
 * decrypted bytes left (4.1.6 then turns in a circle for ever: it caches what
 * it has just taken out of its cache). So what is left of the record is still
 * taken, and held here.
 */
#include "piece.h"

#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "net_body.h"

#define PIECES_MOST 64
#define SWALLOW_MOST (1u << 20)
#define EMPTY_COSTS 64 /* bytes an empty fragment counts as, swallowed */

struct pieces {
	struct bytes in;
	size_t at; /* held messages: where the next one begins */
	size_t swallowed;
	int fragments;
	bool bad;   /* told already; swallow the rest */
	bool ended; /* the last bit ended a fragment */
};

void
pieces_free(struct pieces *pieces)
{
	if (pieces)
		bytes_fini(&pieces->in);
	free(pieces);
}

/* ---- while paused ------------------------------------------------------ */

/* Held messages: each its length, then its text. */
static bool
hold(struct conn *conn, const char *text, size_t len)
{
	if (!conn->held)
		conn->held = calloc(1, sizeof *conn->held);
	if (!conn->held)
		return false;
	bytes_add(&conn->held->in, &len, sizeof len);
	bytes_add(&conn->held->in, text, len);
	return !conn->held->in.failed;
}

static void
say(struct conn *conn, const char *text, size_t len)
{
	conn->net->calls.said(conn->owner, text, len);
}

void
pieces_resume(struct conn *conn)
{
	while (conn->held && !conn->paused && conn->state == CONN_OPEN) {
		struct pieces *held = conn->held;
		size_t len;

		if (held->at == held->in.len) {
			pieces_free(held);
			conn->held = NULL;
			break;
		}
		memcpy(&len, held->in.data + held->at, sizeof len);
		held->at += sizeof len + len;
		say(conn, held->in.data + held->at - len, len);
	}
	if (conn->stopped && !conn->paused && !conn->held) {
		conn->stopped = false;
		lws_rx_flow_control(conn->wsi, 1);
	}
}

void
pieces_pause(struct conn *conn)
{
	if (conn->state != CONN_OPEN || conn->hearing || conn->stopped ||
	    (!conn->paused && !conn->held) ||
	    SSL_pending(lws_get_ssl(conn->wsi)) > 0)
		return;
	conn->stopped = true;
	lws_rx_flow_control(conn->wsi, 0);
}

/* ---- whole messages ---------------------------------------------------- */

/*
 * libwebsockets checks UTF-8 as it comes, but not that it ends with a whole
 * character when the last fragment is empty.
 */
static bool
ends_whole(const char *text, size_t len)
{
	size_t back = 0;
	unsigned char lead;

	while (back < len && back < 4 &&
	       ((unsigned char)text[len - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back == len)
		return len == 0;
	lead = (unsigned char)text[len - 1 - back];
	if (lead < 0x80)
		return back == 0;
	return back == (lead >= 0xf0 ? 3u : lead >= 0xe0 ? 2u : 1u);
}

static void
whole(struct conn *conn, const char *text, size_t len)
{
	if (!ends_whole(text, len))
		conn_close(conn, 1007, "partial utf8");
	else if (!conn->paused && !conn->held)
		say(conn, text, len);
	else if (!hold(conn, text, len))
		conn_kill(conn);
}

static void
refuse(struct conn *conn, struct pieces *p, const char *tag)
{
	bytes_fini(&p->in);
	p->bad = true;
	conn->net->calls.garbled(conn->owner, tag);
}

/* What is wrong with it so far, by the tag of errors.tbl.h; NULL: nothing. */
static const char *
fault(const struct conn *conn, const struct pieces *p, size_t coming)
{
	if (lws_frame_is_binary(conn->wsi))
		return "binary";
	if (p->in.len + coming > conn->net->settings.max_message)
		return "too_large";
	if (p->fragments > PIECES_MOST)
		return "too_many_pieces";
	return NULL;
}

static void
swallow(struct conn *conn, struct pieces *p, size_t len, size_t coming)
{
	p->swallowed += len + (len == 0 ? EMPTY_COSTS : 0);
	if (p->swallowed + coming > SWALLOW_MOST)
		conn_close(conn, 1009, "too large");
}

/* True when that was the last bit. */
static bool
keep(struct conn *conn, struct pieces *p, const char *data, size_t len)
{
	bytes_add(&p->in, data, len);
	if (!p->in.failed)
		return lws_is_final_fragment(conn->wsi);
	conn_kill(conn);
	return false;
}

/* Another bit; true when it was the last one of a message not refused. */
static bool
add(struct conn *conn, struct pieces *p, const char *data, size_t len)
{
	size_t rest = lws_remaining_packet_payload(conn->wsi);
	const char *tag;

	p->fragments += p->ended;
	p->ended = rest == 0;
	if (!p->bad) {
		tag = fault(conn, p, len + rest);
		if (!tag)
			return keep(conn, p, data, len);
		refuse(conn, p, tag);
	}
	swallow(conn, p, len, rest);
	return false;
}

static void
begin(struct conn *conn)
{
	struct net *net = conn->net;

	conn->pieces = calloc(1, sizeof *conn->pieces);
	if (!conn->pieces) {
		conn_kill(conn);
		return;
	}
	conn->pieces->fragments = 1;
	conn->message_due =
		wheel_after(&net->wheel, net->settings.message_seconds);
	conn_file(conn, conn->message_due);
}

static void
end(struct conn *conn)
{
	pieces_free(conn->pieces);
	conn->pieces = NULL;
	conn->message_due = 0;
}

/* All of it at once, which is the common case: nothing is copied. */
static bool
is_simple(const struct conn *conn, size_t len)
{
	return !conn->pieces && lws_is_final_fragment(conn->wsi) &&
	       !lws_frame_is_binary(conn->wsi) &&
	       len <= conn->net->settings.max_message;
}

int
piece_came(struct conn *conn, char *data, size_t len)
{
	bool last = lws_is_final_fragment(conn->wsi);

	conn_heard(conn);
	if (conn->state != CONN_OPEN)
		return conn->killed ? -1 : 0;
	conn->hearing = true;
	if (is_simple(conn, len)) {
		whole(conn, data, len);
	} else {
		if (!conn->pieces)
			begin(conn);
		if (conn->pieces && add(conn, conn->pieces, data, len))
			whole(conn, conn->pieces->in.data,
			      conn->pieces->in.len);
		if (last)
			end(conn);
	}
	conn->hearing = false;
	pieces_pause(conn);
	return conn->killed ? -1 : 0;
}
