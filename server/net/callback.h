/* SPDX-License-Identifier: Apache-2.0 */
/* callback: what libwebsockets tells us, passed on to whom it concerns. */
#ifndef NET_CALLBACK_H
#define NET_CALLBACK_H

#include <libwebsockets.h>

#define SUBPROTOCOL "huiyin.v1"

/*
 * All vhosts have the same: libwebsockets chooses among vhosts by the Host a
 * peer names, so what counts is the door a conn came through. The first
 * grants nothing (RELIABILITY 3.3).
 */
extern const struct lws_protocols net_protocols[];

#endif
