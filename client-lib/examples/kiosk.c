/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest kiosk: shows notices, also with no network; takes feedback.
 *	kiosk URL CA NAME SECRET REGION STORE
 */
#include <huiyin.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* 0: there was nothing to show, or no memory for it. */
static int
show(const hy_event *e)
{
	const char *receipt = hy_field(e, "receipt"), *key = hy_field(e, "key");
	const char *headline = hy_field(e, "headline");

	if (e->kind == HY_NOTICE && headline)
		return puts(headline) >= 0;
	if (e->kind == HY_SETTLED && receipt && key)
		return printf("received, no. %s, key %s\n", receipt, key) > 0;
	return *e->message && puts(e->message) >= 0;
}

static void
submit(hy_client *client, const char *region, char *line)
{
	hy_feedback feedback = HY_FEEDBACK_INIT;

	feedback.region = region;
	feedback.service = "question";
	feedback.text = strsep(&line, "\n");
	puts(hy_submit_feedback(client, &feedback, NULL) == HY_OK ?
		     "stored here" :
		     hy_last_error()->message);
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	struct pollfd ready[2] = { { 0, POLLIN, 0 }, { 0, POLLIN, 0 } };
	hy_client *client;
	const hy_event *e;
	char line[8192];

	if (argc != 7)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "kiosk";
	options.name = argv[3];
	options.secret = argv[4];
	options.store = argv[6];
	if (hy_open(&client, &options) != HY_OK)
		return fputs(hy_last_error()->message, stderr), 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0); /* what is in no buffer, poll sees */
	ready[1].fd = hy_fd(client);
	for (e = hy_notices(client, 0); e; e = hy_notices(client, e->seq))
		show(e);
	while (poll(ready, 2, -1) > 0) {
		while ((e = hy_next(client)) != NULL) {
			if (!show(e))
				continue;
			if (e->kind == HY_NOTICE)
				hy_receipt(client, hy_field(e, "notice"),
					   "shown");
			else if (e->kind == HY_SETTLED || e->kind == HY_REFUSED)
				hy_done(client, e->ref);
		}
		if (ready[0].revents && fgets(line, sizeof line, stdin))
			submit(client, argv[5], line);
		else if (ready[0].revents)
			break;
	}
	hy_close(client);
	return 0;
}
