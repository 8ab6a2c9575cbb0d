/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tunnel: an HTTP proxy asked to CONNECT (RFC 9110 section 9.3.6), as a BIO
 * between TLS and the socket. libwebsockets 4.1.6 can ask by itself, but it
 * takes whatever one read brings for the whole answer, tells nobody which
 * answer it was, and knows no IPv6 address.
 */
#ifndef CLIENT_TUNNEL_H
#define CLIENT_TUNNEL_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>

#include "address.h"
#include "bytes.h"
#include "must.h"

enum tunnel_state {
	TUNNEL_NONE,   /* no proxy is wanted */
	TUNNEL_ASKING, /* CONNECT is not answered */
	TUNNEL_OPEN,
	TUNNEL_REFUSED
};

struct tunnel {
	BIO_METHOD *method;
	enum tunnel_state state;
	struct bytes ask;  /* CONNECT, as far as it is not sent */
	struct bytes held; /* what TLS said meanwhile */
	char status[80];   /* first line of the answer */
	size_t head;       /* bytes of the answer so far */
	size_t line;       /* of its line that is being read */
};

/* False when memory is out. */
MUST_USE bool tunnel_init(struct tunnel *tunnel);
/* Only when no BIO of it is left. */
void tunnel_fini(struct tunnel *tunnel);
/* The next one goes to a server through proxy; NULL: none. Both borrowed. */
MUST_USE bool tunnel_expect(struct tunnel *tunnel, const struct address *to,
			    const struct proxy *proxy);
/* A BIO on top of the socket's, which it takes; NULL: no memory. */
MUST_USE BIO *tunnel_bio(struct tunnel *tunnel, BIO *socket);
/* What the proxy said instead of connecting; NULL: it is not to blame. */
const char *tunnel_blame(const struct tunnel *tunnel);

#endif
