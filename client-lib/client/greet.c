/* SPDX-License-Identifier: Apache-2.0 */
/* greet: the first act of each session. */
#include "greet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "clock.h"
#include "dump.h"
#include "line.h"
#include "message.h"
#include "text.h"

static bool
put(json_t *params, const char *key, json_t *value)
{
	return value && json_object_set_new(params, key, value) == 0;
}

static bool
put_text(json_t *params, const char *key, const char *value)
{
	return !value || !*value || put(params, key, json_string(value));
}

/*
 * Where we are, so that the server sends what we missed. Never left out by
 * accident: without it only what is new would come.
 */
static bool
put_place(const struct line *line, json_t *params)
{
	const hy_options *o = &line->client->options.given;

	if (!line->place.epoch[0] && !o->store && !(o->flags & HY_ALL_IN_FORCE))
		return true;
	return put_text(params, "epoch", line->place.epoch) &&
	       put(params, "cursor", json_integer(line->place.cursor));
}

static bool
put_identity(struct line *line, json_t *params)
{
	const hy_options *o = &line->client->options.given;

	line->token_used = line->token[0] != 0;
	return put_text(params, "as", o->as) &&
	       put_text(params, "name", o->name) &&
	       put_text(params, "region", o->region) &&
	       put_text(params, "lang", o->lang) &&
	       (line->token_used ? put_text(params, "token", line->token) :
				   put_text(params, "secret", o->secret) &&
					   put_text(params, "code", o->code));
}

/* NULL when memory is out. */
static json_t *
make_params(struct line *line)
{
	const char *agent = line->client->options.given.agent;
	json_t *params = json_object();
	char client[80];

	snprintf(client, sizeof client, "libhuiyin/%s%s%s", hy_version(),
		 agent ? " " : "", agent ? agent : "");
	if (params && put(params, "protocol", json_integer(WIRE_PROTOCOL)) &&
	    put_text(params, "client", client) && put_identity(line, params) &&
	    put_place(line, params))
		return params;
	json_decref(params);
	return NULL;
}

void
greet_say(struct line *line)
{
	json_t *params = make_params(line);
	char *text = params ? dump_text(params, 0) : NULL;

	line->state = LINE_GREETING;
	json_decref(params);
	if (!text) {
		line_hang_up(line, "memory");
		return;
	}
	message_act(&line->out, GREET_ID, act_row(ACT_hello)->name, text);
	line_say(line);
	explicit_bzero(text, strlen(text));
	free(text);
}

static int64_t
number_of(const json_t *result, const char *key, int64_t least, int64_t most)
{
	int64_t n = json_integer_value(json_object_get(result, key));

	return n < least ? least : n > most ? most : n;
}

static void
read_terms(struct line *line, const json_t *result)
{
	line->window = (unsigned)number_of(result, "window", 1, 256);
	line->max_frame = (size_t)number_of(result, "max_frame", 1024, 1 << 24);
	line->keepalive = number_of(result, "keepalive", 1, 86400) * 1000;
	line->since = clock_ms();
}

void
greet_clock(struct line *line, const json_t *result)
{
	const char *now = json_string_value(json_object_get(result, "now"));
	int64_t seconds = shelf_seconds(now);

	if (seconds == 0)
		return;
	client_lock(line->client);
	line->client->clock_shift = seconds * 1000 - clock_ms();
	client_unlock(line->client);
}

static bool
keep_result(struct line *line, const json_t *result)
{
	char *body = dump_text(result, 0);
	bool kept = body != NULL;

	if (kept) {
		hy_event e = { .kind = HY_ONLINE,
			       .act = "hello",
			       .body = body };

		line_tell(line, &e);
	}
	free(body);
	return kept;
}

void
greet_heard(struct line *line, json_t *result)
{
	const char *epoch, *replay, *token;

	epoch = json_string_value(json_object_get(result, "epoch"));
	replay = json_string_value(json_object_get(result, "replay"));
	token = json_string_value(json_object_get(result, "token"));
	if (!epoch || !replay ||
	    !text_copy(line->epoch, sizeof line->epoch, epoch)) {
		line_hang_up(line, "bad_message");
		return;
	}
	if (token && !text_copy(line->token, sizeof line->token, token))
		line->token[0] = 0;
	read_terms(line, result);
	greet_clock(line, result);
	line->state = LINE_CATCHING_UP;
	line->replay_all = strcmp(replay, "all") == 0;
	line->sent_number = 0;
	line_set_online(line, true);
	if (!keep_result(line, result)) {
		line_hang_up(line, "memory");
	} else if (strcmp(replay, "none") == 0) {
		hy_event e = { .kind = HY_CAUGHT_UP };

		e.seq = number_of(result, "head", 0, WIRE_NUMBER_MAX);
		line_tell(line, &e);
		line->state = LINE_LIVE;
	}
}

void
greet_refused(struct line *line, json_t *error)
{
	json_t *data = json_object_get(error, "data");
	const char *tag, *message, *retry;
	hy_event e = { .kind = HY_OFFLINE, .act = "hello" };

	tag = json_string_value(json_object_get(data, "tag"));
	message = json_string_value(json_object_get(error, "message"));
	retry = json_string_value(json_object_get(data, "retry"));
	e.tag = tag ? tag : "refused";
	e.message = message;
	/* A token lasts hours, a kiosk years: then the password again. */
	if (line->token_used) {
		line->token[0] = 0;
		line->away_ms = 0;
	} else if (retry && strcmp(retry, "later") == 0) {
		e.retry = (int)number_of(data, "after", 1, 3600);
		line->away_ms = e.retry * 1000 + backoff_within(1000);
	} else {
		line->away_ms =
			BACKOFF_MOST / 2 + backoff_within(BACKOFF_MOST / 2);
	}
	if (!line->token_used && strcmp(line->told, e.tag) != 0) {
		(void)text_copy(line->told, sizeof line->told, e.tag);
		line_tell(line, &e);
	}
	line_hang_up(line, "refused");
}
