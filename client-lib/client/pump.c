/* SPDX-License-Identifier: Apache-2.0 */
/* pump: from the questions and the outbox to the line. */
#include "pump.h"

#include <stdlib.h>

#include "client.h"
#include "clock.h"
#include "line.h"
#include "message.h"
#include "outbox.h"
#include "receipts.h"

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

/*
 * The next act of the outbox: 1 said, 0 none or not now. An act that a newer
 * library left here has no row: it waits until that one is back.
 */
static int
say_kept(struct line *line)
{
	struct hy_client *client = line->client;
	const struct act *row;
	struct outbox_act act;
	int found;

	client_lock(client);
	found = client->waiting ? outbox_next_waiting(client->disk,
						      line->sent_number, &act) :
				  0;
	client->waiting = found == 1;
	if (found == 1) {
		line->sent_number = act.number;
		row = act_find(act.name);
		if (row && !flight_find(&line->flights, act.ref))
			say_act(line, row, act.ref, act.params, act.number);
	}
	client_unlock(client);
	if (found < 0)
		line_hang_up(line, "disk");
	return found == 1;
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
}

void
pump_keepalive(struct line *line, int64_t now)
{
	if (!line_is_online(line) ||
	    now - line->spoke < line->keepalive * 4 / 5)
		return;
	message_act(&line->out, PUMP_PING, act_row(ACT_ping)->name, "{}");
	line_say(line);
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
