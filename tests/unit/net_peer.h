/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_peer: a node's room net on a loop of its own, and TLS peers of it, all
 * in one thread: whoever waits turns the loop meanwhile, with a bound.
 */
#ifndef NET_PEER_H
#define NET_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>
#include <uv.h>

#include "conn.h"
#include "net.h"
#include "net_pki.h"

#define SESSIONS_MOST 64
#define SAID_ROOM (1 << 20)

struct node;

/* What the owner of a session was told. */
struct session_seen {
	struct node *node;
	struct conn *conn; /* NULL: closed */
	int said, garbled, writable, closed;
	char tag[32]; /* of the last garbled */
	char *text;   /* all that was said, a line each; owned */
	size_t len;
	char certified[64];
	bool echo, pause_each;
};

struct node {
	uv_loop_t loop;
	uv_timer_t ticker; /* so that a turn never lasts */
	struct net_settings settings;
	struct net *net;
	struct session_seen session[SESSIONS_MOST];
	int opened;
	struct conn *close_with_next; /* closed() closes this one too */
	int admin_status;
};

/* Fills in what a test may change before node_open. */
void node_init(struct node *node, const struct pki *pki);
void node_open(struct node *node);
/* Fails when anything is left on the loop. */
void node_close(struct node *node);
/* A port nobody listens on. */
int free_port(void);
/* One turn of the loop. */
void turn(struct node *node);
long long now_ms(void);

/* Turns the loop until it holds, at most so many seconds. */
#define until(node, condition, seconds)                                     \
	do {                                                                \
		long long until_ms = now_ms() + (seconds)*1000;             \
		bool until_holds;                                           \
		while (!(until_holds = (condition)) && now_ms() < until_ms) \
			turn(node);                                         \
		if (!until_holds)                                           \
			fail_msg("not in %d s: %s", seconds, #condition);   \
	} while (0)

struct peer {
	struct node *node;
	int fd;
	SSL *ssl;
	bool gone; /* the node has closed it */
	char in[4096];
	size_t in_at, in_len;
};

/* TCP only. */
struct peer *peer_dial(struct node *node, int port);
/* With TLS; NULL when the handshake fails. ctx NULL: trusts all. */
struct peer *peer_tls(struct node *node, int port, SSL_CTX *ctx);
/* The same with a session of before (NULL: none). */
struct peer *peer_resume(struct node *node, int port, SSL_CTX *ctx,
			 SSL_SESSION *session);
/* An open WebSocket. */
struct peer *peer_open(struct node *node);
void peer_close(struct peer *peer);
/* Writes all of it; false when the peer is gone. */
bool peer_write(struct peer *peer, const void *data, size_t len);
/* Writes what goes without waiting; how many bytes. */
size_t peer_write_some(struct peer *peer, const void *data, size_t len);
/* Reads exactly len bytes; false when it closed before or 5 s passed. */
bool peer_read(struct peer *peer, void *data, size_t len);
/* Is it closed within so many seconds? What comes before is thrown away. */
bool peer_ends(struct peer *peer, int seconds);
/* Sends a request; its status, 0 when it was only closed. */
int peer_asks(struct peer *peer, const char *request);
/* A good upgrade with one line exchanged or added (NULL: good as it is). */
int peer_upgrades(struct peer *peer, const char *line, const char *instead);
/* One masked frame. */
bool peer_sends(struct peer *peer, int opcode, bool final, const void *data,
		size_t len);
bool peer_says(struct peer *peer, const char *text);
/*
 * Next frame: its opcode; -1 when closed. *len in: room, out: bytes. A close
 * frame's code is in *len.
 */
int peer_hears(struct peer *peer, void *data, size_t *len);
/* The code the node closes with; 0 when it ends without. */
int peer_closed_with(struct peer *peer);

#endif
