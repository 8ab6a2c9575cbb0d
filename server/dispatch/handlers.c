/* SPDX-License-Identifier: Apache-2.0 */
/* handlers: the acts which C decides itself. */
#include "handlers.h"

#include <stdio.h>

#include "call.h"
#include "clock.h"
#include "feedback.h"
#include "greeting.h"
#include "message.h"
#include "ref.h"
#include "session.h"

#define DEMAND_LOCAL(id) static handler_f handle_##id;
#define DEMAND_DESK(id)
#define DEMAND_REPORTS(id)
#define DEMAND_SETTLE(id)
#define ACT(id, name, who, when, does, wakes, lane, ...) DEMAND_##lane(id)
#include "acts.tbl.h"

#define HANDLER_LOCAL(id) handle_##id
#define HANDLER_DESK(id) NULL
#define HANDLER_REPORTS(id) NULL
#define HANDLER_SETTLE(id) NULL

static handler_f *const handlers[] = {
#define ACT(id, name, who, when, does, wakes, lane, ...) \
	[ACT_##id] = HANDLER_##lane(id),
#include "acts.tbl.h"
};

handler_f *
handler_of(enum act_id id)
{
	must(id < ACT_COUNT);
	return handlers[id];
}

static void
handle_hello(struct session *s, const struct message *m)
{
	greeting_begin(s, m->id, m->params);
}

static void
handle_ping(struct session *s, const struct message *m)
{
	struct call *call = call_new(s, act_row(ACT_ping), m->id);
	static const struct refusal none;
	char now[CLOCK_TEXT], result[CLOCK_TEXT + 16];

	if (!call)
		return;
	clock_text(clock_wall_ms(), now);
	snprintf(result, sizeof result, "{\"now\":\"%s\"}", now);
	call_done(call, result, &none);
}

static void
handle_feedback_submit(struct session *s, const struct message *m)
{
	char ref[REF_TEXT];

	ref_lower(ref, m->id_text);
	feedback_submit(s, m, ref);
}
