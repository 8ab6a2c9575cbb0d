/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kiosk that submits without end, to be killed at any moment. It writes down
 * what it knows in a diary, which is the oracle of the tests: a line says
 *	life             it has begun
 *	held SEQ ID      a notice that was in its store
 *	waiting N        so many acts were in its outbox, answered or not
 *	online
 *	try N            it is about to submit act N
 *	kept N REF       the library has accepted it: fsynced
 *	not N CODE       the library has not
 *	settled REF RECEIPT   handed out, before hy_done: fsynced
 *	refused REF TAG  the same
 *	heard SEQ ID     a notice, as it was handed out
 *	trouble TAG      of this machine
 *	offline TAG (WHY)
 *
 *	kiosk_endless URL CA NAME REGION STORE DIARY
 *
 * In the environment: KIOSK_SECRET; KIOSK_MOST, the last N to submit;
 * KIOSK_AHEAD, how many acts may wait for the server; KIOSK_LONG, bytes of a
 * text; KIOSK_LOOK=1 opens the
 * store first without a server, writes down what it holds, says "looked" and
 * waits for a line. A line "stop" ends it once all is settled; what the store
 * holds then is written down again.
 */
#include <fcntl.h>
#include <huiyin.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kiosk {
	hy_options options;
	hy_client *client;
	const char *region;
	int diary;
	long number; /* of the act tried last */
	long most, ahead, length;
	long waiting; /* acts whose end has not been dealt with */
	bool stopping;
};

static void
give_up(const char *what)
{
	fprintf(stderr, "kiosk_endless: %s\n", what);
	exit(1);
}

/* One write each: what a kill leaves is whole lines. */
__attribute__((format(printf, 2, 3))) static void
note(struct kiosk *k, const char *format, ...)
{
	char line[300];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (len >= (int)sizeof line || write(k->diary, line, (size_t)len) < len)
		give_up("the diary cannot be written");
}

static void
keep_diary(struct kiosk *k)
{
	if (fdatasync(k->diary) != 0)
		give_up("the diary cannot be kept");
}

/* The number of the last act that an earlier life has tried. */
static long
last_number(const char *diary)
{
	FILE *file = fopen(diary, "re");
	char line[300];
	long number = 0;

	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, "try ", 4) == 0)
			number = strtol(line + 4, NULL, 10);
	if (file)
		(void)fclose(file);
	return number;
}

static void
open_client(struct kiosk *k)
{
	hy_outbox_state state = HY_OUTBOX_INIT;

	if (hy_open(&k->client, &k->options) != HY_OK)
		give_up(hy_last_error()->message);
	if (hy_outbox(k->client, &state) != HY_OK)
		give_up(hy_last_error()->message);
	k->waiting = (long)(state.waiting + state.settled + state.refused);
	note(k, "waiting %ld\n", k->waiting);
}

static void
show_shelf(struct kiosk *k)
{
	const hy_event *n;

	for (n = hy_notices(k->client, 0); n; n = hy_notices(k->client, n->seq))
		note(k, "held %lld %s\n", (long long)n->seq,
		     hy_field(n, "notice"));
}

static void
end_act(struct kiosk *k, const hy_event *e)
{
	const char *receipt = hy_field(e, "receipt");

	if (e->kind == HY_SETTLED && !receipt)
		return; /* no memory: it comes again after a restart */
	if (e->kind == HY_SETTLED)
		note(k, "settled %s %s\n", e->ref, receipt);
	else
		note(k, "refused %s %s\n", e->ref, e->tag);
	keep_diary(k);
	if (hy_done(k->client, e->ref) == HY_ERR_NOT_FOUND)
		give_up("what was handed out is not there");
}

static void
deal_with(struct kiosk *k, const hy_event *e)
{
	switch (e->kind) {
	case HY_NOTICE:
		note(k, "heard %lld %s\n", (long long)e->seq,
		     hy_field(e, "notice"));
		break;
	case HY_SETTLED:
	case HY_REFUSED:
		k->waiting--;
		end_act(k, e);
		break;
	case HY_TROUBLE:
		note(k, "trouble %s\n", e->tag);
		break;
	case HY_ONLINE:
		note(k, "online\n");
		break;
	case HY_OFFLINE:
		note(k, "offline %s (%s)\n", e->tag, e->message);
		break;
	default:
		break;
	}
}

static void
submit(struct kiosk *k)
{
	hy_feedback feedback = HY_FEEDBACK_INIT;
	char text[4000], ref[HY_REF];
	int code;

	snprintf(text, sizeof text, "%ld 要修路 %0*d", ++k->number,
		 (int)k->length, 0);
	feedback.region = k->region;
	feedback.service = "need";
	feedback.text = text;
	note(k, "try %ld\n", k->number);
	code = hy_submit_feedback(k->client, &feedback, ref);
	if (code != HY_OK) {
		note(k, "not %ld %d\n", k->number, code);
		return;
	}
	note(k, "kept %ld %s\n", k->number, ref);
	keep_diary(k);
	k->waiting++;
}

/* The next line of the test, when there is one. */
static void
obey(struct kiosk *k)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	char line[32];

	if (k->stopping || poll(&in, 1, 0) != 1)
		return;
	if (!fgets(line, sizeof line, stdin))
		exit(0); /* the test has gone */
	k->stopping = strcmp(line, "stop\n") == 0;
}

static void
live(struct kiosk *k)
{
	const hy_event *e;

	while (!k->stopping || k->waiting > 0) {
		bool idle = k->stopping || k->waiting >= k->ahead ||
			    k->number >= k->most;

		obey(k);
		if (!idle)
			submit(k);
		e = idle ? hy_wait(k->client, 20) : hy_next(k->client);
		for (; e; e = hy_next(k->client))
			deal_with(k, e);
	}
}

/* What is in the store while nobody can send anything. */
static void
look(struct kiosk *k)
{
	const char *url = k->options.url;
	char line[32];

	k->options.url = "ws://127.0.0.1:1";
	open_client(k);
	show_shelf(k);
	hy_close(k->client);
	k->options.url = url;
	puts("looked");
	if (!fgets(line, sizeof line, stdin))
		exit(0);
}

static long
number_of(const char *name, long standard)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : standard;
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	struct kiosk k = { 0 };

	if (argc != 7)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "kiosk";
	options.name = argv[3];
	options.secret = getenv("KIOSK_SECRET");
	options.store = argv[5];
	options.receipt_ms = 50;
	k.options = options;
	k.region = argv[4];
	k.most = number_of("KIOSK_MOST", 1L << 40);
	k.ahead = number_of("KIOSK_AHEAD", 256);
	k.length = number_of("KIOSK_LONG", 1);
	k.number = last_number(argv[6]);
	k.diary =
		open(argv[6], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (k.diary < 0)
		give_up("there is no diary");
	setvbuf(stdin, NULL, _IONBF, 0); /* poll sees what fgets leaves */
	setvbuf(stdout, NULL, _IOLBF, 0);
	note(&k, "life\n");
	if (number_of("KIOSK_LOOK", 0))
		look(&k);
	open_client(&k);
	live(&k);
	show_shelf(&k);
	hy_close(k.client);
	return 0;
}
