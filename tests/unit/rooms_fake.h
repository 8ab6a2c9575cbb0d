/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections and a store that only remember: for tests of the rooms above
 * them. Included once by a test program; it defines conn_* and store_*.
 */
#ifndef ROOMS_FAKE_H
#define ROOMS_FAKE_H

#include "conn.h"
#include "message.h"
#include "secret.h"
#include "session.h"
#include "squeeze.h"
#include "store.h"
#include "submitter.h"
#include "text.h"

#define FAKE_CONNS 16
#define FAKE_ASKS 64

struct conn {
	struct session *owner;
	char seqs[4096]; /* "1 2 caught_up:2 " */
	int count;       /* notices */
	int writes;
	int binary;   /* of the notices, how many came squeezed */
	bool blocked; /* what is sent is kept, and no more is taken */
	bool closing;
};

struct ask {
	enum store_ask what;
	store_answered_f *answered;
	void *context;
};

static struct conn conns[FAKE_CONNS];
static int conn_total;
static struct ask asks[FAKE_ASKS];
static int ask_total;

static void
fake_begin(void)
{
	memset(conns, 0, sizeof conns);
	conn_total = ask_total = 0;
}

static struct conn *
fake_conn(void)
{
	must(conn_total < FAKE_CONNS);
	return &conns[conn_total++];
}

static void
fake_owner(struct session *s)
{
	session_conn(s)->owner = s;
}

static void
fake_block(struct session *s, bool blocked)
{
	session_conn(s)->blocked = blocked;
}

static const char *
fake_seqs(struct session *s)
{
	return session_conn(s)->seqs;
}

static int
fake_count(struct session *s)
{
	return session_conn(s)->count;
}

static int
fake_binary(struct session *s)
{
	return session_conn(s)->binary;
}

static int
fake_writes(struct session *s)
{
	return session_conn(s)->writes;
}

static struct store *
fake_store(void)
{
	return (struct store *)&asks;
}

/* Answers the oldest question of that kind. */
static void
fake_answer(enum store_ask what, const char *result)
{
	static const struct refusal none;

	for (int i = 0; i < ask_total; i++) {
		struct ask ask = asks[i];

		if (ask.what != what)
			continue;
		memmove(&asks[i], &asks[i + 1],
			(size_t)(ask_total - i - 1) * sizeof ask);
		ask_total--;
		ask.answered(ask.context, result, &none);
		return;
	}
	fail_msg("nobody asked that question");
}

/* What is still asked gets no answer any more but an end. */
static void
fake_end_asks(void)
{
	struct refusal why;

	(void)refuse(&why, REFUSAL_unavailable, NULL);
	while (ask_total > 0) {
		struct ask ask = asks[--ask_total];

		ask.answered(ask.context, NULL, &why);
	}
}

static void
fake_close_all(struct sessions *all)
{
	(void)all;
	fake_end_asks();
	for (int i = 0; i < conn_total; i++)
		if (conns[i].owner)
			session_free(conns[i].owner);
	fake_end_asks();
}

static void
fake_end(void)
{
	assert_int_equal(ask_total, 0);
}

/* --- what the rooms call ------------------------------------------------- */

size_t
frame_head(unsigned char head[FRAME_HEAD_MAX], size_t len)
{
	must(len < 65536);
	head[0] = 0x81;
	head[1] = 126;
	head[2] = (unsigned char)(len >> 8);
	head[3] = (unsigned char)len;
	return 4;
}

/* Notes what one message is in seqs. */
static void
note(struct conn *conn, const char *text, size_t len)
{
	struct message m;
	size_t at = strlen(conn->seqs);
	json_t *seq, *cursor;

	assert_int_equal(message_read_answer(text, len, &m), 0);
	seq = json_object_get(m.params, "seq");
	cursor = json_object_get(m.params, "cursor");
	conn->count += seq != NULL;
	if (seq)
		snprintf(conn->seqs + at, sizeof conn->seqs - at, "%d ",
			 (int)json_integer_value(seq));
	else if (cursor)
		snprintf(conn->seqs + at, sizeof conn->seqs - at,
			 "caught_up:%d ", (int)json_integer_value(cursor));
	message_fini(&m);
}

/* What came squeezed is noted as it was before. */
static void
note_frame(struct conn *conn, const unsigned char *head,
	   const unsigned char *payload, size_t len)
{
	struct bytes text;

	conn->binary += head[0] == FRAME_BINARY;
	if (head[0] == FRAME_TEXT) {
		note(conn, (const char *)payload, len);
		return;
	}
	bytes_init(&text);
	assert_int_equal(unsqueeze(&text, payload, len, 1 << 20), SQUEEZE_GOOD);
	note(conn, text.data, text.len);
	bytes_fini(&text);
}

enum conn_sent
conn_send_framed(struct conn *conn, const void *data, size_t len)
{
	const unsigned char *p = data, *end = p + len;

	conn->writes++;
	while (p < end) {
		bool is_long = p[1] == 126;
		size_t n = is_long ? (size_t)p[2] << 8 | p[3] : p[1];

		p += is_long ? 4 : 2;
		note_frame(conn, p - (is_long ? 4 : 2), p, n);
		p += n;
	}
	assert_ptr_equal(p, end);
	return conn->blocked ? CONN_BLOCKED : CONN_SENT;
}

enum conn_sent
conn_send(struct conn *conn, const char *text, size_t len)
{
	conn->writes++;
	note(conn, text, len);
	return conn->blocked ? CONN_BLOCKED : CONN_SENT;
}

bool
conn_is_blocked(const struct conn *conn)
{
	return conn->blocked;
}

void
conn_ahead(const struct conn *conn, int writes)
{
	assert_non_null(conn);
	assert_in_range(writes, 1, 3);
}

void
conn_known(struct conn *conn)
{
	(void)conn;
}

void
conn_keepalive(struct conn *conn, int seconds)
{
	(void)conn;
	(void)seconds;
}

void
conn_pause(struct conn *conn, bool pause)
{
	(void)conn;
	(void)pause;
}

void
conn_close(struct conn *conn, int code, const char *reason)
{
	(void)code;
	(void)reason;
	conn->closing = true;
}

const char *
conn_address(const struct conn *conn)
{
	(void)conn;
	return "127.0.0.1";
}

const char *
conn_certified_name(const struct conn *conn)
{
	(void)conn;
	return NULL;
}

static void
ask_later(enum store_ask what, store_answered_f *answered, void *context)
{
	must(ask_total < FAKE_ASKS);
	asks[ask_total++] = (struct ask){ what, answered, context };
}

void
store_ask(struct store *store, enum store_ask ask, const struct store_who *who,
	  const char *params, store_answered_f *answered, void *context)
{
	(void)store;
	(void)who;
	(void)params;
	ask_later(ask, answered, context);
}

void
store_hello(struct store *store, const char *item, store_answered_f *answered,
	    void *context)
{
	(void)store;
	(void)item;
	ask_later(ASK_COUNT, answered, context);
}

void
store_wake(struct store *store, const char *feed)
{
	(void)store;
	(void)feed;
}

bool
store_is_up(const struct store *store)
{
	(void)store;
	return true;
}

void
secret_hash(const char *secret, char hex[SECRET_HASH_HEX])
{
	(void)secret;
	hex[0] = 0;
}

void
secret_content(const char *text, char hex[SECRET_HASH_HEX])
{
	(void)text;
	hex[0] = 0;
}

void
secret_new(char hex[33])
{
	hex[0] = 0;
}

bool
secret_password_fits(const char *hash, const char *password)
{
	return hash && strcmp(hash, password) == 0;
}

bool
secret_unseal(const char *hex, char *text, unsigned room)
{
	return text_copy(text, room, hex);
}

bool
submitter_is_in(const char *result)
{
	(void)result;
	return false;
}

char *
submitter_unseal(const char *result)
{
	return strdup(result);
}

#endif
