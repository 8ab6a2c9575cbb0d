/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the client library: resumed, to IPv6 addresses, through a proxy. */
/* rooms: client */
/* with: client_bed.c client_peer.c client_proxy.c net_pki.c outbox_bed.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client_bed.h"
#include "client_proxy.h"
#include "net_pki.h"

static struct pki pki;
static struct forwarder *proxy;
static char proxy_url[128];

static int
make_pki(void **state)
{
	(void)state;
	pki_init(&pki);
	return 0;
}

static int
sweep_pki(void **state)
{
	(void)state;
	pki_fini(&pki);
	return 0;
}

static int
set_up(void **state)
{
	struct bed *bed;
	int failed = bed_set_up(state);

	bed = *state;
	bed->options.ca = pki.ca_file;
	bed->options.proxy = "";
	return failed;
}

static int
tear_down(void **state)
{
	int failed = bed_tear_down(state);

	if (proxy)
		proxy_close(proxy);
	proxy = NULL;
	return failed;
}

/* A peer at address with a certificate for name. */
static void
serve(struct bed *bed, const char *address, const char *name)
{
	pki_serve(&pki, name);
	peer_close(bed->peer);
	bed->peer = peer_open_tls(address, pki.cert_file, pki.key_file);
	bed->options.url = peer_url(bed->peer);
}

static void
through(struct bed *bed, enum proxy_mood mood, const char *status,
	const char *login)
{
	proxy = proxy_open(mood, status);
	snprintf(proxy_url, sizeof proxy_url, "http://%s%s", login,
		 proxy_name(proxy));
	bed->options.proxy = proxy_url;
}

static void
a_line_that_comes_back_resumes_its_tls_session(void **state)
{
	struct bed *bed = *state;

	serve(bed, "127.0.0.1", "127.0.0.1");
	bed_open_online(bed);
	for (int i = 0; i < 3; i++) {
		peer_hang_up(bed->peer);
		(void)bed_event(bed, HY_OFFLINE);
		json_decref(
			peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
		(void)bed_event(bed, HY_ONLINE);
	}
	assert_int_equal(peer_lines(bed->peer), 4);
	assert_int_equal(peer_resumed(bed->peer), 3);
}

static void
a_server_without_tls_is_told_as_such(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;
	char url[80];

	snprintf(url, sizeof url, "wss%s", strchr(peer_url(bed->peer), ':'));
	bed->options.url = url;
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "unreachable");
	assert_non_null(strstr(event->message, "no TLS is spoken there"));
}

static void
an_ipv6_address_is_reached_and_its_certificate_checked(void **state)
{
	struct bed *bed = *state;

	serve(bed, "::1", "::1");
	assert_memory_equal(bed->options.url, "wss://[::1]:", 12);
	bed_open_online(bed);
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	assert_int_equal(peer_resumed(bed->peer), 1);
}

static void
a_certificate_of_another_address_is_not_trusted(void **state)
{
	static const char *const others[] = { "::2", "127.0.0.1", "node" };
	struct bed *bed = *state;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		serve(bed, "::1", others[i]);
		bed_open_client(bed);
		assert_string_equal(bed_event(bed, HY_OFFLINE)->tag,
				    "untrusted");
		bed_close_client(bed);
	}
	serve(bed, "127.0.0.1", "127.0.0.2");
	bed_open_client(bed);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "untrusted");
}

static void
a_proxy_connects_with_user_and_password(void **state)
{
	struct bed *bed = *state;
	char head[128];

	serve(bed, "127.0.0.1", "127.0.0.1");
	through(bed, PROXY_CONNECTS, NULL, "kiosk:p%40ss%3aword@");
	bed_open_online(bed);
	snprintf(head, sizeof head, "CONNECT 127.0.0.1:%s HTTP/1.1\r\n",
		 strrchr(bed->options.url, ':') + 1);
	*strstr(head, "/ws") = 0;
	assert_memory_equal(proxy_asked(proxy), head, strlen(head));
	/* base64 of kiosk:p@ss:word */
	assert_non_null(strstr(proxy_asked(proxy),
			       "\r\nProxy-Authorization: Basic "
			       "a2lvc2s6cEBzczp3b3Jk\r\n"));
	peer_hang_up(bed->peer);
	json_decref(peer_greet(bed->peer, "since", "e1", 0, BED_GREETING));
	assert_int_equal(peer_resumed(bed->peer), 1);
}

static void
a_proxy_may_answer_in_pieces_and_lead_to_an_ipv6_address(void **state)
{
	struct bed *bed = *state;

	serve(bed, "::1", "::1");
	through(bed, PROXY_DRIPS, NULL, "");
	bed_open_online(bed);
	assert_memory_equal(proxy_asked(proxy), "CONNECT [::1]:", 14);
	assert_null(strstr(proxy_asked(proxy), "Authorization"));
}

static void
what_the_proxy_says_instead_is_told(void **state)
{
	static const char *const answers[] = {
		"407 Proxy Authentication Required", "403 Forbidden",
		"502 Bad Gateway", "999 \xff\x1b[2J"
	};
	struct bed *bed = *state;
	const hy_event *event;

	serve(bed, "127.0.0.1", "127.0.0.1");
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		through(bed, PROXY_ANSWERS, answers[i], "a:b@");
		bed_open_client(bed);
		event = bed_event(bed, HY_OFFLINE);
		assert_string_equal(event->tag, "proxy");
		assert_non_null(strstr(event->message,
				       i < 3 ? answers[i] : "999 ??[2J"));
		bed_close_client(bed);
		proxy_close(proxy);
	}
	proxy = NULL;
}

static void
an_answer_of_the_proxy_without_an_end_is_given_up(void **state)
{
	static char endless[20000];
	struct bed *bed = *state;
	const hy_event *event;

	memset(endless, 'x', sizeof endless - 1);
	serve(bed, "127.0.0.1", "127.0.0.1");
	through(bed, PROXY_ANSWERS, endless, "");
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "proxy");
	assert_non_null(strstr(event->message, "without an end"));
}

static void
a_proxy_that_says_nothing_is_left_in_time(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;

	serve(bed, "127.0.0.1", "127.0.0.1");
	through(bed, PROXY_HANGS, NULL, "");
	bed->options.connect_ms = 300;
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "proxy");
	assert_non_null(strstr(event->message, "does not answer"));
}

static void
a_proxy_that_hangs_up_or_is_not_there_is_told(void **state)
{
	struct bed *bed = *state;
	const hy_event *event;

	serve(bed, "127.0.0.1", "127.0.0.1");
	through(bed, PROXY_HANGS_UP, NULL, "");
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "proxy");
	assert_non_null(strstr(event->message, "hung up"));
	bed_close_client(bed);
	bed->options.proxy = "127.0.0.1:1";
	bed_open_client(bed);
	event = bed_event(bed, HY_OFFLINE);
	assert_string_equal(event->tag, "proxy");
	assert_non_null(strstr(event->message, "cannot be reached"));
}

static void
the_proxy_of_the_environment_is_used_unless_the_program_says(void **state)
{
	struct bed *bed = *state;

	serve(bed, "127.0.0.1", "127.0.0.1");
	setenv("HUIYIN_PROXY", "127.0.0.1:1", 1);
	bed->options.proxy = NULL;
	bed_open_client(bed);
	assert_string_equal(bed_event(bed, HY_OFFLINE)->tag, "proxy");
	bed_close_client(bed);
	bed->options.proxy = "";
	bed_open_online(bed);
	unsetenv("HUIYIN_PROXY");
}

static void
a_server_on_this_machine_without_tls_needs_no_proxy(void **state)
{
	struct bed *bed = *state;

	bed->options.proxy = "127.0.0.1:1";
	bed_open_online(bed);
}

static void
a_proxy_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
		"x",           "x:0",   "x:65536",   "https://x:1",
		"socks://x",   "a@x:1", "a:%zz@x:1", "a:%00@x:1",
		"[::1:1",      "[x]:1", "x:1/y",     "a:b\r\nc@x:1",
		"http://x:1 ",
	};
	struct bed *bed = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		bed->options.proxy = wrong[i];
		assert_int_equal(hy_open(&bed->client, &bed->options),
				 HY_ERR_INPUT);
		assert_string_equal(hy_last_error()->path, "proxy");
	}
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(a_server_without_tls_is_told_as_such),
		WITH_BED(a_line_that_comes_back_resumes_its_tls_session),
		WITH_BED(
			an_ipv6_address_is_reached_and_its_certificate_checked),
		WITH_BED(a_certificate_of_another_address_is_not_trusted),
		WITH_BED(a_proxy_connects_with_user_and_password),
		WITH_BED(
			a_proxy_may_answer_in_pieces_and_lead_to_an_ipv6_address),
		WITH_BED(what_the_proxy_says_instead_is_told),
		WITH_BED(an_answer_of_the_proxy_without_an_end_is_given_up),
		WITH_BED(a_proxy_that_says_nothing_is_left_in_time),
		WITH_BED(a_proxy_that_hangs_up_or_is_not_there_is_told),
		WITH_BED(
			the_proxy_of_the_environment_is_used_unless_the_program_says),
		WITH_BED(a_server_on_this_machine_without_tls_needs_no_proxy),
		WITH_BED(a_proxy_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, make_pki, sweep_pki);
}
