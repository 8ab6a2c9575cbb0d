/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake: an SSL_CTX of our own for libwebsockets 4.1.6, and what it leaves
 * undone as a client, done where OpenSSL says that a handshake begins:
 * sessions are resumed, a certificate is held against an IPv6 address, and a
 * proxy is asked to connect. Not through libwebsockets' own hook for that
 * moment: LWS_CALLBACK_SSL_INFO takes a wrong pointer for its context in
 * clients. And with an SSL_CTX of its own a process that has two clients
 * leaks that of the first.
 */
#ifndef CLIENT_HANDSHAKE_H
#define CLIENT_HANDSHAKE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "address.h"
#include "must.h"

struct handshake;

/* Is this a PEM file of certificates? */
bool handshake_reads_ca(const char *path);
/* ca: path, or NULL for what the system trusts. NULL when out of means. */
MUST_USE struct handshake *handshake_new(const char *ca);
/* Only when no connection with its SSL_CTX is left. */
void handshake_free(struct handshake *h);
/* Borrowed. Servers are verified with it. */
SSL_CTX *handshake_context(const struct handshake *h);
/*
 * The next handshake is with this server; proxy NULL: without one. Both are
 * copied. False when memory is out.
 */
MUST_USE bool handshake_expect(struct handshake *h, const struct address *to,
			       const struct proxy *proxy);
/* The handshake failed: the next one is not to be a resumed one. */
void handshake_failed(struct handshake *h);
/* Handshakes that were resumed so far. */
unsigned handshake_resumed(const struct handshake *h);
/* What the proxy did instead of connecting; NULL: it is not to blame. */
const char *handshake_blames_proxy(const struct handshake *h);

#endif
