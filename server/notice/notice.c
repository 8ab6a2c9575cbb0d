/* SPDX-License-Identifier: Apache-2.0 */
/* notice: one notice as this node keeps it. */
#include "notice.h"

#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "dump.h"
#include "message.h"
#include "session.h"
#include "squeeze.h"
#include "text.h"

/* Takes the place of f's when there is memory for it. */
static void
make_frame(struct framed *f, unsigned char opcode, const struct bytes *payload)
{
	unsigned char head[FRAME_HEAD_MAX];

	f->head = frame_head(head, payload->len);
	head[0] = opcode;
	f->data = malloc(f->head + payload->len);
	if (!f->data)
		return;
	f->len = f->head + payload->len;
	memcpy(f->data, head, f->head);
	memcpy(f->data + f->head, payload->data, payload->len);
}

/* The frame is made once; every session of the audience is sent this one. */
static bool
make_plain(struct notice *n, const json_t *item)
{
	char *params = dump_text(item, 0);
	struct bytes text;

	bytes_init(&text);
	if (params)
		message_news(&text, NEWS_notice, params);
	free(params);
	if (params && !text.failed)
		make_frame(&n->plain, FRAME_TEXT, &text);
	bytes_fini(&text);
	return n->plain.data != NULL;
}

/* Without memory it stays plain, which is as good. */
static void
make_squeezed(struct notice *n)
{
	const char *text = (const char *)n->plain.data + n->plain.head;
	size_t len = n->plain.len - n->plain.head;
	struct bytes short_one;

	n->tried = true;
	bytes_init(&short_one);
	if (squeeze(&short_one, text, len) && short_one.len < len)
		make_frame(&n->squeezed, FRAME_BINARY, &short_one);
	bytes_fini(&short_one);
}

const struct framed *
notice_frame(struct notice *n, bool deflate)
{
	if (deflate && !n->tried)
		make_squeezed(n);
	return deflate && n->squeezed.len > 0 ? &n->squeezed : &n->plain;
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
	if (n->seq > 0 && make_plain(n, item))
		return n;
	notice_free(n);
	return NULL;
}

void
notice_free(struct notice *n)
{
	if (n) {
		free(n->plain.data);
		free(n->squeezed.data);
	}
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
