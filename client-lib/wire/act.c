/* SPDX-License-Identifier: Apache-2.0 */
/* act: the table of acts expanded into constant data, and its look-ups. */
#include "act.h"

#include <string.h>

#include "must.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Every act gets one row too many, so that none of the lists is empty. */
static const struct field all_fields[] = {
#define FIELD(act, path, type, need, min, max, privacy, words, help) \
	{ path, type, need, min, max, privacy, words, help },
#include "acts.tbl.h"
	{ NULL, TEXT, MAY, 0, 0, PLAIN, NULL, NULL }
};

static const enum act_id field_act[] = {
#define FIELD(act, ...) ACT_##act,
#include "acts.tbl.h"
	ACT_COUNT
};

static const struct result all_results[] = {
#define RESULT(act, path, type, words, help) { path, type, words, help },
#include "acts.tbl.h"
	{ NULL, TEXT, NULL, NULL }
};

static const enum act_id result_act[] = {
#define RESULT(act, ...) ACT_##act,
#include "acts.tbl.h"
	ACT_COUNT
};

static const struct result all_news_fields[] = {
#define NEWS_FIELD(news, path, type, words, help) { path, type, words, help },
#include "news.tbl.h"
	{ NULL, TEXT, NULL, NULL }
};

static const enum news_id news_field_news[] = {
#define NEWS_FIELD(news, ...) NEWS_##news,
#include "news.tbl.h"
	NEWS_COUNT
};

static struct act acts[ACT_COUNT] = {
#define ACT(id, name, who, when, does, wakes, lane, batch, size, help) \
	[ACT_##id] = { name, who,  when, does, wakes, lane, batch,     \
		       size, help, NULL, 0,    NULL,  0 },
#include "acts.tbl.h"
};

static struct news all_news[NEWS_COUNT] = {
#define NEWS(id, name, help) [NEWS_##id] = { name, help, NULL, 0 },
#include "news.tbl.h"
};

static const char *const role_names[] = { "visitor",  "kiosk",       "clerk",
					  "approver", "coordinator", "keeper",
					  "relay",    "auditor",     "admin" };

/* Joins rows to their acts before main runs: the tables are then constant. */
__attribute__((constructor)) static void
join_tables(void)
{
	for (size_t i = COUNT(all_fields) - 1; i-- > 0;) {
		acts[field_act[i]].field = &all_fields[i];
		acts[field_act[i]].field_count++;
	}
	for (size_t i = COUNT(all_results) - 1; i-- > 0;) {
		acts[result_act[i]].result = &all_results[i];
		acts[result_act[i]].result_count++;
	}
	for (size_t i = COUNT(all_news_fields) - 1; i-- > 0;) {
		all_news[news_field_news[i]].field = &all_news_fields[i];
		all_news[news_field_news[i]].field_count++;
	}
}

const struct act *
act_row(enum act_id id)
{
	must(id < ACT_COUNT);
	return &acts[id];
}

const struct act *
act_find(const char *name)
{
	for (size_t i = 0; i < ACT_COUNT; i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

enum act_id
act_id_of(const struct act *act)
{
	return (enum act_id)(act - acts);
}

const struct news *
news_row(enum news_id id)
{
	must(id < NEWS_COUNT);
	return &all_news[id];
}

int
news_find(const char *name)
{
	for (int i = 0; i < NEWS_COUNT; i++)
		if (strcmp(all_news[i].name, name) == 0)
			return i;
	return -1;
}

unsigned
role_find(const char *name)
{
	for (unsigned i = 0; i < COUNT(role_names); i++)
		if (strcmp(role_names[i], name) == 0)
			return 1u << i;
	return 0;
}

const char *
role_name(unsigned role)
{
	for (unsigned i = 0; i < COUNT(role_names); i++)
		if (role == 1u << i)
			return role_names[i];
	return "";
}
