/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tell: writes what is due. Several frames leave in one TLS record and one
 * system call; a lone frame leaves as it lies in memory, at once.
 */
#include <string.h>

#include "clock.h"
#include "message.h"
#include "notices_body.h"
#include "stats.h"

#define GATHER 16384     /* most plaintext of a TLS record, RFC 8446 5.1 */
#define TURN_BYTES 65536 /* what a session may be sent before the next one */

/* One walk over the memory for one session. */
struct walk {
	struct session *session;
	struct hearing *hearing;
	size_t len;                /* gathered */
	int64_t seq;               /* the last one gathered */
	const struct framed *lone; /* when only one has been gathered */
	size_t sent;               /* bytes in this turn */
};

static unsigned char gathered[GATHER];

/* Hands on what was gathered; false when the peer takes no more. */
static bool
flush(struct walk *w)
{
	const void *data = w->lone ? w->lone->data : gathered;
	enum conn_sent sent;

	if (w->len == 0)
		return true;
	sent = conn_send_framed(session_conn(w->session), data, w->len);
	if (sent != CONN_GONE)
		w->hearing->cursor = w->seq;
	counters.bytes_delivered += w->len;
	w->sent += w->len;
	w->len = 0;
	w->lone = NULL;
	if (sent == CONN_SENT)
		return true;
	w->hearing->behind = sent == CONN_BLOCKED;
	counters.behind += w->hearing->behind;
	return false;
}

/* The first is only remembered; with the second both are copied together. */
static bool
gather(struct walk *w, struct notice *n)
{
	const struct framed *f = notice_frame(n, w->hearing->deflate);

	if (w->len + f->len > GATHER && !flush(w))
		return false;
	if (w->lone) {
		memcpy(gathered, w->lone->data, w->len);
		w->lone = NULL;
	}
	if (w->len == 0)
		w->lone = f;
	else
		memcpy(gathered + w->len, f->data, f->len);
	w->len += f->len;
	w->seq = n->seq;
	counters.delivered++;
	counters.squeezed += f == &n->squeezed;
	return w->len < GATHER || flush(w);
}

static void
say_caught_up(struct session *s, int64_t cursor)
{
	struct bytes params, text;

	bytes_init(&params);
	bytes_init(&text);
	bytes_format(&params, "{\"cursor\":%lld}", (long long)cursor);
	if (!params.failed)
		message_news(&text, NEWS_caught_up, params.data);
	if (text.len > 0 && !text.failed)
		session_send(s, text.data, text.len);
	bytes_fini(&params);
	bytes_fini(&text);
}

/* Nothing is left in memory for it. */
static void
reached_head(struct notices *all, struct session *s)
{
	struct hearing *h = session_hearing(s);

	if (h->cursor < all->memory.head)
		h->cursor = all->memory.head;
	if (session_state(s) != SESSION_CATCHING_UP || h->cursor < h->until)
		return;
	session_move(s, SESSION_LIVE);
	if (!h->replay)
		return;
	counters.replayed++;
	say_caught_up(s, h->cursor);
}

bool
is_wanted(struct session *s, const struct notice *n, int64_t now_ms)
{
	return notice_is_for(n, session_identity(s), now_ms) &&
	       (n->urgent || n->seq > session_hearing(s)->hurry);
}

/* Walks from its cursor on; true when it wants another turn. */
static bool
tell_from_memory(struct notices *all, struct session *s)
{
	struct walk w = { .session = s, .hearing = session_hearing(s) };
	const struct memory *m = &all->memory;
	int64_t now = clock_wall_ms();

	for (size_t i = memory_after(m, w.hearing->cursor); i < m->count; i++) {
		if (!is_wanted(s, m->notice[i], now))
			continue;
		if (!gather(&w, m->notice[i]))
			return false;
		if (w.sent + w.len >= TURN_BYTES)
			return flush(&w);
	}
	if (flush(&w))
		reached_head(all, s);
	return false;
}

bool
tell(struct notices *all, struct session *s)
{
	struct hearing *h = session_hearing(s);
	enum session_state state = session_state(s);

	if (h->asking || h->behind || !all->ready ||
	    (state != SESSION_CATCHING_UP && state != SESSION_LIVE))
		return false;
	if (conn_is_blocked(session_conn(s))) {
		h->behind = true;
		return false;
	}
	if (h->cursor < all->memory.floor) {
		replay_ask(all, s);
		return false;
	}
	return tell_from_memory(all, s);
}
