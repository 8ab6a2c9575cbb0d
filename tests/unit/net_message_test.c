/* SPDX-License-Identifier: Apache-2.0 */
/* Messages: reassembled, refused, held back, and what goes out in order. */
/* rooms: net */
/* with: net_node.c net_peer.c net_pki.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "net_peer.h"

enum { MORE = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

static struct pki pki;
static struct node node;
static struct session_seen *seen = node.session;
static char big[2 << 20];

static int
open_node(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node_open(&node);
	return 0;
}

static int
open_roomy(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node.settings.max_unsent = 2 << 20;
	node_open(&node);
	return 0;
}

static int
close_node(void **state)
{
	(void)state;
	node_close(&node);
	return 0;
}

static void
fragments_become_one_message(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	assert_true(peer_says(peer, "whole"));
	assert_true(peer_sends(peer, TEXT, false, "one ", 4));
	assert_true(peer_sends(peer, PING, true, "", 0));
	assert_true(peer_sends(peer, MORE, false, "", 0));
	assert_true(peer_sends(peer, MORE, false, "mess", 4));
	assert_true(peer_sends(peer, MORE, true, "age", 3));
	assert_true(peer_sends(peer, TEXT, true, "", 0));
	assert_true(peer_says(peer, "end"));
	until(&node, seen->said == 4, 5);
	assert_string_equal(seen->text, "whole\none message\n\nend\n");
	peer_close(peer);
}

static void
a_message_may_be_as_large_as_was_said_and_no_larger(void **state)
{
	struct peer *peer = peer_open(&node);
	size_t most = node.settings.max_message;

	(void)state;
	memset(big, 'x', sizeof big);
	assert_true(peer_sends(peer, TEXT, true, big, most));
	until(&node, seen->said == 1, 5);
	assert_int_equal(seen->len, most + 1);
	assert_true(peer_sends(peer, TEXT, true, big, most + 1));
	assert_true(peer_sends(peer, TEXT, false, big, most));
	assert_true(peer_sends(peer, MORE, true, "x", 1));
	assert_true(peer_says(peer, "still here"));
	until(&node, seen->said == 2, 5);
	assert_int_equal(seen->garbled, 2);
	assert_string_equal(seen->tag, "too_large");
	assert_int_equal(seen->closed, 0);
	peer_close(peer);
}

static void
who_goes_on_far_too_long_is_closed(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	memset(big, 'x', sizeof big);
	(void)peer_sends(peer, TEXT, true, big, sizeof big);
	assert_int_equal(peer_closed_with(peer), 1009);
	assert_string_equal(seen->tag, "too_large");
	assert_int_equal(seen->garbled, 1);
	peer_close(peer);
}

static void
empty_fragments_without_end_are_closed(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	assert_true(peer_sends(peer, TEXT, false, "", 0));
	for (int i = 0; i < 20000 && !peer->gone; i++)
		if (!peer_sends(peer, MORE, false, "", 0))
			break;
	assert_int_equal(peer_closed_with(peer), 1009);
	assert_string_equal(seen->tag, "too_many_pieces");
	peer_close(peer);
}

/* A text message in so many fragments. */
static void
say_in(struct peer *peer, int fragments)
{
	assert_true(peer_sends(peer, TEXT, false, "a", 1));
	for (int i = 2; i < fragments; i++)
		assert_true(peer_sends(peer, MORE, false, "", 0));
	assert_true(peer_sends(peer, MORE, true, "b", 1));
}

static void
sixty_four_fragments_are_taken_and_one_more_is_not(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	say_in(peer, 64);
	until(&node, seen->said == 1, 5);
	assert_int_equal(seen->garbled, 0);
	say_in(peer, 65);
	until(&node, seen->garbled == 1, 5);
	assert_string_equal(seen->tag, "too_many_pieces");
	assert_true(peer_says(peer, "next"));
	until(&node, seen->said == 2, 5);
	assert_string_equal(seen->text, "ab\nnext\n");
	peer_close(peer);
}

static void
a_binary_message_is_refused_once(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	assert_true(peer_sends(peer, BINARY, false, big, 5000));
	assert_true(peer_sends(peer, MORE, true, big, 5000));
	assert_true(peer_sends(peer, BINARY, true, "", 0));
	assert_true(peer_says(peer, "text"));
	until(&node, seen->said == 1, 5);
	assert_int_equal(seen->garbled, 2);
	assert_string_equal(seen->tag, "binary");
	peer_close(peer);
}

static void
what_is_not_utf8_is_never_passed_on(void **state)
{
	static const struct {
		const char *first, *last;
	} bad[] = { { "\xff", NULL },      { "a\xe4\xb8", NULL },
		    { "\xe4\xb8", "" },    { "\xed\xa0\x80", NULL },
		    { "\xc0\xaf", NULL },  { "\xf0\x9f\x92", "" },
		    { "ok\xe4", "\xb8zz" } };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct peer *peer = peer_open(&node);

		assert_true(peer_sends(peer, TEXT, !bad[i].last, bad[i].first,
				       strlen(bad[i].first)));
		if (bad[i].last)
			assert_true(peer_sends(peer, MORE, true, bad[i].last,
					       strlen(bad[i].last)));
		assert_int_equal(peer_closed_with(peer), 1007);
		assert_int_equal(node.session[i].said, 0);
		peer_close(peer);
	}
}

static void
a_character_may_be_cut_between_fragments(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	assert_true(peer_sends(peer, TEXT, false, "\xe5\x9b", 2));
	assert_true(peer_sends(peer, MORE, true, "\x9e\xe9\x9f\xb3", 4));
	until(&node, seen->said == 1, 5);
	assert_string_equal(seen->text, "\xe5\x9b\x9e\xe9\x9f\xb3\n");
	peer_close(peer);
}

static void
what_comes_with_the_upgrade_is_not_lost(void **state)
{
	static const char request[] =
		"GET /ws HTTP/1.1\r\nHost: localhost\r\n"
		"Connection: Upgrade\r\nUpgrade: websocket\r\n"
		"Sec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"Sec-WebSocket-Protocol: huiyin.v1\r\n\r\n"
		"\x81\x82\0\0\0\0hi\x81\x83\0\0\0\0you";
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);

	(void)state;
	assert_true(peer_write(peer, request, sizeof request - 1));
	until(&node, seen->said == 2, 5);
	assert_string_equal(seen->text, "hi\nyou\n");
	peer_close(peer);
}

/* ---- pausing ----------------------------------------------------------- */

#define MANY 1000

/* Many short messages in as few TLS records as they fit. */
static size_t
many(char *to)
{
	char *at = to;

	for (int i = 0; i < MANY; i++) {
		*at++ = (char)0x81;
		*at++ = (char)(0x80 | 4);
		memset(at, 0, 4); /* a mask that changes nothing */
		at += 4;
		snprintf(at, 5, "%04d", i);
		at += 4;
	}
	return (size_t)(at - to);
}

static void
check_order(const struct session_seen *s, int count)
{
	for (int i = 0; i < count; i++) {
		char want[6];

		snprintf(want, sizeof want, "%04d\n", i);
		assert_memory_equal(s->text + (size_t)i * 5, want, 5);
	}
}

static void
a_paused_conn_says_nothing_and_loses_nothing(void **state)
{
	struct peer *peer = peer_open(&node);
	size_t len = many(big);

	(void)state;
	seen->pause_each = true;
	assert_true(peer_write(peer, big, len));
	until(&node, seen->said == 1, 5);
	for (int i = 1; i < 20; i++) {
		for (int turns = 0; turns < 20; turns++)
			turn(&node);
		assert_int_equal(seen->said, i);
		conn_pause(seen->conn, false);
		assert_int_equal(seen->said, i); /* never from inside */
		until(&node, seen->said == i + 1, 5);
	}
	seen->pause_each = false;
	conn_pause(seen->conn, false);
	until(&node, seen->said == MANY, 5);
	check_order(seen, MANY);
	assert_true(peer_says(peer, "after"));
	until(&node, seen->said == MANY + 1, 5);
	peer_close(peer);
}

static void
a_paused_conn_fills_the_peers_side(void **state)
{
	struct peer *peer = peer_open(&node);
	size_t len = many(big), sent = 0, whole_len = 0;
	int quiet = 0;

	(void)state;
	conn_pause(seen->conn, true);
	while (quiet < 100 && sent < (64 << 20)) {
		size_t n = peer_write_some(peer, big, len);

		sent += n;
		quiet = n ? 0 : quiet + 1;
		turn(&node);
	}
	assert_int_equal(quiet, 100);
	assert_int_equal(seen->said, 0);
	whole_len = sent / len;
	conn_pause(seen->conn, false);
	until(&node, seen->said >= (int)whole_len * MANY, 20);
	assert_int_equal(seen->closed, 0);
	check_order(seen, MANY);
	peer_close(peer);
}

/* ---- going out --------------------------------------------------------- */

static void
large_answers_and_pongs_do_not_tear_each_other(void **state)
{
	struct peer *peer = peer_open(&node);
	size_t sizes[] = { 0, 1, 125, 126, 65535, 65536, 200000, 700000 };
	static char got[1 << 20];
	size_t next = 0, len;

	(void)state;
	memset(big, 'y', sizeof big);
	for (size_t i = 0; i < 8; i++) {
		enum conn_sent sent = conn_send(seen->conn, big, sizes[i]);

		assert_int_not_equal(sent, CONN_GONE);
		assert_true(peer_sends(peer, PING, true, "pp", 2));
		turn(&node);
	}
	while (next < 8) {
		int opcode;

		len = sizeof got;
		opcode = peer_hears(peer, got, &len);
		if (opcode == PONG)
			continue;
		assert_int_equal(opcode, TEXT);
		assert_int_equal(len, sizes[next]);
		assert_memory_equal(got, big, len);
		next++;
	}
	until(&node, !conn_is_blocked(seen->conn), 5);
	assert_true(seen->writable >= 1);
	peer_close(peer);
}

static void
a_close_comes_after_all_that_was_sent(void **state)
{
	struct peer *peer = peer_open(&node);
	static char got[1 << 20];
	size_t len = sizeof got;

	(void)state;
	assert_int_not_equal(conn_send(seen->conn, big, 600000), CONN_GONE);
	conn_close(seen->conn, 4002, "enough");
	conn_close(seen->conn, 4003, "twice");
	assert_int_equal(seen->closed, 0); /* never from inside */
	assert_int_equal(conn_send(seen->conn, "late", 4), CONN_GONE);
	assert_int_equal(peer_hears(peer, got, &len), TEXT);
	assert_int_equal(len, 600000);
	len = sizeof got;
	assert_int_equal(peer_hears(peer, got, &len), CLOSE);
	assert_int_equal(len, 8);
	assert_memory_equal(got,
			    "\x0f\xa2"
			    "enough",
			    8);
	assert_true(peer_sends(peer, CLOSE, true, "\x0f\xa2", 2));
	until(&node, seen->closed == 1, 5);
	peer_close(peer);
}

static void
a_peer_that_says_goodbye_is_answered(void **state)
{
	struct peer *peer = peer_open(&node);

	(void)state;
	assert_true(peer_sends(peer, CLOSE, true, "\x03\xe8", 2));
	assert_int_equal(peer_closed_with(peer), 1000);
	until(&node, seen->closed == 1, 5);
	peer_close(peer);
}

static void
one_that_is_closed_may_close_another(void **state)
{
	struct peer *one = peer_open(&node), *two = peer_open(&node);

	(void)state;
	node.close_with_next = node.session[1].conn;
	peer_close(one);
	until(&node, seen->closed == 1, 5);
	assert_int_equal(peer_closed_with(two), 4000);
	peer_close(two);
}

/* ---- slow readers ------------------------------------------------------ */

static void
a_slow_reader_is_closed_while_others_go_on(void **state)
{
	struct peer *slow = peer_open(&node), *quick = peer_open(&node);
	struct conn *to = node.session[0].conn;
	unsigned char frame[FRAME_HEAD_MAX + 1000];
	size_t head = frame_head(frame, 1000);
	enum conn_sent sent = CONN_SENT;
	size_t given = 0;

	(void)state;
	memset(frame + head, 'z', 1000);
	node.session[1].echo = true;
	while (sent != CONN_GONE && given < (64 << 20)) {
		sent = conn_send_framed(to, frame, head + 1000);
		given += 1000;
	}
	assert_int_equal(sent, CONN_GONE);
	assert_true(peer_says(quick, "how are you"));
	until(&node, node.session[1].said == 1, 5);
	assert_int_equal(node.session[0].closed, 0);
	/* It reads at last what was on its way, and then why. */
	assert_int_equal(peer_closed_with(slow), 4013);
	peer_close(slow);
	peer_close(quick);
	until(&node, node.session[0].closed == 1, 5);
}

static void
a_slow_reader_that_never_reads_is_cut(void **state)
{
	struct peer *slow = peer_open(&node);
	enum conn_sent sent = CONN_SENT;

	(void)state;
	for (int i = 0; i < 10000 && sent != CONN_GONE; i++)
		sent = conn_send(seen->conn, big, 10000);
	assert_int_equal(sent, CONN_GONE);
	until(&node, seen->closed == 1, 8);
	peer_close(slow);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_node, close_node)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(fragments_become_one_message),
		WITH(a_message_may_be_as_large_as_was_said_and_no_larger),
		WITH(who_goes_on_far_too_long_is_closed),
		WITH(empty_fragments_without_end_are_closed),
		WITH(sixty_four_fragments_are_taken_and_one_more_is_not),
		WITH(a_binary_message_is_refused_once),
		WITH(what_is_not_utf8_is_never_passed_on),
		WITH(a_character_may_be_cut_between_fragments),
		WITH(what_comes_with_the_upgrade_is_not_lost),
		WITH(a_paused_conn_says_nothing_and_loses_nothing),
		WITH(a_paused_conn_fills_the_peers_side),
		cmocka_unit_test_setup_teardown(
			large_answers_and_pongs_do_not_tear_each_other,
			open_roomy, close_node),
		WITH(a_close_comes_after_all_that_was_sent),
		WITH(a_peer_that_says_goodbye_is_answered),
		WITH(one_that_is_closed_may_close_another),
		WITH(a_slow_reader_is_closed_while_others_go_on),
		WITH(a_slow_reader_that_never_reads_is_cut),
	};
	int failed;

	pki_init(&pki);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	pki_fini(&pki);
	return failed;
}
