/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harvest: what was heard and is not yet on disk. Many messages go to disk in
 * one transaction; only then is the program told of them. When the disk fails
 * nothing of it counts: the line is given up, and the server says it again.
 */
#ifndef CLIENT_HARVEST_H
#define CLIENT_HARVEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "event.h"
#include "must.h"

struct line;

/* What a message answers. */
enum gathered_for { FOR_PROGRAM, FOR_OUTBOX, FOR_COPY };

struct gathered {
	STAILQ_ENTRY(gathered) next;
	struct event *event; /* owned, until it is handed out */
	int64_t expires;     /* of a notice; seconds since 1970, 0: never */
	enum gathered_for whose;
	bool hushed; /* not for the program */
};

struct harvest {
	STAILQ_HEAD(gathered_list, gathered) list;
	size_t count, bytes;
	int64_t since; /* clock_ms of the first */
};

void harvest_init(struct harvest *h);
void harvest_fini(struct harvest *h);
/* Takes event (NULL: memory was out). False when memory is out. */
MUST_USE bool harvest_add(struct harvest *h, struct event *event,
			  int64_t expires, enum gathered_for whose);
/* When to flush (clock_ms). While catching up larger heaps are made. */
int64_t harvest_due(const struct harvest *h, bool catching_up);
/* All of it to disk, then to the program. HY_OK or a code: then it is lost. */
MUST_USE int harvest_flush(struct line *line);

#endif
