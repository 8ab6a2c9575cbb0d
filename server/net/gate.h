/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate: how many connections each address has. An IPv6 peer owns at least a
 * /64 (RFC 6177), so that is what counts as its address.
 */
#ifndef NET_GATE_H
#define NET_GATE_H

#include <arpa/inet.h>
#include <sys/socket.h>

/* uthash: no memory is an answer (hh.tbl is NULL then), not the end. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "must.h"

#define GATE_TEXT (INET6_ADDRSTRLEN + 3) /* with "/64" and a NUL */

struct gate_address {
	unsigned char key[16]; /* IPv4 as ::ffff:a.b.c.d */
	char text[GATE_TEXT];
	int count; /* connections */
	UT_hash_handle hh;
};

struct gate {
	struct gate_address *all; /* uthash */
	int most;                 /* of one address */
};

/* One more of this address: NULL when it has too many or memory is short. */
MUST_USE struct gate_address *gate_take(struct gate *gate,
					const struct sockaddr *from);
/* One less. */
void gate_give(struct gate *gate, struct gate_address *address);

#endif
