/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup: feedback.get. With a key it takes two questions, for right, wrong
 * and unknown alike, so that neither words nor time tell them apart (I25).
 */
#include <jansson.h>
#include <stdlib.h>

#include "call.h"
#include "dump.h"
#include "feedback.h"
#include "load.h"
#include "secret.h"
#include "session.h"
#include "text.h"

struct lookup {
	struct call *call;
	json_t *params; /* owned: receipt, key, address; later proved */
	int64_t principal;
	char session[64], lang[16];
};

/* What every key is compared with when there is no such receipt. */
static const char no_ref[] = "00000000-0000-7000-8000-000000000000";

static void
lookup_end(struct lookup *l, const char *result, const struct refusal *why)
{
	call_done(l->call, result, why);
	json_decref(l->params);
	free(l);
}

static void
ask(struct lookup *l, enum store_ask what, store_answered_f *answered)
{
	struct store_who who = { .principal = l->principal,
				 .session = l->session,
				 .lang = l->lang };
	char *text = dump_text(l->params, 0);
	struct refusal why;

	if (!text) {
		(void)refuse(&why, REFUSAL_overloaded, NULL);
		lookup_end(l, NULL, &why);
		return;
	}
	store_ask(sessions_store(call_all(l->call)), what, &who, text, answered,
		  l);
	free(text);
}

static void
found(void *context, const char *result, const struct refusal *why)
{
	lookup_end(context, result, why);
}

static void
counted(void *context, const char *result, const struct refusal *why)
{
	struct refusal not_found;

	(void)result;
	(void)why;
	(void)refuse(&not_found, REFUSAL_not_found, NULL);
	lookup_end(context, NULL, &not_found);
}

static void
ref_found(void *context, const char *result, const struct refusal *why)
{
	struct lookup *l = context;
	struct refusal no_memory;
	json_t *answer;
	const char *ref, *key;
	bool fits;

	if (why->id != REFUSAL_none) {
		lookup_end(l, NULL, why);
		return;
	}
	answer = load_text(result, 0, NULL);
	if (!answer) {
		(void)refuse(&no_memory, REFUSAL_overloaded, NULL);
		lookup_end(l, NULL, &no_memory);
		return;
	}
	ref = json_string_value(json_object_get(answer, "ref"));
	key = json_string_value(json_object_get(l->params, "key"));
	fits = secret_key_fits(ref ? ref : no_ref, key) && ref;
	json_decref(answer);
	(void)json_object_del(l->params, "key");
	if (fits && json_object_set_new(l->params, "proved", json_true())) {
		(void)refuse(&no_memory, REFUSAL_overloaded, NULL);
		lookup_end(l, NULL, &no_memory);
		return;
	}
	ask(l, fits ? ASK_feedback_get : ASK_feedback_wrong_key,
	    fits ? found : counted);
}

static struct lookup *
lookup_new(struct session *s, struct call *call, const json_t *params)
{
	struct lookup *l = calloc(1, sizeof *l);
	const char *lang = session_lang(s);
	json_t *address = json_string(conn_address(session_conn(s)));

	if (l)
		l->params = json_deep_copy(params);
	if (!l || json_object_set_new(l->params, "address", address) != 0) {
		if (l)
			json_decref(l->params);
		free(l);
		return NULL;
	}
	l->call = call;
	l->principal = session_identity(s)->principal;
	(void)text_copy(l->session, sizeof l->session, session_name(s));
	(void)text_copy(l->lang, sizeof l->lang, lang ? lang : "zh-CN");
	return l;
}

void
feedback_get(struct session *s, const char *id, const json_t *params)
{
	struct call *call = call_new(s, act_row(ACT_feedback_get), id);
	struct lookup *l = call ? lookup_new(s, call, params) : NULL;

	if (!call)
		return;
	if (!l)
		call_refuse(call, REFUSAL_overloaded, NULL);
	else if (json_object_get(params, "key"))
		ask(l, ASK_feedback_ref, ref_found);
	else
		ask(l, ASK_feedback_get, found);
}
