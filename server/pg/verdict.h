/* SPDX-License-Identifier: Apache-2.0 */
/* verdict: what an answer of PostgreSQL means for who asked. */
#ifndef PG_VERDICT_H
#define PG_VERDICT_H

#include "link_body.h"

/*
 * Fills *answer from a call's result (not NULL). True when the connection is
 * not to be trusted any more after this.
 */
bool verdict(const struct call *call, struct link_answer *answer);
/* Logs an error that is not a refusal, without anybody's words. */
void verdict_log(const struct link *link, const struct call *call);

#endif
