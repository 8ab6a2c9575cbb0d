/* SPDX-License-Identifier: Apache-2.0 */
/* Who is gone and who gets in: pings, gates, sockets. */
/* rooms: net */
/* with: net_node.c net_peer.c net_pki.c */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <arpa/inet.h>

#include "net_peer.h"

enum { PING = 9, PONG = 10 };

static struct pki pki;
static struct node node;
static struct session_seen *seen = node.session;

static int
open_narrow(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node.settings.per_address = 3;
	node.settings.connections = 5;
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

static void
two_pings_without_answer_end_it(void **state)
{
	struct peer *dead, *alive;
	long long since;
	char got[128];

	(void)state;
	node_close(&node);
	node_init(&node, &pki);
	node.settings.keepalive_seconds = 1;
	node_open(&node);
	dead = known(&node);
	alive = known(&node);
	since = now_ms();
	while (!seen->closed && now_ms() - since < 9000) {
		size_t len = sizeof got;

		assert_int_equal(peer_hears(alive, got, &len), PING);
		assert_int_equal(len, 2);
		assert_true(peer_sends(alive, PONG, true, got, len));
	}
	assert_int_equal(seen->closed, 1);
	assert_in_range(now_ms() - since, 2900, 9000);
	assert_int_equal(node.session[1].closed, 0);
	peer_close(dead);
	peer_close(alive);
}

static void
who_may_be_quiet_for_longer_is_pinged_later(void **state)
{
	struct peer *quiet, *other;
	long long since;
	char got[128];
	size_t len = sizeof got;

	(void)state;
	node_close(&node);
	node_init(&node, &pki);
	node.settings.keepalive_seconds = 1;
	node_open(&node);
	quiet = known(&node);
	conn_keepalive(node.session[0].conn, 4);
	other = known(&node);
	since = now_ms();
	assert_int_equal(peer_hears(other, got, &len), PING);
	peer_close(other);
	assert_int_equal(peer_hears(quiet, got, &len), PING);
	assert_in_range(now_ms() - since, 3900, 6500);
	peer_close(quiet);
}

static void
who_leaves_while_we_do_not_read_is_noticed(void **state)
{
	struct peer *leaves, *stays;
	long long since;

	(void)state;
	node_close(&node);
	node_init(&node, &pki);
	node.settings.keepalive_seconds = 1;
	node_open(&node);
	leaves = known(&node);
	stays = known(&node);
	conn_pause(node.session[0].conn, true);
	conn_pause(node.session[1].conn, true);
	peer_close(leaves);
	since = now_ms();
	until(&node, seen->closed == 1, 12);
	while (now_ms() - since < 8000)
		turn(&node);
	assert_int_equal(node.session[1].closed, 0);
	conn_pause(node.session[1].conn, false);
	assert_true(peer_says(stays, "here"));
	until(&node, node.session[1].said == 1, 5);
	peer_close(stays);
}

/* ---- gates ------------------------------------------------------------- */

static void
one_address_has_only_so_many(void **state)
{
	struct peer *peer[3], *more;

	(void)state;
	for (int i = 0; i < 3; i++)
		peer[i] = peer_open(&node);
	more = peer_dial(&node, node.settings.port);
	assert_true(peer_ends(more, 2));
	peer_close(more);
	peer_close(peer[0]);
	until(&node, seen->closed == 1, 5);
	until(&node, net_count(node.net).open == 2, 5);
	peer[0] = peer_open(&node);
	for (int i = 0; i < 3; i++)
		peer_close(peer[i]);
}

static struct peer *
dial_from(const char *address)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port =
					  htons((uint16_t)node.settings.port) };
	struct peer *peer = peer_dial(&node, node.settings.port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, address, &from.sin_addr);
	inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(dup2(fd, peer->fd), peer->fd);
	close(fd);
	return peer;
}

static void
another_address_still_gets_in_until_all_is_full(void **state)
{
	struct peer *peer[3], *other[3];
	char nothing;

	(void)state;
	for (int i = 0; i < 3; i++)
		peer[i] = peer_open(&node);
	until(&node, net_count(node.net).open == 3, 5);
	for (int i = 0; i < 3; i++)
		other[i] = dial_from("127.0.0.2");
	until(&node, net_count(node.net).handshaking == 2, 5);
	assert_true(peer_ends(other[2], 2));
	assert_int_equal(recv(other[0]->fd, &nothing, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	for (int i = 0; i < 3; i++) {
		peer_close(peer[i]);
		peer_close(other[i]);
	}
}

static void
silent_peers_make_room_after_their_second(void **state)
{
	struct peer *silent[4], *good;
	long long since;

	(void)state;
	node_close(&node);
	node_init(&node, &pki);
	node.settings.handshakes = 4;
	node_open(&node);
	since = now_ms();
	for (int i = 0; i < 4; i++)
		silent[i] = peer_dial(&node, node.settings.port);
	until(&node, net_count(node.net).handshaking == 4, 2);
	good = peer_open(&node);
	assert_in_range(now_ms() - since, 950, 3200);
	assert_true(peer_ends(silent[0], 2));
	peer_close(good);
	for (int i = 0; i < 4; i++)
		peer_close(silent[i]);
}

static void
slow_peers_that_speak_keep_their_place(void **state)
{
	struct peer *slow[2], *silent[2], *good;

	(void)state;
	node_close(&node);
	node_init(&node, &pki);
	node.settings.handshakes = 4;
	node_open(&node);
	for (int i = 0; i < 2; i++) {
		slow[i] = peer_dial(&node, node.settings.port);
		assert_int_equal(send(slow[i]->fd, "\x16\x03\x01\x02", 4, 0),
				 4);
	}
	for (int i = 0; i < 2; i++)
		silent[i] = peer_dial(&node, node.settings.port);
	until(&node, net_count(node.net).handshaking == 4, 2);
	good = peer_open(&node);
	assert_true(peer_ends(silent[0], 2));
	assert_false(peer_ends(slow[0], 1));
	assert_false(peer_ends(slow[1], 1));
	for (int i = 0; i < 2; i++) {
		peer_close(slow[i]);
		peer_close(silent[i]);
	}
	peer_close(good);
}

static void
an_inherited_socket_is_served(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;
	struct peer *peer;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	node_close(&node);
	node_init(&node, &pki);
	node.settings.listen_fd = fd;
	node.settings.port = ntohs(at.sin_port);
	node_open(&node);
	peer = peer_open(&node);
	net_stop_listening(node.net);
	assert_true(peer_says(peer, "still here"));
	until(&node, seen->said == 1, 5);
	peer_close(peer);
	close(fd);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_narrow, close_node)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(two_pings_without_answer_end_it),
		WITH(who_may_be_quiet_for_longer_is_pinged_later),
		WITH(who_leaves_while_we_do_not_read_is_noticed),
		WITH(one_address_has_only_so_many),
		WITH(another_address_still_gets_in_until_all_is_full),
		WITH(silent_peers_make_room_after_their_second),
		WITH(slow_peers_that_speak_keep_their_place),
		WITH(an_inherited_socket_is_served),
	};
	int failed;

	pki_init(&pki);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	pki_fini(&pki);
	return failed;
}
