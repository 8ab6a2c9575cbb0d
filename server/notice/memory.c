/* SPDX-License-Identifier: Apache-2.0 */
/* memory: the newest notices. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

bool
memory_init(struct memory *m, size_t most)
{
	*m = (struct memory){ .most = most };
	m->notice = calloc(most, sizeof(struct notice *));
	return m->notice != NULL;
}

void
memory_clear(struct memory *m)
{
	for (size_t i = 0; i < m->count; i++)
		notice_free(m->notice[i]);
	m->count = 0;
	m->floor = m->head = 0;
}

void
memory_fini(struct memory *m)
{
	memory_clear(m);
	free(m->notice);
	m->notice = NULL;
}

/* Forgets the oldest eighth at once: moving the rest is then rare. */
static void
forget(struct memory *m)
{
	size_t gone = m->most / 8;

	m->floor = m->notice[gone - 1]->seq;
	for (size_t i = 0; i < gone; i++)
		notice_free(m->notice[i]);
	m->count -= gone;
	memmove(m->notice, m->notice + gone,
		m->count * sizeof(struct notice *));
}

void
memory_give(struct memory *m, struct notice *n)
{
	must(m->count == 0 || n->seq > m->notice[m->count - 1]->seq);
	if (m->count == m->most)
		forget(m);
	m->notice[m->count++] = n;
	if (n->seq > m->head)
		m->head = n->seq;
}

size_t
memory_after(const struct memory *m, int64_t seq)
{
	size_t low = 0, high = m->count;

	/* Nearly always the newest is asked for. */
	if (high > 0 && m->notice[high - 1]->seq <= seq)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->notice[middle]->seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
