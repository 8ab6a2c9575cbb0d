/* SPDX-License-Identifier: Apache-2.0 */
/* link_bed: a link on a loop, and what was heard of its calls. */
#include "link_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "loop_until.h"

const char echo_sql[] = "select $1::text";

static int told_count;

static void
on_ready(void *context)
{
	struct line *line = context;

	line->ready = true;
	line->readies++;
}

static void
on_lost(void *context)
{
	struct line *line = context;

	line->ready = false;
	line->losses++;
}

static void
on_notified(void *context, const char *channel)
{
	struct line *line = context;

	line->notified++;
	snprintf(line->heard, sizeof line->heard, "%s", channel);
}

static void
on_closed(void *context)
{
	((struct line *)context)->closed = true;
}

void
line_open(struct line *line, const char *conninfo, int timeout_seconds)
{
	static const char *const channels[] = { "huiyin_notice",
						"huiyin_identity", NULL };
	const struct link_settings settings = {
		.name = LINE_NAME,
		.conninfo = conninfo,
		.timeout_seconds = timeout_seconds,
		.channels = channels,
	};
	const struct link_calls calls = { on_ready, on_lost, on_notified,
					  line };

	memset(line, 0, sizeof *line);
	assert_int_equal(uv_loop_init(&line->loop), 0);
	line->link = link_open(&line->loop, &settings, &calls);
	assert_non_null(line->link);
}

void
line_ready(struct line *line)
{
	if (!loop_until_set(&line->loop, &line->ready, SOON))
		fail_msg("not ready: %s", link_trouble(line->link));
}

void
line_begin_close(struct line *line)
{
	link_close(line->link, on_closed, line);
}

void
line_end_close(struct line *line)
{
	assert_true(loop_until_set(&line->loop, &line->closed, SOON));
	uv_run(&line->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&line->loop), 0);
}

void
line_close(struct line *line)
{
	line_begin_close(line);
	line_end_close(line);
}

static void
keep(char *to, size_t room, const char *text)
{
	snprintf(to, room, "%s", text ? text : "(null)");
}

static void
on_answered(void *context, const struct link_answer *answer)
{
	struct heard *h = context;

	assert_false(h->told);
	h->told = true;
	h->outcome = answer->outcome;
	h->after = answer->after;
	h->order = told_count++;
	keep(h->tag, sizeof h->tag, answer->tag);
	keep(h->path, sizeof h->path, answer->path);
	keep(h->sqlstate, sizeof h->sqlstate, answer->sqlstate);
	if (answer->outcome == LINK_DONE) {
		h->rows = pg_row_count(answer->rows);
		keep(h->text, sizeof h->text, pg_text(answer->rows, 0, 0));
	}
}

void
line_call(struct line *line, const char *sql, const char *param,
	  struct heard *h)
{
	const char *const params[] = { param };
	const struct link_ask ask = { .sql = sql,
				      .count = param != NULL,
				      .params = params,
				      .answered = on_answered,
				      .context = h };

	memset(h, 0, sizeof *h);
	assert_true(link_call(line->link, &ask));
	assert_false(h->told);
}

void
line_answered(struct line *line, struct heard *h)
{
	assert_true(loop_until_set(&line->loop, &h->told, SOON));
}

struct trouble {
	struct line *line;
	const char *words;
};

static bool
trouble_is(void *context)
{
	const struct trouble *t = context;

	return strstr(link_trouble(t->line->link), t->words) != NULL;
}

void
line_troubled(struct line *line, const char *words)
{
	struct trouble t = { line, words };

	if (!loop_until(&line->loop, trouble_is, &t, SOON))
		fail_msg("\"%s\" is not in: %s", words,
			 link_trouble(line->link));
	assert_false(link_is_ready(line->link));
}

struct count {
	const int *is;
	int wanted;
};

static bool
has_come_to(void *context)
{
	const struct count *c = context;

	return *c->is >= c->wanted;
}

void
line_counted(struct line *line, const int *is, int wanted)
{
	struct count c = { is, wanted };

	assert_true(loop_until(&line->loop, has_come_to, &c, SOON));
}
