/* SPDX-License-Identifier: Apache-2.0 */
/* client_peer: a server in the hands of a test. */
#include "client_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "bytes.h"
#include "message.h"

struct text {
	STAILQ_ENTRY(text) next;
	size_t len;
	unsigned char data[]; /* LWS_PRE, then the text */
};

STAILQ_HEAD(texts, text);

struct peer {
	struct lws_context *context;
	SSL_CTX *unused; /* libwebsockets leaks one that it made itself */
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t came;
	struct texts in, out;
	struct lws *wsi;
	unsigned lines, resumed;
	bool hang_up, stop;
	struct bytes piece;
	char url[64];
};

static struct text *
text_new(const char *from, size_t len)
{
	struct text *t = malloc(sizeof *t + LWS_PRE + len + 1);

	if (!t)
		abort();
	t->len = len;
	memcpy(t->data + LWS_PRE, from, len);
	t->data[LWS_PRE + len] = 0;
	return t;
}

static void
drop_texts(struct texts *list)
{
	struct text *t;

	while ((t = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, next);
		free(t);
	}
}

static void
take_piece(struct peer *p, struct lws *wsi, const char *in, size_t len)
{
	struct text *t;

	bytes_add(&p->piece, in, len);
	if (lws_remaining_packet_payload(wsi) || !lws_is_final_fragment(wsi))
		return;
	t = text_new(p->piece.data, p->piece.len);
	bytes_clear(&p->piece);
	STAILQ_INSERT_TAIL(&p->in, t, next);
	pthread_cond_signal(&p->came);
}

static int
write_one(struct peer *p, struct lws *wsi)
{
	struct text *t = STAILQ_FIRST(&p->out);
	int n;

	if (!t)
		return 0;
	n = lws_write(wsi, t->data + LWS_PRE, t->len, LWS_WRITE_TEXT);
	STAILQ_REMOVE_HEAD(&p->out, next);
	free(t);
	if (!STAILQ_EMPTY(&p->out))
		lws_callback_on_writable(wsi);
	return n < 0 ? -1 : 0;
}

static void
wake(struct peer *p)
{
	if (!p->wsi)
		return;
	if (p->hang_up)
		lws_set_timeout(p->wsi, PENDING_TIMEOUT_USER_REASON_BASE,
				LWS_TO_KILL_ASYNC);
	else if (!STAILQ_EMPTY(&p->out))
		lws_callback_on_writable(p->wsi);
}

static void
begin(struct peer *p, struct lws *wsi)
{
	p->wsi = wsi;
	p->lines++;
	p->resumed +=
		lws_get_ssl(wsi) && SSL_session_reused(lws_get_ssl(wsi)) == 1;
	p->hang_up = false;
	drop_texts(&p->in);
	bytes_clear(&p->piece);
	wake(p);
}

static void
end(struct peer *p, struct lws *wsi)
{
	if (wsi == p->wsi)
		p->wsi = NULL;
	pthread_cond_broadcast(&p->came);
}

static int
serve_locked(struct peer *p, struct lws *wsi, enum lws_callback_reasons reason,
	     void *in, size_t len)
{
	if (reason == LWS_CALLBACK_ESTABLISHED)
		begin(p, wsi);
	else if (reason == LWS_CALLBACK_CLOSED)
		end(p, wsi);
	else if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		wake(p);
	else if (reason == LWS_CALLBACK_SERVER_WRITEABLE)
		return write_one(p, wsi);
	else if (reason == LWS_CALLBACK_RECEIVE && wsi == p->wsi && !p->hang_up)
		take_piece(p, wsi, in, len);
	return 0;
}

static int
serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	struct peer *p = lws_context_user(lws_get_context(wsi));
	int result;

	(void)user;
	pthread_mutex_lock(&p->lock);
	result = serve_locked(p, wsi, reason, in, len);
	pthread_mutex_unlock(&p->lock);
	return result;
}

static const struct lws_protocols protocols[] = {
	{ WIRE_SUBPROTOCOL, serve, 0, 4096, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *
run(void *context)
{
	struct peer *p = context;
	bool stop = false;

	while (!stop && lws_service(p->context, 0) >= 0) {
		pthread_mutex_lock(&p->lock);
		stop = p->stop;
		pthread_mutex_unlock(&p->lock);
	}
	return NULL;
}

static void
listen_on(struct peer *p, struct lws_context_creation_info *info,
	  const char *scheme, const char *host)
{
	info->protocols = protocols;
	info->user = p;
	info->provided_client_ssl_ctx = p->unused;
	info->fd_limit_per_thread = 32;
	info->options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	p->context = lws_create_context(info);
	assert_non_null(p->context);
	snprintf(p->url, sizeof p->url, "%s://%s:%d/ws", scheme, host,
		 lws_get_vhost_listen_port(lws_create_vhost(p->context, info)));
	assert_int_equal(pthread_create(&p->thread, NULL, run, p), 0);
}

static struct peer *
peer_new(void)
{
	struct peer *p = calloc(1, sizeof *p);

	assert_non_null(p);
	STAILQ_INIT(&p->in);
	STAILQ_INIT(&p->out);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->came, NULL);
	lws_set_log_level(0, NULL);
	p->unused = SSL_CTX_new(TLS_client_method());
	return p;
}

struct peer *
peer_open(void)
{
	struct lws_context_creation_info info = { .iface = "lo" };
	struct peer *p = peer_new();

	listen_on(p, &info, "ws", "127.0.0.1");
	return p;
}

struct peer *
peer_open_tls(const char *address, const char *cert, const char *key)
{
	struct lws_context_creation_info info = { 0 };
	struct peer *p = peer_new();
	char host[48];

	info.iface = address;
	info.ssl_cert_filepath = cert;
	info.ssl_private_key_filepath = key;
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	snprintf(host, sizeof host, strchr(address, ':') ? "[%s]" : "%s",
		 address);
	listen_on(p, &info, "wss", host);
	return p;
}

void
peer_close(struct peer *p)
{
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_mutex_unlock(&p->lock);
	lws_cancel_service(p->context);
	pthread_join(p->thread, NULL);
	lws_context_destroy(p->context);
	SSL_CTX_free(p->unused);
	drop_texts(&p->in);
	drop_texts(&p->out);
	bytes_fini(&p->piece);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->came);
	free(p);
}

const char *
peer_url(const struct peer *p)
{
	return p->url;
}

static struct timespec
in_ms(int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return until;
}

void
peer_forget(struct peer *p)
{
	struct timespec until = in_ms(PEER_PATIENCE);

	pthread_mutex_lock(&p->lock);
	while (p->wsi &&
	       pthread_cond_timedwait(&p->came, &p->lock, &until) == 0)
		;
	drop_texts(&p->in);
	drop_texts(&p->out);
	pthread_mutex_unlock(&p->lock);
}

/* NULL when nothing comes within ms. */
static struct text *
take(struct peer *p, int ms)
{
	struct timespec until = in_ms(ms);
	struct text *t;

	pthread_mutex_lock(&p->lock);
	while (STAILQ_EMPTY(&p->in) &&
	       pthread_cond_timedwait(&p->came, &p->lock, &until) == 0)
		;
	t = STAILQ_FIRST(&p->in);
	if (t)
		STAILQ_REMOVE_HEAD(&p->in, next);
	pthread_mutex_unlock(&p->lock);
	return t;
}

json_t *
peer_take(struct peer *p)
{
	struct text *t = take(p, PEER_PATIENCE);
	json_t *message;

	assert_non_null(t);
	message = json_loadb((char *)t->data + LWS_PRE, t->len, 0, NULL);
	assert_non_null(message);
	free(t);
	return message;
}

json_t *
peer_take_act(struct peer *p, const char *act)
{
	json_t *message = peer_take(p);

	assert_string_equal(
		json_string_value(json_object_get(message, "method")), act);
	return message;
}

bool
peer_is_silent(struct peer *p, int ms)
{
	struct text *t = take(p, ms);

	free(t);
	return t == NULL;
}

void
peer_say(struct peer *p, const char *text)
{
	struct text *t = text_new(text, strlen(text));

	pthread_mutex_lock(&p->lock);
	STAILQ_INSERT_TAIL(&p->out, t, next);
	pthread_mutex_unlock(&p->lock);
	lws_cancel_service(p->context);
}

void
peer_sayf(struct peer *p, const char *format, ...)
{
	char text[8192];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert_in_range(len, 1, sizeof text - 1);
	peer_say(p, text);
}

void
peer_answer(struct peer *p, const json_t *message, const char *result)
{
	peer_sayf(p, "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":%s}",
		  json_string_value(json_object_get(message, "id")), result);
}

void
peer_refuse(struct peer *p, const json_t *message, const char *tag,
	    const char *rest)
{
	peer_sayf(p,
		  "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"error\":{\"code\":1,"
		  "\"message\":\"No.\",\"data\":{\"tag\":\"%s\",%s}}}",
		  json_string_value(json_object_get(message, "id")), tag, rest);
}

json_t *
peer_greet(struct peer *p, const char *replay, const char *epoch, int head,
	   const char *rest)
{
	json_t *hello = peer_take_act(p, "hello");
	char result[600];

	snprintf(result, sizeof result,
		 "{\"session\":\"s\",\"roles\":[\"kiosk\"],\"region\":null,"
		 "\"now\":\"2026-11-23T10:00:00+08:00\",\"epoch\":\"%s\","
		 "\"head\":%d,\"replay\":\"%s\",\"max_frame\":65536%s}",
		 epoch, head, replay, rest);
	peer_answer(p, hello, result);
	return hello;
}

void
peer_hang_up(struct peer *p)
{
	pthread_mutex_lock(&p->lock);
	p->hang_up = true;
	drop_texts(&p->in);
	drop_texts(&p->out);
	pthread_mutex_unlock(&p->lock);
	lws_cancel_service(p->context);
}

unsigned
peer_lines(struct peer *p)
{
	unsigned lines;

	pthread_mutex_lock(&p->lock);
	lines = p->lines;
	pthread_mutex_unlock(&p->lock);
	return lines;
}

unsigned
peer_resumed(struct peer *p)
{
	unsigned resumed;

	pthread_mutex_lock(&p->lock);
	resumed = p->resumed;
	pthread_mutex_unlock(&p->lock);
	return resumed;
}
