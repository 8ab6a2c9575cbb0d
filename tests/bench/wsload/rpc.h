/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc: hears huiyin's JSON-RPC: answers to hello and to acts, news. Only the
 * first bytes of a message are looked at, without parsing JSON: the client
 * must cost less than the server it loads.
 */
#ifndef WSLOAD_RPC_H
#define WSLOAD_RPC_H

#include <stdbool.h>
#include <stddef.h>

struct heard;
struct peer;

/*
 * A fresh ref: a UUIDv7 (RFC 9562 section 6.2, method 3) with the time to a
 * quarter of a microsecond, so that its answer tells how long it took.
 */
void rpc_ref(char text[40]);
void rpc_part(struct heard *h, const char *data, size_t len);
/* A message is complete. False: the peer is to be closed. */
bool rpc_heard(struct peer *p);

#endif
