/* SPDX-License-Identifier: Apache-2.0 */
/* notice: one notice as this node keeps it: whom it addresses, and its frame. */
#ifndef NOTICE_H
#define NOTICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

struct identity;

/* A region with everything below it. */
struct stretch {
	uint64_t first, last;
};

struct notice {
	int64_t seq;
	int64_t expires_ms;    /* wall clock; 0: never */
	unsigned roles;        /* mask of enum role; 0: everybody */
	bool urgent;           /* cannot wait for a cheaper day: a risk */
	size_t len;            /* of framed */
	unsigned char *framed; /* the news, one WebSocket text frame; owned */
	size_t stretches;
	struct stretch stretch[]; /* its audience */
};

/* From an item of api.notices_after. NULL when memory is out or it is bad. */
MUST_USE struct notice *notice_new(json_t *item);
void notice_free(struct notice *n);
/* Is it in force, and addressed to that peer? */
bool notice_is_for(const struct notice *n, const struct identity *who,
		   int64_t now_ms);

#endif
