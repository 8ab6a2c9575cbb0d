/* SPDX-License-Identifier: Apache-2.0 */
/* The body of net: for this room only. */
#ifndef NET_BODY_H
#define NET_BODY_H

#include <stdbool.h>

#include "bytes.h"
#include "conn_body.h"
#include "door.h"
#include "gate.h"
#include "net.h"
#include "ticket.h"
#include "wheel.h"

#define NET_WRITE_MOST 32768 /* bytes in one write: two TLS records */

struct lws_context;
struct tls_files;

struct net {
	uv_loop_t *loop;
	struct net_settings settings; /* texts borrowed */
	struct net_calls calls;
	struct lws_context *context; /* NULL when libwebsockets has freed it */
	struct door door[DOOR_KINDS];
	struct gate gate;
	struct wheel wheel;
	struct tickets tickets;
	struct conn_list list[CONN_STATES];
	int count[CONN_STATES];
	const struct tls_files *files; /* while doors are being made */
	struct bytes scratch;          /* a frame being put together */
	int handles;                   /* of ours on the loop */
	bool waking;   /* a turn of libwebsockets is asked for */
	bool is_short; /* of descriptors; said so once */
	bool adopted;  /* it has taken the socket at hand */
};

/* Sets up a door's TLS when libwebsockets has made its context; 0 or -1. */
int net_prepare_tls(struct net *net, struct door *door, SSL_CTX *ctx);
/* Has libwebsockets look at its timers: it does so only after some event. */
void net_wake(struct net *net);

#endif
