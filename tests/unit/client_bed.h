/* SPDX-License-Identifier: Apache-2.0 */
/* client_bed: a client at a peer, for the tests of the client library. */
#ifndef UNIT_CLIENT_BED_H
#define UNIT_CLIENT_BED_H

#include "client_peer.h"
#include "huiyin.h"
#include "outbox_bed.h"

struct bed {
	struct peer *peer;
	hy_client *client;
	hy_options options;
	char folder[BED_PATH];
};

#define BED_GREETING ",\"window\":8,\"keepalive\":55"
#define BED_RESULT                                                      \
	"{\"receipt\":\"HY-1\",\"key\":\"8271828182845904\",\"state\":" \
	"\"dispatched\",\"answer_by\":\"2026-12-01T10:00:00+08:00\"}"

/* A kiosk with a store, not yet opened. For cmocka's setup and teardown. */
int bed_set_up(void **state);
int bed_tear_down(void **state);
/* Opens the client; for the second time, too. */
void bed_open_client(struct bed *bed);
/* Opens it and says hello: it is online, with nothing to be replayed. */
void bed_open_online(struct bed *bed);
void bed_close_client(struct bed *bed);
/* The next event of that kind; others before it are dropped. */
const hy_event *bed_event(struct bed *bed, int kind);
/* Is nothing left but what is pulled within ms? */
bool bed_no_event(struct bed *bed, int kind, int ms);
/* Submits feedback with this text, or fails. */
void bed_submit(struct bed *bed, const char *text, char ref[HY_REF]);
/* A notice as the node says it. */
void bed_say_notice(struct bed *bed, int seq, const char *id,
		    const char *headline);

#endif
