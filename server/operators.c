/* SPDX-License-Identifier: Apache-2.0 */
/* operators: /live, /ready and /metrics of a node. */
#include "operators.h"

#include <string.h>

#include "bytes.h"
#include "net.h"
#include "notices.h"
#include "session.h"
#include "stats.h"
#include "store.h"

static uint64_t
count_of(const struct operators *view, enum session_state state)
{
	return (uint64_t)sessions_count(view->sessions, state);
}

static void
collect(const struct operators *view, struct gauges *g)
{
	struct store_counts store = store_count(view->store);
	struct notices_counts notices = notices_count(view->notices);
	struct net_counts net = net_count(view->net);

	g->handshaking = (uint64_t)net.handshaking;
	g->open = (uint64_t)net.open;
	g->greeting = count_of(view, SESSION_GREETING);
	g->catching_up = count_of(view, SESSION_CATCHING_UP);
	g->live = count_of(view, SESSION_LIVE);
	g->leaving = count_of(view, SESSION_LEAVING);
	g->waiting = (uint64_t)store.waiting;
	g->up = store_is_up(view->store);
	g->head = (uint64_t)notices.head;
	g->remembered = notices.remembered;
	g->batches = store.batches;
	g->batched_acts = store.acts;
	g->weather = store.weather;
	memcpy(g->batch_size, store.batch_size, sizeof g->batch_size);
}

static char *
metrics(const struct operators *view)
{
	struct gauges g = { 0 };
	struct bytes text;

	collect(view, &g);
	bytes_init(&text);
	stats_print(&text, &g);
	return bytes_take(&text);
}

/* Why it is not ready; "" when it is. */
static const char *
trouble(const struct operators *view)
{
	if (!store_is_up(view->store))
		return store_trouble(view->store);
	if (view->draining)
		return "draining";
	if (!notices_are_ready(view->notices))
		return "notices are being read";
	return store_lack(view->store);
}

static char *
ready(const struct operators *view, int *status)
{
	const char *why = trouble(view);
	struct bytes text;

	*status = why[0] ? 503 : 200;
	bytes_init(&text);
	bytes_format(&text,
		     "{\"ready\":%s,\"why\":", why[0] ? "false" : "true");
	bytes_json(&text, why);
	bytes_text(&text, "}\n");
	return bytes_take(&text);
}

char *
operators_answer(const struct operators *view, const char *path, int *status)
{
	*status = 200;
	if (strcmp(path, "/live") == 0)
		return strdup("{\"live\":true}\n");
	if (strcmp(path, "/ready") == 0)
		return ready(view, status);
	return strcmp(path, "/metrics") == 0 ? metrics(view) : NULL;
}
