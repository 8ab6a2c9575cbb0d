/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feedback: what C must do itself for feedback: the receipt key, which is
 * derived and stored nowhere; sealing whose voice it is before SQL hears of
 * it; and telling kiosks and consoles of changes.
 */
#ifndef FEEDBACK_H
#define FEEDBACK_H

#include <jansson.h>
#include <stdbool.h>

#include "must.h"

struct act;
struct feedback;
struct message;
struct session;
struct sessions;

MUST_USE struct feedback *feedback_new(struct sessions *sessions);
void feedback_free(struct feedback *f);
/* The store is up: follows changes from now on. */
void feedback_start(struct feedback *f);
void feedback_wake(struct feedback *f);

/*
 * Acts; params were found good by check_params; id as JSON text; ref in lower
 * case. Answer by themselves. What was sealed as a copy is answered without a
 * key: copies lie on kiosks for weeks, and whoever takes one must not open it
 * with our help.
 */
void feedback_submit(struct session *s, const struct message *m,
		     const char *ref);
/* Does this act come with a receipt and its key? */
bool feedback_has_key(const struct act *act, const json_t *params);
/* Proves the key, then has SQL decide with `proved` in its place. */
void feedback_prove(struct session *s, const struct act *act,
		    const struct message *m);

#endif
