/* SPDX-License-Identifier: Apache-2.0 */
/* options: the command line, from options.tbl.h. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

enum type { TEXT, NUMBER, REAL, SWITCH, URL, PIDS, SLOT };

static const struct row {
	const char *name, *help;
	enum type type;
	size_t at; /* in struct options */
} rows[] = {
#define OPTION(name, type, help) \
	{ #name, help, type, offsetof(struct options, name) },
#include "options.tbl.h"
};

#define ROWS (sizeof rows / sizeof rows[0])

static void
usage(void)
{
	fputs("wsload: loads a WebSocket server, prints a line of JSON.\n",
	      stderr);
	for (size_t i = 0; i < ROWS; i++)
		fprintf(stderr, "  --%-15s %s\n", rows[i].name, rows[i].help);
}

static bool
number_read(const char *text, double least, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && *end == 0 && *value >= least;
}

static bool
slot_read(struct slot *slot, const char *text)
{
	char *end;

	slot->mine = (int)strtol(text, &end, 10);
	if (end == text || *end != '/')
		return false;
	slot->all = (int)strtol(end + 1, NULL, 10);
	return slot->mine >= 0 && slot->mine < slot->all;
}

static bool
set(struct options *o, const struct row *row, const char *text)
{
	void *at = (char *)o + row->at;
	double value;

	switch (row->type) {
	case TEXT:
		*(const char **)at = text;
		return true;
	case NUMBER:
		if (!number_read(text, 0, &value) || value > 1e9)
			return false;
		*(int *)at = (int)value;
		return true;
	case REAL:
		return number_read(text, 0, at);
	case SWITCH:
		*(bool *)at = true;
		return true;
	case URL:
		return url_read(at, text);
	case PIDS:
		return processes_read(at, text);
	case SLOT:
		return slot_read(at, text);
	}
	return false;
}

static bool
is_sound(const struct options *o)
{
	return o->url.port != 0 && o->inflight > 0 && o->sources > 0 &&
	       o->size >= MARK_LEN && o->size <= (int)PAYLOAD_MAX &&
	       o->limit > 0 && o->slot_ms > 0 && strlen(o->topic) < 200;
}

static bool
read_all(struct options *o, int argc, char **argv)
{
	struct option names[ROWS + 1] = { 0 };
	char flag[ROWS][32];
	int found;

	for (size_t i = 0; i < ROWS; i++) {
		snprintf(flag[i], sizeof flag[i], "%s", rows[i].name);
		for (char *c = flag[i]; *c; c++)
			*c = *c == '_' ? '-' : *c;
		names[i].name = flag[i];
		names[i].has_arg = rows[i].type != SWITCH;
		names[i].val = (int)i + 1;
	}
	while ((found = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (found < 1 || found > (int)ROWS ||
		    !set(o, &rows[found - 1], optarg))
			return false;
	return optind == argc && is_sound(o);
}

bool
options_read(struct options *o, int argc, char **argv)
{
	*o = (struct options){
		.conns = 100,
		.inflight = 64,
		.sources = 16,
		.cipher = "TLS_AES_128_GCM_SHA256",
		.group = "X25519",
		.hello = "none",
		.pub = "none",
		.topic = "bench",
		.size = 512,
		.window = -1,
		.warmup = 5,
		.slot_ms = 500,
		.cycles = 20,
		.settle_ms = 1000,
		.up_seconds = 5,
		.limit = 120,
		.label = "",
	};
	if (!read_all(o, argc, argv)) {
		usage();
		return false;
	}
	if (o->pub_url.port == 0)
		o->pub_url = o->url;
	if (o->window < 0) /* a rate alone: no window */
		o->window = o->rate > 0 ? 0 : 1;
	return true;
}
