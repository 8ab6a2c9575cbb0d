/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address: where a server is, wss://host[:port][/path], and where a proxy is,
 * http://[user:password@]host:port. An IPv6 address stands in brackets (RFC
 * 3986 section 3.2.2).
 */
#ifndef CLIENT_ADDRESS_H
#define CLIENT_ADDRESS_H

#include <stdbool.h>

#include "must.h"

#define ADDRESS_HOST 112 /* libwebsockets 4.1.6 cuts "Host: ..." at 128 */
#define ADDRESS_PATH 256

struct address {
	char host[ADDRESS_HOST]; /* a name or an IP address, no brackets */
	int port;
	char path[ADDRESS_PATH]; /* begins with '/' */
	bool tls;
	bool ip6; /* host is an IPv6 address */
};

#define ADDRESS_LOGIN 256 /* bytes of user:password */

struct proxy {
	char host[ADDRESS_HOST];
	int port;
	bool ip6;
	char login[ADDRESS_LOGIN]; /* user:password, decoded; "" when none */
};

/*
 * Reads the n-th (from 0) of urls, which are separated by blanks. 1: read,
 * 0: there are no more, -1: it is none, or without TLS and not to this
 * machine.
 */
MUST_USE int address_read(const char *urls, unsigned n, struct address *a);
/* How an address is called: "host:port" or "[host]:port". */
void address_name(const char *host, bool ip6, int port,
		  char name[ADDRESS_HOST + 10]);
/*
 * Reads where a proxy is; "http://" may be left out, a port may not. User and
 * password may be percent-encoded (RFC 3986 section 2.1).
 */
MUST_USE bool proxy_read(const char *url, struct proxy *proxy);

#endif
