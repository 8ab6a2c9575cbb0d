/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thrift: what the line costs, and what the day's budget forbids: to ask for
 * what was missed, but for what is urgent. On today's wire nothing else can
 * wait without harm: acts and their answers are why there is a line, receipts
 * are some bytes each and tell a county whom it reached, new notices come
 * unasked. Of media there are none yet.
 *
 * The place on disk stays where it was meanwhile. On the next day a session
 * begins anew and asks for the rest, each kiosk at a time of its own.
 */
#ifndef CLIENT_THRIFT_H
#define CLIENT_THRIFT_H

#include <stdbool.h>
#include <stdint.h>

struct line;

/* Counts what the socket has used since. */
void thrift_count(struct line *line, int64_t now);
/* Before hello: is this to be a thrifty session? */
void thrift_begin(struct line *line);
/*
 * After hello's answer: true when the session cannot be a thrifty one, since
 * the database is another; then it has been ended, and the next asks for all.
 */
bool thrift_forbids(struct line *line);
/* Ends the session where another should follow. */
void thrift_watch(struct line *line, int64_t now);
/* The last of it goes to disk. */
void thrift_end(struct line *line);

#endif
