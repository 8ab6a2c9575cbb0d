/* SPDX-License-Identifier: Apache-2.0 */
/* net: the room as a whole, made and taken down. */
#include "net.h"

#include <dlfcn.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "callback.h"
#include "log.h"
#include "net_body.h"
#include "tls.h"

#define HEADERS_MOST 4096 /* bytes of one request's head */

/* All zero: its own keep-alive timers are one sorted list, ours a wheel. */
static const lws_retry_bo_t no_validity;

/* Its errors are mostly what peers do: worth reading, not worth a warning. */
static void
on_log(int level, const char *line)
{
	char text[256];
	size_t len = strcspn(line, "\n");

	(void)level;
	if (len >= sizeof text)
		len = sizeof text - 1;
	memcpy(text, line, len);
	text[len] = 0;
	log_event(LOG_DEBUG, "libwebsockets", "says", text, NULL);
}

void
net_wake(struct net *net)
{
	if (net->waking || !net->context)
		return;
	net->waking = true;
	lws_cancel_service(net->context);
}

static void
each_second(void *context)
{
	doors_resume(context);
}

/* ---- making it --------------------------------------------------------- */

static void
common_info(const struct net *net, struct lws_context_creation_info *info)
{
	unsigned seconds = (unsigned)net->settings.handshake_seconds + 1;

	memset(info, 0, sizeof *info);
	info->port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info->protocols = net_protocols;
	info->alpn = "http/1.1";
	info->server_string = "huiyin"; /* empty, it would abort on a 403 */
	info->retry_and_idle_policy = &no_validity;
	info->timeout_secs = seconds; /* ours come first: wheel */
	info->timeout_secs_ah_idle = seconds;
	info->keepalive_timeout = 5;
	info->options =
		LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
		LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		LWS_SERVER_OPTION_VALIDATE_UTF8 |
		LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
		LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;
}

/*
 * A connection for which memory was out in its event loop's plug-in keeps
 * libwebsockets from ever counting down to its end (4.1.6, elops_accept_uv):
 * it would unload the plug-in while handles still close through it.
 */
static void
keep_plug_in(void)
{
	void *plug_in = dlopen("libwebsockets-evlib_uv.so",
			       RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);

	if (plug_in)
		(void)dlclose(plug_in);
}

static bool
make_context(struct net *net)
{
	struct lws_context_creation_info info;
	void *loops[1] = { net->loop };

	lws_set_log_level(LLL_ERR, on_log);
	common_info(net, &info);
	info.user = net;
	info.pcontext = &net->context; /* cleared when it is gone */
	info.foreign_loops = loops;
	info.max_http_header_data = HEADERS_MOST;
	info.max_http_header_pool2 = (unsigned)net->settings.handshakes + 16;
	net->context = lws_create_context(&info);
	keep_plug_in();
	return net->context != NULL;
}

int
net_prepare_tls(struct net *net, struct door *door, SSL_CTX *ctx)
{
	bool certified = door->kind == DOOR_CERTIFIED;

	if (!tls_prepare(ctx, certified) ||
	    !tls_use(ctx, net->files, certified))
		return -1;
	if (!certified && net->tickets.key)
		tickets_use(&net->tickets, ctx);
	door->ssl = ctx;
	return 0;
}

static bool
make_vhost(struct net *net, enum door_kind kind)
{
	static const char *const names[DOOR_KINDS] = { "common", "certified",
						       "admin" };
	struct lws_context_creation_info info;
	struct door *door = &net->door[kind];

	common_info(net, &info);
	info.vhost_name = names[kind];
	info.user = door;
	if (kind != DOOR_ADMIN)
		info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
	door->vhost = lws_create_vhost(net->context, &info);
	return door->vhost != NULL;
}

static bool
is_wanted(const struct net *net, enum door_kind kind)
{
	return kind == DOOR_COMMON ||
	       (kind == DOOR_CERTIFIED && net->settings.mtls_port > 0) ||
	       (kind == DOOR_ADMIN && net->settings.admin_port > 0);
}

static const char *
make_doors(struct net *net)
{
	const char *why = NULL;

	for (enum door_kind kind = 0; kind < DOOR_KINDS; kind++) {
		if (!is_wanted(net, kind))
			continue;
		if (!make_vhost(net, kind))
			return "certificate or key cannot be used for TLS";
		if (door_open(&net->door[kind], &why) < 0)
			return why;
	}
	return NULL;
}

static const char *
make_all(struct net *net)
{
	const struct net_settings *s = &net->settings;
	struct tls_files files;
	const char *why;

	if (s->mtls_port > 0 && !s->client_ca)
		return "client certificates need the file of their authority";
	if (!tls_files_load(&files, s->cert, s->key,
			    s->mtls_port > 0 ? s->client_ca : NULL, &why))
		return why;
	if (!tls_files_in_date(&files))
		log_event(LOG_BAD, "the certificate is not valid today", "file",
			  s->cert, NULL);
	net->files = &files;
	why = make_context(net) ? make_doors(net) :
				  "libwebsockets cannot start";
	net->files = NULL;
	tls_files_fini(&files);
	return why;
}

static struct net *
net_new(uv_loop_t *loop, const struct net_settings *s,
	const struct net_calls *calls)
{
	struct net *net = calloc(1, sizeof *net);

	if (!net)
		return NULL;
	net->loop = loop;
	net->settings = *s;
	net->calls = *calls;
	net->gate.most = s->per_address;
	net->tickets.key = s->ticket_key;
	bytes_init(&net->scratch);
	for (int i = 0; i < CONN_STATES; i++)
		TAILQ_INIT(&net->list[i]);
	for (enum door_kind kind = 0; kind < DOOR_KINDS; kind++) {
		net->door[kind].net = net;
		net->door[kind].kind = kind;
		net->door[kind].fd = -1;
	}
	wheel_open(&net->wheel, loop, conn_due, each_second, net);
	net->handles++;
	return net;
}

struct net *
net_open(uv_loop_t *loop, const struct net_settings *s,
	 const struct net_calls *calls, const char **why)
{
	struct net *net = net_new(loop, s, calls);

	*why = "no memory";
	if (!net)
		return NULL;
	*why = make_all(net);
	if (!*why)
		return net;
	net_close(net);
	return NULL;
}

/* ---- afterwards -------------------------------------------------------- */

void
net_stop_listening(struct net *net)
{
	door_close(&net->door[DOOR_COMMON]);
	door_close(&net->door[DOOR_CERTIFIED]);
}

bool
net_reload(struct net *net, const char **why)
{
	const struct net_settings *s = &net->settings;
	struct tls_files files;
	bool ok;

	if (!tls_files_load(&files, s->cert, s->key,
			    s->mtls_port > 0 ? s->client_ca : NULL, why))
		return false;
	*why = "the certificate is not valid today";
	ok = tls_files_in_date(&files);
	for (int i = 0; ok && i < DOOR_KINDS; i++) {
		struct door *door = &net->door[i];

		*why = "certificate or key cannot be used for TLS";
		if (door->ssl)
			ok = tls_use(door->ssl, &files,
				     door->kind == DOOR_CERTIFIED);
	}
	tls_files_fini(&files);
	return ok;
}

struct net_counts
net_count(const struct net *net)
{
	return (struct net_counts){
		.handshaking = net->count[CONN_HANDSHAKING],
		.open = net->count[CONN_OPEN] + net->count[CONN_CLOSING],
	};
}

static void
on_wheel_closed(uv_handle_t *handle)
{
	struct wheel *wheel = handle->data;
	struct net *net = wheel->context;

	net->handles--;
}

static void
look_for_closing(uv_handle_t *handle, void *found)
{
	if (uv_is_closing(handle))
		*(bool *)found = true;
}

static bool
is_closing(uv_loop_t *loop)
{
	bool found = false;

	uv_walk(loop, look_for_closing, &found);
	return found;
}

/*
 * On a loop of somebody else libwebsockets closes in two steps: its handles
 * through the loop, then, asked again, the rest (4.1.6, libuv.c).
 */
void
net_close(struct net *net)
{
	if (!net)
		return;
	for (int i = 0; i < DOOR_KINDS; i++)
		door_close(&net->door[i]);
	if (net->context)
		lws_context_destroy(net->context);
	wheel_close(&net->wheel, on_wheel_closed);
	while (is_closing(net->loop))
		uv_run(net->loop, UV_RUN_NOWAIT);
	if (net->context)
		lws_context_destroy(net->context);
	must(net->handles == 0 && !net->context);
	bytes_fini(&net->scratch);
	free(net);
}
