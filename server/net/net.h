/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net: the only room that knows libwebsockets. It listens, does TLS, judges
 * upgrades, reassembles messages and writes bytes. What a message means is
 * told to it by nobody: everything goes up through struct net_calls.
 *
 * All of it runs on one libuv loop and in its thread.
 */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "must.h"

struct net;
struct conn;

struct net_settings {
	const char *host;       /* address to listen on, "127.0.0.1" */
	int port;               /* of the common TLS listener */
	int listen_fd;          /* inherited listening socket, or -1 */
	const char *cert, *key; /* PEM files */
	const char *names;      /* Host names accepted, "a|b"; NULL: any */
	const char *origins;    /* Origins accepted, "a|b"; NULL: same host */
	int mtls_port;          /* 0: no listener for client certificates */
	const char *client_ca;  /* PEM file, with mtls_port */
	const char *admin_host; /* plain HTTP for operators */
	int admin_port;         /* 0: none */
	int per_address;        /* most connections of one address */
	int handshakes;         /* most handshakes on their way: others wait */
	int connections;        /* most connections: others are closed */
	int handshake_seconds;  /* accept -> WebSocket open, absolute */
	int login_seconds;      /* open -> conn_known(), absolute */
	int message_seconds;    /* first to last fragment, absolute */
	int keepalive_seconds;  /* quiet so long: ping; two unanswered end it;
				    see conn_keepalive */
	int stall_seconds;      /* unsent bytes without progress: slow reader */
	size_t max_message;     /* bytes */
	size_t max_unsent;      /* bytes queued in a conn before it is slow */
	/* Key of session tickets for the period now (12 h), 32 bytes each. */
	void (*ticket_key)(uint64_t period, unsigned char key[32]);
};

struct net_calls {
	/*
	 * A WebSocket is open. The owner returned is given to the others;
	 * NULL: no room, it is closed (1013) and nothing more is told of it.
	 */
	void *(*opened)(void *context, struct conn *conn);
	/* A whole text message, valid UTF-8, not NUL-terminated; borrowed. */
	void (*said)(void *owner, const char *text, size_t len);
	/* A message that cannot be taken, by a tag of errors.tbl.h. */
	void (*garbled)(void *owner, const char *tag);
	/* What was held back by CONN_BLOCKED has been written. */
	void (*writable)(void *owner);
	/* Gone; conn is not to be used any more. Called once per opened(). */
	void (*closed)(void *owner);
	/*
	 * A plain request on the admin listener: status 200 or 503 and the
	 * body, to be freed by net; NULL for 404.
	 */
	char *(*admin)(void *context, const char *path, int *status);
	void *context;
};

/*
 * NULL with *why (static text) when it cannot listen or a file is bad. The
 * texts of s are borrowed as long as net lives. libwebsockets reserves tables
 * by RLIMIT_NOFILE, 16 bytes a descriptor: set it before, and not to millions.
 */
MUST_USE struct net *net_open(uv_loop_t *loop, const struct net_settings *s,
			      const struct net_calls *calls, const char **why);
/* Stops accepting; what is open stays open. */
void net_stop_listening(struct net *net);
/* Reads certificate and key again; the old ones stay when anything is wrong. */
MUST_USE bool net_reload(struct net *net, const char **why);
/*
 * Closes everything (closed() is told for all that are open) and turns the
 * loop until it has nothing of net's left. Not from inside a callback.
 */
void net_close(struct net *net);
/* Connections by state, for /metrics. */
struct net_counts {
	int handshaking, open;
};
struct net_counts net_count(const struct net *net);

#endif
