/* SPDX-License-Identifier: Apache-2.0 */
/* pipe: calls on their way through a connection in pipeline mode. */
#ifndef PG_PIPE_H
#define PG_PIPE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "link.h"
#include "must.h"

struct call;
struct calls;

/*
 * Sends ask and its sync. A failure to send breaks the link: the call is
 * answered then. False when memory is out.
 */
MUST_USE bool pipe_send(struct link *link, const struct link_ask *ask);
/* The same for what the link itself asks: not counted, not prepared. */
MUST_USE bool pipe_send_ours(struct link *link, const struct link_ask *ask);
/* Keeps ask to be answered with WEATHER at the next turn. */
MUST_USE bool pipe_refuse(struct link *link, const struct link_ask *ask);
/* Hands up every answer and NOTIFY that has come. */
void pipe_read(struct link *link);
/* Pushes what is unsent; waits for what has to be waited for. */
void pipe_watch(struct link *link);
/* Answers all of calls with WEATHER, in their order. */
void pipe_drop(struct link *link, struct calls *calls);
/* Sees WARNINGs: PQsetNoticeReceiver's shape. */
void pipe_noticed(void *context, const PGresult *notice);

#endif
