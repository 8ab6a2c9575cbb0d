/* SPDX-License-Identifier: Apache-2.0 */
/* told: refusals, those of SQL and those that have to be told a turn later. */
#ifndef STORE_TOLD_H
#define STORE_TOLD_H

#include <sys/queue.h>

#include "store.h"

struct link_answer;

#define TOLD_RESERVE 64

struct told {
	STAILQ_ENTRY(told) next;
	store_answered_f *answered;
	void *context;
	enum refusal_id why;
	bool reserved; /* not to be freed */
};

STAILQ_HEAD(told_queue, told);

/* Refusals to be told; a reserve for when memory is out. */
struct told_list {
	struct told_queue waiting, spare;
	struct told reserve[TOLD_RESERVE];
};

void told_init(struct told_list *list);
/*
 * Tells at the next turn. Where even the reserve is used up it tells at once,
 * inside the call: the one exception to the promise of store.h.
 */
void told_later(struct store *store, store_answered_f *answered, void *context,
		enum refusal_id why);
/* Tells all that wait now. */
void told_tell(struct told_list *list);
/* An outcome other than LINK_DONE as a refusal. */
void told_from_answer(struct refusal *why, const struct link_answer *answer);
/* SQL's {tag, path, after, now} as a refusal. */
void told_from_json(struct refusal *why, const char *json);

#endif
