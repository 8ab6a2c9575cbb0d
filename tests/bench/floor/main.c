/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor: see floor.h.
 *   --batch      one SSL_write for all that the publisher has sent so far
 *   --release    SSL_MODE_RELEASE_BUFFERS
 *   --tickets N  TLS 1.3 session tickets a handshake (OpenSSL: 2)
 */
#include <getopt.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "floor.h"

#define EVENTS 256
#define ACCEPTS 64 /* at a time */

struct floor bare = { .tickets = 2 };

void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
open_loop(void)
{
	const int on = 1;
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)bare.port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN };

	bare.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	bare.listen_fd =
		socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(bare.listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(bare.listen_fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(bare.listen_fd, 4096) != 0)
		die("listen");
	if (epoll_ctl(bare.epoll_fd, EPOLL_CTL_ADD, bare.listen_fd, &event) !=
	    0)
		die("epoll_ctl");
}

static void
open_tls(void)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (!tls || !bare.cert || !bare.key ||
	    SSL_CTX_use_certificate_chain_file(tls, bare.cert) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, bare.key, SSL_FILETYPE_PEM) != 1) {
		ERR_print_errors_fp(stderr);
		exit(1);
	}
	SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
	SSL_CTX_set_mode(tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_ENABLE_PARTIAL_WRITE);
	if (bare.release)
		SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_num_tickets(tls, (size_t)bare.tickets);
	SSL_CTX_set_session_id_context(tls, (const unsigned char *)"floor", 5);
	bare.tls = tls;
}

static void
accept_some(void)
{
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(bare.listen_fd, NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0)
			return;
		conn_accept(fd);
	}
}

_Noreturn static void
run(void)
{
	struct epoll_event events[EVENTS];

	for (;;) {
		int n = epoll_wait(bare.epoll_fd, events, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;

			if (!c)
				accept_some();
			else if (!conn_event(c, events[i].events))
				conn_close(c);
		}
	}
}

static bool
options_read(int argc, char **argv)
{
	static const struct option names[] = {
		{ "port", 1, 0, 'p' },  { "tickets", 1, 0, 'n' },
		{ "batch", 0, 0, 'b' }, { "release", 0, 0, 'r' },
		{ "cert", 1, 0, 'c' },  { "key", 1, 0, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int found;

	while ((found = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (found == 'p')
			bare.port = (int)strtol(optarg, NULL, 10);
		else if (found == 'n')
			bare.tickets = (int)strtol(optarg, NULL, 10);
		else if (found == 'b')
			bare.batch = true;
		else if (found == 'r')
			bare.release = true;
		else if (found == 'c')
			bare.cert = optarg;
		else if (found == 'k')
			bare.key = optarg;
		else
			return false;
	}
	return bare.port > 0;
}

int
main(int argc, char **argv)
{
	struct rlimit files;

	if (!options_read(argc, argv)) {
		fputs("floor --port N --cert FILE --key FILE [--batch] "
		      "[--release] [--tickets N]\n",
		      stderr);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	open_tls();
	open_loop();
	run();
}
