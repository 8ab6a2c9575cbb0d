/* SPDX-License-Identifier: Apache-2.0 */
/* peer: one connection of ours on the one epoll loop: TCP, TLS, WebSocket. */
#ifndef WSLOAD_PEER_H
#define WSLOAD_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "payload.h"

struct url {
	bool tls;
	char host[64];
	uint16_t port;
	char path[256];
};

bool url_read(struct url *u, const char *text);

enum peer_state {
	PEER_FREE,
	PEER_TCP,
	PEER_TLS,
	PEER_UPGRADE,  /* waits for the answer to its upgrade */
	PEER_GREETING, /* waits for the answer to its hello */
	PEER_OPEN,
	PEER_DEAD
};

enum peer_role { SUBSCRIBER, PUBLISHER, POSTER };

struct out {
	char *data; /* owned */
	size_t len, off, room;
};

#define HEARD_MAX 1023 /* first bytes of a message that rpc looks at */

struct heard {
	size_t len;
	char text[HEARD_MAX + 1];
};

struct frame {
	uint8_t head[14];
	uint8_t head_have;
	uint8_t opcode;
	bool inside;
	uint64_t left;
	uint8_t control[125];
	uint8_t control_have;
};

struct peer {
	int fd;
	int index;
	SSL *ssl;
	enum peer_state state;
	enum peer_role role;
	bool polls_out;
	bool silent; /* says no hello */
	uint64_t started_ns;
	struct out out;
	char *head; /* of an HTTP answer; owned */
	size_t head_len;
	size_t skip; /* body bytes of an HTTP answer still to skip */
	struct frame frame;
	struct heard *heard; /* owned; NULL without rpc */
	struct reader reader;
	int waiting; /* acts without an answer */
};

/* The epoll loop and the TLS context. */
bool peers_init(void);
bool peer_start(struct peer *p, const struct url *u, enum peer_role role,
		int index);
void peer_close(struct peer *p);
/* It can be used now: counts it. */
void peer_opened(struct peer *p);
bool peer_send(struct peer *p, const void *data, size_t len);
/* One turn of the loop: waits at most timeout_ms, handles events. */
void loop_turn(int timeout_ms);

/* frames.c: bytes that came <-> messages. False: the peer is to be closed. */
#define OPCODE_TEXT 1
#define OPCODE_BINARY 2
bool frame_send(struct peer *p, int opcode, const void *data, size_t len);
bool frames_read(struct peer *p, const char *data, size_t len, uint64_t now);

/* upgrade.c: HTTP, the upgrade and the answers to POST. */
bool upgrade_send(struct peer *p);
/* Reads HTTP first, what follows as frames. */
bool upgrade_read(struct peer *p, const char *data, size_t len, uint64_t now);
bool posts_read(struct peer *p, const char *data, size_t len);

#endif
