/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_echo: room net with nothing on top of it, for valgrind, probes and
 * benchmarks: net_echo PORT CERT KEY [MTLS_PORT CLIENT_CA].
 *
 * Echoes every message; one that begins with "all " goes, framed once, to
 * every other peer instead. Ends on SIGTERM or SIGINT, with 0 when it has
 * left nothing on its loop.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>

#include "conn.h"
#include "log.h"
#include "net.h"

struct peer {
	struct conn *conn;
	LIST_ENTRY(peer) others;
};

static LIST_HEAD(, peer) peers = LIST_HEAD_INITIALIZER(peers);
static unsigned char *framed; /* room for the largest frame */

static void *
on_opened(void *context, struct conn *conn)
{
	struct peer *peer = calloc(1, sizeof *peer);

	(void)context;
	if (!peer)
		return NULL;
	peer->conn = conn;
	LIST_INSERT_HEAD(&peers, peer, others);
	conn_known(conn);
	return peer;
}

static void
on_said(void *owner, const char *text, size_t len)
{
	struct peer *from = owner, *peer;
	size_t head;

	if (len < 4 || memcmp(text, "all ", 4) != 0) {
		(void)conn_send(from->conn, text, len);
		return;
	}
	head = frame_head(framed, len);
	memcpy(framed + head, text, len);
	LIST_FOREACH(peer, &peers, others)
		if (peer != from)
			(void)conn_send_framed(peer->conn, framed, head + len);
}

static void
on_garbled(void *owner, const char *tag)
{
	(void)conn_send(((struct peer *)owner)->conn, tag, strlen(tag));
}

static void
on_writable(void *owner)
{
	(void)owner;
}

static void
on_closed(void *owner)
{
	struct peer *peer = owner;

	LIST_REMOVE(peer, others);
	free(peer);
}

static char *
on_admin(void *context, const char *path, int *status)
{
	(void)context;
	(void)path;
	*status = 200;
	return strdup("echo\n");
}

static void
on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	uv_stop(handle->loop);
}

static void
raise_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

static const struct net_calls calls = {
	.opened = on_opened,
	.said = on_said,
	.garbled = on_garbled,
	.writable = on_writable,
	.closed = on_closed,
	.admin = on_admin,
};

static void
make_ticket_key(uint64_t period, unsigned char key[32])
{
	memset(key, 7, 32);
	memcpy(key, &period, sizeof period);
}

static int
number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

static struct net *
serve(uv_loop_t *loop, int argc, char **argv)
{
	struct net_settings s = {
		.host = "127.0.0.1",
		.port = number(argv[1]),
		.listen_fd = -1,
		.cert = argv[2],
		.key = argv[3],
		.mtls_port = argc > 5 ? number(argv[4]) : 0,
		.client_ca = argc > 5 ? argv[5] : NULL,
		.admin_host = "127.0.0.1",
		.per_address = 100000,
		.handshakes = 1024,
		.connections = 100000,
		.handshake_seconds = 10,
		.login_seconds = 10,
		.message_seconds = 30,
		.keepalive_seconds = 55,
		.stall_seconds = 30,
		.max_message = 65536,
		.max_unsent = 65536,
		.ticket_key = make_ticket_key,
	};
	const char *why;
	struct net *net = net_open(loop, &s, &calls, &why);

	if (!net)
		fprintf(stderr, "net_echo: %s\n", why);
	return net;
}

int
main(int argc, char **argv)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	uv_signal_t signals[2];
	uv_loop_t loop;
	struct net *net;

	if (argc != 4 && argc != 6) {
		fprintf(stderr, "see the head of net_echo.c\n");
		return 2;
	}
	raise_limit();
	log_init("net_echo", false,
		 getenv("NET_ECHO_DEBUG") ? LOG_DEBUG : LOG_INFO);
	framed = malloc(FRAME_HEAD_MAX + 65536);
	if (!framed || uv_loop_init(&loop) != 0)
		return 1;
	net = serve(&loop, argc, argv);
	if (!net)
		return 1;
	for (int i = 0; i < 2; i++) {
		uv_signal_init(&loop, &signals[i]);
		uv_signal_start(&signals[i], on_signal, numbers[i]);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	for (int i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&signals[i], NULL);
	net_close(net);
	uv_run(&loop, UV_RUN_DEFAULT);
	free(framed);
	return uv_loop_close(&loop) == 0 ? 0 : 1;
}
