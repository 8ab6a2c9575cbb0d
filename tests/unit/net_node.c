/* SPDX-License-Identifier: Apache-2.0 */
/* net_peer: a node's room net on a loop of its own. */
#include "net_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <arpa/inet.h>

long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void *
on_opened(void *context, struct conn *conn)
{
	struct node *node = context;
	struct session_seen *s;

	if (node->opened == SESSIONS_MOST)
		return NULL;
	s = &node->session[node->opened++];
	s->node = node;
	s->conn = conn;
	s->text = calloc(1, SAID_ROOM);
	assert_non_null(s->text);
	if (conn_certified_name(conn))
		snprintf(s->certified, sizeof s->certified, "%s",
			 conn_certified_name(conn));
	return s;
}

static void
on_said(void *owner, const char *text, size_t len)
{
	struct session_seen *s = owner;

	s->said++;
	if (s->len + len + 2 < SAID_ROOM) {
		memcpy(s->text + s->len, text, len);
		s->len += len;
		s->text[s->len++] = '\n';
	}
	if (s->echo)
		(void)conn_send(s->conn, text, len);
	if (s->pause_each)
		conn_pause(s->conn, true);
}

static void
on_garbled(void *owner, const char *tag)
{
	struct session_seen *s = owner;

	s->garbled++;
	snprintf(s->tag, sizeof s->tag, "%s", tag);
}

static void
on_writable(void *owner)
{
	((struct session_seen *)owner)->writable++;
}

static void
on_closed(void *owner)
{
	struct session_seen *s = owner;
	struct conn *other = s->node->close_with_next;

	s->closed++;
	s->conn = NULL;
	s->node->close_with_next = NULL;
	if (other)
		conn_close(other, 4000, "with the other");
}

static char *
on_admin(void *context, const char *path, int *status)
{
	struct node *node = context;

	if (strcmp(path, "/ready") != 0)
		return NULL;
	*status = node->admin_status;
	return strdup("as asked\n");
}

static void
on_tick(uv_timer_t *timer)
{
	(void)timer;
}

static void
ticket_key(uint64_t period, unsigned char key[32])
{
	memset(key, 7, 32);
	memcpy(key, &period, sizeof period);
}

void
node_init(struct node *node, const struct pki *pki)
{
	memset(node, 0, sizeof *node);
	node->admin_status = 200;
	node->settings = (struct net_settings){
		.host = "127.0.0.1",
		.port = free_port(),
		.listen_fd = -1,
		.cert = pki->cert_file,
		.key = pki->key_file,
		.client_ca = pki->ca_file,
		.admin_host = "127.0.0.1",
		.per_address = 100,
		.handshakes = 50,
		.connections = 100,
		.handshake_seconds = 20,
		.login_seconds = 20,
		.message_seconds = 20,
		.keepalive_seconds = 20,
		.stall_seconds = 20,
		.max_message = 65536,
		.max_unsent = 65536,
		.ticket_key = ticket_key,
	};
}

void
node_open(struct node *node)
{
	static const struct net_calls calls = {
		.opened = on_opened,
		.said = on_said,
		.garbled = on_garbled,
		.writable = on_writable,
		.closed = on_closed,
		.admin = on_admin,
	};
	struct net_calls mine = calls;
	const char *why = NULL;

	mine.context = node;
	assert_int_equal(uv_loop_init(&node->loop), 0);
	uv_timer_init(&node->loop, &node->ticker);
	uv_timer_start(&node->ticker, on_tick, 2, 2);
	node->net = net_open(&node->loop, &node->settings, &mine, &why);
	if (!node->net)
		fail_msg("net_open: %s", why);
}

void
node_close(struct node *node)
{
	net_close(node->net);
	uv_close((uv_handle_t *)&node->ticker, NULL);
	uv_run(&node->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&node->loop), 0);
	for (int i = 0; i < node->opened; i++) {
		assert_int_equal(node->session[i].closed, 1);
		free(node->session[i].text);
	}
}

void
turn(struct node *node)
{
	uv_run(&node->loop, UV_RUN_ONCE);
}

int
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	return ntohs(at.sin_port);
}
