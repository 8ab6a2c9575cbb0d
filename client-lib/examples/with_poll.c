/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhuiyin in a loop around poll(2): one descriptor among others.
 *
 *	with_poll URL CA [REGION]     ends when standard input ends
 */
#include <huiyin.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	struct pollfd ready[2];
	hy_client *client;
	const hy_event *e;
	char rest[512];

	if (argc < 3)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "visitor";
	options.region = argc > 3 ? argv[3] : NULL;
	options.flags = HY_ALL_IN_FORCE;
	if (hy_open(&client, &options) != HY_OK)
		return fputs(hy_last_error()->message, stderr), 1;
	ready[0] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	ready[1] = (struct pollfd){ hy_fd(client), POLLIN, 0 };
	while (poll(ready, 2, -1) > 0) {
		if (ready[0].revents &&
		    read(STDIN_FILENO, rest, sizeof rest) < 1)
			break;
		while (ready[1].revents && (e = hy_next(client)) != NULL) {
			const char *headline = hy_field(e, "headline");

			if (e->kind == HY_NOTICE && headline)
				printf("%s\n", headline);
			else if (e->kind == HY_OFFLINE)
				fprintf(stderr, "%s\n", e->message);
		}
		fflush(stdout);
	}
	hy_close(client);
	return 0;
}
