/* SPDX-License-Identifier: Apache-2.0 */
/*
 * door: a listening socket of ours, and what comes in through it. Debian's
 * libwebsockets cannot share or take over a listening socket; what we accept
 * it adopts.
 */
#ifndef NET_DOOR_H
#define NET_DOOR_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <uv.h>

#include "must.h"

enum door_kind {
	DOOR_COMMON,    /* TLS; who one is, one says in hello */
	DOOR_CERTIFIED, /* TLS with a client certificate */
	DOOR_ADMIN,     /* plain HTTP for operators */
	DOOR_KINDS
};

struct net;
struct lws_vhost;

struct door {
	struct net *net;
	enum door_kind kind;
	bool is_open; /* poll is a handle of the loop */
	bool is_accepting;
	int fd;
	uv_poll_t poll;
	struct lws_vhost *vhost; /* NULL: not wanted */
	SSL_CTX *ssl;            /* borrowed from vhost; NULL: plain */
};

/* Listens; -1 with *why. The door's kind and vhost are set. */
MUST_USE int door_open(struct door *door, const char **why);
void door_close(struct door *door);
/* Accepts again after a pause, if there is room. */
void doors_resume(struct net *net);

#endif
