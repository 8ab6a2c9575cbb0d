/* SPDX-License-Identifier: Apache-2.0 */
/*
 * presence: which kiosks have gone. What is lost here (no memory, weather)
 * does no harm for long: a node's presence ends with the node, and a kiosk
 * that returns is present again.
 */
#include "presence.h"

#include <stdlib.h>

#include "bytes.h"
#include "store.h"

struct presence {
	struct store *store;
	const char *node;
	struct bytes gone; /* JSON strings with commas between */
};

struct presence *
presence_new(struct store *store, const char *node)
{
	struct presence *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->store = store;
	p->node = node;
	return p;
}

void
presence_free(struct presence *p)
{
	if (p)
		bytes_fini(&p->gone);
	free(p);
}

void
presence_ended(struct presence *p, const char *session)
{
	if (p->gone.len > 0)
		bytes_text(&p->gone, ",");
	bytes_json(&p->gone, session);
}

static void
told(void *context, const char *result, const struct refusal *why)
{
	(void)context;
	(void)result;
	(void)why;
}

void
presence_flush(struct presence *p)
{
	struct bytes params;

	if (p->gone.len == 0 || !store_is_up(p->store))
		return;
	bytes_init(&params);
	bytes_format(&params, "{\"node\":\"%s\",\"sessions\":[", p->node);
	bytes_add(&params, p->gone.data, p->gone.len);
	bytes_text(&params, "]}");
	if (!params.failed && !p->gone.failed)
		store_ask(p->store, ASK_presence_end, NULL, params.data, told,
			  NULL);
	bytes_fini(&params);
	bytes_clear(&p->gone);
}
