/* SPDX-License-Identifier: Apache-2.0 */
/* identities: follows what administrators change. */
#include "identities.h"

#include <stdlib.h>

#include "feed.h"
#include "session.h"

struct identities {
	struct sessions *sessions; /* borrowed */
	struct feed *feed;
	bool started;
};

static const struct feed_settings feed_settings = {
	.name = "identity",
	.ask = ASK_principals_changed,
	.position = "xid",
	.next = "xid",
};

/* Disabled by mistake, it is enabled soon: a kiosk must not be away for long. */
#define DISABLED_SECONDS 300

static void
dismiss_disabled(void *context, struct session *s)
{
	(void)context;
	session_dismiss(s, "disabled", DISABLED_SECONDS, 1008);
}

static void
dismiss_changed(void *context, struct session *s)
{
	(void)context;
	session_dismiss(s, "audience", 1, 1012);
}

static bool
grew(void *context, const json_t *items, const json_t *answer)
{
	struct identities *i = context;
	json_t *item;
	size_t at;

	(void)answer;
	json_array_foreach(items, at, item) {
		int64_t principal =
			json_integer_value(json_object_get(item, "principal"));

		if (!json_is_true(json_object_get(item, "active")))
			sessions_each_of(i->sessions, principal,
					 dismiss_disabled, NULL);
		else if (json_is_true(json_object_get(item, "audience")))
			sessions_each_of(i->sessions, principal,
					 dismiss_changed, NULL);
	}
	return true;
}

struct identities *
identities_new(struct sessions *sessions)
{
	struct identities *i = calloc(1, sizeof *i);
	const struct feed_calls calls = { .grew = grew, .context = i };

	if (!i)
		return NULL;
	i->sessions = sessions;
	i->feed = feed_new(sessions_store(sessions), &feed_settings, &calls);
	if (i->feed)
		return i;
	free(i);
	return NULL;
}

void
identities_free(struct identities *i)
{
	if (!i)
		return;
	feed_free(i->feed);
	free(i);
}

void
identities_start(struct identities *i)
{
	if (i->started) {
		feed_wake(i->feed);
		return;
	}
	i->started = true;
	feed_start(i->feed, NULL);
}

void
identities_wake(struct identities *i)
{
	feed_wake(i->feed);
}
