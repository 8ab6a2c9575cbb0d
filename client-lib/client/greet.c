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
#include "log.h"
#include "mark.h"
#include "message.h"
#include "pump.h"
#include "text.h"
#include "thrift.h"

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
	if (line->thrifty && line->asks_nothing)
		return true;
	return put_text(params, "epoch", line->place.epoch) &&
	       put(params, "cursor", json_integer(line->place.cursor)) &&
	       put_text(params, "missed", line->thrifty ? "urgent" : NULL);
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

/*
 * How far the store has come, to a server that is known to take it. Without it
 * when the disk is full: it is an alarm, and no reason to stay away.
 */
static bool
put_mark(struct line *line, json_t *params)
{
	const hy_options *o = &line->client->options.given;
	struct mark mark;
	int told = 0;

	line->mark_told = false;
	if (!o->store || strcmp(o->as, "kiosk") != 0)
		return true;
	client_lock(line->client);
	told = mark_next(line->client->disk, &mark);
	client_unlock(line->client);
	if (told < 0)
		options_log(&line->client->options, LOG_WARN,
			    "hello without the store's mark: %s",
			    hy_last_error()->message);
	if (told != 1)
		return true;
	line->mark_told = true;
	return put_text(params, "generation", mark.generation) &&
	       put(params, "mark", json_integer(mark.number));
}

static bool
put_keepalive(const struct line *line, json_t *params)
{
	int seconds = line->client->options.given.keepalive_s;

	return seconds == 0 || line->asks_nothing ||
	       put(params, "keepalive", json_integer(seconds));
}

/* What comes squeezed is cheaper for who pays by the byte, and dearer for nobody. */
static bool
put_accept(const struct line *line, json_t *params)
{
	return line->asks_nothing ||
	       put(params, "accept", json_pack("[s]", "deflate"));
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
	    put_place(line, params) && put_mark(line, params) &&
	    put_keepalive(line, params) && put_accept(line, params))
		return params;
	json_decref(params);
	return NULL;
}

void
greet_say(struct line *line)
{
	json_t *params;
	char *text;

	thrift_begin(line);
	params = make_params(line);
	text = params ? dump_text(params, 0) : NULL;
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

/* What of a disk that fails: it is told when something must be kept there. */
static void
remember_taken(struct line *line, bool taken)
{
	if (!line->client->options.given.store)
		return;
	client_lock(line->client);
	if (mark_taken(line->client->disk, taken) != HY_OK)
		options_log(&line->client->options, LOG_WARN, "%s",
			    hy_last_error()->message);
	client_unlock(line->client);
}

/*
 * The store is an old copy of itself. Its acts have random refs and are sent
 * again as ever; it is another store from now on, and people are to know.
 */
static void
mind_store(struct line *line, const json_t *result)
{
	const char *store = json_string_value(json_object_get(result, "store"));
	hy_event e = { .kind = HY_TROUBLE, .tag = "store_rolled_back" };

	if (!line->mark_told || !store || strcmp(store, "rolled_back") != 0)
		return;
	client_lock(line->client);
	if (mark_renew(line->client->disk) != HY_OK)
		options_log(&line->client->options, LOG_WARN, "%s",
			    hy_last_error()->message);
	client_unlock(line->client);
	e.message = "The store has gone back in time: it was put back from an "
		    "old copy, or the disk has lost what it had written.";
	options_log(&line->client->options, LOG_BAD, "%s", e.message);
	line_tell(line, &e);
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
	if (thrift_forbids(line))
		return;
	if (token && !text_copy(line->token, sizeof line->token, token))
		line->token[0] = 0;
	read_terms(line, result);
	greet_clock(line, result);
	line->state = LINE_CATCHING_UP;
	line->replay_all = !line->thrifty && strcmp(replay, "all") == 0;
	line->sent_number = 0;
	announced_read(&line->announced, json_object_get(result, "features"));
	remember_taken(line, line->announced.store_mark);
	pump_copies(line);
	line_set_online(line, true);
	mind_store(line, result);
	if (!keep_result(line, result)) {
		line_hang_up(line, "memory");
	} else if (strcmp(replay, "none") == 0 && line->thrifty) {
		line->state = LINE_LIVE;
	} else if (strcmp(replay, "none") == 0) {
		hy_event e = { .kind = HY_CAUGHT_UP };

		e.seq = number_of(result, "head", 0, WIRE_NUMBER_MAX);
		line_tell(line, &e);
		line->state = LINE_LIVE;
	}
}

/* A node older than the one that knew them: then without, at once. */
static bool
mark_is_unknown(const struct line *line, const json_t *data, const char *tag)
{
	const char *path = json_string_value(json_object_get(data, "path"));

	return line->mark_told && tag && path &&
	       strcmp(tag, "unknown_field") == 0 &&
	       text_in_list("generation|mark", path);
}

/* A server of before those fields: it goes without. */
static bool
is_older(struct line *line, const json_t *data)
{
	const char *tag = json_string_value(json_object_get(data, "tag"));
	const char *path = json_string_value(json_object_get(data, "path"));

	if (line->asks_nothing || !tag || strcmp(tag, "unknown_field") != 0 ||
	    !path || !text_in_list("keepalive|missed|accept", path))
		return false;
	line->asks_nothing = true;
	return true;
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
	if (is_older(line, data)) {
		greet_say(line);
		return;
	}
	e.tag = tag ? tag : "refused";
	e.message = message;
	if (mark_is_unknown(line, data, tag)) {
		remember_taken(line, false);
		line->away_ms = 0;
		line_hang_up(line, "refused");
		return;
	}
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
