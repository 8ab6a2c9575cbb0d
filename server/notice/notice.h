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

/* One WebSocket frame, as it leaves. */
struct framed {
	size_t len;
	size_t head;         /* of these, how many come before the payload */
	unsigned char *data; /* owned by the notice */
};

struct notice {
	int64_t seq;
	int64_t expires_ms;     /* wall clock; 0: never */
	unsigned roles;         /* mask of enum role; 0: everybody */
	bool urgent;            /* cannot wait for a cheaper day: a risk */
	struct framed plain;    /* the news, as text */
	struct framed squeezed; /* as a binary message; len 0: not shorter */
	bool tried;             /* to squeeze it: when somebody takes that */
	size_t stretches;
	struct stretch stretch[]; /* its audience */
};

/* From an item of api.notices_after. NULL when memory is out or it is bad. */
MUST_USE struct notice *notice_new(json_t *item);
void notice_free(struct notice *n);
/* The frame for who takes deflate, or does not. Squeezed once, and kept. */
const struct framed *notice_frame(struct notice *n, bool deflate);
/* Is it in force, and addressed to that peer? */
bool notice_is_for(const struct notice *n, const struct identity *who,
		   int64_t now_ms);

#endif
