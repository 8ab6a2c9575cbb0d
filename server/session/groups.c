/* SPDX-License-Identifier: Apache-2.0 */
/* groups: sessions that share a principal, or a department. */
#include "groups.h"

#include <stdlib.h>

/* An insertion that finds no memory leaves the element out, no exit(). */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(group) ((group)->lost = true)
#include <uthash.h>

#include "session_body.h"

struct group {
	struct key {
		int64_t kind, number;
	} key;
	struct session_list list;
	bool lost; /* could not be hashed */
	UT_hash_handle hh;
};

static struct group *
group_find(struct sessions *all, enum group_kind kind, int64_t number)
{
	struct key key = { kind, number };
	struct group *g;

	HASH_FIND(hh, all->groups, &key, sizeof key, g);
	return g;
}

static struct group *
group_new(struct sessions *all, enum group_kind kind, int64_t number)
{
	struct group *g = calloc(1, sizeof *g);

	if (!g)
		return NULL;
	g->key = (struct key){ kind, number };
	HASH_ADD(hh, all->groups, key, sizeof g->key, g);
	if (!g->lost)
		return g;
	free(g);
	return NULL;
}

bool
group_add(struct session *s, enum group_kind kind, int64_t number)
{
	struct group *g = group_find(s->all, kind, number);

	must(!s->group[kind]);
	if (!g)
		g = group_new(s->all, kind, number);
	if (!g)
		return false;
	LIST_INSERT_HEAD(&g->list, s, in_group[kind]);
	s->group[kind] = g;
	return true;
}

void
groups_remove(struct session *s)
{
	for (int kind = 0; kind < GROUP_KINDS; kind++) {
		struct group *g = s->group[kind];

		if (!g)
			continue;
		LIST_REMOVE(s, in_group[kind]);
		s->group[kind] = NULL;
		if (!LIST_EMPTY(&g->list))
			continue;
		HASH_DEL(s->all->groups, g);
		free(g);
	}
}

bool
group_is_there(struct sessions *all, enum group_kind kind, int64_t number)
{
	return group_find(all, kind, number) != NULL;
}

void
group_each(struct sessions *all, enum group_kind kind, int64_t number,
	   void (*f)(void *context, struct session *s), void *context)
{
	struct group *g = group_find(all, kind, number);
	struct session *s = g ? LIST_FIRST(&g->list) : NULL, *next;

	for (; s; s = next) {
		next = LIST_NEXT(s, in_group[kind]);
		f(context, s);
	}
}
