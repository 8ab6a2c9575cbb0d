/* SPDX-License-Identifier: Apache-2.0 */
/*
 * huiyind: one node. Builds the rooms in order, runs, takes them down in
 * reverse. News travels up only through the pointers handed down here.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "clock.h"
#include "conf.h"
#include "dispatch.h"
#include "duties.h"
#include "feedback.h"
#include "identities.h"
#include "log.h"
#include "net.h"
#include "notices.h"
#include "opened.h"
#include "operators.h"
#include "person.h"
#include "process.h"
#include "ref.h"
#include "seal_keys.h"
#include "secret.h"
#include "session.h"
#include "store.h"

#define TICK_MS 100

/* What every node can beyond version 1 of the protocol, see PROTOCOL.md. */
static const char *const beyond[] = { "due", "meeting", "store_mark",
				      "deflate" };
#define BEYOND (sizeof beyond / sizeof *beyond)

static struct node {
	struct conf conf;
	char uuid[REF_TEXT]; /* of this run */
	struct seal_keys keys;
	char feature[SEAL_KEYS][32];
	const char *features[SEAL_KEYS + BEYOND + 1]; /* ends with NULL */
	uv_loop_t *loop;
	uv_timer_t tick;
	uv_signal_t on_term, on_int, on_hup;
	struct store *store;
	struct sessions *sessions;
	struct notices *notices;
	struct feedback *feedback;
	struct identities *identities;
	struct net *net;
	struct duties duties;
	int64_t drain_ms; /* when draining began; 0: it has not */
	bool stopping;    /* past the drain: taking down */
} node;

/* --- sessions and what they say ----------------------------------------- */

static void *
on_opened(void *context, struct conn *conn)
{
	struct session *s = session_new(node.sessions, conn);

	(void)context;
	if (!s)
		conn_close(conn, 1013, "overloaded");
	return s;
}

static void
on_said(void *owner, const char *text, size_t len)
{
	if (owner)
		dispatch_said(owner, text, len);
}

static void
on_garbled(void *owner, const char *tag)
{
	if (owner)
		dispatch_garbled(owner, tag);
}

static void
on_writable(void *owner)
{
	if (!owner)
		return;
	session_pause(owner, PAUSE_UNREAD, false);
	notices_writable(node.notices, owner);
}

static void
on_closed(void *owner)
{
	if (owner)
		session_free(owner);
}

static void
on_greeted(void *context, struct session *s)
{
	(void)context;
	notices_greeted(node.notices, s);
}

static void
on_held(void *context, struct session *s, const char *text, size_t len)
{
	(void)context;
	dispatch_said(s, text, len);
}

/* --- the store ----------------------------------------------------------- */

static void
on_up(void *context, bool is_up)
{
	(void)context;
	log_event(is_up ? LOG_NOTE : LOG_WARN,
		  is_up ? "database is there" : "database is away", "why",
		  is_up ? NULL : store_trouble(node.store), NULL);
	if (!is_up)
		return;
	node.duties.alive_ms = 0;
	notices_start(node.notices);
	feedback_start(node.feedback);
	identities_start(node.identities);
}

static void
on_woken(void *context, const char *feed)
{
	(void)context;
	if (strcmp(feed, "notice") == 0)
		notices_wake(node.notices);
	else if (strcmp(feed, "feedback") == 0)
		feedback_wake(node.feedback);
	else
		identities_wake(node.identities);
}

static void
resume(void *context, struct session *s)
{
	(void)context;
	session_pause(s, PAUSE_FULL, false);
}

static void
on_roomy(void *context)
{
	(void)context;
	for (int i = 0; i < SESSION_STATES; i++)
		sessions_each(node.sessions, (enum session_state)i, resume,
			      NULL);
}

/* --- what operators see --------------------------------------------------- */

static char *
on_admin(void *context, const char *path, int *status)
{
	const struct operators view = {
		.store = node.store,
		.sessions = node.sessions,
		.notices = node.notices,
		.net = node.net,
		.draining = node.drain_ms != 0,
	};

	(void)context;
	return operators_answer(&view, path, status);
}

/* --- the end --------------------------------------------------------------- */

static void
pause_for_drain(void *context, struct session *s)
{
	(void)context;
	session_pause(s, PAUSE_DRAIN, true);
}

static void
say_bye(void *context, struct session *s)
{
	(void)context;
	session_dismiss(s, "restart", 2, 1012);
}

static void
each_session(void (*f)(void *context, struct session *s))
{
	for (int i = 0; i < SESSION_LEAVING; i++)
		sessions_each(node.sessions, (enum session_state)i, f, NULL);
}

static void
begin_drain(uv_signal_t *handle, int number)
{
	(void)handle;
	if (node.drain_ms) {
		node.drain_ms = 1; /* a second signal: at once */
		return;
	}
	log_event(LOG_NOTE, "draining", "signal", log_number(number), NULL);
	node.drain_ms = clock_ms();
	net_stop_listening(node.net);
	each_session(pause_for_drain);
}

static void
store_closed(void *context)
{
	(void)context;
	node.store = NULL;
	feedback_free(node.feedback);
	identities_free(node.identities);
	notices_free(node.notices);
	sessions_free(node.sessions);
}

static void
take_down(void)
{
	node.stopping = true;
	uv_close((uv_handle_t *)&node.tick, NULL);
	uv_close((uv_handle_t *)&node.on_term, NULL);
	uv_close((uv_handle_t *)&node.on_int, NULL);
	uv_close((uv_handle_t *)&node.on_hup, NULL);
	net_close(node.net);
	duties_end(&node.duties);
	store_close(node.store, store_closed, NULL);
}

/* First what is on its way is answered, then everybody is told bye. */
static void
drain(int64_t now)
{
	int64_t most = (int64_t)node.conf.drain_seconds * 1000;
	bool late = now - node.drain_ms > most;
	int open = 0;

	if (store_count(node.store).waiting == 0 || late)
		each_session(say_bye);
	for (int i = 0; i < SESSION_STATES; i++)
		open += sessions_count(node.sessions, (enum session_state)i);
	if (!sessions_are_idle(node.sessions))
		return; /* a password of some 200 ms */
	if (open == 0 || now - node.drain_ms > most + 2000)
		take_down();
}

static void
on_tick(uv_timer_t *timer)
{
	int64_t now = clock_ms();

	(void)timer;
	sessions_tick(node.sessions, now);
	duties_do(&node.duties, now);
	if (node.drain_ms)
		drain(now);
}

static void
reload(uv_signal_t *handle, int number)
{
	const char *why = "";

	(void)handle;
	(void)number;
	if (net_reload(node.net, &why))
		log_event(LOG_NOTE, "certificate reloaded", "file",
			  node.conf.cert, NULL);
	else
		log_event(LOG_BAD, "certificate kept: the new one is bad",
			  "file", node.conf.cert, "why", why, NULL);
}

/* --- the beginning --------------------------------------------------------- */

static bool
open_store(void)
{
	const struct store_settings settings = {
		.conninfo = node.conf.database,
		.name = node.conf.node,
		.queue = node.conf.queue,
		.timeout_seconds = node.conf.pg_timeout_seconds,
		.hash = secret_content,
	};
	const struct store_calls calls = { .up = on_up,
					   .woken = on_woken,
					   .roomy = on_roomy };

	node.store = store_open(node.loop, &settings, &calls);
	node.duties = (struct duties){
		.store = node.store,
		.node = node.uuid,
		.tick_seconds = node.conf.tick_seconds,
	};
	return node.store != NULL;
}

/* Which keys may be sealed to, and what is beyond. */
static void
list_features(void)
{
	size_t count = 0;

	for (; count < node.keys.count; count++) {
		snprintf(node.feature[count], sizeof node.feature[count],
			 "sealed:%s", node.keys.pair[count].open.name);
		node.features[count] = node.feature[count];
	}
	for (size_t i = 0; i < BEYOND; i++)
		node.features[count++] = beyond[i];
}

static bool
open_sessions(void)
{
	const struct sessions_settings settings = {
		.node = node.uuid,
		.window = node.conf.window,
		.acts_per_second = node.conf.acts_per_second,
		.keepalive_seconds = node.conf.keepalive_seconds,
		.keepalive_most_seconds = node.conf.keepalive_most_seconds,
		.max_frame = WIRE_FRAME_MAX,
		.features = node.features,
	};
	const struct session_calls calls = { .greeted = on_greeted,
					     .said = on_held };

	node.sessions = sessions_new(&settings, &calls, node.store);
	if (!node.sessions)
		return false;
	node.notices = notices_new(node.loop, node.sessions, node.store,
				   (size_t)node.conf.memory);
	node.feedback = feedback_new(node.sessions);
	node.identities = identities_new(node.sessions);
	return node.notices && node.feedback && node.identities;
}

static struct net_settings
net_settings(const struct conf *c)
{
	return (struct net_settings){
		.host = c->host,
		.port = c->port,
		.listen_fd = c->listen_fd,
		.cert = c->cert,
		.key = c->key,
		.names = c->names,
		.origins = c->origins,
		.mtls_port = c->mtls_port,
		.client_ca = c->client_ca,
		.admin_host = c->admin_host,
		.admin_port = c->admin_port,
		.per_address = c->per_address,
		.handshakes = c->handshakes,
		.connections = c->connections,
		.handshake_seconds = c->handshake_seconds,
		.login_seconds = c->login_seconds,
		.message_seconds = c->message_seconds,
		.keepalive_seconds = c->keepalive_seconds,
		.stall_seconds = c->stall_seconds,
		.max_message = WIRE_FRAME_MAX,
		.max_unsent = (size_t)c->max_unsent,
		.ticket_key = secret_ticket_key,
	};
}

static bool
open_net(const char **why)
{
	const struct net_settings settings = net_settings(&node.conf);
	const struct net_calls calls = {
		.opened = on_opened,
		.said = on_said,
		.garbled = on_garbled,
		.writable = on_writable,
		.closed = on_closed,
		.admin = on_admin,
	};

	node.net = net_open(node.loop, &settings, &calls, why);
	return node.net != NULL;
}

static void
watch(uv_signal_t *handle, int number, uv_signal_cb callback)
{
	must(uv_signal_init(node.loop, handle) == 0);
	must(uv_signal_start(handle, callback, number) == 0);
}

static bool
build(const char **why)
{
	*why = "out of memory";
	/* First what may fail: nothing else is on the loop then. */
	if (!ref_new(node.uuid) || !open_net(why))
		return false;
	*why = "out of memory";
	if (!open_store() || !open_sessions())
		return false;
	watch(&node.on_term, SIGTERM, begin_drain);
	watch(&node.on_int, SIGINT, begin_drain);
	watch(&node.on_hup, SIGHUP, reload);
	must(uv_timer_init(node.loop, &node.tick) == 0);
	must(uv_timer_start(&node.tick, on_tick, TICK_MS, TICK_MS) == 0);
	return true;
}

static int
run(void)
{
	const char *why = "";

	if (!secret_open(node.conf.installation_secret_file, &why)) {
		log_event(LOG_BAD, "the installation's secret is not usable",
			  "file", node.conf.installation_secret_file, "why",
			  why, NULL);
		return 1;
	}
	if (!seal_keys_init(&node.keys, node.conf.seal_secret, &why)) {
		log_event(LOG_BAD, "the county's private keys are not usable",
			  "why", why, NULL);
		return 1;
	}
	opened_use(&node.keys);
	list_features();
	if (!person_open(node.conf.auditor_key, &why)) {
		log_event(LOG_BAD, "the auditor's key is not usable", "why",
			  why, NULL);
		return 1;
	}
	process_limit_files(node.conf.connections);
	node.loop = uv_default_loop();
	if (!build(&why)) {
		log_event(LOG_BAD, "cannot start", "why", why, NULL);
		return 1;
	}
	log_event(LOG_NOTE, "started", "version", HUIYIN_VERSION, "port",
		  log_number(node.conf.port), "node", node.uuid, NULL);
	uv_run(node.loop, UV_RUN_DEFAULT);
	seal_keys_fini(&node.keys);
	log_event(LOG_NOTE, "stopped", NULL);
	return 0;
}

int
main(int argc, char **argv)
{
	enum conf_wish wish;
	int status;

	process_prepare();
	status = conf_read(&node.conf, argc, argv, &wish);
	if (status != 0 || wish == CONF_DONE)
		return status;
	if (wish == CONF_PRINT)
		conf_print(&node.conf, stdout);
	log_init(node.conf.node, strcmp(node.conf.log, "json") == 0,
		 (enum log_level)node.conf.log_level);
	if (wish == CONF_CHECK)
		status = process_check_files(&node.conf);
	else if (wish == CONF_RUN)
		status = run();
	conf_fini(&node.conf);
	return status;
}
