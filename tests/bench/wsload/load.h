/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load: all of wsload's state, in one place. What a run does is in phases.c
 * and turns.c, what it prints in report.c.
 */
#ifndef WSLOAD_LOAD_H
#define WSLOAD_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "measure.h"
#include "peer.h"

struct slot {
	int mine, all; /* all 0: no turns */
};

struct options {
#define TYPE_TEXT const char *
#define TYPE_NUMBER int
#define TYPE_REAL double
#define TYPE_SWITCH bool
#define TYPE_URL struct url
#define TYPE_PIDS struct processes
#define TYPE_SLOT struct slot
#define OPTION(name, type, help) TYPE_##type name;
#include "options.tbl.h"
};

/* False with a word on stderr: usage. */
bool options_read(struct options *o, int argc, char **argv);

struct load {
	struct options options;
	struct peer *peer; /* options.conns, and slot_connects more */
	struct peer publisher;
	bool publishing; /* the publisher may begin */
	int posts;       /* POSTs without an answer */
	uint64_t deadline_ns;
	const char *trouble; /* "": none */

	int connecting, open, failed, dropped, resumed;
	uint64_t last_open_ns;
	struct histogram connects;
	char tls_name[96];

	uint32_t published;
	int64_t expected;  /* deliveries due for what was published */
	int64_t delivered; /* of those, arrived and unique */
	uint64_t last_delivery_ns;
	bool measuring;
	uint64_t measured, bytes_in;
	struct histogram latency;
	uint64_t repeats, gaps, corrupt, protocol_errors, pings, stalls;
	uint64_t publish_errors;
	uint64_t frames_in; /* data frames, whatever is in them */

	/* JSON-RPC: see rpc.h. */
	uint64_t said, settled, refused, notices, byes;
	uint64_t last_settled_ns;
	struct histogram settling; /* from making the ref to the answer */
	uint64_t publish_settled;
	struct histogram publish_settling;
};

extern struct load load;

bool out_of_time(void);

#endif
