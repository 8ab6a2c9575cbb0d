/* SPDX-License-Identifier: Apache-2.0 */
/* cost: bytes on the wire, as the store has them. Needs no network. */
#include "cost.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "run.h"

#define DAYS 7
#define DAYS_MOST 62 /* as hy_traffic */

enum key { KEY_DAYS = 500 };

struct cost {
	struct identity *who;
	int days;
};

const struct argp_option cost_options[] = {
	{ "days", KEY_DAYS, "N", 0, "The last N days, at most 62 (7)", 1 },
	{ 0 }
};

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct cost *cost = state->input;
	char *end;
	long days;

	if (key == ARGP_KEY_INIT) {
		state->child_inputs[0] = cost->who;
		return 0;
	}
	if (key != KEY_DAYS)
		return ARGP_ERR_UNKNOWN;
	days = strtol(arg, &end, 10);
	if (*end || days < 1 || days > DAYS_MOST)
		argp_error(state, "--days wants a number from 1 to %d",
			   DAYS_MOST);
	cost->days = (int)days;
	return 0;
}

static const struct argp_child children[] = { { &identity_argp, 0, NULL, 0 },
					      { 0 } };
static const struct argp argp = {
	cost_options,
	parse,
	NULL,
	"Prints the bytes that the line of --store has cost on each day, TLS "
	"and the headers of TCP and IP among them.",
	children,
	NULL,
	NULL
};

static void
print_day(const struct cost *cost, const hy_traffic_day *day)
{
	json_t *line;

	if (!cost->who->json) {
		printf("%s  %12llu  %12llu\n", day->day,
		       (unsigned long long)day->sent,
		       (unsigned long long)day->received);
		return;
	}
	line = json_pack("{s:s,s:I,s:I}", "day", day->day, "sent",
			 (json_int_t)day->sent, "received",
			 (json_int_t)day->received);
	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
}

static int
print_all(const struct cost *cost, hy_client *client)
{
	hy_traffic_day day = HY_TRAFFIC_INIT;

	if (!cost->who->json)
		printf("%-10s  %12s  %12s\n", "DAY", "SENT", "RECEIVED");
	for (int ago = cost->days - 1; ago >= 0; ago--) {
		if (hy_traffic(client, ago, &day) != HY_OK) {
			talk("%s", hy_last_error()->message);
			return EXIT_FAILED;
		}
		print_day(cost, &day);
	}
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

int
cost_run(struct identity *who, int argc, char **argv)
{
	struct cost cost = { who, DAYS };
	hy_options open = HY_OPTIONS_INIT;
	hy_client *client;
	int code;

	argp_parse(&argp, argc, argv, 0, NULL, &cost);
	if (!run_has_store(who, "traffic"))
		return EXIT_WRONG_USAGE;
	/* Looking costs nothing: it does not connect meanwhile. */
	open.start_within_ms = INT_MAX;
	code = run_open(who, &open, &client);
	if (code != EXIT_OK)
		return code;
	code = print_all(&cost, client);
	run_close(client, code);
	return code;
}
