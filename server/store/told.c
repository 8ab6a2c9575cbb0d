/* SPDX-License-Identifier: Apache-2.0 */
/* told: refusals as values, told now or a turn later. */
#include "told.h"

#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "load.h"
#include "log.h"
#include "store_body.h"

void
told_init(struct told_list *list)
{
	STAILQ_INIT(&list->waiting);
	STAILQ_INIT(&list->spare);
	for (int i = 0; i < TOLD_RESERVE; i++) {
		list->reserve[i].reserved = true;
		STAILQ_INSERT_TAIL(&list->spare, &list->reserve[i], next);
	}
}

static void
tell(store_answered_f *answered, void *context, enum refusal_id id)
{
	struct refusal why;

	(void)refuse(&why, id, NULL);
	answered(context, NULL, &why);
}

static struct told *
told_new(struct told_list *list)
{
	struct told *told = calloc(1, sizeof *told);

	if (told || STAILQ_EMPTY(&list->spare))
		return told;
	told = STAILQ_FIRST(&list->spare);
	STAILQ_REMOVE_HEAD(&list->spare, next);
	return told;
}

void
told_later(struct store *store, store_answered_f *answered, void *context,
	   enum refusal_id why)
{
	struct told *told = told_new(&store->told);

	if (!told) {
		tell(answered, context, why);
		return;
	}
	told->answered = answered;
	told->context = context;
	told->why = why;
	STAILQ_INSERT_TAIL(&store->told.waiting, told, next);
	store_later(store);
}

void
told_tell(struct told_list *list)
{
	struct told_queue now = STAILQ_HEAD_INITIALIZER(now);
	struct told *told;

	STAILQ_CONCAT(&now, &list->waiting);
	while ((told = STAILQ_FIRST(&now)) != NULL) {
		STAILQ_REMOVE_HEAD(&now, next);
		tell(told->answered, told->context, told->why);
		if (told->reserved)
			STAILQ_INSERT_TAIL(&list->spare, told, next);
		else
			free(told);
	}
}

/* A tag we have no row for is SQL's slip: it is named in the log. */
static void
refuse_by_tag(struct refusal *why, const char *tag, const char *path)
{
	enum refusal_id id = refusal_find(tag);

	if (id == REFUSAL_internal)
		log_event(LOG_BAD, "SQL refuses by an unknown tag", "tag", tag,
			  NULL);
	(void)refuse(why, id, path);
}

void
told_from_answer(struct refusal *why, const struct link_answer *answer)
{
	must(answer->outcome != LINK_DONE);
	if (answer->outcome == LINK_REFUSED) {
		refuse_by_tag(why, answer->tag, answer->path);
		if (answer->after > 0)
			why->after = answer->after;
		return;
	}
	(void)refuse(why,
		     answer->outcome == LINK_WEATHER ? REFUSAL_unavailable :
						       REFUSAL_internal,
		     NULL);
}

/* How things stand, for wrong_state; what does not fit is left out. */
static void
keep_now(struct refusal *why, json_t *now)
{
	size_t len = json_is_object(now) ?
			     json_dumpb(now, why->now, sizeof why->now - 1,
					JSON_COMPACT) :
			     0;

	why->now[len < sizeof why->now ? len : 0] = 0;
}

void
told_from_json(struct refusal *why, const char *json)
{
	json_t *root = load_text(json, 0, NULL);
	const char *tag = json_string_value(json_object_get(root, "tag"));
	json_int_t after;

	if (!tag) { /* nothing was settled: the same again is right */
		(void)refuse(why, REFUSAL_overloaded, NULL);
		json_decref(root);
		return;
	}
	refuse_by_tag(why, tag,
		      json_string_value(json_object_get(root, "path")));
	keep_now(why, json_object_get(root, "now"));
	after = json_integer_value(json_object_get(root, "after"));
	if (after > 0 && after <= 86400)
		why->after = (int)after;
	json_decref(root);
}
