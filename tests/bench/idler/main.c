/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idler: a kiosk on which nobody is: it comes online and stays so. Says
 * "caught up" when it has all, and for each line that it is told, what its
 * line has cost so far: bytes sent, bytes received. Its log is standard error.
 *
 *	idler URL CA NAME SECRET STORE KEEPALIVE
 */
#include <huiyin.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static void
print_line(void *context, int level, const char *line)
{
	(void)context;
	(void)level;
	fprintf(stderr, "%s\n", line);
}

static int
tell_cost(hy_client *client)
{
	hy_traffic_day day = HY_TRAFFIC_INIT;

	if (hy_traffic(client, 0, &day) != HY_OK)
		return 1;
	printf("%llu %llu\n", (unsigned long long)day.sent,
	       (unsigned long long)day.received);
	return 0;
}

static int
idle(hy_client *client)
{
	struct pollfd ready[2] = { { 0, POLLIN, 0 },
				   { hy_fd(client), POLLIN, 0 } };
	const hy_event *event;
	char line[16];

	while (poll(ready, 2, -1) > 0) {
		while ((event = hy_next(client)) != NULL)
			if (event->kind == HY_CAUGHT_UP)
				puts("caught up");
		if (ready[0].revents && !fgets(line, sizeof line, stdin))
			return 0;
		if (ready[0].revents && tell_cost(client) != 0)
			return 1;
	}
	return 1;
}

int
main(int argc, char **argv)
{
	hy_options options = HY_OPTIONS_INIT;
	hy_client *client;
	int code;

	if (argc != 7)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "kiosk";
	options.name = argv[3];
	options.secret = argv[4];
	options.store = argv[5];
	options.keepalive_s = (int)strtol(argv[6], NULL, 10);
	options.start_within_ms = -1;
	options.log = print_line;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (hy_open(&client, &options) != HY_OK) {
		fprintf(stderr, "%s\n", hy_last_error()->message);
		return 1;
	}
	code = idle(client);
	hy_close(client);
	return code;
}
