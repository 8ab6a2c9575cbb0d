/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A department's console in its smallest form: lists what is open and answers
 * the first of it; then tells of what is new.
 *
 *	console URL CA LOGIN PASSWORD [ANSWER]
 */
#include <huiyin.h>
#include <stdio.h>
#include <string.h>

/* Waits for the answer to one act; shows what else comes. */
static const hy_event *
answer_of(hy_client *client, const char *ref)
{
	const hy_event *e;

	while ((e = hy_wait(client, 30000)) != NULL) {
		if (strcmp(e->ref, ref) == 0)
			return e;
		if (e->kind == HY_OFFLINE)
			fprintf(stderr, "%s\n", e->message);
	}
	return NULL;
}

static void
answer(hy_client *client, const char *receipt, const char *text)
{
	char params[8192], ref[HY_REF];
	const hy_event *e;

	snprintf(params, sizeof params,
		 "{\"receipt\":\"%s\",\"text\":\"%s\",\"outcome\":"
		 "\"explained\"}",
		 receipt, text);
	if (hy_act(client, "feedback.answer", params, ref) != HY_OK)
		fprintf(stderr, "%s\n", hy_last_error()->message);
	else if ((e = answer_of(client, ref)) != NULL)
		printf("%s: %s\n", receipt,
		       e->kind == HY_SETTLED ? "answered" : e->message);
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	char ref[HY_REF], receipt[64] = "";
	hy_client *client;
	const hy_event *e;

	if (argc < 5)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "staff";
	options.name = argv[3];
	options.secret = argv[4];
	if (hy_open(&client, &options) != HY_OK)
		return fputs(hy_last_error()->message, stderr), 1;
	while ((e = hy_wait(client, 30000)) != NULL && e->kind != HY_ONLINE)
		fprintf(stderr, "%s\n", e->message);
	if (!e || hy_act(client, "feedback.list", "{\"state\":\"dispatched\"}",
			 ref) != HY_OK)
		return hy_close(client), 1;
	e = answer_of(client, ref);
	if (e && hy_field(e, "items[0].receipt"))
		snprintf(receipt, sizeof receipt, "%s",
			 hy_field(e, "items[0].receipt"));
	printf("%s\n", receipt[0] ? e->body : "nothing is open");
	if (receipt[0] && argc > 5)
		answer(client, receipt, argv[5]);
	while ((e = hy_wait(client, 2000)) != NULL)
		if (e->kind == HY_NEWS)
			printf("%s %s\n", e->act, e->body);
	hy_close(client);
	return 0;
}
