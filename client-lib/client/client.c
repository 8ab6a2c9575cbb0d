/* SPDX-License-Identifier: Apache-2.0 */
/* client: opened, closed, and asked for what it has. */
#include "client.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fault.h"
#include "line.h"
#include "load.h"
#include "log.h"
#include "mend.h"
#include "meta.h"
#include "outbox.h"
#include "trust.h"

enum shown { SHOWN_NOTICE, SHOWN_REFUSED };

void
request_free(struct request *r)
{
	if (!r)
		return;
	free(r->params);
	free(r);
}

int
client_check(const struct hy_client *client)
{
	if (!client)
		return fault(HY_ERR_INPUT, "bad_value", "client",
			     "There is no client.");
	if (client->process != getpid())
		return fault(HY_ERR_INPUT, "bad_value", "client",
			     "The client was opened by another process, and "
			     "does not survive fork().");
	return HY_OK;
}

void
client_lock(struct hy_client *client)
{
	pthread_mutex_lock(&client->lock);
}

void
client_unlock(struct hy_client *client)
{
	disk_rest(client->disk);
	pthread_mutex_unlock(&client->lock);
}

int64_t
client_now(const struct hy_client *client)
{
	int64_t ours = clock_wall_ms() / 1000;

	if (client->clock_shift != 0)
		return (clock_ms() + client->clock_shift) / 1000;
	return ours > client->floor ? ours : client->floor;
}

void
client_set_floor(struct hy_client *client, int64_t told)
{
	int64_t built = trust_built();

	client->floor = told > built ? told : built;
}

struct event *
client_refused(const char *ref, const char *act, const char *error)
{
	hy_event e = {
		.kind = HY_REFUSED, .ref = ref, .act = act, .body = error
	};
	json_t *root = load_text(error, 0, NULL);
	json_t *data = json_object_get(root, "data");
	const char *message, *allow;
	struct event *event;
	char sentence[600];

	if (!root)
		return NULL;
	message = json_string_value(json_object_get(root, "message"));
	allow = json_string_value(json_object_get(data, "allow"));
	snprintf(sentence, sizeof sentence, "%s%s%s", message ? message : "",
		 message && allow ? " " : "", allow ? allow : "");
	e.message = sentence;
	e.tag = json_string_value(json_object_get(data, "tag"));
	e.path = json_string_value(json_object_get(data, "path"));
	e.retry = (int)json_integer_value(json_object_get(data, "after"));
	event = event_new(&e);
	json_decref(root);
	return event;
}

static void
tell_damage(struct hy_client *client, const struct disk_news *news)
{
	hy_event e = { .kind = HY_TROUBLE, .tag = "store_damaged" };
	char message[200];

	if (!news->damaged)
		return;
	if (news->gone)
		snprintf(message, sizeof message,
			 "The file of the store was emptied or removed: what "
			 "was kept in it is lost.");
	else
		snprintf(message, sizeof message,
			 "The store was damaged. It was set aside as %s; %u "
			 "rows of it were saved.",
			 news->aside, news->saved);
	e.message = message;
	options_log(&client->options, LOG_BAD, "%s", message);
	events_give(&client->events, event_new(&e));
}

/* On a full disk what is damaged stays so, until the next opening. */
static void
mend_rows(struct hy_client *client)
{
	hy_event e = { .kind = HY_TROUBLE, .tag = "store_damaged" };
	char message[200];
	unsigned mended;

	if (mend_all(client->disk, &mended) != HY_OK) {
		options_log(&client->options, LOG_BAD, "%s",
			    hy_last_error()->message);
		return;
	}
	if (mended == 0)
		return;
	snprintf(message, sizeof message,
		 "%u rows of the store were damaged; the server is asked for "
		 "what stood there.",
		 mended);
	e.message = message;
	options_log(&client->options, LOG_BAD, "%s", message);
	events_give(&client->events, event_new(&e));
}

/*
 * What one has said is not sent as another's, nor are its keys shown to one.
 * The owner is there twice (identity begins with it): where the two are not of
 * one mind the disk has damaged one, and that is no reason to lock anybody out.
 */
static int
check_owner(struct hy_client *client, const char *owner)
{
	const char *lang = client->options.given.lang;
	char before[400], identity[400], message[300];
	hy_outbox_state box = { 0 };
	int code = meta_get_text(client->disk, "owner", before, sizeof before);

	if (code == HY_OK)
		code = meta_get_text(client->disk, "identity", identity,
				     sizeof identity);
	if (code == HY_OK)
		code = outbox_count(client->disk, &box);
	if (code != HY_OK)
		return code;
	if (strcmp(before, owner) == 0)
		return HY_OK;
	if (!before[0] || box.waiting + box.settled + box.refused == 0 ||
	    strncmp(identity, before, strlen(before)) != 0)
		return meta_set_text(client->disk, "owner", owner);
	snprintf(message, sizeof message,
		 lang_is_chinese(lang) ?
			 "此存储中有以 %.80s身份提交的内容。请仍用该身份打开,"
			 "或另选存储目录。" :
			 "In this store are acts of %.80s: open it as that, or "
			 "take another store.",
		 before);
	return fault(HY_ERR_INPUT, "bad_value", "name", message);
}

/* The same kiosk in the same place: else its cursor means nothing. */
static int
open_shelf(struct hy_client *client)
{
	const hy_options *o = &client->options.given;
	char owner[200], identity[400];
	int code;

	snprintf(owner, sizeof owner, "%s %s", o->as, o->name ? o->name : "");
	snprintf(identity, sizeof identity, "%s %s", owner,
		 o->region ? o->region : "");
	code = disk_begin(client->disk);
	if (code != HY_OK)
		return code;
	code = check_owner(client, owner);
	if (code == HY_OK)
		code = shelf_open(client->disk, identity, &client->line->place);
	if (code == HY_OK)
		code = disk_commit(client->disk);
	if (code != HY_OK)
		disk_rollback(client->disk);
	client_set_floor(client, client->line->place.told);
	return code;
}

/* What had ended before, and nobody said hy_done. */
static void
pin_old(struct hy_client *client)
{
	struct outbox_act act;

	client->old_left = outbox_next_ended(client->disk, 0, &act) == 1;
	if (client->old_left)
		events_pin(&client->events, true);
}

/* The thread takes no signal: they are the program's. */
static int
start_thread(struct hy_client *client)
{
	sigset_t all, before;
	int wrong;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	wrong = pthread_create(&client->thread, NULL, line_run, client->line);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return wrong ? fault(HY_ERR_SYSTEM, NULL, NULL, NULL) : HY_OK;
}

static void
client_free(struct hy_client *client)
{
	struct request *r;

	line_free(client->line);
	disk_close(client->disk);
	while ((r = STAILQ_FIRST(&client->requests)) != NULL) {
		STAILQ_REMOVE_HEAD(&client->requests, next);
		request_free(r);
	}
	event_free(client->shown[SHOWN_NOTICE]);
	event_free(client->shown[SHOWN_REFUSED]);
	events_fini(&client->events);
	options_fini(&client->options);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

static int
open_all(struct hy_client *client, const hy_options *options)
{
	struct disk_news news;
	int code = options_copy(&client->options, options);

	if (code != HY_OK)
		return code;
	code = disk_open(&client->disk, client->options.given.store, &news);
	if (code != HY_OK)
		return code;
	tell_damage(client, &news);
	client->line = line_new(client);
	if (!client->line)
		return fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	mend_rows(client);
	code = open_shelf(client);
	if (code != HY_OK)
		return code;
	pin_old(client);
	return start_thread(client);
}

int
hy_open(hy_client **opened, const hy_options *options)
{
	struct hy_client *client;
	int code;

	if (!opened)
		return fault(HY_ERR_INPUT, NULL, "client", NULL);
	*opened = NULL;
	client = calloc(1, sizeof *client);
	if (!client)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	client->process = getpid();
	STAILQ_INIT(&client->requests);
	client->waiting = client->receipts = true;
	pthread_mutex_init(&client->lock, NULL);
	code = events_init(&client->events) ?
		       open_all(client, options) :
		       fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	if (code == HY_OK)
		*opened = client;
	else
		client_free(client);
	return code;
}

void
hy_close(hy_client *client)
{
	if (client_check(client) != HY_OK)
		return; /* nothing, or another process's */
	client_lock(client);
	client->stopping = true;
	client_unlock(client);
	line_wake(client->line);
	pthread_join(client->thread, NULL);
	if (client->scrub)
		disk_scrub(client->disk);
	client_free(client);
}

int
hy_fd(const hy_client *client)
{
	return client_check(client) == HY_OK ? client->events.fd : -1;
}

static struct event *
event_of_ended(const struct outbox_act *act)
{
	hy_event e = { .kind = HY_SETTLED,
		       .ref = act->ref,
		       .act = act->name,
		       .body = act->answer };

	if (!act->answer)
		return NULL; /* no memory: it comes after the next restart */
	if (act->state == OUTBOX_REFUSED)
		return client_refused(act->ref, act->name, act->answer);
	return event_new(&e);
}

static struct event *
take_old(struct hy_client *client)
{
	struct event *e = NULL;
	struct outbox_act act;

	client_lock(client);
	if (outbox_next_ended(client->disk, client->old_after, &act) == 1) {
		client->old_after = act.number;
		e = event_of_ended(&act);
	}
	client_unlock(client);
	client->old_left = e != NULL;
	if (!e)
		events_pin(&client->events, false);
	return e;
}

const hy_event *
hy_next(hy_client *client)
{
	struct event *e;

	if (client_check(client) != HY_OK)
		return NULL;
	e = client->old_left ? take_old(client) : NULL;
	if (!e)
		e = events_take(&client->events);
	event_free(client->events.out);
	client->events.out = e;
	return e ? event_face(e) : NULL;
}

const hy_event *
hy_wait(hy_client *client, int ms)
{
	struct pollfd ready = { .fd = hy_fd(client), .events = POLLIN };
	int64_t until = clock_ms() + ms;
	const hy_event *event;

	while (ready.fd >= 0) {
		event = hy_next(client);
		if (event || (ms >= 0 && clock_ms() >= until))
			return event;
		if (poll(&ready, 1,
			 ms < 0 ? -1 :
				  (int)(until - clock_ms() > 0 ?
						until - clock_ms() :
						0)) < 0 &&
		    errno != EINTR)
			return NULL;
	}
	return NULL;
}

/* Shows one event of a walk, until the next of that walk. */
static const hy_event *
show(struct hy_client *client, enum shown which, struct event *e)
{
	event_free(client->shown[which]);
	client->shown[which] = e;
	return e ? event_face(e) : NULL;
}

const hy_event *
hy_notices(hy_client *client, int64_t after)
{
	hy_event e = { .kind = HY_NOTICE, .act = "notice" };
	struct shelf_notice notice;
	struct event *event = NULL;

	if (client_check(client) != HY_OK)
		return NULL;
	client_lock(client);
	if (shelf_next(client->disk, after, client_now(client), &notice) == 1) {
		e.seq = notice.seq;
		e.body = notice.body;
		event = event_new(&e);
	}
	client_unlock(client);
	return show(client, SHOWN_NOTICE, event);
}

const hy_event *
hy_refused(hy_client *client, int64_t after)
{
	struct event *why = NULL, *event = NULL;
	struct outbox_act act;
	hy_event e;

	if (client_check(client) != HY_OK)
		return NULL;
	client_lock(client);
	if (outbox_next_refused(client->disk, after, &act) == 1)
		why = event_of_ended(&act);
	if (why) {
		e = *event_face(why);
		e.body = act.params;
		e.seq = act.number;
		event = event_new(&e);
	}
	client_unlock(client);
	event_free(why);
	return show(client, SHOWN_REFUSED, event);
}
