/* SPDX-License-Identifier: Apache-2.0 */
/* phases: the parts of a run. */
#ifndef WSLOAD_PHASES_H
#define WSLOAD_PHASES_H

#include "measure.h"

struct arrivals {
	struct sample before, after;
	int open, failed, resumed;
	double seconds;
	double p50_ms, p99_ms, most_ms;
	struct slices slices;
};

extern struct slices delivery_slices, up_slices;

void idle_for(double seconds);
/* Connects first..end - 1, options.inflight at a time. */
void connect_range(int first, int end, struct slices *slices);
void connect_all(struct arrivals *a);
bool connect_publisher(void);
/* Publishes count messages (0: any number) for so long (0: any time). */
void publish_many(uint64_t count, double seconds, double rate);
/* Waits for what is due; gives up on what does not move. */
void drain(void);
/* All connections say their message upstream, by rate or by window. */
void say_upstream(void);
void close_all(void);

/* turns.c: taking turns with other processes like this one. */
void turns_take(void);
void turns_report(void);

/* report.c: parts of the line of JSON. */
void report_begin(void);
void report_arrivals(const char *prefix, struct arrivals *a);
void report_memory(const struct arrivals *a, const struct sample *end);
void report_deliveries(const struct sample *a, const struct sample *b,
		       uint32_t first);
void report_upstream(const struct sample *a, const struct sample *b);
void report_end(void);

#endif
