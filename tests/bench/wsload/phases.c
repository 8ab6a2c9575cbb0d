/* SPDX-License-Identifier: Apache-2.0 */
/* phases: the parts of a run. */
#include "phases.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "speak.h"

#define STALL_NS (2 * SECOND_NS)

struct slices delivery_slices, up_slices;

bool
out_of_time(void)
{
	if (now_ns() < load.deadline_ns)
		return false;
	load.trouble = "time limit";
	return true;
}

void
idle_for(double seconds)
{
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);

	while (now_ns() < end && !out_of_time())
		loop_turn(10);
}

/* --- connecting ---------------------------------------------------------- */

static void
start(int index)
{
	struct peer *p = &load.peer[index];

	if (!peer_start(p, &load.options.url, SUBSCRIBER, index)) {
		if (load.failed < 3)
			fprintf(stderr, "connection %d: %s\n", index,
				strerror(errno));
		return;
	}
	p->silent = index >= load.options.conns;
}

void
connect_range(int first, int end, struct slices *slices)
{
	int next = first;

	while ((next < end || load.connecting > 0) && !out_of_time()) {
		while (next < end && load.connecting < load.options.inflight)
			start(next++);
		loop_turn(100);
		if (slices)
			slices_tick(slices, (uint64_t)load.open);
	}
}

void
connect_all(struct arrivals *a)
{
	load.open = load.failed = load.resumed = 0;
	histogram_clear(&load.connects);
	sample_take(&a->before, true);
	load.last_open_ns = a->before.wall_ns;
	slices_start(&a->slices, 0);
	connect_range(0, load.options.conns, &a->slices);
	a->seconds = (double)(load.last_open_ns - a->before.wall_ns) / 1e9;
	idle_for(load.options.settle_ms / 1e3);
	sample_take(&a->after, true);
	a->open = load.open;
	a->failed = load.failed;
	a->resumed = load.resumed;
	a->p50_ms = (double)histogram_quantile(&load.connects, 0.50) / 1e6;
	a->p99_ms = (double)histogram_quantile(&load.connects, 0.99) / 1e6;
	a->most_ms = (double)load.connects.most / 1e6;
}

bool
connect_publisher(void)
{
	struct peer *p = &load.publisher;
	bool posts = strcmp(load.options.pub, "http") == 0;

	if (!peer_start(p, &load.options.pub_url, posts ? POSTER : PUBLISHER,
			load.options.conns))
		return false;
	while (!load.publishing && p->state != PEER_DEAD && !out_of_time())
		loop_turn(100);
	idle_for(0.3);
	return load.publishing;
}

void
close_all(void)
{
	for (int i = 0; i < load.options.conns; i++)
		peer_close(&load.peer[i]);
}

/* --- publishing ---------------------------------------------------------- */

static int64_t
outstanding(void)
{
	return load.expected - load.delivered;
}

static bool
publish_one(void)
{
	if (!speak_publish(load.published)) {
		peer_close(&load.publisher);
		load.trouble = "publisher lost";
		return false;
	}
	load.published++;
	load.expected += load.open;
	return true;
}

/* May one more message be on its way? */
static bool
window_is_open(void)
{
	if (load.posts > 0)
		return false;
	return load.options.window <= 0 ||
	       outstanding() <= (int64_t)(load.options.window - 1) * load.open;
}

/*
 * Gives up on messages that have not moved for a while, so that one lost
 * message does not stop a run that waits for its window.
 */
static void
give_up_stalled(uint64_t now, uint64_t since)
{
	uint64_t last =
		load.last_delivery_ns > since ? load.last_delivery_ns : since;

	if (outstanding() <= 0 || now <= last + STALL_NS)
		return;
	load.stalls++;
	load.expected = load.delivered;
	load.last_delivery_ns = now;
}

void
drain(void)
{
	uint64_t start = now_ns(), seen = load.stalls;

	while (outstanding() > 0 && load.stalls == seen && !out_of_time()) {
		loop_turn(10);
		give_up_stalled(now_ns(), start);
	}
}

void
publish_many(uint64_t count, double seconds, double rate)
{
	uint64_t start = now_ns(), end = 0, done = 0;

	if (seconds > 0)
		end = start + (uint64_t)(seconds * 1e9);
	while (load.publishing && !out_of_time()) {
		uint64_t now = now_ns(), due = start;

		if ((count > 0 && done >= count) || (end > 0 && now >= end))
			break;
		if (rate > 0)
			due += (uint64_t)((double)done * 1e9 / rate);
		if (now >= due && window_is_open()) {
			if (!publish_one())
				return;
			done++;
			loop_turn(0);
			continue;
		}
		loop_turn(now >= due ? 50 : (int)((due - now) / 1000000));
		give_up_stalled(now, start);
		if (load.measuring)
			slices_tick(&delivery_slices, load.measured);
	}
}

/* --- upstream ------------------------------------------------------------ */

static void
say_one(struct peer *p)
{
	if (p->state == PEER_OPEN && !speak_up(p))
		peer_close(p);
}

/* One connection after the other. */
static void
say_by_rate(uint64_t start, uint64_t end)
{
	double gap_ns = 1e9 / load.options.up_rate;
	uint64_t done = 0, now;
	int next = 0;

	while ((now = now_ns()) < end && load.open > 0 && !out_of_time()) {
		uint64_t due = start + (uint64_t)((double)done * gap_ns);

		if (now < due) {
			loop_turn((int)((due - now) / 1000000));
			continue;
		}
		say_one(&load.peer[next]);
		next = (next + 1) % load.options.conns;
		done++;
		slices_tick(&up_slices, done);
	}
}

/* Each keeps up_window acts on their way. */
static void
say_by_window(uint64_t end)
{
	while (now_ns() < end && load.open > 0 && !out_of_time()) {
		for (int i = 0; i < load.options.conns; i++) {
			struct peer *p = &load.peer[i];

			while (p->state == PEER_OPEN &&
			       p->waiting < load.options.up_window)
				say_one(p);
		}
		loop_turn(1);
		slices_tick(&up_slices, load.settled);
	}
}

static void
wait_for_answers(void)
{
	uint64_t since = now_ns(), seen = load.settled;

	while (load.settled + load.refused < load.said && !out_of_time()) {
		loop_turn(10);
		if (load.settled != seen)
			since = now_ns();
		seen = load.settled;
		if (now_ns() > since + 5 * SECOND_NS) {
			load.stalls++;
			return;
		}
	}
}

void
say_upstream(void)
{
	uint64_t start = now_ns();
	uint64_t end = start + (uint64_t)(load.options.up_seconds * 1e9);

	slices_start(&up_slices, 0);
	if (load.options.up_window > 0)
		say_by_window(end);
	else if (load.options.up_rate > 0)
		say_by_rate(start, end);
	if (load.options.rpc)
		wait_for_answers();
	else
		idle_for(0.5);
}
