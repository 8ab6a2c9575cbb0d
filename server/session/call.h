/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call: one act on its way, from the moment it was found good to its answer.
 * It outlives its session: an act that was begun is settled all the same.
 */
#ifndef SESSION_CALL_H
#define SESSION_CALL_H

#include "act.h"
#include "must.h"
#include "refusal.h"

struct call;
struct session;
struct sessions;

/*
 * id: as JSON text. NULL when memory is out: the peer has been told. Counts
 * against the session's window until call_done.
 */
MUST_USE struct call *call_new(struct session *s, const struct act *act,
			       const char *id);
/* NULL when the session has gone. */
struct session *call_session(const struct call *call);
struct sessions *call_all(const struct call *call);
/*
 * Answers with result (JSON text), or with a refusal when why->id is not
 * REFUSAL_none; wakes the act's feed; frees the call. Has the shape of
 * store_answered_f, with the call as its context.
 */
void call_done(void *call, const char *result, const struct refusal *why);
/* Answers with a refusal; path may be NULL. */
void call_refuse(struct call *call, enum refusal_id id, const char *path);

#endif
