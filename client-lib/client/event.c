/* SPDX-License-Identifier: Apache-2.0 */
/* event: the queue between the library's thread and the program. */
#include "event.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "load.h"
#include "text.h"

#define MOST_EVENTS 4096
#define MOST_BYTES (4u << 20)

struct said {
	struct said *next;
	char text[];
};

struct event {
	hy_event face; /* first: a face is its event */
	struct event *next;
	size_t bytes;
	json_t *body;      /* parsed when a field is first asked for */
	struct said *said; /* texts that were handed out by hy_field */
	char text[];       /* what face points to */
};

/* Copies text behind *to, moves *to on; the copy. */
static const char *
keep(char **to, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	char *kept = *to;

	if (len > 0)
		memcpy(kept, text, len);
	kept[len] = 0;
	text_make_good(kept); /* a damaged row is no reason to lie */
	*to += len + 1;
	return kept;
}

static size_t
length_of(const char *text)
{
	return text ? strlen(text) : 0;
}

struct event *
event_new(const hy_event *like)
{
	size_t bytes = length_of(like->ref) + length_of(like->act) +
		       length_of(like->body) + length_of(like->tag) +
		       length_of(like->path) + length_of(like->message) + 6;
	struct event *e = malloc(sizeof *e + bytes);
	char *to;

	if (!e)
		return NULL;
	*e = (struct event){ .face = *like, .bytes = sizeof *e + bytes };
	to = e->text;
	e->face.ref = keep(&to, like->ref);
	e->face.act = keep(&to, like->act);
	e->face.body = keep(&to, like->body);
	e->face.tag = keep(&to, like->tag);
	e->face.path = keep(&to, like->path);
	e->face.message = keep(&to, like->message);
	return e;
}

void
event_free(struct event *e)
{
	struct said *said;

	if (!e)
		return;
	while ((said = e->said) != NULL) {
		e->said = said->next;
		free(said);
	}
	json_decref(e->body);
	free(e);
}

hy_event *
event_face(struct event *e)
{
	return &e->face;
}

/* One step of a path: "name" or "[3]"; moves *path on. */
static const json_t *
step(const json_t *value, const char **path)
{
	size_t len = strcspn(*path, ".[");
	const char *from = *path;
	char *end;

	if (len == 0 && *from == '[') {
		unsigned long at = strtoul(from + 1, &end, 10);

		if (end == from + 1 || *end != ']')
			return NULL;
		*path = end + 1 + (end[1] == '.');
		return json_array_get(value, at);
	}
	*path += len + (from[len] == '.');
	return json_object_getn(value, from, len);
}

/* Owned by the event; NULL when memory is out. */
static const char *
keep_said(struct event *e, const json_t *value)
{
	size_t len = json_dumpb(value, NULL, 0, JSON_ENCODE_ANY | JSON_COMPACT);
	struct said *said = malloc(sizeof *said + len + 1);

	if (!said)
		return NULL;
	len = json_dumpb(value, said->text, len,
			 JSON_ENCODE_ANY | JSON_COMPACT);
	said->text[len] = 0;
	said->next = e->said;
	e->said = said;
	return said->text;
}

const char *
hy_field(const hy_event *event, const char *path)
{
	struct event *e = (struct event *)(uintptr_t)event;
	const json_t *value;

	if (!event || !path || !*path)
		return NULL;
	if (!e->body)
		e->body = load_text(e->face.body, JSON_REJECT_DUPLICATES, NULL);
	value = e->body;
	while (value && *path)
		value = step(value, &path);
	if (!value || json_is_null(value))
		return NULL;
	return json_is_string(value) ? json_string_value(value) :
				       keep_said(e, value);
}

bool
events_init(struct events *q)
{
	*q = (struct events){ .last = &q->first };
	q->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->fd >= 0 && pthread_mutex_init(&q->lock, NULL) == 0)
		return true;
	if (q->fd >= 0)
		close(q->fd);
	q->fd = -1;
	return false;
}

void
events_fini(struct events *q)
{
	struct event *e;

	if (q->fd < 0)
		return;
	while ((e = q->first) != NULL) {
		q->first = e->next;
		event_free(e);
	}
	event_free(q->out);
	q->out = NULL;
	close(q->fd);
	q->fd = -1;
	pthread_mutex_destroy(&q->lock);
}

/* With the lock held: the descriptor says what is so. */
static void
show(struct events *q)
{
	uint64_t count = 1;
	ssize_t n;

	if (q->first || q->pinned)
		n = write(q->fd, &count, sizeof count);
	else
		n = read(q->fd, &count, sizeof count);
	(void)n; /* EAGAIN: it says so already */
}

void
events_give(struct events *q, struct event *e)
{
	if (!e)
		return;
	pthread_mutex_lock(&q->lock);
	e->next = NULL;
	*q->last = e;
	q->last = &e->next;
	q->count++;
	q->bytes += e->bytes;
	show(q);
	pthread_mutex_unlock(&q->lock);
}

struct event *
events_take(struct events *q)
{
	struct event *e;

	pthread_mutex_lock(&q->lock);
	e = q->first;
	if (e) {
		q->first = e->next;
		if (!q->first)
			q->last = &q->first;
		q->count--;
		q->bytes -= e->bytes;
	}
	if (!q->first)
		show(q);
	pthread_mutex_unlock(&q->lock);
	return e;
}

void
events_pin(struct events *q, bool pinned)
{
	pthread_mutex_lock(&q->lock);
	q->pinned = pinned;
	show(q);
	pthread_mutex_unlock(&q->lock);
}

bool
events_are_many(struct events *q)
{
	bool many;

	pthread_mutex_lock(&q->lock);
	many = q->count >= MOST_EVENTS || q->bytes >= MOST_BYTES;
	pthread_mutex_unlock(&q->lock);
	return many;
}
