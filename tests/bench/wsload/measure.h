/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure: clocks, a histogram of times, and what /proc says about the
 * processes that are measured.
 */
#ifndef WSLOAD_MEASURE_H
#define WSLOAD_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND_NS UINT64_C(1000000000)
#define STEPS 64 /* linear steps in a power of two: 1.6 % */

struct histogram {
	uint64_t count, most;
	uint64_t bucket[64 * STEPS];
};

void histogram_clear(struct histogram *h);
void histogram_add(struct histogram *h, uint64_t ns);
/* In ns; 0 when nothing was added. */
uint64_t histogram_quantile(const struct histogram *h, double q);

#define PROCESSES 64

struct processes {
	int count;
	int pid[PROCESSES];
};

/* Reads numbers separated by commas or blanks. */
bool processes_read(struct processes *p, const char *text);

struct sample {
	uint64_t wall_ns;
	uint64_t server_ns;    /* CPU of the server */
	uint64_t beside_ns;    /* CPU of what works for it: PostgreSQL */
	uint64_t client_ns;    /* CPU of this process */
	uint64_t machine_ns;   /* all CPUs, all processes */
	uint64_t steal_ns;     /* taken from this machine by its host */
	long rss_kib, pss_kib; /* of the server; 0 unless asked for */
	long slab_kib;         /* whole machine: kernel side of both ends */
};

void sample_take(struct sample *s, bool memory);

/*
 * Cost of short slices of a run: the machine may be slower for seconds at a
 * time, and the low quantiles are what the work costs when it is not.
 */
#define SLICE_NS UINT64_C(500000000)
#define SLICES 1024

struct slices {
	uint64_t wall_ns, server_ns, count; /* at the last cut */
	double us[SLICES];                  /* server CPU per event */
	int used;
};

void slices_start(struct slices *s, uint64_t count);
void slices_tick(struct slices *s, uint64_t count);
double slices_quantile(struct slices *s, double q);

/* Monotonic. */
uint64_t now_ns(void);
/* Wall clock: what refs are made of. */
uint64_t wall_now_ns(void);

#endif
