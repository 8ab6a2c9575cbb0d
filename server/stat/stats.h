/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats: what a node counts, and its text for Prometheus (exposition format
 * 0.0.4). One writer, the loop's thread: plain numbers.
 */
#ifndef STAT_STATS_H
#define STAT_STATS_H

#include <stdint.h>

#include "act.h"
#include "bytes.h"
#include "refusal.h"

struct counters {
#define COUNTER(id, name, help) uint64_t id;
#include "counters.tbl.h"
	uint64_t act_done[ACT_COUNT];
	uint64_t act_refused[ACT_COUNT];
	uint64_t act_ms[ACT_COUNT];      /* sum of the time until answered */
	uint64_t refused[REFUSAL_COUNT]; /* by tag */
};

struct gauges {
#define GAUGE(id, name, help) uint64_t id;
#include "counters.tbl.h"
	uint64_t batch_size[10]; /* batches of up to 1, 2, 4 ... 512 acts */
};

extern struct counters counters;

void stats_print(struct bytes *to, const struct gauges *gauges);

#endif
