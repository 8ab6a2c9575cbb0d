/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhuiyin in a libuv loop: hy_fd is a uv_poll_t.
 *
 *	with_libuv URL CA [REGION]     ends on SIGINT or SIGTERM
 */
#include <huiyin.h>
#include <stdio.h>
#include <uv.h>

static void
ready(uv_poll_t *watch, int status, int events)
{
	hy_client *client = watch->data;
	const hy_event *e;

	(void)status;
	(void)events;
	while ((e = hy_next(client)) != NULL) {
		const char *headline = hy_field(e, "headline");

		if (e->kind == HY_NOTICE && headline)
			printf("%s\n", headline);
		else if (e->kind == HY_OFFLINE)
			fprintf(stderr, "%s\n", e->message);
	}
	fflush(stdout);
}

static void
stop(uv_signal_t *signal, int number)
{
	(void)number;
	uv_stop(signal->loop);
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	uv_loop_t *loop = uv_default_loop();
	uv_signal_t interrupt, terminate;
	uv_poll_t watch;
	hy_client *client;

	if (argc < 3)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "visitor";
	options.region = argc > 3 ? argv[3] : NULL;
	options.flags = HY_ALL_IN_FORCE;
	if (hy_open(&client, &options) != HY_OK)
		return fputs(hy_last_error()->message, stderr), 1;
	uv_poll_init(loop, &watch, hy_fd(client));
	watch.data = client;
	uv_poll_start(&watch, UV_READABLE, ready);
	uv_signal_init(loop, &interrupt);
	uv_signal_start(&interrupt, stop, SIGINT);
	uv_signal_init(loop, &terminate);
	uv_signal_start(&terminate, stop, SIGTERM);
	uv_run(loop, UV_RUN_DEFAULT);
	uv_poll_stop(&watch);
	hy_close(client);
	return 0;
}
