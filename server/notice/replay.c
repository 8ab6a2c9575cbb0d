/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay: what a session missed before our memory began, asked of the
 * database some at a time. Few sessions ask at once; the others wait a turn.
 */
#include <stdio.h>
#include <stdlib.h>

#include "act.h"
#include "clock.h"
#include "dump.h"
#include "load.h"
#include "notices_body.h"
#include "stats.h"

#define PAGE 64
#define ASKING_MAX 8

struct replay {
	struct notices *all;
	uint64_t session;
	int64_t floor; /* of our memory when it was asked */
};

/* Sends one; false when the peer takes no more for the time being. */
static bool
send_item(struct session *s, json_t *item)
{
	struct hearing *h = session_hearing(s);
	struct notice *n = notice_new(item);
	const struct framed *f = NULL;
	enum conn_sent sent = CONN_GONE;
	bool skipped = n && !is_wanted(s, n, clock_wall_ms());

	if (skipped) {
		h->cursor = n->seq;
	} else if (n) {
		f = notice_frame(n, h->deflate);
		sent = conn_send_framed(session_conn(s), f->data, f->len);
	}
	if (n && sent != CONN_GONE) {
		h->cursor = n->seq;
		h->behind = sent == CONN_BLOCKED;
		counters.delivered++;
		counters.squeezed += f == &n->squeezed;
		counters.bytes_delivered += f->len;
	}
	notice_free(n);
	return skipped || sent == CONN_SENT;
}

static void
send_items(struct replay *r, struct session *s, const char *result)
{
	json_t *answer = load_text(result, 0, NULL);
	json_t *items = json_object_get(answer, "items"), *item;
	struct hearing *h = session_hearing(s);
	size_t i, count = json_array_size(items);

	json_array_foreach(items, i, item)
		if (!send_item(s, item))
			break;
	if (items && i == count && count < PAGE && h->cursor < r->floor)
		h->cursor = r->floor;
	json_decref(answer);
}

static void
answered(void *context, const char *result, const struct refusal *why)
{
	struct replay *r = context;
	struct session *s = session_find(r->all->sessions, r->session);

	r->all->asking--;
	if (s) {
		session_hearing(s)->asking = false;
		if (why->id == REFUSAL_none)
			send_items(r, s, result);
		else
			session_dismiss(s, "unavailable", 5, 1013);
		make_due(r->all, s);
		turns_run(&r->all->turns);
	}
	free(r);
}

static char *
replay_params(struct session *s)
{
	const struct identity *who = session_identity(s);
	json_t *roles = json_array(), *params;
	char region[16], *text;
	int bad = 0;

	for (unsigned role = 1; role <= WHO_ADMIN; role <<= 1)
		if (who->roles & role)
			bad |= json_array_append_new(
				roles, json_string(role_name(role)));
	snprintf(region, sizeof region, "%012llu",
		 (unsigned long long)who->region);
	params = json_pack("{s:I, s:i, s:s, s:o}", "after",
			   (json_int_t)session_hearing(s)->cursor, "limit",
			   PAGE, "region", region, "roles", roles);
	text = params && !bad ? dump_text(params, 0) : NULL;
	json_decref(params);
	return text;
}

void
replay_ask(struct notices *all, struct session *s)
{
	struct replay *r;
	char *params;

	if (session_identity(s)->region == 0) {
		session_hearing(s)->cursor = all->memory.floor;
		make_due(all, s);
		return;
	}
	if (all->asking >= ASKING_MAX) {
		make_due(all, s);
		return;
	}
	r = malloc(sizeof *r);
	params = replay_params(s);
	if (!r || !params) {
		session_dismiss(s, "overloaded", 5, 1013);
		free(r);
		free(params);
		return;
	}
	*r = (struct replay){ all, session_id(s), all->memory.floor };
	session_hearing(s)->asking = true;
	all->asking++;
	counters.replay_queries++;
	store_ask(all->store, ASK_notices_for, NULL, params, answered, r);
	free(params);
}
