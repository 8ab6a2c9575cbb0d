/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhuiyin in GLib's main loop (GTK's too): hy_fd is one of its sources.
 *
 *	with_glib URL CA [REGION]     ends on SIGINT or SIGTERM
 */
#include <glib-unix.h>
#include <huiyin.h>
#include <signal.h>
#include <stdio.h>

static gboolean
ready(gint fd, GIOCondition condition, gpointer context)
{
	hy_client *client = context;
	const hy_event *e;

	(void)fd;
	(void)condition;
	while ((e = hy_next(client)) != NULL) {
		const char *headline = hy_field(e, "headline");

		if (e->kind == HY_NOTICE && headline)
			printf("%s\n", headline);
		else if (e->kind == HY_OFFLINE)
			fprintf(stderr, "%s\n", e->message);
	}
	fflush(stdout);
	return G_SOURCE_CONTINUE;
}

static gboolean
stop(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_CONTINUE;
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	GMainLoop *loop;
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
	loop = g_main_loop_new(NULL, FALSE);
	g_unix_fd_add(hy_fd(client), G_IO_IN, ready, client);
	g_unix_signal_add(SIGINT, stop, loop);
	g_unix_signal_add(SIGTERM, stop, loop);
	g_main_loop_run(loop);
	g_main_loop_unref(loop);
	hy_close(client);
	return 0;
}
