/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns: several wsload, each with its own server, run side by side. In
 * every cycle each has one slot of slot_ms in which only its server works:
 * so all servers see the same machine, whatever else happens on it, and their
 * costs can be compared cycle by cycle.
 */
#include <stdio.h>
#include <unistd.h>

#include "load.h"
#include "phases.h"

#define TURNS 1000

static struct turn {
	uint64_t cycle;
	double us;     /* server CPU per delivery, or per handshake */
	double beside; /* likewise, of what works for it */
	double per_second;
} turns[TURNS];

static int count;

/* Waits for our slot; returns when it began. */
static uint64_t
wait_for_slot(uint64_t *cycle)
{
	uint64_t slot_ns = (uint64_t)load.options.slot_ms * 1000000u;
	uint64_t period = slot_ns * (uint64_t)load.options.slot.all;
	uint64_t now = now_ns(), start;

	*cycle = now / period;
	start = *cycle * period + slot_ns * (uint64_t)load.options.slot.mine;
	if (start <= now) {
		start += period;
		++*cycle;
	}
	while ((now = now_ns()) < start && !out_of_time())
		loop_turn((int)((start - now) / 1000000));
	return start;
}

static uint64_t
work(uint64_t end)
{
	uint64_t before = load.measured;
	int base = load.options.conns, open = load.open;

	if (load.options.slot_connects > 0) {
		connect_range(base, base + load.options.slot_connects, NULL);
		return (uint64_t)(load.open - open);
	}
	if (now_ns() + SECOND_NS / 100 > end)
		return 0;
	publish_many(0, (double)(end - now_ns()) / 1e9, load.options.rate);
	drain();
	return load.measured - before;
}

static void
take_turn(uint64_t cycle, uint64_t start, uint64_t slot_ns)
{
	struct sample a, b;
	uint64_t events;

	sample_take(&a, false);
	events = work(start + slot_ns * 85 / 100);
	sample_take(&b, false);
	for (int i = 0; i < load.options.slot_connects; i++)
		peer_close(&load.peer[load.options.conns + i]);
	if (events == 0 || count == TURNS)
		return;
	turns[count++] = (struct turn){
		.cycle = cycle,
		.us = (double)(b.server_ns - a.server_ns) / 1e3 /
		      (double)events,
		.beside = (double)(b.beside_ns - a.beside_ns) / 1e3 /
			  (double)events,
		.per_second =
			(double)events * 1e9 / (double)(b.wall_ns - a.wall_ns),
	};
}

void
turns_take(void)
{
	const char *go = load.options.go_file;
	uint64_t slot_ns = (uint64_t)load.options.slot_ms * 1000000u;

	while (go && access(go, F_OK) != 0 && !out_of_time())
		loop_turn(50);
	for (int i = 0; i < load.options.cycles && !out_of_time(); i++) {
		uint64_t cycle, start = wait_for_slot(&cycle);

		take_turn(cycle, start, slot_ns);
	}
}

void
turns_report(void)
{
	printf(",\"resumed\":%d,\"turns\":[", load.resumed);
	for (int i = 0; i < count; i++)
		printf("%s[%llu,%.4f,%.4f,%.0f]", i ? "," : "",
		       (unsigned long long)turns[i].cycle, turns[i].us,
		       turns[i].beside, turns[i].per_second);
	printf("]");
}
