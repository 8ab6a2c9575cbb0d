/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor: the practical limit, a bare epoll + OpenSSL broadcaster. No protocol
 * beyond the WebSocket handshake. Connections to /pub publish, all others
 * subscribe; each data frame of a publisher is framed once and written to
 * every subscriber with one SSL_write. Anybody may use what is here: it
 * listens on loopback only and stops with its process.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buffer {
	char *data; /* owned */
	size_t len, room;
};

/* Ends the process when memory is out. */
void buffer_add(struct buffer *b, const void *data, size_t len);
/* Takes len bytes off the front; an empty one gives its memory back. */
void buffer_take(struct buffer *b, size_t len);

enum state { TLS_ACCEPT, HTTP_HEAD, OPEN };

struct conn {
	int fd;
	enum state state;
	bool publisher;
	bool polls_out;
	SSL *ssl;
	size_t place;      /* in floor.subscriber */
	struct buffer in;  /* request head, or a publisher's frames */
	struct buffer out; /* what a slow subscriber has not taken yet */
};

struct floor {
	int port, tickets;
	bool batch, release;
	const char *cert, *key;
	int epoll_fd, listen_fd;
	SSL_CTX *tls;
	struct conn **subscriber;
	size_t subscribers, room;
	struct buffer frames; /* made from what is being read */
};

extern struct floor bare;

_Noreturn void die(const char *what);

/* conn.c. False: the connection is to be closed. */
void conn_accept(int fd);
void conn_close(struct conn *c);
bool conn_send(struct conn *c, const char *data, size_t len);
bool conn_event(struct conn *c, uint32_t events);
/* Writes the gathered frames to all subscribers. */
void broadcast(void);

/* ws.c */
bool upgrade(struct conn *c);
/*
 * Takes one masked frame of in at from: its length, 0 when it is not complete
 * yet, -1 when it is wrong. Data frames are framed anew to out.
 */
ssize_t frame_take(struct buffer *in, size_t from, struct buffer *out);

#endif
