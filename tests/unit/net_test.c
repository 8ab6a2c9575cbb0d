/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked in HTTP: upgrades, plain requests, operators. */
/* rooms: net */
/* with: net_node.c net_peer.c net_pki.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "net_peer.h"

static struct pki pki;
static struct node node;

static int
open_default(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node_open(&node);
	return 0;
}

static int
open_guarded(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node.settings.names = "localhost|127.0.0.1";
	node.settings.origins = "https://good.example|https://localhost";
	node.settings.mtls_port = free_port();
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

/* ---- upgrades ---------------------------------------------------------- */

/* One line of a good upgrade exchanged; 0: closed without a word. */
static const struct {
	const char *line, *instead;
	int status;
} upgrades[] = {
	{ NULL, NULL, 101 },
	{ NULL, "Origin: https://good.example", 101 },
	{ "Connection", "Connection: keep-alive, Upgrade", 101 },
	{ "Upgrade", "Upgrade: WebSocket", 101 },
	{ "Host", "Host: LOCALHOST:8443", 101 },
	{ "Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: a, huiyin.v1",
	  101 },
	{ "GET", "POST /ws HTTP/1.1", 405 },
	{ "GET", "HEAD /ws HTTP/1.1", 405 },
	{ "GET", "PUT /ws HTTP/1.1", 405 },
	{ "GET", "OPTIONS /ws HTTP/1.1", 405 },
	{ "GET", "CONNECT /ws HTTP/1.1", 0 },
	{ "GET", "PRI * HTTP/2.0", 403 },
	{ "GET", "GET /ws HTTP/1.0", 505 },
	{ "GET", "GET / HTTP/1.1", 404 },
	{ "GET", "GET /wsx HTTP/1.1", 404 },
	{ "GET", "GET /ws/ HTTP/1.1", 404 },
	{ "GET", "GET /ws?a=b HTTP/1.1", 404 },
	{ "Upgrade", "Upgrade: foo", 403 },
	{ "Upgrade", "Upgrade: h2c", 426 },
	{ "Upgrade", "Upgrade: websocket, h2c", 403 },
	{ "Upgrade", "", 426 },
	{ "Connection", "Connection: close", 400 },
	{ "Connection", "", 400 },
	{ "Sec-WebSocket-Version", "", 426 },
	{ "Sec-WebSocket-Version", "Sec-WebSocket-Version: 8", 426 },
	{ "Sec-WebSocket-Version", "Sec-WebSocket-Version: 013", 426 },
	{ "Sec-WebSocket-Key", "", 400 },
	{ "Sec-WebSocket-Key", "Sec-WebSocket-Key: x", 400 },
	{ "Sec-WebSocket-Key",
	  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==", 400 },
	{ "Sec-WebSocket-Protocol", "", 400 },
	{ "Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: none", 400 },
	{ "Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: huiyin.v11", 400 },
	{ "Host", "", 421 },
	{ "Host", "Host: evil.example", 421 },
	{ "Host", "Host: localhost@evil", 421 },
	{ NULL, "Origin: https://evil.example", 403 },
	{ NULL, "Origin: null", 403 },
	{ NULL, "Content-Length: 5", 400 },
	{ NULL, "Content-Length: -1", 400 },
	{ NULL, "Transfer-Encoding: chunked", 400 },
};

static void
only_a_good_upgrade_is_granted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof upgrades / sizeof *upgrades; i++) {
		struct peer *peer = peer_tls(&node, node.settings.port, NULL);
		int opened = node.opened, status;

		assert_non_null(peer);
		status = peer_upgrades(peer, upgrades[i].line,
				       upgrades[i].instead);
		if (status != upgrades[i].status)
			fail_msg("%s: %d instead of %d",
				 upgrades[i].instead ? upgrades[i].instead :
						       "good",
				 status, upgrades[i].status);
		assert_int_equal(node.opened, opened + (status == 101));
		if (status != 101)
			assert_true(peer_ends(peer, 2));
		peer_close(peer);
	}
}

static void
without_a_list_only_our_own_origin_is_good(void **state)
{
	static const struct {
		const char *origin;
		int status;
	} origins[] = { { "Origin: https://localhost", 101 },
			{ "Origin: http://localhost", 403 },
			{ "Origin: https://localhost.evil", 403 } };

	(void)state;
	for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
		struct peer *peer = peer_tls(&node, node.settings.port, NULL);

		assert_int_equal(peer_upgrades(peer, NULL, origins[i].origin),
				 origins[i].status);
		peer_close(peer);
	}
}

static void
a_plain_request_is_answered_and_closed(void **state)
{
	static const char two[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
				  "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);
	char rest[1024] = "";
	size_t n = 0;

	(void)state;
	assert_int_equal(peer_asks(peer, two), 404);
	while (n < sizeof rest - 1 && peer_read(peer, rest + n, 1))
		n++;
	assert_true(peer->gone);
	assert_null(strstr(rest, "HTTP/1.1"));
	peer_close(peer);
}

static void
a_head_that_is_too_large_is_refused(void **state)
{
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);
	char line[6000];

	(void)state;
	memset(line, 'x', sizeof line);
	memcpy(line, "Cookie: ", 8);
	line[sizeof line - 1] = 0;
	assert_int_not_equal(peer_upgrades(peer, NULL, line), 101);
	assert_true(peer_ends(peer, 2));
	peer_close(peer);
}

static void
operators_ask_in_plain_http(void **state)
{
	static const struct {
		const char *request;
		int says, status;
	} asks[] = {
		{ "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n", 200, 200 },
		{ "GET /ready HTTP/1.1\r\nHost: common\r\n\r\n", 503, 503 },
		{ "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 200, 404 },
		{ "POST /ready HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
		  "\r\nx",
		  200, 405 },
		{ "GET /ws HTTP/1.1\r\nHost: common\r\nConnection: Upgrade\r\n"
		  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		  "Sec-WebSocket-Protocol: huiyin.v1\r\n\r\n",
		  200, 404 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		struct peer *peer = peer_dial(&node, node.settings.admin_port);
		char got[512] = "";
		ssize_t n = -1;

		node.admin_status = asks[i].says;
		assert_true(send(peer->fd, asks[i].request,
				 strlen(asks[i].request), 0) > 0);
		until(&node, (n = recv(peer->fd, got, sizeof got - 1, 0)) > 0,
		      5);
		assert_int_equal(strtol(got + 9, NULL, 10), asks[i].status);
		assert_true(peer_ends(peer, 2));
		peer_close(peer);
	}
}

/* libwebsockets would choose among vhosts by the Host a peer names. */
static void
naming_another_vhost_opens_no_other_door(void **state)
{
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);

	(void)state;
	assert_int_equal(peer_upgrades(peer, "Host", "Host: certified"), 421);
	peer_close(peer);
	peer = peer_tls(&node, node.settings.port, NULL);
	assert_int_equal(peer_upgrades(peer, "Host", "Host: admin"), 421);
	peer_close(peer);
}

#define WITH(test, open) cmocka_unit_test_setup_teardown(test, open, close_node)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(only_a_good_upgrade_is_granted, open_guarded),
		WITH(without_a_list_only_our_own_origin_is_good, open_default),
		WITH(a_plain_request_is_answered_and_closed, open_default),
		WITH(a_head_that_is_too_large_is_refused, open_default),
		WITH(operators_ask_in_plain_http, open_guarded),
		WITH(naming_another_vhost_opens_no_other_door, open_guarded),
	};
	int failed;

	pki_init(&pki);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	pki_fini(&pki);
	return failed;
}
