/* SPDX-License-Identifier: Apache-2.0 */
/* listen: a kiosk, console or visitor without a screen. */
#include "listen.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "load.h"
#include "print.h"
#include "run.h"

#define PATIENCE 10 /* seconds until it must have come through once */

enum key { KEY_COUNT = 500, KEY_REGION, KEY_ALL, KEY_NEWS, KEY_KEPT };

struct ear {
	struct identity *who;
	hy_client *client;
	long count; /* ends after so many; 0: never */
	long heard;
	bool all, news, kept, online, reached;
	int64_t until; /* 0: never */
	int signals;   /* readable when somebody wants it to end */
};

const struct argp_option listen_options[] = {
	{ "count", KEY_COUNT, "N", 0, "End after N notices", 1 },
	{ "region", KEY_REGION, "CODE", 0,
	  "As a visitor: the region to listen to", 1 },
	{ "all", KEY_ALL, NULL, 0,
	  "Begin with all that is in force, not with what is new", 1 },
	{ "news", KEY_NEWS, NULL, 0,
	  "Print feedback.changed and other news as well", 1 },
	{ "kept", KEY_KEPT, NULL, 0,
	  "Print what is in --store and in force, without a network, and end",
	  1 },
	{ 0 }
};

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct ear *ear = state->input;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = ear->who;
		break;
	case KEY_COUNT:
		ear->count = strtol(arg, &end, 10);
		if (*end || ear->count < 1)
			argp_error(state, "--count wants a number above 0");
		break;
	case KEY_REGION:
		ear->who->region = arg;
		break;
	case KEY_ALL:
		ear->all = true;
		break;
	case KEY_NEWS:
		ear->news = true;
		break;
	case KEY_KEPT:
		ear->kept = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &identity_argp, 0, NULL, 0 },
					      { 0 } };
static const struct argp argp = {
	listen_options,
	parse,
	NULL,
	"Prints notices as they come, until it is told to end. A kiosk's are "
	"acknowledged as delivered; with --store it goes on where it was.\v"
	"With --timeout it ends after so many seconds: with code 1 when "
	"--count was not reached, with 3 when the server never was.",
	children,
	NULL,
	NULL
};

/* False when memory is out. */
static bool
print(struct ear *ear, const hy_event *event)
{
	json_t *body = load_text(event->body, 0, NULL);
	bool printed = body != NULL;

	if (body && ear->who->json && event->kind == HY_NEWS)
		printed = json_object_set_new(body, "news",
					      json_string(event->act)) == 0;
	if (!printed) {
		talk("there is no memory left");
	} else if (ear->who->json) {
		printed = print_line(body);
	} else if (event->kind == HY_NOTICE) {
		print_notice(body);
	} else {
		print_news(event->act, body);
	}
	fflush(stdout);
	json_decref(body);
	ear->heard++;
	return printed;
}

static int
hear(struct ear *ear, const hy_event *event)
{
	run_note(event, &ear->reached);
	switch (event->kind) {
	case HY_ONLINE:
		ear->online = true;
		if (ear->who->timeout <= 0)
			ear->until = 0;
		return -1;
	case HY_NOTICE:
		if (!print(ear, event))
			return EXIT_FAILED;
		break;
	case HY_NEWS:
		if (ear->news && !print(ear, event))
			return EXIT_FAILED;
		break;
	case HY_OFFLINE:
		if (ear->online && *event->message)
			talk("%s", event->message);
		if (ear->online && strcmp(event->act, "hello") != 0)
			return -1;
		return run_judge(ear->who, event);
	default:
		return run_judge(ear->who, event);
	}
	return ear->count > 0 && ear->heard >= ear->count ? EXIT_OK : -1;
}

static int
late(const struct ear *ear)
{
	if (!ear->online) {
		talk("%s", run_not_online(ear->reached));
		return EXIT_NOT_REACHABLE;
	}
	if (ear->count > 0)
		talk("%ld of %ld notices came in time", ear->heard, ear->count);
	return ear->count > 0 ? EXIT_FAILED : EXIT_OK;
}

static int
listen_on(struct ear *ear)
{
	struct pollfd ready[2] = { { hy_fd(ear->client), POLLIN, 0 },
				   { ear->signals, POLLIN, 0 } };
	const hy_event *event;
	int64_t left = -1;
	int code = -1;

	while (code < 0) {
		if (ear->until && (left = ear->until - run_clock()) <= 0)
			return late(ear);
		if (poll(ready, 2, ear->until ? (int)left : -1) < 0 &&
		    errno != EINTR) {
			talk("poll: %s", strerror(errno));
			return EXIT_FAILED;
		}
		if (ready[1].revents)
			return EXIT_OK;
		while (code < 0 && (event = hy_next(ear->client)) != NULL)
			code = hear(ear, event);
		if (ferror(stdout))
			return EXIT_FAILED;
	}
	return code;
}

/* That a notice is here is told before it ends, but it ends. */
static void
tell_receipts(struct ear *ear)
{
	hy_outbox_state state = HY_OUTBOX_INIT;
	int64_t until = run_clock() + 3000;

	while (run_clock() < until && hy_outbox(ear->client, &state) == 0 &&
	       state.receipts > 0 && ear->online)
		(void)hy_wait(ear->client, 20);
}

static void
print_kept(struct ear *ear)
{
	const hy_event *n;

	for (n = hy_notices(ear->client, 0); n;
	     n = hy_notices(ear->client, n->seq)) {
		print(ear, n);
		if (ear->count > 0 && ear->heard >= ear->count)
			break;
	}
}

static int
catch_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC);
}

int
listen_run(struct identity *who, int argc, char **argv)
{
	struct ear ear = { .who = who };
	hy_options open = HY_OPTIONS_INIT;
	int code;

	argp_parse(&argp, argc, argv, 0, NULL, &ear);
	if (ear.kept && !run_has_store(who, "--kept"))
		return EXIT_WRONG_USAGE;
	open.connect_ms = run_ms(who, PATIENCE);
	open.receipt_ms = 200;
	open.flags = ear.all ? HY_ALL_IN_FORCE : 0;
	ear.until = run_clock() + run_ms(who, PATIENCE);
	code = run_open(who, &open, &ear.client);
	if (code != EXIT_OK)
		return code;
	if (ear.kept) {
		print_kept(&ear);
	} else {
		ear.signals = catch_signals();
		code = listen_on(&ear);
		tell_receipts(&ear);
	}
	run_close(ear.client, code);
	return code;
}
