/* SPDX-License-Identifier: Apache-2.0 */
/* The body of notices: for this room only. */
#ifndef NOTICES_BODY_H
#define NOTICES_BODY_H

#include <stdbool.h>

#include "feed.h"
#include "memory.h"
#include "notices.h"
#include "session.h"
#include "turns.h"

#define EPOCH_TEXT 72

struct notices {
	struct sessions *sessions; /* borrowed */
	struct store *store;       /* borrowed */
	struct feed *feed;
	struct memory memory;
	struct turns turns;     /* sessions that are due to be written to */
	char epoch[EPOCH_TEXT]; /* "": not known yet */
	int64_t told;           /* head before what is being told now */
	bool ready;             /* memory is filled */
	bool filling;
	int asking; /* replays being asked of the database */
};

/* Asks the database for what a session missed before our memory began. */
void replay_ask(struct notices *all, struct session *s);
/* Is n for s, and wanted by it? */
bool is_wanted(struct session *s, const struct notice *n, int64_t now_ms);
/* Writes to s what is due to it; true when it wants another turn. */
bool tell(struct notices *all, struct session *s);
/* Gives s a turn, unless it waits for one. */
void make_due(struct notices *all, struct session *s);

#endif
