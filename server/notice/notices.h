/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notices: from the feed to the sessions of the audience, live and after an
 * absence. No queue per session: a session that cannot be written to keeps
 * only its cursor, and goes on from there.
 */
#ifndef NOTICES_H
#define NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "must.h"

struct notices;
struct session;
struct sessions;
struct store;

struct notices_counts {
	int64_t head;
	size_t remembered;
};

/* sessions and store are borrowed; most: notices kept in memory. */
MUST_USE struct notices *notices_new(uv_loop_t *loop, struct sessions *sessions,
				     struct store *store, size_t most);
void notices_free(struct notices *all);
/* The store is up: fills the memory, then follows the feed. */
void notices_start(struct notices *all);
/* Is the memory filled? Before that nobody is told anything. */
bool notices_are_ready(const struct notices *all);
/* The feed may have grown. */
void notices_wake(struct notices *all);
/* A session that has just said who it is. */
void notices_greeted(struct notices *all, struct session *s);
/* A session that reads again. */
void notices_writable(struct notices *all, struct session *s);
struct notices_counts notices_count(const struct notices *all);

#endif
