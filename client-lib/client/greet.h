/* SPDX-License-Identifier: Apache-2.0 */
/* greet: hello and what comes of it. */
#ifndef CLIENT_GREET_H
#define CLIENT_GREET_H

#include <jansson.h>

struct line;

#define GREET_ID "hello" /* of the request; no ref looks so */

/* The line has opened: says hello. */
void greet_say(struct line *line);
/* The server's answer: who we are, and what will follow. */
void greet_heard(struct line *line, json_t *result);
/* The server does not want us; error as in JSON-RPC. */
void greet_refused(struct line *line, json_t *error);
/* What an answer says about the server's clock: for what expires. */
void greet_clock(struct line *line, const json_t *result);

#endif
