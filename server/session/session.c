/* SPDX-License-Identifier: Apache-2.0 */
/* session: slots, states, identity. What it says and when it is read: say.c. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logins.h"
#include "presence.h"
#include "session_body.h"
#include "stats.h"
#include "text.h"

struct sessions *
sessions_new(const struct sessions_settings *settings,
	     const struct session_calls *calls, struct store *store)
{
	struct sessions *all = calloc(1, sizeof *all);

	if (!all)
		return NULL;
	all->settings = *settings;
	all->calls = *calls;
	all->store = store;
	all->presence = presence_new(store, settings->node);
	all->logins = logins_new();
	if (all->presence && all->logins)
		return all;
	sessions_free(all);
	return NULL;
}

bool
sessions_are_idle(const struct sessions *all)
{
	return logins_are_idle(all->logins);
}

struct store *
sessions_store(const struct sessions *all)
{
	return all->store;
}

void
sessions_free(struct sessions *all)
{
	if (!all)
		return;
	for (int i = 0; i < SESSION_STATES; i++)
		must(LIST_EMPTY(&all->list[i]));
	presence_free(all->presence);
	logins_free(all->logins);
	roster_fini(&all->roster);
	free(all->slot);
	free(all);
}

const struct sessions_settings *
sessions_settings(const struct sessions *all)
{
	return &all->settings;
}

int
sessions_count(const struct sessions *all, enum session_state state)
{
	return all->count[state];
}

void
sessions_each(struct sessions *all, enum session_state state,
	      void (*f)(void *context, struct session *s), void *context)
{
	struct session *s = LIST_FIRST(&all->list[state]), *next;

	for (; s; s = next) {
		next = LIST_NEXT(s, in_state);
		f(context, s);
	}
}

bool
sessions_any_of(struct sessions *all, int64_t principal)
{
	return group_is_there(all, GROUP_PRINCIPAL, principal);
}

bool
sessions_any_in(struct sessions *all, int64_t department)
{
	return group_is_there(all, GROUP_DEPARTMENT, department);
}

void
sessions_each_of(struct sessions *all, int64_t principal,
		 void (*f)(void *context, struct session *s), void *context)
{
	group_each(all, GROUP_PRINCIPAL, principal, f, context);
}

void
sessions_each_in(struct sessions *all, int64_t department,
		 void (*f)(void *context, struct session *s), void *context)
{
	group_each(all, GROUP_DEPARTMENT, department, f, context);
}

void
sessions_walk(struct sessions *all, uint64_t first, uint64_t last,
	      void (*f)(void *context, struct session *s), void *context)
{
	roster_walk(&all->roster, first, last, f, context);
}

/* Doubles the slots; the new ones form the list of free ones. */
static bool
more_slots(struct sessions *all)
{
	uint32_t slots = all->slots ? all->slots * 2 : 256;
	struct slot *slot = realloc(all->slot, slots * sizeof *slot);

	if (!slot)
		return false;
	for (uint32_t i = all->slots; i < slots; i++)
		slot[i] = (struct slot){ NULL, 1, i + 1 };
	all->slot = slot;
	all->slots = slots;
	return true;
}

struct session *
session_new(struct sessions *all, struct conn *conn)
{
	struct session *s;
	struct slot *slot;

	if (all->first_free == all->slots && !more_slots(all))
		return NULL;
	s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	slot = &all->slot[all->first_free];
	s->all = all;
	s->conn = conn;
	s->id = (uint64_t)slot->generation << 32 | all->first_free;
	all->first_free = slot->next_free;
	slot->session = s;
	LIST_INSERT_HEAD(&all->list[SESSION_GREETING], s, in_state);
	all->count[SESSION_GREETING]++;
	counters.sessions_opened++;
	return s;
}

void
session_free(struct session *s)
{
	struct sessions *all = s->all;
	uint32_t at = (uint32_t)s->id;

	if (s->who.roles == WHO_KIOSK)
		presence_ended(all->presence, session_name(s));
	roster_remove(s);
	groups_remove(s);
	if (s->paused & PAUSE_ALLOWANCE)
		LIST_REMOVE(s, in_throttled);
	LIST_REMOVE(s, in_state);
	all->count[s->state]--;
	all->slot[at].session = NULL;
	all->slot[at].generation++;
	all->slot[at].next_free = all->first_free;
	all->first_free = at;
	free(s->held);
	free(s);
}

struct session *
session_find(struct sessions *all, uint64_t id)
{
	uint32_t at = (uint32_t)id;

	if (at >= all->slots || all->slot[at].generation != id >> 32)
		return NULL;
	return all->slot[at].session;
}

void
session_ahead(struct sessions *all, uint64_t id, int writes)
{
	const struct session *s = session_find(all, id);

	if (!s)
		return;
	if (writes < 4) {
		conn_ahead(s->conn, writes);
		return;
	}
	__builtin_prefetch(s);
	__builtin_prefetch((const char *)s + 64);
}

uint64_t
session_id(const struct session *s)
{
	return s->id;
}

const char *
session_name(const struct session *s)
{
	static char name[4][64];
	static unsigned next;
	char *p = name[next++ % 4];

	snprintf(p, sizeof name[0], "%.36s-%x.%x", s->all->settings.node,
		 (unsigned)(uint32_t)s->id, (unsigned)(s->id >> 32));
	return p;
}

struct sessions *
session_all(const struct session *s)
{
	return s->all;
}

struct conn *
session_conn(const struct session *s)
{
	return s->conn;
}

enum session_state
session_state(const struct session *s)
{
	return s->state;
}

void
session_move(struct session *s, enum session_state state)
{
	LIST_REMOVE(s, in_state);
	s->all->count[s->state]--;
	s->state = state;
	LIST_INSERT_HEAD(&s->all->list[state], s, in_state);
	s->all->count[state]++;
}

bool
session_identify(struct session *s, const struct identity *who)
{
	s->who = *who;
	if (who->region && !roster_add(&s->all->roster, who->region, s))
		return false;
	if (who->principal && !group_add(s, GROUP_PRINCIPAL, who->principal))
		return false;
	return !who->department ||
	       group_add(s, GROUP_DEPARTMENT, who->department);
}

const struct identity *
session_identity(const struct session *s)
{
	return &s->who;
}

struct store_who
session_who(const struct session *s)
{
	return (struct store_who){ .principal = s->who.principal,
				   .session = session_name(s),
				   .lang = session_lang(s) };
}

const char *
session_lang(const struct session *s)
{
	return s->lang[0] ? s->lang : NULL;
}

void
session_set_lang(struct session *s, const char *lang)
{
	(void)text_copy(s->lang, sizeof s->lang, lang);
}

struct hearing *
session_hearing(struct session *s)
{
	return &s->hearing;
}
