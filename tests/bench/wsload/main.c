/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wsload: neutral load client for WebSocket servers. Opens connections,
 * greets in the server's own protocol, publishes over one more connection or
 * says acts upstream, counts and checks what comes, reads the CPU time and
 * memory of the server's processes, and prints one line of JSON.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "load.h"
#include "phases.h"
#include "speak.h"

struct load load = { .trouble = "" };

static void
raise_file_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static void
be_idle(void)
{
	struct sample a, b;

	if (load.options.hold <= 0)
		return;
	sample_take(&a, false);
	idle_for(load.options.hold);
	sample_take(&b, false);
	printf(",\"idle_cpu_ms_per_s\":%.3f",
	       (double)(b.server_ns - a.server_ns) / 1e6 / load.options.hold);
}

/* *begun: just before the first message that is measured. */
static void
publish(struct sample *begun)
{
	const struct options *o = &load.options;
	struct sample end;
	uint32_t first;

	if (!connect_publisher()) {
		load.trouble = "no publisher connection";
		return;
	}
	if (o->warmup > 0)
		publish_many((uint64_t)o->warmup, 0, 20);
	drain();
	first = load.published;
	histogram_clear(&load.publish_settling);
	load.publish_settled = 0;
	sample_take(begun, false);
	slices_start(&delivery_slices, 0);
	load.measuring = true;
	if (o->slot.all > 0)
		turns_take();
	else
		publish_many((uint64_t)o->messages, o->seconds, o->rate);
	drain();
	sample_take(&end, false);
	load.measuring = false;
	report_deliveries(begun, &end, first);
}

/* Upstream acts, and receipts that publishing brought about. */
static void
work(void)
{
	const struct options *o = &load.options;
	struct sample a, b;

	sample_take(&a, false);
	if (strcmp(o->pub, "none") != 0)
		publish(&a);
	else if (o->slot.all > 0)
		turns_take();
	if (o->slot.all > 0)
		turns_report();
	if (o->up_rate > 0 || o->up_window > 0 || o->receipt) {
		say_upstream();
		sample_take(&b, false);
		report_upstream(&a, &b);
	}
}

int
main(int argc, char **argv)
{
	static struct arrivals first, second;
	struct sample end;

	if (!options_read(&load.options, argc, argv))
		return 2;
	(void)signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	payload_init();
	if (!peers_init() || !speak_init()) {
		fputs("wsload: cannot begin\n", stderr);
		return 1;
	}
	load.deadline_ns = now_ns() + (uint64_t)load.options.limit * SECOND_NS;
	connect_all(&first);
	report_begin();
	report_arrivals("hs_", &first);
	(void)fflush(stdout);
	be_idle();
	work();
	sample_take(&end, true);
	report_memory(&first, &end);
	if (load.options.reconnect) {
		close_all();
		idle_for(2);
		connect_all(&second);
		report_arrivals("hs2_", &second);
	}
	report_end();
	close_all();
	peer_close(&load.publisher);
	return 0;
}
