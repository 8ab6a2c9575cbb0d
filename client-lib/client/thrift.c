/* SPDX-License-Identifier: Apache-2.0 */
/* thrift: bytes counted, sessions begun accordingly. */
#include "thrift.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "clock.h"
#include "fault.h"
#include "line.h"

/* All kiosks of a county have the same midnight. */
#define MORNING_MS 3600000

static int64_t
today(const struct hy_client *client)
{
	return traffic_day(client_now(client));
}

static void
count(struct line *line, int64_t now, bool end)
{
	struct hy_client *client = line->client;
	struct meter total, more;

	socket_traffic(line->socket, &total);
	more.sent = total.sent - line->counted.sent;
	more.received = total.received - line->counted.received;
	line->counted = total;
	client_lock(client);
	traffic_add(&client->traffic, client->disk, today(client), &more);
	if (end || traffic_is_due(&client->traffic, now))
		traffic_flush(&client->traffic, client->disk);
	client_unlock(client);
}

void
thrift_count(struct line *line, int64_t now)
{
	count(line, now, false);
}

void
thrift_end(struct line *line)
{
	count(line, 0, true);
}

static bool
is_over(struct line *line)
{
	uint64_t budget = line->client->options.given.budget, used;

	if (budget == 0)
		return false;
	client_lock(line->client);
	used = traffic_today(&line->client->traffic);
	client_unlock(line->client);
	return used >= budget;
}

void
thrift_begin(struct line *line)
{
	/* Who has nothing yet begins with all that is in force. */
	line->thrifty =
		line->place.epoch[0] && !line->indebted && is_over(line);
	line->lavish_at = 0;
}

static void
begin_anew(struct line *line)
{
	line->away_ms = 0;
	line_hang_up(line, "budget");
}

bool
thrift_forbids(struct line *line)
{
	if (!line->thrifty || strcmp(line->epoch, line->place.epoch) == 0)
		return false;
	/* Its numbers are others: what is on disk is to be replaced. */
	line->indebted = true;
	begin_anew(line);
	return true;
}

static int64_t
morning(const struct line *line)
{
	int spread = line->client->options.given.start_within_ms;

	return backoff_within(spread == 0 ? MORNING_MS : spread);
}

/* A thrifty session, and it is another day: the rest may come. */
static bool
may_catch_up(struct line *line, bool over, int64_t now)
{
	if (over || !line->thrifty) {
		line->lavish_at = 0;
		return false;
	}
	if (line->lavish_at == 0)
		line->lavish_at = now + morning(line);
	return now >= line->lavish_at;
}

/*
 * What was missed is coming, and the budget is used up. What has come is kept,
 * and the rest goes on from there; only all that is in force would begin anew.
 */
static bool
has_become_dear(const struct line *line, bool over)
{
	return over && !line->thrifty && !line->replay_all && !line->indebted &&
	       line->state == LINE_CATCHING_UP && line->place.epoch[0];
}

void
thrift_watch(struct line *line, int64_t now)
{
	bool over = is_over(line);

	if (may_catch_up(line, over, now) || has_become_dear(line, over))
		begin_anew(line);
}

static void
name_day(int64_t day, char name[12])
{
	time_t noon = (time_t)(day * 86400 + 43200);
	struct tm tm;

	gmtime_r(&noon, &tm);
	strftime(name, 12, "%Y-%m-%d", &tm);
}

int
hy_traffic(hy_client *client, int ago, hy_traffic_day *traffic)
{
	hy_traffic_day found = { 0 };
	struct meter sum;
	size_t size;
	int64_t day;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	if (!traffic || traffic->size < offsetof(hy_traffic_day, sent) ||
	    !options_size_is_good(traffic->size, _Alignof(hy_traffic_day)))
		return fault(HY_ERR_INPUT, "bad_value", "size",
			     "Begin with HY_TRAFFIC_INIT.");
	if (ago < 0 || ago >= TRAFFIC_DAYS)
		return fault(HY_ERR_INPUT, "bad_value", "ago",
			     "Days are counted from 0, today, to 61.");
	size = traffic->size < sizeof found ? traffic->size : sizeof found;
	client_lock(client);
	day = today(client) - ago;
	code = traffic_of(&client->traffic, client->disk, day, &sum);
	client_unlock(client);
	if (code != HY_OK)
		return code;
	found.size = traffic->size;
	name_day(day, found.day);
	found.sent = sum.sent;
	found.received = sum.received;
	found.budget = client->options.given.budget;
	found.is_over =
		found.budget > 0 && sum.sent + sum.received >= found.budget;
	memcpy(traffic, &found, size);
	return HY_OK;
}
