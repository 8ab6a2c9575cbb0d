/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event: what the program pulls. The queue is behind a lock of its own and one
 * eventfd, which is readable exactly while there is something to pull.
 */
#ifndef CLIENT_EVENT_H
#define CLIENT_EVENT_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "huiyin.h"
#include "must.h"

struct event;

struct events {
	pthread_mutex_t lock;
	int fd;
	struct event *first, **last;
	size_t count, bytes; /* in the queue */
	bool pinned;         /* more is to be had elsewhere: stay readable */
	struct event *out;   /* handed out last; freed at the next */
};

/* Copies all texts of like (NULL is ""); NULL when memory is out. */
MUST_USE struct event *event_new(const hy_event *like);
void event_free(struct event *e);
hy_event *event_face(struct event *e);

/* False when the system gives no descriptor. */
MUST_USE bool events_init(struct events *q);
void events_fini(struct events *q);
/* Gives e to the queue; NULL is nothing. */
void events_give(struct events *q, struct event *e);
/* The first of the queue, or NULL. Owned by the caller. */
MUST_USE struct event *events_take(struct events *q);
/* Keeps the descriptor readable though the queue is empty. */
void events_pin(struct events *q, bool pinned);
/* Does the program not keep up? */
bool events_are_many(struct events *q);

#endif
