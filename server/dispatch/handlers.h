/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handlers: the acts which C decides itself. The table demands one for every
 * act with lane LOCAL; the linker misses what is not there.
 */
#ifndef DISPATCH_HANDLERS_H
#define DISPATCH_HANDLERS_H

#include "act.h"

struct message;
struct session;

/* m is a good message of that act, borrowed; a handler answers by itself. */
typedef void handler_f(struct session *s, const struct message *m);

/* NULL for acts that go straight to SQL. */
handler_f *handler_of(enum act_id id);

#endif
