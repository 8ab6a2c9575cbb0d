/* SPDX-License-Identifier: Apache-2.0 */
/* operators: /live, /ready and /metrics of a node. */
#ifndef OPERATORS_H
#define OPERATORS_H

#include <stdbool.h>

#include "must.h"

struct net;
struct notices;
struct sessions;
struct store;

/* What there is to look at; all borrowed. */
struct operators {
	const struct store *store;
	const struct sessions *sessions;
	const struct notices *notices;
	const struct net *net;
	bool draining;
};

/*
 * The body for a path and its status (200 or 503), to be freed by the caller;
 * NULL when there is no such path.
 */
MUST_USE char *operators_answer(const struct operators *view, const char *path,
				int *status);

#endif
