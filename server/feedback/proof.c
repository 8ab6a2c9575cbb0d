/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof: any act with a receipt and its key. The key is proved here, where
 * the secret is, and SQL is told `proved` instead. It takes two questions, for
 * right, wrong and unknown alike, so that neither words nor time tell them
 * apart (I25).
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "check.h"
#include "dump.h"
#include "feedback.h"
#include "load.h"
#include "message.h"
#include "ref.h"
#include "secret.h"
#include "session.h"
#include "text.h"

struct proof {
	struct call *call;
	const struct act *act;
	json_t *params; /* owned: those of the act, and address; later proved */
	int64_t principal;
	char session[64], lang[16], ref[REF_TEXT]; /* ref: "" when it reads */
};

/* What every key is compared with when there is no such receipt. */
static const char no_ref[] = "00000000-0000-7000-8000-000000000000";

static void
proof_end(void *context, const char *result, const struct refusal *why)
{
	struct proof *p = context;

	call_done(p->call, result, why);
	json_decref(p->params);
	free(p);
}

static void
proof_refuse(struct proof *p, enum refusal_id id)
{
	struct refusal why;

	(void)refuse(&why, id, NULL);
	proof_end(p, NULL, &why);
}

static struct store_who
proof_who(const struct proof *p)
{
	return (struct store_who){ .principal = p->principal,
				   .session = p->session,
				   .lang = p->lang };
}

static void
ask(struct proof *p, enum store_ask what, store_answered_f *answered)
{
	struct store_who who = proof_who(p);
	char *text = dump_text(p->params, 0);

	if (!text) {
		proof_refuse(p, REFUSAL_overloaded);
		return;
	}
	store_ask(sessions_store(call_all(p->call)), what, &who, text, answered,
		  p);
	free(text);
}

static void
counted(void *context, const char *result, const struct refusal *why)
{
	(void)result;
	(void)why;
	proof_refuse(context, REFUSAL_not_found);
}

/* The act itself: the same content has the same hash, whoever brought the key. */
static void
carry_out(struct proof *p)
{
	struct store *store = sessions_store(call_all(p->call));
	struct store_who who = proof_who(p);
	char *text = NULL;

	(void)json_object_del(p->params, "key");
	(void)json_object_del(p->params, "address");
	if (json_object_set_new(p->params, "proved", json_true()) == 0)
		text = message_canonical(p->params);
	if (!text)
		proof_refuse(p, REFUSAL_overloaded);
	else if (p->act->does == WRITES)
		store_settle(store, p->act, p->ref, &who, text, proof_end, p);
	else
		store_read(store, p->act, &who, text, proof_end, p);
	free(text);
}

static void
ref_found(void *context, const char *result, const struct refusal *why)
{
	struct proof *p = context;
	json_t *answer;
	const char *ref, *key;
	bool fits;

	if (why->id != REFUSAL_none) {
		proof_end(p, NULL, why);
		return;
	}
	answer = load_text(result, 0, NULL);
	if (!answer) {
		proof_refuse(p, REFUSAL_overloaded);
		return;
	}
	ref = json_string_value(json_object_get(answer, "ref"));
	key = json_string_value(json_object_get(p->params, "key"));
	fits = secret_key_fits(ref ? ref : no_ref, key) && ref;
	json_decref(answer);
	if (fits)
		carry_out(p);
	else
		ask(p, ASK_feedback_wrong_key, counted);
}

static struct proof *
proof_new(struct session *s, const json_t *params)
{
	struct proof *p = calloc(1, sizeof *p);
	const char *lang = session_lang(s);
	json_t *address = json_string(conn_address(session_conn(s)));

	if (p)
		p->params = json_deep_copy(params);
	if (!p || json_object_set_new(p->params, "address", address) != 0) {
		if (p)
			json_decref(p->params);
		free(p);
		return NULL;
	}
	p->principal = session_identity(s)->principal;
	(void)text_copy(p->session, sizeof p->session, session_name(s));
	(void)text_copy(p->lang, sizeof p->lang, lang ? lang : "zh-CN");
	return p;
}

bool
feedback_has_key(const struct act *act, const json_t *params)
{
	return json_object_get(params, "key") && check_row(act, "key") &&
	       check_row(act, "receipt");
}

void
feedback_prove(struct session *s, const struct act *act,
	       const struct message *m)
{
	struct call *call = call_new(s, act, m->id);
	struct proof *p = call ? proof_new(s, m->params) : NULL;

	if (!call)
		return;
	if (!p) {
		call_refuse(call, REFUSAL_overloaded, NULL);
		return;
	}
	p->call = call;
	p->act = act;
	if (act->does == WRITES)
		ref_lower(p->ref, m->id_text);
	ask(p, ASK_feedback_ref, ref_found);
}
