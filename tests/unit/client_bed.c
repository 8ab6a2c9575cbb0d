/* SPDX-License-Identifier: Apache-2.0 */
/* client_bed: a client at a peer, for the tests of the client library. */
#include "client_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "clock.h"

int
bed_set_up(void **state)
{
	static const hy_options empty = HY_OPTIONS_INIT;
	struct bed *bed = calloc(1, sizeof *bed);

	if (!bed)
		return -1;
	bed_folder(bed->folder);
	bed->peer = peer_open();
	bed->options = empty;
	bed->options.url = peer_url(bed->peer);
	bed->options.as = "kiosk";
	bed->options.name = "k";
	bed->options.secret = "s";
	bed->options.store = bed->folder;
	bed->options.receipt_ms = bed->options.start_within_ms = -1;
	*state = bed;
	return 0;
}

int
bed_tear_down(void **state)
{
	struct bed *bed = *state;

	hy_close(bed->client);
	peer_close(bed->peer);
	bed_sweep(bed->folder);
	free(bed);
	return 0;
}

void
bed_open_client(struct bed *bed)
{
	int code = hy_open(&bed->client, &bed->options);

	if (code != HY_OK)
		print_error("%d %s\n", code, hy_last_error()->message);
	assert_int_equal(code, HY_OK);
}

void
bed_close_client(struct bed *bed)
{
	hy_close(bed->client);
	bed->client = NULL;
	peer_forget(bed->peer);
}

void
bed_open_online(struct bed *bed)
{
	bed_open_client(bed);
	json_decref(peer_greet(bed->peer, "none", "e1", 0, BED_GREETING));
	(void)bed_event(bed, HY_ONLINE);
}

const hy_event *
bed_event(struct bed *bed, int kind)
{
	int64_t until = clock_ms() + PEER_PATIENCE, left = PEER_PATIENCE;
	const hy_event *event;

	for (; left > 0 && (event = hy_wait(bed->client, (int)left)) != NULL;
	     left = until - clock_ms())
		if (event->kind == kind)
			return event;
	fail_msg("no event of kind %d", kind);
	return NULL;
}

bool
bed_no_event(struct bed *bed, int kind, int ms)
{
	int64_t until = clock_ms() + ms;
	const hy_event *event;

	while (clock_ms() < until) {
		event = hy_wait(bed->client, (int)(until - clock_ms()));
		if (event && event->kind == kind)
			return false;
	}
	return true;
}

void
bed_submit(struct bed *bed, const char *text, char ref[HY_REF])
{
	hy_feedback feedback = HY_FEEDBACK_INIT;

	feedback.region = "422802101201";
	feedback.service = "question";
	feedback.text = text;
	assert_int_equal(hy_submit_feedback(bed->client, &feedback, ref),
			 HY_OK);
}

void
bed_say_notice(struct bed *bed, int seq, const char *id, const char *headline)
{
	peer_sayf(bed->peer,
		  "{\"jsonrpc\":\"2.0\",\"method\":\"notice\",\"params\":{"
		  "\"seq\":%d,\"notice\":\"%s\",\"kind\":\"policy\","
		  "\"headline\":\"%s\",\"expires\":null,\"later\":{}}}",
		  seq, id, headline);
}
