/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_peer: a server in the hands of a test. It has one peer at a time, and
 * says nothing but what the test makes it say. Whatever does not come within
 * PEER_PATIENCE fails the test.
 */
#ifndef UNIT_CLIENT_PEER_H
#define UNIT_CLIENT_PEER_H

#include <jansson.h>
#include <stdbool.h>

#define PEER_PATIENCE 30000 /* ms; under valgrind all takes long */

struct peer;

/* Listens on a free port of this machine; its URL is peer_url. */
struct peer *peer_open(void);
/* The same with TLS, at 127.0.0.1 or ::1; cert, key: PEM files. */
struct peer *peer_open_tls(const char *address, const char *cert,
			   const char *key);
void peer_close(struct peer *peer);
const char *peer_url(const struct peer *peer);
/* The next message; json_decref it. */
json_t *peer_take(struct peer *peer);
/* The same, which must be this act. */
json_t *peer_take_act(struct peer *peer, const char *act);
/* Is there no message within ms? */
bool peer_is_silent(struct peer *peer, int ms);
void peer_say(struct peer *peer, const char *text);
/* Formats a message and says it. */
void peer_sayf(struct peer *peer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Answers a message that was taken; result or error as JSON text. */
void peer_answer(struct peer *peer, const json_t *message, const char *result);
void peer_refuse(struct peer *peer, const json_t *message, const char *tag,
		 const char *rest);
/* Takes hello (which is returned) and answers with these. */
json_t *peer_greet(struct peer *peer, const char *replay, const char *epoch,
		   int head, const char *rest);
/* Drops the line, as a cut cable. */
void peer_hang_up(struct peer *peer);
/* The peer has gone: forgets what it said. */
void peer_forget(struct peer *peer);
/* How many lines there have been, and how many with a resumed handshake. */
unsigned peer_lines(struct peer *peer);
unsigned peer_resumed(struct peer *peer);

#endif
