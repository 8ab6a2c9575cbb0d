/* SPDX-License-Identifier: Apache-2.0 */
/* run: one act from the command line to its answer. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "identity.h"
#include "flag.h"

/* An enum exit_code. params is borrowed. */
int run_act(struct identity *who, const struct act_flags *options,
	    const json_t *params);

/* For the other commands that talk to a server. */
/*
 * Is --store the folder of a store? For what only looks into one, and would
 * make one where a name was mistyped. Says why not; what: "outbox", ...
 */
bool run_has_store(const struct identity *who, const char *what);
/* Opens; says why not, and returns the exit code, when it cannot. */
MUST_USE int run_open(struct identity *who, hy_options *options,
		      hy_client **client);
/* What an event that is no answer means: an exit code, or -1 to go on. */
int run_judge(const struct identity *who, const hy_event *event);
/* Keeps in reached whether the last address tried is that of a server. */
void run_note(const hy_event *event, bool *reached);
/* Why nobody came online. */
const char *run_not_online(bool reached);
/* Ends a client that may never have come through. */
void run_close(hy_client *client, int code);
/* Milliseconds of --timeout, or of the seconds given when there is none. */
int run_ms(const struct identity *who, double seconds);
/* Milliseconds of a clock that only goes forward. */
int64_t run_clock(void);

#endif
