/* SPDX-License-Identifier: Apache-2.0 */
/* dial: from nothing to a connection whose settings are right. */
#ifndef PG_DIAL_H
#define PG_DIAL_H

struct link;

/* Begins; ends in link_is_up, or in a link that is broken. */
void dial(struct link *link);
/* Asks for the settings (again). */
void dial_check(struct link *link);
/* Stops watching the descriptor. */
void dial_unwatch(struct link *link);

#endif
