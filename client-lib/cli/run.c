/* SPDX-License-Identifier: Apache-2.0 */
/* run: opens a client, says one act, waits for its answer, prints it. */
#include "run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "csv.h"
#include "dump.h"
#include "load.h"
#include "print.h"
#include "stands.h"
#include "text.h"

#define PATIENCE 10 /* seconds */

struct errand {
	struct identity *who;
	const struct act_flags *options;
	hy_client *client;
	char *params;     /* JSON text, owned */
	char ref[HY_REF]; /* "" until it was said */
	int64_t until;
	bool online;
	bool reached; /* there is a server, though it says no to hello */
};

int
run_ms(const struct identity *who, double seconds)
{
	return (int)((who->timeout > 0 ? who->timeout : seconds) * 1000);
}

int64_t
run_clock(void)
{
	return clock_ms();
}

static bool
is_there(const char *folder, const char *name)
{
	char *path;
	bool there;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	there = access(path, F_OK) == 0;
	free(path);
	return there;
}

bool
run_has_store(const struct identity *who, const char *what)
{
	if (!who->store) {
		talk("%s wants --store", what);
		return false;
	}
	/* What has lost its outbox.db alone was one: the library says so. */
	if (is_there(who->store, "outbox.db") ||
	    is_there(who->store, "reserve"))
		return true;
	talk("%s is no store: nothing was ever kept there", who->store);
	return false;
}

int
run_open(struct identity *who, hy_options *options, hy_client **client)
{
	const hy_error *error;
	int code;

	if (!identity_fill(who, options))
		return EXIT_WRONG_USAGE;
	code = hy_open(client, options);
	explicit_bzero(who->secret, sizeof who->secret);
	if (code == HY_OK)
		return EXIT_OK;
	error = hy_last_error();
	talk("%s%s%s", error->path, *error->path ? ": " : "", error->message);
	return code == HY_ERR_INPUT || code == HY_ERR_CA ? EXIT_WRONG_USAGE :
							   EXIT_FAILED;
}

void
run_close(hy_client *client, int code)
{
	fflush(stdout);
	/* A name that is being looked up would hold hy_close for long. */
	if (code == EXIT_NOT_REACHABLE)
		_exit(code);
	hy_close(client);
}

/* Too many wrong passwords are not waited out; a busy server is. */
static bool
is_final(const hy_event *event)
{
	return event->retry == 0 || strcmp(event->tag, "rate_limited") == 0;
}

static bool
is_not_reached(const char *tag)
{
	return text_in_list("unreachable|untrusted|proxy", tag);
}

void
run_note(const hy_event *event, bool *reached)
{
	if (event->kind == HY_OFFLINE && strcmp(event->act, "hello") == 0)
		*reached = true;
	else if (event->kind == HY_OFFLINE && is_not_reached(event->tag))
		*reached = false;
}

const char *
run_not_online(bool reached)
{
	return reached ? "the server is there, but not ready" :
			 "the server cannot be reached";
}

int
run_judge(const struct identity *who, const hy_event *event)
{
	bool several = strpbrk(who->url, " \t\n") != NULL;

	if (event->kind == HY_TROUBLE)
		talk("%s: %s", event->tag, event->message);
	if (event->kind != HY_OFFLINE)
		return -1;
	if (strcmp(event->act, "hello") == 0) {
		talk("%s: %s", event->tag, event->message);
		return is_final(event) ? EXIT_REFUSED : -1;
	}
	if (several || !is_not_reached(event->tag))
		return -1;
	talk("%s: %s", event->tag, event->message);
	return EXIT_NOT_REACHABLE;
}

static int
wrong_input(const struct errand *e)
{
	const hy_error *error = hy_last_error();
	char name[FLAG_NAME + 4];

	talk("%s%s%s", flag_for_path(e->options, error->path, name),
	     *error->path ? ": " : "", error->message);
	return error->code == HY_ERR_INPUT ? EXIT_WRONG_USAGE : EXIT_FAILED;
}

/* Says the act; -1 when its answer is to be waited for. */
static int
say(struct errand *e)
{
	int code = hy_act(e->client, e->options->act->name, e->params, e->ref);

	if (code == HY_ERR_OFFLINE)
		e->ref[0] = 0;
	return code == HY_OK || code == HY_ERR_OFFLINE ? -1 : wrong_input(e);
}

static int
print_answer(const struct errand *e, const hy_event *event)
{
	json_t *result = load_text(event->body, JSON_DECODE_ANY, NULL);
	const char *next = json_string_value(json_object_get(result, "next"));
	bool printed = result != NULL;

	if (result && e->who->csv)
		csv_print(e->options->act, result);
	else if (result && e->who->json)
		printed = print_json(e->options->act, result);
	else if (result)
		print_result(e->options->act, result);
	if (next)
		talk("there is more: --after %s", next);
	json_decref(result);
	if (!printed)
		talk("it is done, but there is no memory left to show it");
	else if (fflush(stdout) != 0)
		talk("standard output cannot be written");
	else
		return EXIT_OK;
	return EXIT_FAILED;
}

static int
tell_refusal(const struct errand *e, const hy_event *event)
{
	char name[FLAG_NAME + 4];

	talk("%s: %s%s%s", event->tag,
	     flag_for_path(e->options, event->path, name),
	     *event->path ? ": " : "", event->message);
	if (text_in_list("changed|needs_voices", event->tag))
		stands_tell(event);
	return strcmp(event->tag, "not_found") == 0 ? EXIT_NOT_FOUND :
						      EXIT_REFUSED;
}

/* Of our act: an exit code, or -1 when it is to be said again. */
static int
hear_answer(struct errand *e, const hy_event *event)
{
	bool writes = e->options->act->does == WRITES;
	int code;

	if (strcmp(event->tag, "offline") == 0) {
		e->ref[0] = 0;
		return -1;
	}
	code = event->kind == HY_REFUSED ? tell_refusal(e, event) :
					   print_answer(e, event);
	/* A receipt that nobody has seen is not forgotten. */
	if (writes && code == EXIT_FAILED && e->who->store)
		talk("it stays in %s: huiyin outbox --store %s shows it",
		     e->who->store, e->who->store);
	else if (writes && code != EXIT_FAILED &&
		 hy_done(e->client, e->ref) != HY_OK)
		talk("%s", hy_last_error()->message);
	return code;
}

static int
hear(struct errand *e, const hy_event *event)
{
	if (e->ref[0] && strcmp(event->ref, e->ref) == 0)
		return hear_answer(e, event);
	if (event->kind == HY_SETTLED || event->kind == HY_REFUSED)
		talk("an earlier act has its answer: huiyin outbox shows it");
	if (event->kind == HY_ONLINE) {
		e->online = true;
		e->until = clock_ms() + run_ms(e->who, PATIENCE);
	}
	run_note(event, &e->reached);
	if (event->kind == HY_ONLINE && !e->ref[0])
		return say(e);
	return run_judge(e->who, event);
}

static int
give_up(const struct errand *e)
{
	talk("%s", e->online ? "the server does not answer" :
			       run_not_online(e->reached));
	return EXIT_NOT_REACHABLE;
}

/* What is in a durable outbox is not lost, only not sent. */
static void
tell_kept(const struct errand *e)
{
	talk("it is kept in %s and will be sent: huiyin outbox --store %s",
	     e->who->store, e->who->store);
	printf(e->who->json ? "{\"ref\":\"%s\",\"transport\":\"local\"}\n" :
			      "ref: %s\ntransport: local\n",
	       e->ref);
}

static int
wait_for_answer(struct errand *e)
{
	const hy_event *event;
	int code = -1;
	int64_t left;

	e->until = clock_ms() + run_ms(e->who, PATIENCE);
	if (e->options->act->does == WRITES)
		code = say(e);
	while (code < 0 && (left = e->until - clock_ms()) > 0) {
		event = hy_wait(e->client, (int)left);
		if (event)
			code = hear(e, event);
	}
	if (code < 0)
		code = give_up(e);
	if (code == EXIT_NOT_REACHABLE && e->who->store && e->ref[0] &&
	    e->options->act->does == WRITES)
		tell_kept(e);
	return code;
}

int
run_act(struct identity *who, const struct act_flags *options,
	const json_t *params)
{
	struct errand e = { .who = who, .options = options };
	hy_options open = HY_OPTIONS_INIT;
	int code;

	open.connect_ms = run_ms(who, PATIENCE);
	open.flags = who->store ? 0 : HY_NO_DELIVERED;
	e.params = dump_text(params, 0);
	if (!e.params) {
		talk("there is no memory left");
		return EXIT_FAILED;
	}
	code = run_open(who, &open, &e.client);
	if (code == EXIT_OK) {
		code = wait_for_answer(&e);
		run_close(e.client, code);
	}
	free(e.params);
	return code;
}
