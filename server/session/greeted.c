/* SPDX-License-Identifier: Apache-2.0 */
/* greeted: the end of a greeting: the answer, and what becomes of it. */
#include "greeted.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "dump.h"
#include "load.h"
#include "presence.h"
#include "session_body.h"
#include "stats.h"
#include "text.h"

/* More wrong hellos than this on one connection end it. */
#define FAILED_MAX 10

/* Hands on what came while hello was being checked. */
static void
say_held(struct session *s)
{
	struct sessions *all = s->all;
	uint64_t id = s->id;
	char *held = s->held;
	size_t len = s->held_len;

	s->held = NULL;
	s->held_len = 0;
	for (size_t at = 0; at < len && session_find(all, id);) {
		size_t n = strlen(held + at);

		all->calls.said(all->calls.context, s, held + at, n);
		at += n + 1;
	}
	free(held);
}

/* The secret must not stay in memory longer than the greeting. */
static void
wipe(json_t *params, const char *key)
{
	const char *text = json_string_value(json_object_get(params, key));

	if (text)
		sodium_memzero((char *)(uintptr_t)text, strlen(text));
}

void
greeting_free(struct greeting *g)
{
	static const char *const secrets[] = { "secret", "token", "code" };

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		wipe(g->params, secrets[i]);
	json_decref(g->params);
	json_decref(g->credential);
	sodium_memzero(g->token, sizeof g->token);
	free(g);
}

void
greeting_refuse(struct greeting *g, enum refusal_id id, const char *path)
{
	struct refusal why;

	(void)refuse(&why, id, path);
	greeting_refused(g, &why);
}

void
greeting_refused(struct greeting *g, const struct refusal *why)
{
	struct session *s = call_session(g->call);

	counters.logins_failed += why->id == REFUSAL_wrong_secret ||
				  why->id == REFUSAL_second_factor;
	call_done(g->call, NULL, why);
	greeting_free(g);
	if (!s)
		return;
	session_pause(s, PAUSE_GREETING, false);
	if (++s->failed >= FAILED_MAX)
		session_dismiss(s, refusal_row(why->id)->tag, 60, 1008);
	else
		say_held(s);
}

static unsigned
roles_of(const json_t *list)
{
	unsigned roles = 0;
	json_t *role;
	size_t i;

	json_array_foreach(list, i, role)
		roles |= role_find(json_string_value(role));
	return roles;
}

static struct identity
identity_of(const json_t *found)
{
	const char *region =
		json_string_value(json_object_get(found, "region"));
	const json_t *department = json_object_get(found, "department");

	return (struct identity){
		.principal =
			json_integer_value(json_object_get(found, "principal")),
		.roles = roles_of(json_object_get(found, "roles")),
		.region = region ? text_region(region) : 0,
		.department =
			json_integer_value(json_object_get(department, "id")),
	};
}

/* What this node can beyond version 1; NULL when memory is out. */
static json_t *
feature_list(const struct sessions_settings *settings)
{
	json_t *list = json_array();

	for (const char *const *f = settings->features; f && *f; f++) {
		if (json_array_append_new(list, json_string(*f)) == 0)
			continue;
		json_decref(list);
		return NULL;
	}
	return list;
}

/* Longer than the node's own, never shorter: a peer may ping by itself. */
static int
keepalive_of(const struct greeting *g)
{
	const struct sessions_settings *settings = &g->all->settings;
	json_int_t asked =
		json_integer_value(json_object_get(g->params, "keepalive"));

	if (asked > settings->keepalive_most_seconds)
		asked = settings->keepalive_most_seconds;
	return asked > settings->keepalive_seconds ?
		       (int)asked :
		       settings->keepalive_seconds;
}

/* What the peer is told: what SQL found, and what this node asks of it. */
static char *
answer_text(const struct greeting *g, json_t *found)
{
	const struct sessions_settings *settings = &g->all->settings;
	json_t *department = json_object_get(found, "department"), *answer;
	char *text;

	if (department)
		(void)json_object_del(department, "id");
	answer = json_pack(
		"{s:s, s:O, s:O?, s:O?, s:O, s:O, s:O, s:O, s:i, s:I, s:i, "
		"s:o, s:O*, s:s*, s:O*}",
		"session", g->session_name, "roles",
		json_object_get(found, "roles"), "region",
		json_object_get(found, "region"), "department", department,
		"now", json_object_get(found, "now"), "epoch",
		json_object_get(found, "epoch"), "head",
		json_object_get(found, "head"), "replay",
		json_object_get(found, "replay"), "window", settings->window,
		"max_frame", (json_int_t)settings->max_frame, "keepalive",
		keepalive_of(g), "features", feature_list(settings), "store",
		json_object_get(found, "store"), "token",
		g->token[0] ? g->token : NULL, "audit_head",
		json_object_get(found, "audit_head"));
	text = answer ? dump_text(answer, 0) : NULL;
	json_decref(answer);
	return text;
}

static bool
went_back(const json_t *found)
{
	const char *store = json_string_value(json_object_get(found, "store"));

	return store && strcmp(store, "rolled_back") == 0;
}

/* Up to which number a peer that pays by the byte hears only the urgent. */
static int64_t
hurry_of(const struct greeting *g, int64_t head)
{
	const char *missed =
		json_string_value(json_object_get(g->params, "missed"));

	return missed && strcmp(missed, "urgent") == 0 ? head : 0;
}

/* The table allows one word. */
static bool
takes_deflate(const struct greeting *g)
{
	return json_array_size(json_object_get(g->params, "accept")) > 0;
}

/* The session is who it says; notices follow the answer. */
static void
greet(struct session *s, struct greeting *g, json_t *found)
{
	const char *replay =
		json_string_value(json_object_get(found, "replay"));
	struct identity who = identity_of(found);
	static const struct refusal none;
	char *text = answer_text(g, found);

	if (!text || !session_identify(s, &who)) {
		free(text);
		call_refuse(g->call, REFUSAL_overloaded, NULL);
		session_dismiss(s, "overloaded", 5, 1013);
		return;
	}
	counters.greeted++;
	counters.rolled_back += went_back(found);
	s->hearing = (struct hearing){
		.cursor = json_integer_value(json_object_get(found, "from")),
		.until = json_integer_value(json_object_get(found, "head")),
		.replay = replay && strcmp(replay, "none") != 0,
		.deflate = takes_deflate(g),
	};
	s->hearing.hurry = hurry_of(g, s->hearing.until);
	conn_known(s->conn);
	conn_keepalive(s->conn, keepalive_of(g));
	session_move(s, SESSION_CATCHING_UP);
	call_done(g->call, text, &none);
	free(text);
	session_pause(s, PAUSE_GREETING, false);
	s->all->calls.greeted(s->all->calls.context, s);
	say_held(s);
}

void
greeting_answered(void *context, const char *result, const struct refusal *why)
{
	struct greeting *g = context;
	struct session *s = call_session(g->call);
	json_t *found;

	if (why->id != REFUSAL_none) {
		greeting_refused(g, why);
		return;
	}
	found = load_text(result, 0, NULL);
	if (!found) {
		greeting_refuse(g, REFUSAL_overloaded, NULL);
		return;
	}
	if (s && s->state == SESSION_GREETING) {
		greet(s, g, found);
	} else {
		presence_ended(g->all->presence, g->session_name);
		call_refuse(g->call, REFUSAL_unavailable, NULL);
	}
	json_decref(found);
	greeting_free(g);
}
