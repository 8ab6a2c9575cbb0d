/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines, with settings of one second. */
/* rooms: net */
/* with: net_node.c net_peer.c net_pki.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "net_peer.h"

enum { MORE = 0, TEXT = 1 };

static struct pki pki;
static struct node node;
static struct session_seen *seen = node.session;

static int
open_quick(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node.settings.handshake_seconds = 1;
	node.settings.login_seconds = 1;
	node.settings.message_seconds = 1;
	node.settings.stall_seconds = 1;
	node.settings.admin_port = free_port();
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

/* A session that has said who it is. */
static struct peer *
known(struct node *at)
{
	struct peer *peer = peer_open(at);

	conn_known(at->session[at->opened - 1].conn);
	return peer;
}

/* Ends after one second, not before, and at most two later. */
static void
check_ends(struct peer *peer, long long since)
{
	assert_true(peer_ends(peer, 4));
	assert_in_range(now_ms() - since, 950, 3200);
	peer_close(peer);
}

/* ---- deadlines --------------------------------------------------------- */

static void
who_says_nothing_is_closed(void **state)
{
	long long since = now_ms();
	struct peer *peer = peer_dial(&node, node.settings.port);
	struct peer *asks = peer_dial(&node, node.settings.admin_port);

	(void)state;
	until(&node, net_count(node.net).handshaking == 1, 1);
	check_ends(peer, since);
	check_ends(asks, since);
	until(&node, net_count(node.net).handshaking == 0, 1);
}

static void
half_a_tls_hello_is_closed(void **state)
{
	long long since = now_ms();
	struct peer *peer = peer_dial(&node, node.settings.port);

	(void)state;
	assert_int_equal(send(peer->fd, "\x16\x03\x01\x02", 4, 0), 4);
	check_ends(peer, since);
}

static void
a_head_that_drips_is_closed(void **state)
{
	static const char head[] = "GET /ws HTTP/1.1\r\nHost: localhost\r\n";
	long long since = now_ms(), next = since;
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);
	size_t at = 0;

	(void)state;
	while (!peer->gone && at < sizeof head - 1) {
		assert_true(now_ms() - since < 4000);
		if (now_ms() >= next) {
			at += peer_write_some(peer, head + at, 1);
			next += 100;
		}
		turn(&node);
		(void)SSL_read(peer->ssl, peer->in, 1);
		peer->gone |= SSL_get_shutdown(peer->ssl) != 0;
	}
	check_ends(peer, since);
}

static void
who_never_says_hello_is_closed(void **state)
{
	struct peer *peer = peer_open(&node);
	long long since = now_ms();

	(void)state;
	while (now_ms() - since < 700)
		turn(&node);
	assert_true(peer_says(peer, "not a hello"));
	assert_int_equal(peer_closed_with(peer), 4001);
	assert_in_range(now_ms() - since, 950, 3200);
	peer_close(peer);
}

static void
who_is_known_may_stay(void **state)
{
	struct peer *peer = known(&node);
	long long since = now_ms();

	(void)state;
	while (now_ms() - since < 3500)
		turn(&node);
	assert_true(peer_says(peer, "here"));
	until(&node, seen->said == 1, 5);
	assert_int_equal(seen->closed, 0);
	peer_close(peer);
}

static void
a_message_that_never_ends_is_closed(void **state)
{
	struct peer *peer = known(&node);
	long long since = now_ms();

	(void)state;
	assert_true(peer_sends(peer, TEXT, false, "half", 4));
	while (now_ms() - since < 800)
		turn(&node);
	/* More of it does not begin its time anew. */
	assert_true(peer_sends(peer, MORE, false, "more", 4));
	assert_int_equal(peer_closed_with(peer), 1002);
	assert_in_range(now_ms() - since, 950, 3200);
	peer_close(peer);
}

static void
a_message_is_not_late_while_we_do_not_read(void **state)
{
	struct peer *peer = known(&node);
	long long since = now_ms();

	(void)state;
	assert_true(peer_sends(peer, TEXT, false, "ha", 2));
	while (now_ms() - since < 300)
		turn(&node);
	conn_pause(seen->conn, true);
	while (now_ms() - since < 3500)
		turn(&node);
	assert_int_equal(seen->closed, 0);
	conn_pause(seen->conn, false);
	assert_true(peer_sends(peer, MORE, true, "lf", 2));
	until(&node, seen->said == 1, 5);
	assert_string_equal(seen->text, "half\n");
	peer_close(peer);
}

/* ---- slow and silent --------------------------------------------------- */

static char big[200000];

static void
who_stops_reading_is_closed_and_who_reads_slowly_is_not(void **state)
{
	struct peer *stops = known(&node), *slow = known(&node);
	long long since = now_ms(), next = since;
	struct session_seen *slows = &node.session[1];

	(void)state;
	for (int i = 0; i < 2; i++) {
		const int small = 4096;

		setsockopt(i ? slow->fd : stops->fd, SOL_SOCKET, SO_RCVBUF,
			   &small, sizeof small);
		while (conn_send(node.session[i].conn, big, sizeof big) ==
		       CONN_SENT)
			;
	}
	while (now_ms() - since < 3400) {
		turn(&node);
		if (now_ms() < next)
			continue;
		next = now_ms() + 100;
		(void)SSL_read(slow->ssl, slow->in, sizeof slow->in);
	}
	until(&node, seen->closed == 1, 5);
	assert_int_equal(slows->closed, 0);
	assert_true(conn_is_blocked(slows->conn));
	peer_close(stops);
	peer_close(slow);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_quick, close_node)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(who_says_nothing_is_closed),
		WITH(half_a_tls_hello_is_closed),
		WITH(a_head_that_drips_is_closed),
		WITH(who_never_says_hello_is_closed),
		WITH(who_is_known_may_stay),
		WITH(a_message_that_never_ends_is_closed),
		WITH(a_message_is_not_late_while_we_do_not_read),
		WITH(who_stops_reading_is_closed_and_who_reads_slowly_is_not),
	};
	int failed;

	pki_init(&pki);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	pki_fini(&pki);
	return failed;
}
