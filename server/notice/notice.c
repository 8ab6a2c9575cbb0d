/* SPDX-License-Identifier: Apache-2.0 */
/* notice: one notice as this node keeps it. */
#include "notice.h"

#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "dump.h"
#include "message.h"
#include "session.h"
#include "text.h"

/* The frame is made once; every session of the audience is sent this one. */
static bool
make_frame(struct notice *n, const json_t *item)
{
	char *params = dump_text(item, 0);
	unsigned char head[FRAME_HEAD_MAX];
	struct bytes text;
	size_t head_len;

	bytes_init(&text);
	if (params)
		message_news(&text, NEWS_notice, params);
	free(params);
	if (!params || text.failed) {
		bytes_fini(&text);
		return false;
	}
	head_len = frame_head(head, text.len);
	n->len = head_len + text.len;
	n->framed = malloc(n->len);
	if (n->framed) {
		memcpy(n->framed, head, head_len);
		memcpy(n->framed + head_len, text.data, text.len);
	}
	bytes_fini(&text);
	return n->framed != NULL;
}

static unsigned
roles_of(const json_t *list)
{
	unsigned roles = 0;
	json_t *role;
	size_t i;

	json_array_foreach(list, i, role)
		if (json_is_string(role))
			roles |= role_find(json_string_value(role));
	return roles;
}

static void
add_audience(struct notice *n, const json_t *regions)
{
	json_t *region;
	size_t i;

	json_array_foreach(regions, i, region) {
		uint64_t first =
			json_is_string(region) ?
				text_region(json_string_value(region)) :
				0;

		if (first)
			n->stretch[n->stretches++] =
				(struct stretch){ first,
						  text_region_last(first) };
	}
}

static bool
is_risk(const json_t *item)
{
	const char *kind = json_string_value(json_object_get(item, "kind"));

	return kind && strcmp(kind, "risk") == 0;
}

struct notice *
notice_new(json_t *item)
{
	const json_t *audience = json_object_get(item, "audience");
	const json_t *regions = json_object_get(audience, "regions");
	size_t count = json_array_size(regions);
	struct notice *n;

	n = calloc(1, sizeof *n + count * sizeof n->stretch[0]);
	if (!n)
		return NULL;
	n->seq = json_integer_value(json_object_get(item, "seq"));
	n->expires_ms = json_integer_value(json_object_get(item, "expires_ms"));
	n->urgent = is_risk(item);
	n->roles = roles_of(json_object_get(audience, "roles"));
	add_audience(n, regions);
	(void)json_object_del(item, "expires_ms");
	if (n->seq > 0 && make_frame(n, item))
		return n;
	notice_free(n);
	return NULL;
}

void
notice_free(struct notice *n)
{
	if (n)
		free(n->framed);
	free(n);
}

bool
notice_is_for(const struct notice *n, const struct identity *who,
	      int64_t now_ms)
{
	if (n->expires_ms && n->expires_ms <= now_ms)
		return false;
	if (n->roles && !(n->roles & who->roles))
		return false;
	for (size_t i = 0; i < n->stretches; i++)
		if (who->region >= n->stretch[i].first &&
		    who->region <= n->stretch[i].last)
			return true;
	return false;
}
