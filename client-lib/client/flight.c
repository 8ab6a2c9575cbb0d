/* SPDX-License-Identifier: Apache-2.0 */
/* flight: a short list, for the window is short. */
#include "flight.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

void
flights_init(struct flights *all)
{
	TAILQ_INIT(&all->list);
	all->count = 0;
}

void
flights_fini(struct flights *all)
{
	struct flight *f = TAILQ_FIRST(&all->list), *next;

	for (; f; f = next) {
		next = TAILQ_NEXT(f, next);
		free(f);
	}
	flights_init(all);
}

bool
flight_add(struct flights *all, const char *ref, const struct act *act,
	   int64_t number, int64_t at)
{
	struct flight *f = calloc(1, sizeof *f);

	if (!f)
		return false;
	(void)text_copy(f->ref, sizeof f->ref, ref);
	f->act = act;
	f->number = number;
	f->at = at;
	TAILQ_INSERT_TAIL(&all->list, f, next);
	all->count++;
	return true;
}

struct flight *
flight_find(struct flights *all, const char *ref)
{
	struct flight *f;

	TAILQ_FOREACH(f, &all->list, next)
		if (strcmp(f->ref, ref) == 0)
			return f;
	return NULL;
}

void
flight_remove(struct flights *all, struct flight *f)
{
	TAILQ_REMOVE(&all->list, f, next);
	all->count--;
	free(f);
}
