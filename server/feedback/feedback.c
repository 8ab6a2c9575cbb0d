/* SPDX-License-Identifier: Apache-2.0 */
/* feedback: submitting, and telling kiosks and consoles of changes. */
#include "feedback.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "dump.h"
#include "feed.h"
#include "message.h"
#include "ref.h"
#include "secret.h"
#include "session.h"
#include "submitter.h"

struct feedback {
	struct sessions *sessions; /* borrowed */
	struct feed *feed;
	bool started;
};

static const struct feed_settings feed_settings = {
	.name = "feedback",
	.ask = ASK_feedback_changes,
	.position = "xid",
	.next = "xid",
};

/* One piece of news for several sessions. */
static void
tell(void *context, struct session *s)
{
	const struct bytes *text = context;

	session_send(s, text->data, text->len);
}

/* Only who may open it: the department's keepers and relays may not. */
static void
tell_desk(void *context, struct session *s)
{
	const unsigned desk = WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR;

	if (session_identity(s)->roles & desk)
		tell(context, s);
}

/* News made of some keys of an item; false when memory is out. */
static bool
make_news(struct bytes *text, enum news_id news, const json_t *item)
{
	const struct news *row = news_row(news);
	json_t *params = json_object();
	char *dump = NULL;
	bool whole = params != NULL;

	for (size_t i = 0; i < row->field_count && whole; i++)
		whole = json_object_set(
				params, row->field[i].path,
				json_object_get(item, row->field[i].path)) == 0;
	if (whole)
		dump = dump_text(params, 0);
	json_decref(params);
	if (!dump)
		return false;
	message_news(text, news, dump);
	free(dump);
	return !text->failed;
}

/* Who has to decide hears of it, not everybody of the office. */
static void
tell_decider(void *context, struct session *s)
{
	if (session_identity(s)->roles & WHO_COORDINATOR)
		tell(context, s);
}

/* False when memory is out, as the two below. */
static bool
tell_kiosk(struct feedback *f, const json_t *item)
{
	int64_t kiosk = json_integer_value(json_object_get(item, "kiosk"));
	struct bytes text;
	bool made;

	if (!kiosk || !sessions_any_of(f->sessions, kiosk))
		return true;
	bytes_init(&text);
	made = make_news(&text, NEWS_feedback_changed, item);
	if (made)
		sessions_each_of(f->sessions, kiosk, tell, &text);
	bytes_fini(&text);
	return made;
}

/* What consoles are told: inbox.changed, or what the item names. */
static enum news_id
news_of(const json_t *item)
{
	const char *name = json_string_value(json_object_get(item, "news"));
	int found = name ? news_find(name) : -1;

	return found < 0 ? NEWS_inbox_changed : (enum news_id)found;
}

/* Made only where a console listens: most changes have none here. */
static bool
tell_department(struct feedback *f, const json_t *item, int64_t department,
		void (*tell_one)(void *context, struct session *s))
{
	struct bytes text;
	bool made;

	if (!sessions_any_in(f->sessions, department))
		return true;
	bytes_init(&text);
	made = make_news(&text, news_of(item), item);
	if (made)
		sessions_each_in(f->sessions, department, tell_one, &text);
	bytes_fini(&text);
	return made;
}

/* key: who they are in the item; whom of them: tell_one says. */
static bool
tell_departments(struct feedback *f, const json_t *item, const char *key,
		 void (*tell_one)(void *context, struct session *s))
{
	const json_t *departments = json_object_get(item, key);
	json_t *department;
	bool told = true;
	size_t i;

	json_array_foreach(departments, i, department)
		told &= tell_department(f, item, json_integer_value(department),
					tell_one);
	return told;
}

static bool
tell_all(struct feedback *f, const json_t *items)
{
	bool told = true;
	json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		told &= tell_kiosk(f, item);
		told &= tell_departments(f, item, "departments", tell_desk);
		told &= tell_departments(f, item, "deciders", tell_decider);
	}
	return told;
}

/*
 * What could not be told is read again: some then hear of it twice. Others are
 * what departments do together, told to the same consoles.
 */
static bool
grew(void *context, const json_t *items, const json_t *answer)
{
	struct feedback *f = context;
	bool told = tell_all(f, items);

	return tell_all(f, json_object_get(answer, "others")) && told;
}

struct feedback *
feedback_new(struct sessions *sessions)
{
	struct feedback *f = calloc(1, sizeof *f);
	const struct feed_calls calls = { .grew = grew, .context = f };

	if (!f)
		return NULL;
	f->sessions = sessions;
	f->feed = feed_new(sessions_store(sessions), &feed_settings, &calls);
	if (f->feed)
		return f;
	free(f);
	return NULL;
}

void
feedback_free(struct feedback *f)
{
	if (!f)
		return;
	feed_free(f->feed);
	free(f);
}

void
feedback_start(struct feedback *f)
{
	if (f->started) {
		feed_wake(f->feed);
		return;
	}
	f->started = true;
	feed_start(f->feed, NULL);
}

void
feedback_wake(struct feedback *f)
{
	feed_wake(f->feed);
}

/* A submission that waits to be settled. */
struct submission {
	struct call *call;
	char ref[REF_TEXT];
	bool copy; /* is told no key */
};

/* Puts the key, which nobody has stored, behind what SQL answered. */
static bool
add_key(struct bytes *to, const char *result, const char *ref)
{
	const char *end = strrchr(result, '}');
	char key[SECRET_KEY_DIGITS];

	if (!end)
		return false;
	secret_receipt_key(ref, key);
	bytes_add(to, result, (size_t)(end - result));
	bytes_format(to, ",\"key\":\"%s\"}", key);
	return !to->failed;
}

static void
settled(void *context, const char *result, const struct refusal *why)
{
	struct submission *sub = context;
	struct refusal trouble;
	struct bytes text;

	bytes_init(&text);
	if (why->id != REFUSAL_none || sub->copy) {
		call_done(sub->call, result, why);
	} else if (add_key(&text, result, sub->ref)) {
		call_done(sub->call, text.data, why);
	} else {
		(void)refuse(&trouble, REFUSAL_overloaded, NULL);
		call_done(sub->call, NULL, &trouble);
	}
	bytes_fini(&text);
	free(sub);
}

/* What the peer said, by which a repeat is known, and as SQL gets it. */
static bool
settle(struct session *s, const char *ref, const json_t *params,
       struct submission *sub)
{
	struct store_who who = session_who(s);
	char *said = message_canonical(params);
	char *sealed = said ? submitter_seal(params) : NULL;

	if (sealed)
		store_settle_sealed(sessions_store(session_all(s)),
				    act_row(ACT_feedback_submit), ref, &who,
				    said, sealed, settled, sub);
	free(said);
	free(sealed);
	return sealed != NULL;
}

void
feedback_submit(struct session *s, const struct message *m, const char *ref)
{
	struct call *call = call_new(s, act_row(ACT_feedback_submit), m->id);
	struct submission *sub = call ? malloc(sizeof *sub) : NULL;

	if (!call)
		return;
	if (sub) {
		sub->call = call;
		sub->copy = m->copy;
		memcpy(sub->ref, ref, sizeof sub->ref);
		if (settle(s, ref, m->params, sub))
			return;
	}
	free(sub);
	call_refuse(call, REFUSAL_overloaded, NULL);
}
