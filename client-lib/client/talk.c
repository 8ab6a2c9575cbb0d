/* SPDX-License-Identifier: Apache-2.0 */
/* talk: messages of the server. */
#include "talk.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "dump.h"
#include "greet.h"
#include "line.h"
#include "message.h"
#include "pump.h"
#include "text.h"

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Gathers an event whose body is value. */
static void
gather(struct line *line, hy_event *e, const json_t *value, int64_t expires,
       enum gathered_for whose)
{
	char *body = dump_text(value, JSON_ENCODE_ANY);
	bool kept = false;

	e->body = body;
	if (body)
		kept = harvest_add(&line->harvest, event_new(e), expires,
				   whose);
	free(body);
	if (!kept)
		line_hang_up(line, "memory");
}

static void
hear_notice(struct line *line, const json_t *params)
{
	const char *id = text_of(params, "notice");
	json_t *seq = json_object_get(params, "seq");
	hy_event e = { .kind = HY_NOTICE, .act = "notice" };

	if (!id || !json_is_integer(seq)) {
		line_hang_up(line, "bad_message");
		return;
	}
	e.seq = json_integer_value(seq);
	gather(line, &e, params, shelf_seconds(text_of(params, "expires")),
	       FOR_PROGRAM);
}

static void
hear_caught_up(struct line *line, const json_t *params)
{
	json_t *cursor = json_object_get(params, "cursor");
	hy_event e = { .kind = HY_CAUGHT_UP };

	if (line->state != LINE_CATCHING_UP)
		return;
	if (!json_is_integer(cursor)) {
		line_hang_up(line, "bad_message");
		return;
	}
	e.seq = json_integer_value(cursor);
	line->state = LINE_LIVE;
	if (line->thrifty)
		return; /* only the urgent has come */
	line->indebted = false;
	gather(line, &e, params, 0, FOR_PROGRAM);
}

static void
hear_bye(struct line *line, const json_t *params)
{
	json_int_t retry = json_integer_value(json_object_get(params, "retry"));
	hy_event e = { .kind = HY_BYE, .act = "bye" };

	e.tag = text_of(params, "reason");
	e.retry = retry > 0 && retry < 86400 ? (int)retry : 0;
	line->disabled = e.tag && strcmp(e.tag, "disabled") == 0;
	line->state = LINE_LEAVING;
	line->deadline = clock_ms() + 5000;
	/* PROTOCOL.md: up to the time it says, at least a tenth of it. */
	line->away_ms =
		e.retry * INT64_C(100) + backoff_within(e.retry * INT64_C(900));
	gather(line, &e, params, 0, FOR_PROGRAM);
}

static void
hear_news(struct line *line, const struct message *m)
{
	hy_event e = { .kind = HY_NEWS, .act = m->method };

	switch (news_find(m->method)) {
	case NEWS_notice:
		hear_notice(line, m->params);
		break;
	case NEWS_caught_up:
		hear_caught_up(line, m->params);
		break;
	case NEWS_bye:
		hear_bye(line, m->params);
		break;
	case -1: /* of a later version */
		break;
	default:
		gather(line, &e, m->params, 0, FOR_PROGRAM);
	}
}

static enum gathered_for
whose(const struct flight *f)
{
	if (f->number == FLIGHT_COPY)
		return FOR_COPY;
	return f->number > 0 ? FOR_OUTBOX : FOR_PROGRAM;
}

/* The same later: the act stays in the outbox, and those behind it. */
static void
put_off(struct line *line, const struct flight *f, const json_t *data)
{
	json_int_t after = json_integer_value(json_object_get(data, "after"));
	int64_t ms = (after > 0 && after < 3600 ? after : 2) * 1000;

	if (f->number > 0 && line->sent_number >= f->number)
		line->sent_number = f->number - 1;
	if (f->number == FLIGHT_COPY)
		pump_copies(line);
	line->hold_until = clock_ms() + ms + backoff_within(ms / 2);
	client_lock(line->client);
	line->client->waiting = true;
	client_unlock(line->client);
}

/* It is not the act that is to blame, but who we are. */
static bool
is_about_us(const char *tag)
{
	return tag && text_in_list("disabled|hello_first|hello_twice", tag);
}

static void
hear_refusal(struct line *line, struct flight *f, const json_t *error)
{
	const json_t *data = json_object_get(error, "data");
	const char *retry = text_of(data, "retry");
	char *text = dump_text(error, 0);
	struct event *e = NULL;

	if (f->number != 0 && is_about_us(text_of(data, "tag"))) {
		line->away_ms =
			BACKOFF_MOST / 2 + backoff_within(BACKOFF_MOST / 2);
		line_hang_up(line, "disabled");
	} else if (f->number != 0 && retry && strcmp(retry, "later") == 0) {
		put_off(line, f, data);
	} else {
		if (text)
			e = client_refused(f->ref, f->act->name, text);
		if (!harvest_add(&line->harvest, e, 0, whose(f)))
			line_hang_up(line, "memory");
	}
	free(text);
}

static void
hear_answer(struct line *line, const struct message *m)
{
	struct flight *f = flight_find(&line->flights, m->id_text);
	hy_event e = { .kind = HY_ANSWER };

	if (!f)
		return;
	if (m->kind == MESSAGE_REFUSAL) {
		hear_refusal(line, f, m->params);
	} else {
		e.kind = f->number != 0 ? HY_SETTLED : HY_ANSWER;
		e.ref = f->ref;
		e.act = f->act->name;
		gather(line, &e, m->params, 0, whose(f));
	}
	flight_remove(&line->flights, f);
}

/* A refusal of what could not even be read: our fault, or the line's. */
static void
hear_blame(struct line *line, const struct message *m)
{
	const char *tag = text_of(json_object_get(m->params, "data"), "tag");
	hy_event e = { .kind = HY_TROUBLE, .tag = tag ? tag : "bad_message" };

	e.message = text_of(m->params, "message");
	gather(line, &e, m->params, 0, FOR_PROGRAM);
}

void
talk_heard(struct line *line, const char *text, size_t len)
{
	struct message m;

	if (message_read_answer(text, len, &m) != 0) {
		line_hang_up(line, "bad_message");
		return;
	}
	if (m.kind == MESSAGE_NEWS) {
		if (line_is_online(line))
			hear_news(line, &m);
	} else if (!m.id_text) {
		hear_blame(line, &m);
	} else if (strcmp(m.id_text, GREET_ID) == 0) {
		if (line->state != LINE_GREETING)
			line_hang_up(line, "bad_message");
		else if (m.kind == MESSAGE_RESULT)
			greet_heard(line, m.params);
		else
			greet_refused(line, m.params);
	} else if (strcmp(m.id_text, PUMP_PING) != 0) {
		hear_answer(line, &m);
	} else if (m.kind == MESSAGE_RESULT) {
		greet_clock(line, m.params);
	}
	message_fini(&m);
}
