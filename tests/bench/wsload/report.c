/* SPDX-License-Identifier: Apache-2.0 */
/* report: the line of JSON. */
#include <stdio.h>

#include "load.h"
#include "phases.h"

static double
per(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static void
say(const char *prefix, const char *name, double value)
{
	printf(",\"%s%s\":%.10g", prefix, name, value);
}

static void
say_count(const char *name, uint64_t value)
{
	printf(",\"%s\":%llu", name, (unsigned long long)value);
}

static void
say_times(const char *prefix, const struct histogram *h)
{
	say(prefix, "p50_us", (double)histogram_quantile(h, 0.50) / 1e3);
	say(prefix, "p99_us", (double)histogram_quantile(h, 0.99) / 1e3);
	say(prefix, "p999_us", (double)histogram_quantile(h, 0.999) / 1e3);
	say(prefix, "max_us", (double)h->most / 1e3);
}

void
report_begin(void)
{
	const struct options *o = &load.options;

	printf("{\"label\":\"%s\",\"tls\":\"%s\"", o->label, load.tls_name);
	say("", "conns", o->conns);
	say("", "size", o->size);
	say("", "window", o->window);
	say("", "rate_set", o->rate);
}

/* What other processes used of the machine, in CPUs. */
static void
say_others(const char *prefix, const struct sample *a, const struct sample *b)
{
	double took = (double)(b->wall_ns - a->wall_ns);
	double all = (double)(b->machine_ns - a->machine_ns);
	double ours = (double)(b->server_ns - a->server_ns) +
		      (double)(b->beside_ns - a->beside_ns) +
		      (double)(b->client_ns - a->client_ns);

	say(prefix, "other_util", per(all - ours, took));
	say(prefix, "steal_util",
	    per((double)(b->steal_ns - a->steal_ns), took));
}

void
report_arrivals(const char *prefix, struct arrivals *a)
{
	double server = (double)(a->after.server_ns - a->before.server_ns);
	double beside = (double)(a->after.beside_ns - a->before.beside_ns);
	double client = (double)(a->after.client_ns - a->before.client_ns);

	say_others(prefix, &a->before, &a->after);
	say(prefix, "established", a->open);
	say(prefix, "failed", a->failed);
	say(prefix, "resumed", a->resumed);
	say(prefix, "seconds", a->seconds);
	say(prefix, "rate", per(a->open, a->seconds));
	say(prefix, "server_us", per(server / 1e3, a->open));
	say(prefix, "beside_us", per(beside / 1e3, a->open));
	say(prefix, "client_us", per(client / 1e3, a->open));
	say(prefix, "us_p10", slices_quantile(&a->slices, 0.10));
	say(prefix, "us_p50", slices_quantile(&a->slices, 0.50));
	say(prefix, "p50_ms", a->p50_ms);
	say(prefix, "p99_ms", a->p99_ms);
	say(prefix, "max_ms", a->most_ms);
}

void
report_memory(const struct arrivals *a, const struct sample *end)
{
	const struct sample *first = &a->before, *all = &a->after;

	say("", "pss0_kib", (double)first->pss_kib);
	say("", "pss1_kib", (double)all->pss_kib);
	say("", "pss2_kib", (double)end->pss_kib);
	say("", "rss1_kib", (double)all->rss_kib);
	say("", "kib_per_conn",
	    per((double)(all->pss_kib - first->pss_kib), a->open));
	say("", "kib_per_conn_after",
	    per((double)(end->pss_kib - first->pss_kib), a->open));
	say("", "slab_kib_per_conn",
	    per((double)(all->slab_kib - first->slab_kib), a->open));
}

void
report_deliveries(const struct sample *a, const struct sample *b,
		  uint32_t first)
{
	double n = (double)load.measured;
	double wall = load.measured ?
			      (double)(load.last_delivery_ns - a->wall_ns) :
			      0;
	double server = (double)(b->server_ns - a->server_ns);

	say_others("", a, b);
	say("", "published", load.published - first);
	say("", "window_s", wall / 1e9);
	say("", "deliveries", n);
	say("", "deliveries_per_s", per(n * 1e9, wall));
	say("", "server_us_per_delivery", per(server / 1e3, n));
	say("", "beside_us_per_delivery",
	    per((double)(b->beside_ns - a->beside_ns) / 1e3, n));
	say("", "client_us_per_delivery",
	    per((double)(b->client_ns - a->client_ns) / 1e3, n));
	say("", "us_p10", slices_quantile(&delivery_slices, 0.10));
	say("", "us_p50", slices_quantile(&delivery_slices, 0.50));
	say("", "server_util", per(server, wall));
	say("", "bytes_per_delivery", per((double)load.bytes_in, n));
	say_times("lat_", &load.latency);
	say_count("publish_settled", load.publish_settled);
	say_times("publish_", &load.publish_settling);
}

void
report_upstream(const struct sample *a, const struct sample *b)
{
	double n = (double)load.settled;
	double wall = (double)(load.last_settled_ns - a->wall_ns);
	double server = (double)(b->server_ns - a->server_ns);
	double beside = (double)(b->beside_ns - a->beside_ns);

	say_others("up_", a, b);
	say_count("said", load.said);
	say_count("settled", load.settled);
	say("", "settled_seconds", load.settled ? wall / 1e9 : 0);
	say("", "settled_per_s", load.settled ? per(n * 1e9, wall) : 0);
	say("", "server_us_per_act", per(server / 1e3, n));
	say("", "beside_us_per_act", per(beside / 1e3, n));
	say("", "client_us_per_act",
	    per((double)(b->client_ns - a->client_ns) / 1e3, n));
	say("", "up_us_p10", slices_quantile(&up_slices, 0.10));
	say("", "up_us_p50", slices_quantile(&up_slices, 0.50));
	say_times("settle_", &load.settling);
}

/* Messages published while a connection was open, that never came. */
static long long
lost(void)
{
	int64_t sum = 0;

	for (int i = 0; i < load.options.conns; i++)
		if (load.peer[i].state == PEER_OPEN ||
		    load.peer[i].reader.got > 0)
			sum += (int64_t)load.published -
			       (int64_t)load.peer[i].reader.got;
	return sum;
}

void
report_end(void)
{
	say("", "lost", (double)lost());
	say_count("gaps", load.gaps);
	say_count("duplicates", load.repeats);
	say_count("corrupt", load.corrupt);
	say_count("dropped", (uint64_t)load.dropped);
	say_count("stalls", load.stalls);
	say_count("refused", load.refused);
	say_count("notices", load.notices);
	say_count("byes", load.byes);
	say_count("publish_errors", load.publish_errors);
	say_count("protocol_errors", load.protocol_errors);
	say_count("pings", load.pings);
	say_count("frames_in", load.frames_in);
	printf(",\"trouble\":\"%s\"}\n", load.trouble);
	(void)fflush(stdout);
}
