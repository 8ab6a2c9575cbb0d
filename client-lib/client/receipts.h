/* SPDX-License-Identifier: Apache-2.0 */
/* receipts: from the shelf's notes to acts of the outbox. */
#ifndef CLIENT_RECEIPTS_H
#define CLIENT_RECEIPTS_H

#include "must.h"
#include "outbox.h"

struct hy_client;

/*
 * Makes one act out of up to 256 receipts, unless one is on its way already.
 * 1: made, 0: nothing to make, or a negative code. With the lock held.
 */
MUST_USE int receipts_gather(struct hy_client *client);
/*
 * Inside a transaction: the server refused such an act; path names the item
 * that is to blame. The others are noted again.
 */
MUST_USE int receipts_refused(struct hy_client *client,
			      const struct outbox_act *act, const char *path);

#endif
