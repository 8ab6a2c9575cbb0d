/* SPDX-License-Identifier: Apache-2.0 */
/* stats: the numbers as text for Prometheus. */
#include "stats.h"

#include <inttypes.h>

struct counters counters;

static void
print_head(struct bytes *to, const char *name, const char *type,
	   const char *help)
{
	bytes_format(to, "# HELP huiyin_%s %s\n# TYPE huiyin_%s %s\n", name,
		     help, name, type);
}

static void
print_one(struct bytes *to, const char *name, const char *type,
	  const char *help, uint64_t value)
{
	print_head(to, name, type, help);
	bytes_format(to, "huiyin_%s %" PRIu64 "\n", name, value);
}

static void
print_by_act(struct bytes *to, const char *name, const uint64_t *value)
{
	for (unsigned i = 0; i < ACT_COUNT; i++)
		bytes_format(to, "huiyin_%s{act=\"%s\"} %" PRIu64 "\n", name,
			     act_row((enum act_id)i)->name, value[i]);
}

static void
print_acts(struct bytes *to)
{
	print_head(to, "acts_done_total", "counter", "Acts answered well.");
	print_by_act(to, "acts_done_total", counters.act_done);
	print_head(to, "acts_refused_total", "counter", "Acts refused.");
	print_by_act(to, "acts_refused_total", counters.act_refused);
	print_head(to, "acts_milliseconds_total", "counter",
		   "Time until acts were answered, summed.");
	print_by_act(to, "acts_milliseconds_total", counters.act_ms);
	print_head(to, "refusals_total", "counter", "Refusals by reason.");
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		bytes_format(to,
			     "huiyin_refusals_total{tag=\"%s\"} %" PRIu64 "\n",
			     refusal_row((enum refusal_id)i)->tag,
			     counters.refused[i]);
}

static void
print_batches(struct bytes *to, const struct gauges *gauges)
{
	uint64_t sum = 0;

	print_head(to, "batch_acts", "histogram", "Acts settled in one batch.");
	for (unsigned i = 0; i < 10; i++) {
		sum += gauges->batch_size[i];
		bytes_format(
			to, "huiyin_batch_acts_bucket{le=\"%u\"} %" PRIu64 "\n",
			1u << i, sum);
	}
	bytes_format(to,
		     "huiyin_batch_acts_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		     "huiyin_batch_acts_sum %" PRIu64 "\n"
		     "huiyin_batch_acts_count %" PRIu64 "\n",
		     sum, gauges->batched_acts, sum);
}

void
stats_print(struct bytes *to, const struct gauges *gauges)
{
#define COUNTER(id, name, help) \
	print_one(to, name "_total", "counter", help, counters.id);
#define GAUGE(id, name, help) print_one(to, name, "gauge", help, gauges->id);
#include "counters.tbl.h"
	print_acts(to);
	print_batches(to, gauges);
}
