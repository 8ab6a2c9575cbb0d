/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_proxy: an HTTP proxy in the hands of a test: it connects one peer at
 * a time to where CONNECT says, on this machine, or does something else.
 */
#ifndef UNIT_CLIENT_PROXY_H
#define UNIT_CLIENT_PROXY_H

enum proxy_mood {
	PROXY_CONNECTS,
	PROXY_DRIPS,   /* connects, but answers long and byte by byte */
	PROXY_ANSWERS, /* with the status of proxy_open, and no more */
	PROXY_HANGS,   /* never answers */
	PROXY_HANGS_UP /* when it was asked */
};

struct forwarder;

/* status: "407 Who are you?", of PROXY_ANSWERS; else NULL. */
struct forwarder *proxy_open(enum proxy_mood mood, const char *status);
void proxy_close(struct forwarder *proxy);
/* "127.0.0.1:port" */
const char *proxy_name(const struct forwarder *proxy);
/* The head of the last request, waited for; "" when none came in 5 s. */
const char *proxy_asked(struct forwarder *proxy);

#endif
