/* SPDX-License-Identifier: Apache-2.0 */
/* kept: the outbox of a --store, sent. */
#include "kept.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "print.h"
#include "run.h"

#define PATIENCE 10 /* seconds */

static error_t
/* NOLINTNEXTLINE(readability-non-const-parameter): argp's signature */
parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp_child children[] = { { &identity_argp, 0, NULL, 0 },
					      { 0 } };
static const struct argp argp = {
	NULL,
	parse,
	NULL,
	"Sends what earlier commands left in the outbox of --store, shows what "
	"came of each act once, and forgets it.",
	children,
	NULL,
	NULL
};

static bool
print_ended_line(const hy_event *event, json_t *body)
{
	json_t *line =
		json_pack("{s:s,s:s,s:O}", "ref", event->ref, "act", event->act,
			  event->kind == HY_SETTLED ? "result" : "error", body);
	bool printed = print_line(line);

	json_decref(line);
	return printed;
}

/* False when memory is out. */
static bool
print_ended(const struct identity *who, const hy_event *event)
{
	const struct act *act = act_find(event->act);
	json_t *body = load_text(event->body, JSON_DECODE_ANY, NULL);
	bool printed = body != NULL;

	if (body && who->json) {
		printed = print_ended_line(event, body);
	} else if (body && event->kind == HY_SETTLED && act) {
		printf("%s %s\n", event->act, event->ref);
		print_result(act, body);
	} else if (body) {
		printf("%s %s\n%s: %s\n", event->act, event->ref, event->tag,
		       event->message);
	}
	json_decref(body);
	return printed;
}

/* What ended is printed once; forgotten only when that was possible. */
static int
hear(const struct identity *who, hy_client *client, const hy_event *event,
     int code)
{
	if (event->kind != HY_SETTLED && event->kind != HY_REFUSED)
		return code;
	if (!print_ended(who, event)) {
		talk("there is no memory left");
		return EXIT_FAILED;
	}
	if (fflush(stdout) != 0) {
		talk("standard output cannot be written; it stays in %s",
		     who->store);
		return EXIT_FAILED;
	}
	if (hy_done(client, event->ref) != HY_OK) {
		talk("%s", hy_last_error()->message);
		return EXIT_FAILED;
	}
	return event->kind == HY_REFUSED ? EXIT_REFUSED : code;
}

static int
send_all(struct identity *who, hy_client *client)
{
	int64_t until = run_clock() + run_ms(who, PATIENCE), left;
	hy_outbox_state state = HY_OUTBOX_INIT;
	int code = EXIT_OK, judged;
	const hy_event *event;

	while ((left = until - run_clock()) > 0) {
		event = hy_wait(client, left > 50 ? 50 : (int)left);
		if (event) {
			code = hear(who, client, event, code);
			judged = code == EXIT_FAILED ? code :
						       run_judge(who, event);
			if (judged >= 0)
				return judged;
		} else if (hy_outbox(client, &state) != HY_OK) {
			talk("%s", hy_last_error()->message);
			return EXIT_FAILED;
		} else if (state.waiting + state.settled + state.refused == 0) {
			return code;
		}
	}
	talk("%llu acts still wait", (unsigned long long)state.waiting);
	return EXIT_NOT_REACHABLE;
}

int
kept_run(struct identity *who, int argc, char **argv)
{
	hy_options open = HY_OPTIONS_INIT;
	hy_client *client;
	int code;

	argp_parse(&argp, argc, argv, 0, NULL, who);
	if (!run_has_store(who, "outbox"))
		return EXIT_WRONG_USAGE;
	open.connect_ms = run_ms(who, PATIENCE);
	code = run_open(who, &open, &client);
	if (code != EXIT_OK)
		return code;
	code = send_all(who, client);
	run_close(client, code);
	return code;
}
