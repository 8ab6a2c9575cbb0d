/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stranger's program: C99 and C++11 alike, knows huiyin.h and nothing else.
 * Submits where there is no network, comes back, and finds it there.
 *
 *	consumer FOLDER		prints the version
 */
#include <huiyin.h>

#include <stdio.h>
#include <string.h>

static int
fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, hy_last_error()->message);
	return 1;
}

static int
submit(hy_client *client)
{
	hy_feedback feedback = HY_FEEDBACK_INIT;
	char ref[HY_REF];

	feedback.service = "question";
	feedback.text = "what is it?";
	if (hy_submit_feedback(client, &feedback, ref) != HY_ERR_INPUT ||
	    strcmp(hy_last_error()->path, "region") != 0)
		return fail("no region");
	feedback.region = "422802101201";
	if (hy_submit_feedback(client, &feedback, ref) != HY_OK)
		return fail("submit");
	return strlen(ref) == HY_REF - 1 ? 0 : fail("ref");
}

/* A client at a port where nobody listens; what waits must be before. */
static int
come(const char *folder, unsigned before)
{
	hy_options options = HY_OPTIONS_INIT;
	hy_outbox_state outbox = HY_OUTBOX_INIT;
	hy_client *client;
	int wrong = 0;

	options.url = "wss://127.0.0.1:1/ws";
	options.as = "kiosk";
	options.name = "stranger";
	options.secret = "secret";
	options.store = folder;
	if (hy_open(&client, &options) != HY_OK)
		return fail("open");
	if (hy_fd(client) < 0 || hy_outbox(client, &outbox) != HY_OK ||
	    outbox.waiting != before)
		wrong = fail("outbox");
	if (!wrong && before == 0)
		wrong = submit(client);
	hy_close(client);
	return wrong;
}

int
main(int argc, char **argv)
{
	if (argc != 2 || come(argv[1], 0) || come(argv[1], 1))
		return 1;
	puts(hy_version());
	return 0;
}
