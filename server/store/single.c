/* SPDX-License-Identifier: Apache-2.0 */
/* single: what is asked singly: reading acts, and what the node itself asks. */
#include <stdlib.h>

#include "store_body.h"
#include "who.h"

struct single {
	struct store *store;
	store_answered_f *answered;
	void *context;
};

struct question {
	const char *sql;
	enum lane_id lane;
	const struct store_who *who;
	const char *params;
};

static const char *const read_sql[ACT_COUNT] = {
#define ACT(id, ...) [ACT_##id] = "select api." #id "($1::jsonb, $2::jsonb)",
#include "acts.tbl.h"
};

#define LANE_OF(lane) ((lane) == REPORTS ? LANE_REPORTS : LANE_DESK)

static const struct {
	const char *sql;
	enum lane_id lane;
} asks[ASK_COUNT] = {
#define ASK(id, lane, function)                                         \
	[ASK_##id] = { "select api." function "($1::jsonb, $2::jsonb)", \
		       LANE_OF(lane) },
#include "asks.tbl.h"
};

static void
single_answered(void *context, const struct link_answer *answer)
{
	struct single *single = context;
	struct refusal why = { .id = REFUSAL_none };
	const char *result = NULL;

	if (answer->outcome == LINK_DONE)
		result = pg_text(answer->rows, 0, 0);
	else
		told_from_answer(&why, answer);
	if (answer->outcome == LINK_DONE && !result)
		result = "null";
	store_later(single->store);
	single->answered(single->context, result, &why);
	free(single);
}

static bool
send_question(struct single *single, const struct question *q)
{
	struct bytes *who = &single->store->scratch;
	const char *params[2];
	struct link_ask ask = { .sql = q->sql,
				.count = 2,
				.params = params,
				.answered = single_answered,
				.context = single };

	bytes_clear(who);
	who_write(who, q->who);
	if (who->failed)
		return false;
	params[0] = who->data;
	params[1] = q->params;
	return link_call(store_link(single->store, q->lane), &ask);
}

static void
question_ask(struct store *store, const struct question *q,
	     store_answered_f *answered, void *context)
{
	struct single *single;

	if (store->closing) {
		told_later(store, answered, context, REFUSAL_unavailable);
		return;
	}
	if (link_waiting(store_link(store, q->lane)) >= store->queue) {
		told_later(store, answered, context, REFUSAL_overloaded);
		return;
	}
	single = malloc(sizeof *single);
	if (single) {
		*single = (struct single){ store, answered, context };
		if (send_question(single, q))
			return;
		free(single);
	}
	told_later(store, answered, context, REFUSAL_overloaded);
}

void
store_read(struct store *store, const struct act *act,
	   const struct store_who *who, const char *params,
	   store_answered_f *answered, void *context)
{
	const struct question q = { .sql = read_sql[act_id_of(act)],
				    .lane = LANE_OF(act->lane),
				    .who = who,
				    .params = params };

	question_ask(store, &q, answered, context);
}

void
store_ask(struct store *store, enum store_ask ask, const struct store_who *who,
	  const char *params, store_answered_f *answered, void *context)
{
	const struct question q = { .sql = asks[ask].sql,
				    .lane = asks[ask].lane,
				    .who = who,
				    .params = params };

	must(ask < ASK_COUNT);
	question_ask(store, &q, answered, context);
}
