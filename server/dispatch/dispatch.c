/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch: the table of acts joined to the rooms. */
#include "dispatch.h"

#include <stdlib.h>

#include "call.h"
#include "check.h"
#include "clock.h"
#include "feedback.h"
#include "handlers.h"
#include "log.h"
#include "message.h"
#include "opened.h"
#include "ref.h"
#include "session.h"
#include "stats.h"

static void
refuse_message(struct session *s, const char *id, const struct act *act,
	       const struct refusal *why)
{
	if (act)
		counters.act_refused[act_id_of(act)]++;
	if (session_may_log(s))
		log_event(LOG_INFO, "act refused", "act",
			  act ? act->name : NULL, "tag",
			  refusal_row(why->id)->tag, "path",
			  check_known(act, why->path), "session",
			  session_name(s), NULL);
	session_refuse(s, id, why);
}

/* Is it the time for this act, and may this peer do it? */
static int
check_right(struct session *s, const struct act *act, struct refusal *why)
{
	bool greeted = session_state(s) != SESSION_GREETING;

	if (act->when == BEFORE_HELLO)
		return greeted ? refuse(why, REFUSAL_hello_twice, NULL) : 0;
	if (!greeted)
		return refuse(why, REFUSAL_hello_first, NULL);
	if (act->who & session_identity(s)->roles)
		return 0;
	(void)refuse(why, REFUSAL_not_allowed, NULL);
	why->who = act->who;
	return -1;
}

static int
check_act(struct session *s, const struct act *act, struct message *m,
	  struct refusal *why)
{
	if (check_right(s, act, why) != 0 || opened(act, m, why) != 0 ||
	    check_params(act, m->params, why) != 0)
		return -1;
	if (act->does == WRITES && !(m->id_text && ref_is_good(m->id_text)))
		return refuse(why, REFUSAL_bad_ref, "id");
	return 0;
}

/* A paused peer is not read any more; what it has sent is done all the same. */
static void
mind_the_store(struct session *s)
{
	if (!store_is_full(sessions_store(session_all(s))))
		return;
	counters.paused_full++;
	session_pause(s, PAUSE_FULL, true);
}

static void
settle(struct session *s, const struct act *act, const struct message *m,
       const char *params)
{
	struct store_who who = session_who(s);
	struct call *call = call_new(s, act, m->id);
	char ref[REF_TEXT];

	if (!call)
		return;
	ref_lower(ref, m->id_text);
	store_settle(sessions_store(session_all(s)), act, ref, &who, params,
		     call_done, call);
}

static void
ask(struct session *s, const struct act *act, const struct message *m,
    const char *params)
{
	struct store_who who = session_who(s);
	struct call *call = call_new(s, act, m->id);

	if (call)
		store_read(sessions_store(session_all(s)), act, &who, params,
			   call_done, call);
}

/* Straight to its SQL function. */
static void
pass_on(struct session *s, const struct act *act, const struct message *m)
{
	char *params = message_canonical(m->params);
	struct refusal why;

	if (!params) {
		(void)refuse(&why, REFUSAL_overloaded, NULL);
		refuse_message(s, m->id, act, &why);
	} else if (act->does == WRITES) {
		settle(s, act, m, params);
	} else {
		ask(s, act, m, params);
	}
	free(params);
}

static void
carry_out(struct session *s, const struct act *act, const struct message *m)
{
	handler_f *handler = handler_of(act_id_of(act));
	bool writes = act->does == WRITES;

	if (handler)
		handler(s, m);
	else if (feedback_has_key(act, m->params))
		feedback_prove(s, act, m);
	else
		pass_on(s, act, m);
	if (writes)
		mind_the_store(s);
}

/* A hello that is refused is refused in its own language already. */
static void
mind_language(struct session *s, const struct act *act, const struct message *m)
{
	const json_t *lang = json_object_get(m->params, "lang");

	if (act->when == BEFORE_HELLO && !session_lang(s) &&
	    json_is_string(lang))
		session_set_lang(s, json_string_value(lang));
}

static void
do_act(struct session *s, struct message *m, size_t len)
{
	const struct act *act = act_find(m->method);
	struct refusal why;
	int bad;

	if (!act) {
		(void)refuse(&why, REFUSAL_unknown_act, "method");
		refuse_message(s, m->id, NULL, &why);
		return;
	}
	mind_language(s, act, m);
	if (len > act->size)
		bad = refuse(&why, REFUSAL_too_large, NULL);
	else
		bad = check_act(s, act, m, &why);
	if (bad)
		refuse_message(s, m->id, act, &why);
	else
		carry_out(s, act, m);
}

void
dispatch_said(struct session *s, const char *text, size_t len)
{
	struct refusal why;
	struct message m;

	if (session_state(s) == SESSION_LEAVING)
		return;
	if (session_is_paused(s, PAUSE_GREETING)) {
		session_hold(s, text, len);
		return;
	}
	counters.messages++;
	counters.bytes_received += len;
	(void)session_spend(s, clock_ms());
	if (message_read_act(text, len, &m, &why) != 0) {
		refuse_message(s, m.id, NULL, &why);
		/* Its author cannot know which act that was: all anew then. */
		if (why.id == REFUSAL_overloaded)
			session_dismiss(s, "overloaded", 5, 1013);
		return;
	}
	do_act(s, &m, len);
	message_fini(&m);
}

void
dispatch_garbled(struct session *s, const char *tag)
{
	struct refusal why;

	(void)refuse(&why, refusal_find(tag), NULL);
	counters.messages++;
	refuse_message(s, "null", NULL, &why);
}
