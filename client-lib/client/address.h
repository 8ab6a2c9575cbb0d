/* SPDX-License-Identifier: Apache-2.0 */
/* address: where a server is: wss://host[:port][/path]. */
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
};

/*
 * Reads the n-th (from 0) of urls, which are separated by blanks. 1: read,
 * 0: there are no more, -1: it is none, or without TLS and not to this
 * machine.
 */
MUST_USE int address_read(const char *urls, unsigned n, struct address *a);

#endif
