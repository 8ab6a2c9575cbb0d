/* SPDX-License-Identifier: Apache-2.0 */
/*
 * socket: libwebsockets 4.1.6 as a client. What it does unasked and we undo:
 * it prints (log level 0), ignores SIGPIPE for the whole process (put back),
 * takes http_proxy from the environment (an empty one is given), offers h2,
 * and sends pings of its own. Its SSL_CTX is of handshake.
 */
#include "socket.h"

#include <libwebsockets.h>
#include <openssl/crypto.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "bytes.h"
#include "handshake.h"
#include "squeeze.h"
#include "text.h"
#include "trust.h"

#define MOST_TEXT (8u << 20) /* bytes of one message that we take */

struct frame {
	struct frame *next;
	size_t len;
	unsigned char data[]; /* LWS_PRE, then len bytes; masked in place */
};

struct socket {
	struct lws_context *context;
	struct lws *wsi; /* NULL: no line */
	struct handshake *shake;
	const struct proxy *proxy; /* NULL: none */
	const struct socket_ups *ups;
	void *up;        /* context of ups */
	struct bytes in; /* of a message that is not whole */
	struct frame *first, **last;
	size_t unsent;
	struct meter past;  /* of the lines that have ended */
	struct meter line;  /* of this one, when it was read last */
	const char *why;    /* tag of our own hanging up, or NULL */
	struct trust trust; /* in the server's certificate */
	bool busy;          /* closed() is still to be told */
	bool open, leaving;
	lws_sorted_usec_list_t alarm;
};

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user,
		 void *in, size_t len);

static const struct lws_protocols protocols[] = {
	{ WIRE_SUBPROTOCOL, serve, 0, 4096, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
drop_frames(struct socket *s)
{
	struct frame *f;

	while ((f = s->first) != NULL) {
		s->first = f->next;
		free(f);
	}
	s->last = &s->first;
	s->unsent = 0;
}

static void
end_meter(struct socket *s)
{
	s->past.sent += s->line.sent;
	s->past.received += s->line.received;
	s->line = (struct meter){ 0 };
}

static void
read_meter(struct socket *s)
{
	struct meter now;

	if (!s->wsi || !meter_read(lws_get_socket_fd(s->wsi), &now))
		return;
	/* Another socket: the first address of the name was no good. */
	if (now.sent < s->line.sent || now.received < s->line.received)
		end_meter(s);
	s->line = now;
}

/* It may come before the turn begins to wait: then the turn must end. */
static void
tell_closed(struct socket *s, const char *why, const char *message)
{
	const char *blame = handshake_blames_proxy(s->shake);

	if (!s->busy)
		return;
	if (!s->open)
		handshake_failed(s->shake);
	read_meter(s);
	end_meter(s);
	s->busy = s->open = s->leaving = false;
	s->wsi = NULL;
	if (blame) {
		s->why = "proxy";
		message = blame;
	}
	drop_frames(s);
	bytes_clear(&s->in);
	s->ups->closed(s->up, s->why ? s->why : why, message ? message : "");
	lws_cancel_service(s->context);
}

static void
tell_failed(struct socket *s, const char *message, size_t len)
{
	char text[160] = "";

	if (s->trust.why) {
		tell_closed(s, "untrusted", s->trust.why);
		return;
	}
	if (message)
		memcpy(text, message,
		       len < sizeof text ? len : sizeof text - 1);
	/* So OpenSSL calls an answer that is no TLS, by way of lws. */
	if (strstr(text, "lib(0)::reason(1)"))
		(void)text_copy(text, sizeof text, "no TLS is spoken there");
	tell_closed(s, "unreachable", text);
}

/* A whole message: a text, or one that comes squeezed. */
static void
take_whole(struct socket *s, bool squeezed)
{
	enum squeeze_fault fault = SQUEEZE_GOOD;
	struct bytes text;

	bytes_init(&text);
	if (squeezed)
		fault = unsqueeze(&text, s->in.data, s->in.len, MOST_TEXT);
	else
		text = s->in;
	if (fault == SQUEEZE_GOOD)
		s->ups->text(s->up, text.len ? text.data : "", text.len);
	else
		s->why = fault == SQUEEZE_NO_MEMORY ? "memory" : "bad_message";
	if (squeezed)
		bytes_fini(&text);
}

static int
take_piece(struct socket *s, struct lws *wsi, const char *in, size_t len)
{
	if (s->in.len + len > MOST_TEXT) {
		s->why = "bad_message";
		return -1;
	}
	bytes_add(&s->in, in, len);
	if (s->in.failed) {
		s->why = "memory";
		return -1;
	}
	if (lws_remaining_packet_payload(wsi) || !lws_is_final_fragment(wsi))
		return 0;
	take_whole(s, lws_frame_is_binary(wsi));
	if (s->in.room > 65536)
		bytes_fini(&s->in);
	bytes_clear(&s->in);
	return s->why ? -1 : 0;
}

/* Writes the first frame; false when the line is broken. */
static bool
write_frame(struct socket *s, struct lws *wsi)
{
	struct frame *f = s->first;
	int n = lws_write(wsi, f->data + LWS_PRE, f->len, LWS_WRITE_TEXT);
	bool whole = n >= 0 && (size_t)n >= f->len;

	s->first = f->next;
	if (!s->first)
		s->last = &s->first;
	s->unsent -= f->len;
	free(f);
	return whole;
}

/* Holds back what does not fill a packet yet, or lets it go. */
static void
cork(struct lws *wsi, int hold)
{
	(void)setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_CORK, &hold,
			 sizeof hold);
}

/*
 * As many as the line takes without keeping a part, in few packets: a bad
 * network is paid by the packet.
 */
static int
send_frames(struct socket *s, struct lws *wsi)
{
	bool good = true;

	if (!s->first && s->leaving) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	cork(wsi, 1);
	while (good && s->first && !lws_send_pipe_choked(wsi))
		good = write_frame(s, wsi);
	cork(wsi, 0);
	if (good && (s->first || s->leaving))
		lws_callback_on_writable(wsi);
	return good ? 0 : -1;
}

static int
serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	struct socket *s = lws_context_user(lws_get_context(wsi));

	switch (reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		return trust_judge(&s->trust, user, len != 0) ? 0 : 1;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		s->open = true;
		s->ups->opened(s->up);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return take_piece(s, wsi, in, len);
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return send_frames(s, wsi);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		tell_failed(s, in, len);
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		tell_closed(s, "lost", NULL);
		break;
	default:
		break;
	}
	return 0;
}

/*
 * What libwebsockets (4.1.6) does without looking whether it could be done:
 * without memory for it the next call of OpenSSL would end the program.
 * OpenSSL does not try a second time; nor may we use it then.
 */
static bool
begin_tls(void)
{
	return OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG |
					   OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
					   OPENSSL_INIT_ADD_ALL_CIPHERS |
					   OPENSSL_INIT_ADD_ALL_DIGESTS,
				   NULL) == 1 &&
	       OSSL_LIB_CTX_get0_global_default() != NULL;
}

static struct lws_context *
make_context(struct socket *s)
{
	struct lws_context_creation_info info = { 0 };
	struct sigaction pipe_action;
	struct lws_context *context;

	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.user = s;
	info.gid = info.uid = -1;
	info.fd_limit_per_thread = 16;
	info.timeout_secs = 20;
	info.connect_timeout_secs = 20;
	info.alpn = "http/1.1";
	info.http_proxy_address = "";
	info.provided_client_ssl_ctx = handshake_context(s->shake);
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		       LWS_SERVER_OPTION_VALIDATE_UTF8;
	sigaction(SIGPIPE, NULL, &pipe_action);
	context = lws_create_context(&info);
	sigaction(SIGPIPE, &pipe_action, NULL);
	return context;
}

struct socket *
socket_new(const char *ca, const struct proxy *proxy,
	   const struct socket_ups *ups, void *context)
{
	struct socket *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->proxy = proxy;
	s->ups = ups;
	s->up = context;
	s->last = &s->first;
	bytes_init(&s->in);
	trust_init(&s->trust);
	lws_set_log_level(0, NULL);
	if (begin_tls())
		s->shake = handshake_new(ca);
	if (s->shake)
		s->context = make_context(s);
	if (s->context)
		return s;
	handshake_free(s->shake);
	free(s);
	return NULL;
}

void
socket_free(struct socket *s)
{
	if (!s)
		return;
	s->busy = false;
	lws_context_destroy(s->context);
	handshake_free(s->shake);
	drop_frames(s);
	bytes_fini(&s->in);
	free(s);
}

void
socket_connect(struct socket *s, const struct address *to, int64_t floor)
{
	static const lws_retry_bo_t no_pings = { 0 };
	const struct proxy *proxy = to->tls ? s->proxy : NULL;
	struct lws_client_connect_info info = { 0 };
	char host[ADDRESS_HOST + 2];

	must(!s->busy);
	s->busy = true;
	s->why = NULL;
	trust_begin(&s->trust, floor);
	if (!handshake_expect(s->shake, to, proxy)) {
		tell_closed(s, "memory", "");
		return;
	}
	snprintf(host, sizeof host, to->ip6 ? "[%s]" : "%s", to->host);
	info.context = s->context;
	info.address = proxy ? proxy->host : to->host;
	info.port = proxy ? proxy->port : to->port;
	info.host = host;
	info.path = to->path;
	info.protocol = info.local_protocol_name = WIRE_SUBPROTOCOL;
	info.alpn = "http/1.1";
	info.ssl_connection = to->tls ? LCCSCF_USE_SSL : 0;
	info.retry_and_idle_policy = &no_pings;
	info.pwsi = &s->wsi;
	if (!lws_client_connect_via_info(&info))
		tell_closed(s, "unreachable", "");
}

int64_t
socket_until(const struct socket *s)
{
	return s->trust.until;
}

bool
socket_send(struct socket *s, const char *text, size_t len)
{
	struct frame *f = malloc(sizeof *f + LWS_PRE + len);

	if (!f)
		return false;
	f->next = NULL;
	f->len = len;
	memcpy(f->data + LWS_PRE, text, len);
	*s->last = f;
	s->last = &f->next;
	s->unsent += len;
	if (s->wsi && s->open)
		lws_callback_on_writable(s->wsi);
	return true;
}

size_t
socket_unsent(const struct socket *s)
{
	return s->unsent;
}

void
socket_hang_up(struct socket *s, const char *why)
{
	if (!s->busy || !s->wsi)
		return;
	s->why = why;
	lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_REASON_BASE,
			LWS_TO_KILL_ASYNC);
}

void
socket_leave(struct socket *s)
{
	if (!s->busy || !s->wsi || !s->open)
		return;
	s->leaving = true;
	lws_callback_on_writable(s->wsi);
}

void
socket_listen(struct socket *s, bool listen)
{
	if (s->wsi && s->open)
		lws_rx_flow_control(s->wsi, listen);
}

/* That the turn ends is all that is wanted. */
static void
ring(lws_sorted_usec_list_t *alarm)
{
	(void)alarm;
}

void
socket_alarm(struct socket *s, int64_t ms)
{
	lws_sul_schedule(s->context, 0, &s->alarm, ring,
			 (ms > 0 ? ms : 1) * LWS_US_PER_MS);
}

/* A timeout that is set inside a callback may be cleared behind it. */
bool
socket_turn(struct socket *s)
{
	bool turned;

	if (s->why)
		socket_hang_up(s, s->why);
	turned = lws_service(s->context, 0) >= 0;
	read_meter(s);
	return turned;
}

void
socket_traffic(const struct socket *s, struct meter *total)
{
	total->sent = s->past.sent + s->line.sent;
	total->received = s->past.received + s->line.received;
}

unsigned
socket_resumed(const struct socket *s)
{
	return handshake_resumed(s->shake);
}

void
socket_wake(struct socket *s)
{
	lws_cancel_service(s->context);
}
