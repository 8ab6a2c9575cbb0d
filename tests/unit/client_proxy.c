/* SPDX-License-Identifier: Apache-2.0 */
/* client_proxy: an HTTP proxy in the hands of a test. */
#include "client_proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct forwarder {
	enum proxy_mood mood;
	const char *status;
	int listening;
	int stop[2]; /* a pipe: readable when it is to end */
	char name[32];
	pthread_t thread;
	pthread_mutex_t lock; /* of asked */
	pthread_cond_t came;
	char asked[1024];
};

/* False when it is to end, or nothing more will come. */
static bool
wait_for(const struct forwarder *f, int a, int b, struct pollfd ready[3])
{
	ready[0] = (struct pollfd){ f->stop[0], POLLIN, 0 };
	ready[1] = (struct pollfd){ a, POLLIN, 0 };
	ready[2] = (struct pollfd){ b, POLLIN, 0 };
	return poll(ready, 3, -1) > 0 && !ready[0].revents;
}

static bool
read_head(struct forwarder *f, int fd)
{
	char head[sizeof f->asked] = "";
	struct pollfd ready[3];
	size_t len = 0;

	while (!strstr(head, "\r\n\r\n")) {
		if (len + 1 >= sizeof head || !wait_for(f, fd, -1, ready) ||
		    read(fd, head + len, 1) != 1)
			return false;
		head[++len] = 0;
	}
	pthread_mutex_lock(&f->lock);
	memcpy(f->asked, head, sizeof head);
	pthread_cond_broadcast(&f->came);
	pthread_mutex_unlock(&f->lock);
	return true;
}

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		perror("proxy");
}

static void
drip(int fd, const char *text)
{
	const struct timespec breath = { 0, 200000 };
	int at_once = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
	for (char c[2] = ""; (c[0] = *text) != 0; text++) {
		say(fd, c);
		nanosleep(&breath, NULL);
	}
}

/* To the port of "CONNECT host:port HTTP/1.1", on this machine. */
static int
dial(const struct forwarder *f)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	const char *end = strstr(f->asked, " HTTP/1.1"), *port = end;
	bool is_six = strchr(f->asked, '[') != NULL;
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0), failed;

	while (port && *port != ':')
		port--;
	six.sin6_addr = in6addr_loopback;
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	six.sin6_port = four.sin_port =
		htons(port ? (uint16_t)strtol(port + 1, NULL, 10) : 0);
	failed = is_six ? connect(fd, (struct sockaddr *)&six, sizeof six) :
			  connect(fd, (struct sockaddr *)&four, sizeof four);
	if (!failed)
		return fd;
	close(fd);
	return -1;
}

static bool
pass(int from, int to)
{
	char data[4096];
	ssize_t n = read(from, data, sizeof data);

	return n > 0 && send(to, data, (size_t)n, MSG_NOSIGNAL) == n;
}

static void
forward(const struct forwarder *f, int near)
{
	struct pollfd ready[3];
	int far = dial(f);
	bool going = far >= 0;

	if (f->mood == PROXY_DRIPS)
		drip(near, "HTTP/1.0 200 OK\r\nVia: 1.1 a, 1.1 b\r\n"
			   "X-Long: 0123456789012345678901234567890123456\r\n"
			   "\r\n");
	else
		say(near, "HTTP/1.1 200 Connection established\r\n\r\n");
	while (going && wait_for(f, near, far, ready)) {
		if (ready[1].revents)
			going = pass(near, far);
		if (going && ready[2].revents)
			going = pass(far, near);
	}
	if (far >= 0)
		close(far);
}

static void
serve(struct forwarder *f, int fd)
{
	struct pollfd ready[3];

	if (!read_head(f, fd))
		return;
	if (f->mood == PROXY_HANGS)
		(void)wait_for(f, -1, -1, ready);
	if (f->mood == PROXY_ANSWERS) {
		say(fd, "HTTP/1.1 ");
		say(fd, f->status);
		say(fd, "\r\nContent-Length: 3\r\n\r\nNo.");
	}
	if (f->mood == PROXY_CONNECTS || f->mood == PROXY_DRIPS)
		forward(f, fd);
}

static void *
run(void *context)
{
	struct forwarder *f = context;
	struct pollfd ready[3];
	int fd;

	while (wait_for(f, f->listening, -1, ready)) {
		fd = accept(f->listening, NULL, NULL);
		if (fd < 0)
			break;
		serve(f, fd);
		close(fd);
	}
	return NULL;
}

struct forwarder *
proxy_open(enum proxy_mood mood, const char *status)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct forwarder *f = calloc(1, sizeof *f);
	socklen_t len = sizeof at;

	assert_non_null(f);
	f->mood = mood;
	f->status = status;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->came, NULL);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	f->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(f->listening, (struct sockaddr *)&at, sizeof at),
			 0);
	assert_int_equal(listen(f->listening, 8), 0);
	getsockname(f->listening, (struct sockaddr *)&at, &len);
	snprintf(f->name, sizeof f->name, "127.0.0.1:%d", ntohs(at.sin_port));
	assert_int_equal(pipe(f->stop), 0);
	assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
	return f;
}

void
proxy_close(struct forwarder *f)
{
	close(f->stop[1]);
	pthread_join(f->thread, NULL);
	close(f->stop[0]);
	close(f->listening);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->came);
	free(f);
}

const char *
proxy_name(const struct forwarder *f)
{
	return f->name;
}

const char *
proxy_asked(struct forwarder *f)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	pthread_mutex_lock(&f->lock);
	while (!f->asked[0] &&
	       pthread_cond_timedwait(&f->came, &f->lock, &until) == 0)
		;
	pthread_mutex_unlock(&f->lock);
	return f->asked;
}
