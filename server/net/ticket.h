/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket: keys of TLS session tickets (RFC 5077 section 4), made from a
 * secret all nodes share, so that a peer may resume with any of them. A key
 * seals for one period and opens for two.
 */
#ifndef NET_TICKET_H
#define NET_TICKET_H

#include <openssl/ssl.h>
#include <stdint.h>

#define TICKET_PERIOD (12 * 3600) /* seconds */

struct ticket_keys {
	unsigned char name[16], seal[32], mac[32];
	uint64_t period; /* 0: not made yet */
};

struct tickets {
	void (*key)(uint64_t period, unsigned char key[32]); /* NULL: none */
	struct ticket_keys kept[2];                          /* by period % 2 */
};

/* Lets ctx give and take tickets; the tickets outlive it. */
void tickets_use(struct tickets *tickets, SSL_CTX *ctx);

#endif
