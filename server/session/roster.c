/* SPDX-License-Identifier: Apache-2.0 */
/* roster: who listens where. */
#include "roster.h"

#include <stdlib.h>
#include <string.h>

#include "session_body.h"

struct place {
	uint64_t region;
	struct session_list list;
};

void
roster_fini(struct roster *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		free(r->place[i]);
	free(r->place);
	*r = (struct roster){ 0 };
}

/* Index of the first place whose code is not below region. */
static uint32_t
first_from(const struct roster *r, uint64_t region)
{
	uint32_t low = 0, high = r->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (r->place[middle]->region < region)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
make_room(struct roster *r)
{
	uint32_t room = r->room ? r->room * 2 : 64;
	struct place **place;

	if (r->count < r->room)
		return true;
	place = realloc(r->place, room * sizeof(struct place *));
	if (!place)
		return false;
	r->place = place;
	r->room = room;
	return true;
}

static struct place *
place_at(struct roster *r, uint64_t region)
{
	uint32_t at = first_from(r, region);
	struct place *p;

	if (at < r->count && r->place[at]->region == region)
		return r->place[at];
	p = calloc(1, sizeof *p);
	if (!p || !make_room(r)) {
		free(p);
		return NULL;
	}
	p->region = region;
	memmove(&r->place[at + 1], &r->place[at],
		(r->count - at) * sizeof(struct place *));
	r->place[at] = p;
	r->count++;
	return p;
}

bool
roster_add(struct roster *r, uint64_t region, struct session *s)
{
	struct place *p = place_at(r, region);

	must(!s->place);
	if (!p)
		return false;
	LIST_INSERT_HEAD(&p->list, s, in_place);
	s->place = p;
	return true;
}

void
roster_remove(struct session *s)
{
	if (s->place)
		LIST_REMOVE(s, in_place);
	s->place = NULL;
}

void
roster_walk(struct roster *r, uint64_t first, uint64_t last,
	    void (*f)(void *context, struct session *s), void *context)
{
	struct session *s;

	for (uint32_t i = first_from(r, first);
	     i < r->count && r->place[i]->region <= last; i++)
		LIST_FOREACH(s, &r->place[i]->list, in_place)
			f(context, s);
}
