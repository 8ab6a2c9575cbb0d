/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies: what was settled, sealed, for 30 days: a database that was restored
 * from a backup has another epoch, and is sent it again. The ref makes it the
 * same act; a database that never lost it answers as before. Only where acts
 * are sealed. The caller holds the client's lock and, but for copies_next, a
 * transaction.
 */
#ifndef CLIENT_COPIES_H
#define CLIENT_COPIES_H

#include <stdint.h>

#include "outbox.h"

#define COPIES_SECONDS (30 * 86400)
#define COPIES_MOST 10000 /* the newest; looked at once a session */

/* How an act was settled, by which server. */
struct copies_fate {
	const char *ref, *epoch;
	const char *receipt; /* of the result; NULL: it has none */
	int64_t at;          /* seconds since 1970, the server's clock */
};

/* Keeps act->copy; not sent before it is settled. */
MUST_USE int copies_put(struct disk *disk, const struct outbox_act *act);
/*
 * The act is settled. 1 when it had been settled before with another receipt,
 * 0 when not (also when there is no copy of it), or a negative code.
 */
MUST_USE int copies_settled(struct disk *disk, const struct copies_fate *fate);
MUST_USE int copies_drop(struct disk *disk, const char *ref);
/* The next after ref that this epoch has not seen: 1 found, 0 none. */
MUST_USE int copies_next(struct disk *disk, const char *epoch, const char *ref,
			 struct outbox_act *found);
/* Drops what is old by now (seconds), and the oldest of too many. */
MUST_USE int copies_expire(struct disk *disk, int64_t now);

#endif
