/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lwsfloor: see lwsfloor.h.
 *   --loop poll|uv   libwebsockets' own poll(), or libuv
 *   --writable       by the book instead of writing at once
 *   --batch          gather for 1 ms
 *   --rx-buffer N    rx_buffer_size
 *   --tx-packet N    tx_packet_size: what one lws_write hands to TLS
 *   --validity       keep the timer per connection: setting it walks past
 *                    all other connections' timers
 *   --tickets N      TLS 1.3 session tickets a handshake (OpenSSL: 2)
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lwsfloor.h"

struct broadcaster all = { .tickets = 2, .rx_buffer = 512, .tx_packet = 32768 };

void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
subscribe(struct session *s)
{
	if (all.sessions == all.room) {
		all.room = all.room * 2 + 1024;
		all.session = realloc(all.session,
				      all.room * sizeof(struct session *));
		if (!all.session)
			die("realloc");
	}
	s->at = all.head;
	s->place = all.sessions;
	all.session[all.sessions++] = s;
}

static void
unsubscribe(const struct session *s)
{
	struct session *last = all.session[--all.sessions];

	all.session[s->place] = last;
	last->place = s->place;
}

static void
established(struct lws *wsi, struct session *s)
{
	char path[64] = "";

	s->wsi = wsi;
	(void)lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI);
	s->publisher = strcmp(path, "/pub") == 0;
	if (!s->publisher)
		subscribe(s);
}

static void
received(struct lws *wsi, const void *data, size_t len)
{
	if (all.in_len + len > all.in_room) {
		all.in_room = (all.in_len + len) * 2;
		all.in = realloc(all.in, all.in_room);
		if (!all.in)
			die("realloc");
	}
	memcpy(all.in + all.in_len, data, len);
	all.in_len += len;
	if (!lws_is_final_fragment(wsi))
		return;
	publish(all.in, all.in_len);
	all.in_len = 0;
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	struct session *s = user;

	if (reason == LWS_CALLBACK_ESTABLISHED)
		established(wsi, s);
	else if (reason == LWS_CALLBACK_CLOSED && !s->publisher)
		unsubscribe(s);
	else if (reason == LWS_CALLBACK_RECEIVE && s->publisher)
		received(wsi, in, len);
	else if (reason == LWS_CALLBACK_SERVER_WRITEABLE && !s->publisher)
		return send_pending(s, true);
	else if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS)
		SSL_CTX_set_num_tickets(user, (size_t)all.tickets);
	return 0;
}

static void
open_context(void)
{
	static const lws_retry_bo_t no_validity;
	static struct lws_protocols protocols[] = {
		{ .name = "bench",
		  .callback = on_event,
		  .per_session_data_size = sizeof(struct session) },
		{ .name = NULL },
	};
	struct lws_context_creation_info info = {
		.port = all.port,
		.iface = "127.0.0.1",
		.protocols = protocols,
		.options = all.loop | LWS_SERVER_OPTION_DISABLE_IPV6 |
			   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.ssl_cert_filepath = all.cert,
		.ssl_private_key_filepath = all.key,
	};

	protocols[0].rx_buffer_size = (size_t)all.rx_buffer;
	protocols[0].tx_packet_size = (size_t)all.tx_packet;
	if (!all.validity)
		info.retry_and_idle_policy = &no_validity;
	all.context = lws_create_context(&info);
	if (!all.context)
		die("lws_create_context");
}

static bool
option_set(int option, const char *text)
{
	int number = text ? (int)strtol(text, NULL, 10) : 0;
	bool uv = text && strcmp(text, "uv") == 0;

	if (option == 'p')
		all.port = number;
	else if (option == 'n')
		all.tickets = number;
	else if (option == 'r')
		all.rx_buffer = number;
	else if (option == 't')
		all.tx_packet = number;
	else if (option == 'c')
		all.cert = text;
	else if (option == 'k')
		all.key = text;
	else if (option == 'b')
		all.batch = true;
	else if (option == 'w')
		all.writable = true;
	else if (option == 'v')
		all.validity = true;
	else if (option == 'l')
		all.loop = uv ? LWS_SERVER_OPTION_LIBUV : 0;
	else
		return false;
	return true;
}

static bool
options_read(int argc, char **argv)
{
	static const struct option names[] = {
		{ "port", 1, 0, 'p' },      { "tickets", 1, 0, 'n' },
		{ "rx-buffer", 1, 0, 'r' }, { "tx-packet", 1, 0, 't' },
		{ "cert", 1, 0, 'c' },      { "key", 1, 0, 'k' },
		{ "batch", 0, 0, 'b' },     { "writable", 0, 0, 'w' },
		{ "validity", 0, 0, 'v' },  { "loop", 1, 0, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int found;

	while ((found = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!option_set(found, optarg))
			return false;
	return all.port > 0 && all.cert && all.key;
}

int
main(int argc, char **argv)
{
	struct rlimit files;

	if (!options_read(argc, argv)) {
		fputs("lwsfloor --port N --cert FILE --key FILE: see main.c\n",
		      stderr);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	lws_set_log_level(LLL_ERR, NULL);
	log_open();
	open_context();
	while (lws_service(all.context, 0) >= 0)
		;
	return 0;
}
