/* SPDX-License-Identifier: Apache-2.0 */
/* pump: from the questions and the outbox to the line. */
#include "pump.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "copies.h"
#include "fault.h"
#include "line.h"
#include "log.h"
#include "mend.h"
#include "message.h"
#include "outbox.h"
#include "receipts.h"
#include "ref.h"
#include "text.h"

#define MOST_UNSENT (256u << 10) /* bytes that wait for the system */

static bool
has_room(const struct line *line)
{
	return line->flights.count < line->window &&
	       socket_unsent(line->socket) < MOST_UNSENT &&
	       line_is_online(line);
}

static void
say_act(struct line *line, const struct act *act, const char *ref,
	const char *params, int64_t number)
{
	if (!flight_add(&line->flights, ref, act, number, clock_ms())) {
		line_hang_up(line, "memory");
		return;
	}
	message_act(&line->out, ref, act->name, params);
	line_say(line);
}

static bool
say_question(struct line *line)
{
	struct hy_client *client = line->client;
	struct request *r;

	client_lock(client);
	r = STAILQ_FIRST(&client->requests);
	if (r)
		STAILQ_REMOVE_HEAD(&client->requests, next);
	client_unlock(client);
	if (r)
		say_act(line, r->act, r->ref, r->params, 0);
	request_free(r);
	return r != NULL;
}

/* Once, until one of them has found its server. */
static void
tell_waiting(struct line *line)
{
	hy_event e = { .kind = HY_TROUBLE, .tag = "seal_key" };

	e.message = "Acts wait that are sealed to a key which this server does "
		    "not have.";
	if (!line->waits_told)
		line_tell(line, &e);
	line->waits_told = true;
}

/*
 * An act that can never be sent: into the refused box, as if a server had said
 * so, since one that breaks the line would stop all that is behind it.
 */
static int
refuse_kept(struct line *line, const struct outbox_act *act,
	    enum refusal_id why)
{
	struct hy_client *client = line->client;
	char *error = mend_error(why, client->options.given.lang);
	bool named = ref_is_good(act->ref);
	struct event *e = NULL;
	char ref[HY_REF];
	int code = HY_OK;

	if (named)
		(void)text_copy(ref, sizeof ref, act->ref);
	else if (!ref_new(ref))
		code = fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	if (error && code == HY_OK)
		e = client_refused(ref, act->name, error);
	free(error);
	options_log(&client->options, LOG_BAD,
		    "a kept act cannot be sent, and is refused (%s)",
		    refusal_row(why)->tag);
	if (code == HY_OK && !named)
		code = mend_ref(client->disk, act->number, ref);
	if (code == HY_OK && !harvest_add(&line->harvest, e, 0, FOR_OUTBOX))
		line_hang_up(line, "memory");
	else if (code != HY_OK)
		event_free(e);
	return code;
}

/*
 * Says an act of the disk. One that is sealed may not be for this server: it
 * waits, and those behind it go on, for it may be for ever. True when it waits
 * so.
 */
static bool
say_from_disk(struct line *line, const struct outbox_act *act, int64_t number)
{
	const struct act *row = act_find(act->name);
	char name[SEAL_NAME];

	if (!announced_allow(&line->announced, act->params))
		return true;
	if (seal_name_of(act->params, name))
		line->waits_told = false;
	if (row && !flight_find(&line->flights, act->ref))
		say_act(line, row, act->ref, act->params, number);
	return false;
}

/* The next act of the outbox: 1 said, 0 none or not now. */
static int
say_kept(struct line *line)
{
	struct hy_client *client = line->client;
	bool waits = false;
	struct outbox_act act;
	enum refusal_id why;
	int found, code = HY_OK;

	client_lock(client);
	found = client->waiting ? outbox_next_waiting(client->disk,
						      line->sent_number, &act) :
				  0;
	client->waiting = found == 1;
	if (found == 1) {
		line->sent_number = act.number;
		why = mend_judge(&act);
		if (why == REFUSAL_none)
			waits = say_from_disk(line, &act, act.number);
		else
			code = refuse_kept(line, &act, why);
	}
	client_unlock(client);
	if (waits)
		tell_waiting(line);
	if (found < 0 || code != HY_OK)
		line_hang_up(line, "disk");
	return found == 1;
}

/* The next copy that this epoch has not seen, in the same way. */
static int
say_copy(struct line *line)
{
	struct hy_client *client = line->client;
	struct outbox_act act;
	int found;

	if (!line->copies)
		return 0;
	client_lock(client);
	found = copies_next(client->disk, line->epoch, line->copied, &act);
	line->copies = found == 1;
	if (found == 1) {
		(void)text_copy(line->copied, sizeof line->copied, act.ref);
		/* Beyond a damaged ref there is no going on. */
		line->copies = ref_is_good(act.ref);
		if (mend_judge(&act) == REFUSAL_none)
			(void)say_from_disk(line, &act, FLIGHT_COPY);
		else
			options_log(&client->options, LOG_WARN,
				    "the copy of a settled act is damaged");
	}
	client_unlock(client);
	if (found < 0)
		line_hang_up(line, "disk");
	return found == 1;
}

void
pump_copies(struct line *line)
{
	line->copies = true;
	line->copied[0] = 0;
}

static void
gather_receipts(struct line *line, int64_t now)
{
	struct hy_client *client = line->client;
	int made = 0;

	client_lock(client);
	if (!client->receipts) {
		line->receipts_at = 0;
	} else if (line->receipts_at == 0) {
		line->receipts_at =
			now + backoff_within(client->options.given.receipt_ms);
	} else if (now >= line->receipts_at) {
		made = receipts_gather(client);
		line->receipts_at = now + 50;
		client->waiting |= made == 1;
		client->receipts =
			made != 0 || outbox_has_silent(client->disk) == 1;
	}
	client_unlock(client);
	if (made < 0)
		line_hang_up(line, "disk");
}

void
pump_run(struct line *line, int64_t now)
{
	while (has_room(line) && say_question(line))
		;
	if (now < line->hold_until)
		return;
	gather_receipts(line, now);
	while (has_room(line) && say_kept(line))
		;
	while (has_room(line) && say_copy(line))
		;
}

void
pump_keepalive(struct line *line, int64_t now)
{
	if (!line_is_online(line) ||
	    now - line->spoke < line->keepalive * 4 / 5)
		return;
	message_act(&line->out, PUMP_PING, act_row(ACT_ping)->name, "{}");
	line_say(line);
	if (line->pinged == 0)
		line->pinged = now;
}

static void
tell_lost(struct line *line, const char *ref, const struct act *act)
{
	hy_event e = { .kind = HY_REFUSED,
		       .ref = ref,
		       .act = act->name,
		       .tag = "offline",
		       .body = "{}",
		       .retry = 1 };

	e.message = "The line was lost before the answer came.";
	line_tell(line, &e);
}

void
pump_lost(struct line *line)
{
	struct hy_client *client = line->client;
	struct requests left;
	struct request *r;
	struct flight *f;

	while ((f = TAILQ_FIRST(&line->flights.list)) != NULL) {
		if (f->number == 0)
			tell_lost(line, f->ref, f->act);
		flight_remove(&line->flights, f);
	}
	STAILQ_INIT(&left);
	client_lock(client);
	STAILQ_CONCAT(&left, &client->requests);
	client->waiting = client->receipts = true;
	client_unlock(client);
	while ((r = STAILQ_FIRST(&left)) != NULL) {
		STAILQ_REMOVE_HEAD(&left, next);
		tell_lost(line, r->ref, r->act);
		request_free(r);
	}
}
