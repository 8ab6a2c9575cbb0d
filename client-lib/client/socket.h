/* SPDX-License-Identifier: Apache-2.0 */
/*
 * socket: one WebSocket to a server at a time, on libwebsockets' own poll
 * loop. The only place of the library that knows libwebsockets. All by the
 * thread that turns it, but for socket_wake.
 */
#ifndef CLIENT_SOCKET_H
#define CLIENT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "meter.h"
#include "must.h"

struct socket;

/* What happens, told upwards. context as given to socket_new. */
struct socket_ups {
	void (*opened)(void *context);
	void (*text)(void *context, const char *text, size_t len);
	/* Once for each socket_connect; why is a tag, message for people. */
	void (*closed)(void *context, const char *why, const char *message);
};

/*
 * ca: path, or NULL for what the system trusts. proxy, borrowed: through which
 * servers are reached, or NULL; ws:// goes without. NULL when out of means.
 */
MUST_USE struct socket *socket_new(const char *ca, const struct proxy *proxy,
				   const struct socket_ups *ups, void *context);
void socket_free(struct socket *s);
/*
 * closed() follows when it fails, perhaps before this returns. floor: it is
 * later than that, whatever the clock says; seconds since 1970.
 */
void socket_connect(struct socket *s, const struct address *to, int64_t floor);
/* When the server's certificate ends; INT64_MAX: it has none. */
int64_t socket_until(const struct socket *s);
/* Gives a text message to the line; false when memory is out. */
MUST_USE bool socket_send(struct socket *s, const char *text, size_t len);
/* Bytes given and not yet handed to the system. */
size_t socket_unsent(const struct socket *s);
/* Closes; closed() follows. why is borrowed until then. */
void socket_hang_up(struct socket *s, const char *why);
/* Closes as RFC 6455 wants it, once all has left; closed() follows. */
void socket_leave(struct socket *s);
/* Stops or resumes reading. */
void socket_listen(struct socket *s, bool listen);
/* The turn ends in ms at the latest; each call replaces the former. */
void socket_alarm(struct socket *s, int64_t ms);
/* Waits for something and lets it happen; false when no more can. */
MUST_USE bool socket_turn(struct socket *s);
/* Bytes of all its lines so far. */
void socket_traffic(const struct socket *s, struct meter *total);
/* How many of its TLS handshakes were resumed ones. */
unsigned socket_resumed(const struct socket *s);
/* From any thread: ends the turn that goes on, or the next one at once. */
void socket_wake(struct socket *s);

#endif
