/* SPDX-License-Identifier: Apache-2.0 */
/* greeting: hello, from its params to a session that has an identity. */
#include "greeting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "dump.h"
#include "factor.h"
#include "greeted.h"
#include "load.h"
#include "logins.h"
#include "secret.h"
#include "session_body.h"
#include "text.h"

/*
 * Wrong tries are counted by name and address: a guesser elsewhere does not
 * lock out the right person. One in so many counts for the name as well, which
 * bounds what many addresses can try together.
 */
#define COUNTED_FOR_NAME 16
#define PLACE_TEXT 512 /* an address and a name of at most 64 characters */

/* What of params is asked for by SQL as it is. */
static const char *const passed_on[] = { "as",    "name",   "region",
					 "epoch", "cursor", "generation",
					 "mark" };

static const char *
param(const struct greeting *g, const char *key)
{
	return json_string_value(json_object_get(g->params, key));
}

/* The item of api.hello's batch. */
static json_t *
hello_item(const struct greeting *g, json_t *asked)
{
	const char *lang = param(g, "lang");

	return json_pack("{s:s, s:s, s:{s:s*}, s:o}", "node",
			 sessions_settings(g->all)->node, "session",
			 g->session_name, "who", "lang", lang, "params", asked);
}

static int
add_hash(json_t *asked, const char *key, const char *secret)
{
	char hex[SECRET_HASH_HEX];

	if (!secret)
		return 0;
	secret_hash(secret, hex);
	return json_object_set_new(asked, key, json_string(hex));
}

static json_t *
hello_params(const struct greeting *g)
{
	bool kiosk = strcmp(param(g, "as"), "kiosk") == 0;
	json_t *asked = json_object();
	int bad = 0;

	for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
		json_t *value = json_object_get(g->params, passed_on[i]);

		if (value)
			bad |= json_object_set(asked, passed_on[i], value);
	}
	if (g->proved)
		bad |= json_object_set_new(asked, "proved", json_true());
	if (kiosk && !g->proved)
		bad |= add_hash(asked, "secret_hash", param(g, "secret"));
	if (!kiosk && !g->proved)
		bad |= add_hash(asked, "token_hash", param(g, "token"));
	if (g->totp_step)
		bad |= json_object_set_new(asked, "totp_step",
					   json_integer(g->totp_step));
	if (g->token[0])
		bad |= add_hash(asked, "new_token_hash", g->token);
	if (!bad)
		return asked;
	json_decref(asked);
	return NULL;
}

static void
ask_hello(struct greeting *g)
{
	json_t *asked = hello_params(g), *item;
	char *text = NULL;

	item = asked ? hello_item(g, asked) : NULL;
	if (item)
		text = dump_text(item, 0);
	if (text)
		store_hello(sessions_store(g->all), text, greeting_answered, g);
	else
		greeting_refuse(g, REFUSAL_overloaded, NULL);
	json_decref(item);
	free(text);
}

/* False when memory is out: answered is not called then. */
static bool
ask_about(struct greeting *g, enum store_ask ask, const char *name,
	  store_answered_f *answered)
{
	json_t *params = json_pack("{s:s}", "name", name);
	char *text = params ? dump_text(params, 0) : NULL;

	if (text)
		store_ask(sessions_store(g->all), ask, NULL, text, answered, g);
	json_decref(params);
	free(text);
	return text != NULL;
}

static void
failure_told(void *context, const char *result, const struct refusal *why)
{
	(void)result;
	(void)why;
	greeting_refuse(context, ((struct greeting *)context)->fault, NULL);
}

/* Chance, and no count of ours: many nodes, one bound, nothing to dodge. */
static void
place_counted(void *context, const char *result, const struct refusal *why)
{
	struct greeting *g = context;

	if (arc4random_uniform(COUNTED_FOR_NAME) != 0 ||
	    !ask_about(g, ASK_credential_failed, param(g, "name"),
		       failure_told))
		failure_told(g, result, why);
}

/* Counts the failure first, so that the next try already meets the delay. */
static void
fail_login(struct greeting *g, enum refusal_id fault)
{
	g->fault = fault;
	if (!ask_about(g, ASK_credential_failed, g->place, place_counted))
		greeting_refuse(g, fault, NULL);
}

/* The second factor, where the person has one. */
static bool
factor_fits(struct greeting *g)
{
	const char *sealed, *code = param(g, "code");
	int64_t last;

	sealed = json_string_value(json_object_get(g->credential, "totp"));
	if (!sealed)
		return true;
	last = json_integer_value(json_object_get(g->credential, "totp_step"));
	g->totp_step =
		code ? factor_step(sealed, code, last, clock_wall_ms() / 1000) :
		       0;
	return g->totp_step != 0;
}

static void
password_checked(void *context, enum login_verdict verdict)
{
	struct greeting *g = context;
	char half[33];

	if (verdict == LOGIN_UNKNOWN) {
		greeting_refuse(g, REFUSAL_overloaded, NULL);
		return;
	}
	if (verdict == LOGIN_WRONG) {
		fail_login(g, REFUSAL_wrong_secret);
		return;
	}
	if (!factor_fits(g)) {
		fail_login(g, REFUSAL_second_factor);
		return;
	}
	g->proved = true;
	secret_new(half);
	memcpy(g->token, half, 32);
	secret_new(half);
	memcpy(g->token + 32, half, 33);
	ask_hello(g);
}

/* Is it time for another try? The greeting has ended when it is not. */
static bool
may_try(struct greeting *g, const json_t *credential)
{
	int64_t wait = json_integer_value(json_object_get(credential, "wait"));
	struct refusal late;

	if (!credential) {
		greeting_refuse(g, REFUSAL_overloaded, NULL);
		return false;
	}
	if (wait <= 0)
		return true;
	(void)refuse(&late, REFUSAL_rate_limited, NULL);
	late.after = (int)wait;
	greeting_refused(g, &late);
	return false;
}

static void
credential_found(void *context, const char *result, const struct refusal *why)
{
	struct greeting *g = context;
	const char *hash;

	if (why->id != REFUSAL_none) {
		greeting_refused(g, why);
		return;
	}
	g->credential = load_text(result, 0, NULL);
	if (!may_try(g, g->credential))
		return;
	hash = json_string_value(json_object_get(g->credential, "password"));
	if (!logins_check(g->all->logins, hash, param(g, "secret"),
			  password_checked, g))
		greeting_refuse(g, REFUSAL_overloaded, NULL);
}

static void
place_found(void *context, const char *result, const struct refusal *why)
{
	struct greeting *g = context;
	json_t *found;

	if (why->id != REFUSAL_none) {
		greeting_refused(g, why);
		return;
	}
	found = load_text(result, 0, NULL);
	if (may_try(g, found) &&
	    !ask_about(g, ASK_credential, param(g, "name"), credential_found))
		greeting_refuse(g, REFUSAL_overloaded, NULL);
	json_decref(found);
}

/* A name as tried from one address; which one, the database does not learn. */
static void
find_place(struct greeting *g, const char *address)
{
	char text[PLACE_TEXT];

	snprintf(text, sizeof text, "%s\n%s", address, param(g, "name"));
	secret_content(text, g->place);
}

static void
greet_staff(struct greeting *g, const char *address)
{
	if (!param(g, "name")) {
		greeting_refuse(g, REFUSAL_missing_field, "name");
		return;
	}
	if (param(g, "token")) {
		ask_hello(g);
		return;
	}
	if (!param(g, "secret")) {
		greeting_refuse(g, REFUSAL_missing_field, "secret");
		return;
	}
	find_place(g, address);
	if (!ask_about(g, ASK_credential, g->place, place_found))
		greeting_refuse(g, REFUSAL_overloaded, NULL);
}

/* By its client certificate, where it came with one; else by its secret. */
static void
greet_kiosk(struct greeting *g, const char *certified)
{
	const char *name = param(g, "name");

	if (certified && !name &&
	    json_object_set_new(g->params, "name", json_string(certified)) !=
		    0) {
		greeting_refuse(g, REFUSAL_overloaded, NULL);
		return;
	}
	name = param(g, "name");
	if (!name) {
		greeting_refuse(g, REFUSAL_missing_field, "name");
		return;
	}
	g->proved = certified && strcmp(certified, name) == 0;
	if (certified && !g->proved)
		greeting_refuse(g, REFUSAL_wrong_secret, "name");
	else if (!g->proved && !param(g, "secret"))
		greeting_refuse(g, REFUSAL_missing_field, "secret");
	else
		ask_hello(g);
}

void
greeting_begin(struct session *s, const char *id, json_t *params)
{
	struct call *call = call_new(s, act_row(ACT_hello), id);
	struct greeting *g = call ? calloc(1, sizeof *g) : NULL;
	const char *as, *lang;

	if (!call)
		return;
	if (!g) {
		call_refuse(call, REFUSAL_overloaded, NULL);
		return;
	}
	g->all = s->all;
	g->call = call;
	g->params = json_incref(params);
	(void)text_copy(g->session_name, sizeof g->session_name,
			session_name(s));
	session_pause(s, PAUSE_GREETING, true);
	lang = param(g, "lang");
	if (lang)
		session_set_lang(s, lang);
	as = param(g, "as");
	if (json_integer_value(json_object_get(params, "protocol")) !=
	    WIRE_PROTOCOL)
		greeting_refuse(g, REFUSAL_unknown_protocol, "protocol");
	else if (!store_is_up(sessions_store(g->all)))
		greeting_refuse(g, REFUSAL_unavailable, NULL);
	else if (strcmp(as, "visitor") == 0)
		ask_hello(g);
	else if (strcmp(as, "kiosk") == 0)
		greet_kiosk(g, conn_certified_name(s->conn));
	else
		greet_staff(g, conn_address(s->conn));
}
