/* SPDX-License-Identifier: Apache-2.0 */
/* presence: tells the database, some at a time, which kiosks have gone. */
#ifndef SESSION_PRESENCE_H
#define SESSION_PRESENCE_H

#include "must.h"

struct presence;
struct store;

/* store and node are borrowed. NULL when memory is out. */
MUST_USE struct presence *presence_new(struct store *store, const char *node);
void presence_free(struct presence *p);
/* That session of a kiosk is over. Told at the next presence_flush. */
void presence_ended(struct presence *p, const char *session);
void presence_flush(struct presence *p);

#endif
