/* SPDX-License-Identifier: Apache-2.0 */
/* call: one act on its way. */
#include "call.h"

#include <stdlib.h>

#include "bytes.h"
#include "check.h"
#include "clock.h"
#include "log.h"
#include "message.h"
#include "session.h"
#include "stats.h"
#include "submitter.h"
#include "text.h"

struct call {
	struct sessions *all;
	uint64_t session;
	const struct act *act;
	int64_t begun_ms;
	char id[MESSAGE_ID];
};

struct call *
call_new(struct session *s, const struct act *act, const char *id)
{
	struct call *call = malloc(sizeof *call);
	struct refusal why;

	if (!call) {
		(void)refuse(&why, REFUSAL_overloaded, NULL);
		session_refuse(s, id, &why);
		return NULL;
	}
	call->all = session_all(s);
	call->session = session_id(s);
	call->act = act;
	call->begun_ms = clock_ms();
	must(text_copy(call->id, sizeof call->id, id));
	session_act_begins(s);
	return call;
}

struct session *
call_session(const struct call *call)
{
	return session_find(call->all, call->session);
}

struct sessions *
call_all(const struct call *call)
{
	return call->all;
}

static void
count(const struct call *call, const struct refusal *why)
{
	enum act_id id = act_id_of(call->act);

	counters.act_ms[id] += (uint64_t)(clock_ms() - call->begun_ms);
	if (why->id == REFUSAL_none)
		counters.act_done[id]++;
	else
		counters.act_refused[id]++;
}

static void
log_refusal(const struct call *call, struct session *s,
	    const struct refusal *why)
{
	if (s && !session_may_log(s))
		return;
	log_event(LOG_INFO, "act refused", "act", call->act->name, "tag",
		  refusal_row(why->id)->tag, "path",
		  check_known(call->act, why->path), "session",
		  s ? session_name(s) : NULL, NULL);
}

static void
send_result(struct session *s, const char *id, const char *result)
{
	struct bytes text;

	bytes_init(&text);
	message_result(&text, id, result);
	if (text.failed)
		session_dismiss(s, "overloaded", 5, 1011);
	else
		session_send(s, text.data, text.len);
	bytes_fini(&text);
}

/*
 * Whose voice a feedback is leaves SQL sealed, and is opened here for whom SQL
 * shows it to, whichever act asked.
 */
static void
send_opened(struct session *s, const char *id, const char *result)
{
	char *opened = NULL;
	struct refusal why;

	if (submitter_is_in(result)) {
		opened = submitter_unseal(result);
		if (!opened) {
			(void)refuse(&why, REFUSAL_overloaded, NULL);
			session_refuse(s, id, &why);
			return;
		}
	}
	send_result(s, id, opened ? opened : result);
	free(opened);
}

void
call_done(void *context, const char *result, const struct refusal *why)
{
	struct call *call = context;
	struct session *s = call_session(call);

	count(call, why);
	if (why->id != REFUSAL_none)
		log_refusal(call, s, why);
	else if (call->act->wakes)
		store_wake(sessions_store(call->all), call->act->wakes);
	if (s && why->id == REFUSAL_none)
		send_opened(s, call->id, result);
	else if (s)
		session_refuse(s, call->id, why);
	if (s)
		session_act_ends(s);
	free(call);
}

void
call_refuse(struct call *call, enum refusal_id id, const char *path)
{
	struct refusal why;

	(void)refuse(&why, id, path);
	call_done(call, NULL, &why);
}
