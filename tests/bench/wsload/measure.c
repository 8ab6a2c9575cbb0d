/* SPDX-License-Identifier: Apache-2.0 */
/* measure: clocks, a histogram of times, readings of /proc. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

static uint64_t
time_ns(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

uint64_t
now_ns(void)
{
	return time_ns(CLOCK_MONOTONIC);
}

uint64_t
wall_now_ns(void)
{
	return time_ns(CLOCK_REALTIME);
}

/* --- histogram ----------------------------------------------------------- */

void
histogram_clear(struct histogram *h)
{
	memset(h, 0, sizeof *h);
}

static size_t
bucket_of(uint64_t ns)
{
	int shift;

	if (ns < STEPS)
		return (size_t)ns;
	shift = 63 - __builtin_clzll(ns) - 6; /* keeps 7 significant bits */
	return (size_t)(shift + 1) * STEPS + (size_t)((ns >> shift) - STEPS);
}

static uint64_t
bucket_value(size_t b)
{
	size_t shift = b / STEPS;

	if (shift == 0)
		return b;
	shift--;
	return ((uint64_t)(b % STEPS + STEPS) << shift) +
	       ((1ull << shift) >> 1);
}

void
histogram_add(struct histogram *h, uint64_t ns)
{
	h->count++;
	if (ns > h->most)
		h->most = ns;
	h->bucket[bucket_of(ns)]++;
}

uint64_t
histogram_quantile(const struct histogram *h, double q)
{
	uint64_t rank = (uint64_t)(q * (double)h->count), seen = 0;

	for (size_t b = 0; b < sizeof h->bucket / sizeof h->bucket[0]; b++) {
		seen += h->bucket[b];
		if (seen > rank)
			return bucket_value(b);
	}
	return h->most;
}

/* --- processes ----------------------------------------------------------- */

bool
processes_read(struct processes *p, const char *text)
{
	p->count = 0;
	while (*text) {
		char *end;
		long pid = strtol(text, &end, 10);

		if (end == text && !strchr(", \n\t", *text))
			return false;
		if (end == text) {
			text++;
			continue;
		}
		if (pid <= 0 || p->count == PROCESSES)
			return false;
		p->pid[p->count++] = (int)pid;
		text = end;
	}
	return true;
}

/*
 * The process CPU clock is what /proc/PID/stat shows as utime + stime of all
 * threads, but in nanoseconds instead of ticks of 10 ms.
 */
static uint64_t
processes_ns(const struct processes *p)
{
	uint64_t sum = 0;

	for (int i = 0; i < p->count; i++) {
		clockid_t clock;

		if (clock_getcpuclockid(p->pid[i], &clock) == 0)
			sum += time_ns(clock);
	}
	return sum;
}

static long
field_kib(const char *path, const char *name)
{
	char line[256];
	long value = 0;
	size_t len = strlen(name);
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	while (fgets(line, sizeof line, file)) {
		if (strncmp(line, name, len) == 0 && line[len] == ':') {
			value = strtol(line + len + 1, NULL, 10);
			break;
		}
	}
	(void)fclose(file);
	return value;
}

static void
read_memory(struct sample *s, const struct processes *p)
{
	for (int i = 0; i < p->count; i++) {
		char path[64];

		snprintf(path, sizeof path, "/proc/%d/smaps_rollup", p->pid[i]);
		s->rss_kib += field_kib(path, "Rss");
		s->pss_kib += field_kib(path, "Pss");
	}
	s->slab_kib = field_kib("/proc/meminfo", "Slab");
}

/* What the whole machine used: shows whether anything else ran meanwhile. */
static void
read_machine(struct sample *s)
{
	const uint64_t tick = SECOND_NS / (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t part[8] = { 0 }; /* user nice system idle iowait irq.. steal */
	char line[512] = "", *at = line;
	FILE *file = fopen("/proc/stat", "re");

	if (!file)
		return;
	if (fgets(line, sizeof line, file) && strncmp(line, "cpu ", 4) == 0) {
		at += 4;
		for (int i = 0; i < 8; i++)
			part[i] = strtoull(at, &at, 10);
	}
	(void)fclose(file);
	s->machine_ns =
		(part[0] + part[1] + part[2] + part[5] + part[6]) * tick;
	s->steal_ns = part[7] * tick;
}

void
sample_take(struct sample *s, bool memory)
{
	*s = (struct sample){ 0 };
	if (memory)
		read_memory(s, &load.options.pids);
	s->server_ns = processes_ns(&load.options.pids);
	s->beside_ns = processes_ns(&load.options.beside);
	s->client_ns = time_ns(CLOCK_PROCESS_CPUTIME_ID);
	read_machine(s);
	s->wall_ns = now_ns();
}

/* --- slices -------------------------------------------------------------- */

void
slices_start(struct slices *s, uint64_t count)
{
	s->used = 0;
	s->count = count;
	s->server_ns = processes_ns(&load.options.pids);
	s->wall_ns = now_ns();
}

void
slices_tick(struct slices *s, uint64_t count)
{
	uint64_t now = now_ns(), cpu;

	if (now - s->wall_ns < SLICE_NS || s->used == SLICES ||
	    count == s->count)
		return;
	cpu = processes_ns(&load.options.pids);
	s->us[s->used++] =
		(double)(cpu - s->server_ns) / 1e3 / (double)(count - s->count);
	s->wall_ns = now;
	s->server_ns = cpu;
	s->count = count;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
slices_quantile(struct slices *s, double q)
{
	if (s->used == 0)
		return 0;
	qsort(s->us, (size_t)s->used, sizeof s->us[0], by_value);
	return s->us[(int)(q * (s->used - 1) + 0.5)];
}
