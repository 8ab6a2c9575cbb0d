/* SPDX-License-Identifier: Apache-2.0 */
/* What TLS is spoken, with which certificates, and how they change. */
/* rooms: net */
/* with: net_node.c net_peer.c net_pki.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/pem.h>

#include "net_peer.h"

static struct pki pki;
static struct node node;

static void
other_key(uint64_t period, unsigned char key[32])
{
	(void)period;
	memset(key, 9, 32);
}

static int
open_default(void **state)
{
	(void)state;
	node_init(&node, &pki);
	node.settings.mtls_port = free_port();
	node_open(&node);
	return 0;
}

static SSL_SESSION *ticket; /* owned; the last one given */

static int
close_node(void **state)
{
	(void)state;
	SSL_SESSION_free(ticket);
	ticket = NULL;
	node_close(&node);
	return 0;
}

static bool
serves_name(struct peer *peer, const char *name)
{
	X509 *cert = SSL_get1_peer_certificate(peer->ssl);
	char got[64];

	X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
				  got, sizeof got);
	X509_free(cert);
	return strcmp(got, name) == 0;
}

static bool
serves_now(const char *name)
{
	struct peer *peer = peer_tls(&node, node.settings.port, NULL);
	bool does = peer && serves_name(peer, name);

	peer_close(peer);
	return does;
}

static void
a_reload_with_a_bad_file_changes_nothing(void **state)
{
	struct peer *before = peer_open(&node);
	struct identity_files other = pki_issue(&pki, "other", GOOD);
	FILE *file;
	const char *why;

	(void)state;
	pki_write_text(pki.cert_file, "nonsense\n");
	assert_false(net_reload(node.net, &why));
	assert_non_null(strstr(why, "the certificate file cannot be read: /"));
	assert_true(serves_now("node"));
	/* A certificate of another key. */
	file = fopen(pki.cert_file, "w");
	PEM_write_X509(file, other.cert);
	fclose(file);
	assert_false(net_reload(node.net, &why));
	assert_non_null(
		strstr(why, "the key does not belong to the certificate: /"));
	unlink(pki.key_file);
	assert_false(net_reload(node.net, &why));
	assert_true(serves_now("node"));
	pki_serve(&pki, "renewed");
	assert_true(net_reload(node.net, &why));
	assert_true(serves_now("renewed"));
	/* Nobody was disturbed. */
	assert_true(peer_says(before, "still here"));
	until(&node, node.session[0].said == 1, 5);
	peer_close(before);
	pki_serve(&pki, "node");
	assert_true(net_reload(node.net, &why));
	identity_free(&other);
}

static bool
can_connect(int low, int high, const char *ciphers)
{
	SSL_CTX *ctx = pki_client(NULL);
	struct peer *peer;
	bool can;

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, low);
	SSL_CTX_set_max_proto_version(ctx, high);
	SSL_CTX_set_cipher_list(ctx, ciphers);
	peer = peer_tls(&node, node.settings.port, ctx);
	can = peer != NULL;
	peer_close(peer);
	SSL_CTX_free(ctx);
	return can;
}

static void
only_modern_tls_is_spoken(void **state)
{
	(void)state;
	assert_true(can_connect(TLS1_3_VERSION, TLS1_3_VERSION, "ALL"));
	assert_true(
		can_connect(TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE+AESGCM"));
	assert_false(can_connect(TLS1_2_VERSION, TLS1_2_VERSION,
				 "ECDHE-ECDSA-AES128-SHA:AES128-GCM-SHA256"));
	assert_false(
		can_connect(TLS1_VERSION, TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
}

static int
keep_ticket(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(ticket);
	ticket = session;
	return 1;
}

/* Connects with the last ticket; was it taken? */
static bool
resumes(int port, SSL_CTX *ctx)
{
	struct peer *peer = peer_resume(&node, port, ctx, ticket);
	bool resumed;

	assert_non_null(peer);
	assert_int_equal(peer_upgrades(peer, NULL, NULL), 101);
	resumed = SSL_session_reused(peer->ssl);
	peer_close(peer);
	return resumed;
}

static SSL_CTX *
ticket_keeper(const struct identity_files *one)
{
	SSL_CTX *ctx = pki_client(one);

	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(ctx, keep_ticket);
	return ctx;
}

static void
a_ticket_of_one_node_is_good_at_another(void **state)
{
	SSL_CTX *ctx = ticket_keeper(NULL);

	(void)state;
	assert_false(resumes(node.settings.port, ctx));
	assert_non_null(ticket);
	assert_true(resumes(node.settings.port, ctx));
	node_close(&node);
	open_default(NULL);
	assert_true(resumes(node.settings.port, ctx));
	node_close(&node);
	node_init(&node, &pki);
	node.settings.ticket_key = other_key;
	node_open(&node);
	assert_false(resumes(node.settings.port, ctx));
	SSL_CTX_free(ctx);
}

static void
the_certified_door_gives_no_tickets(void **state)
{
	struct identity_files one = pki_issue(&pki, "kiosk-1", GOOD);
	SSL_CTX *ctx = ticket_keeper(&one);

	(void)state;
	assert_false(resumes(node.settings.mtls_port, ctx));
	assert_null(ticket);
	SSL_CTX_free(ctx);
	identity_free(&one);
}

static const struct {
	const char *name;
	enum flaw flaw;
	bool let_in;
} clients[] = {
	{ "kiosk-1", GOOD, true },         { "kiosk-1", EXPIRED, false },
	{ "kiosk-1", FUTURE, false },      { "kiosk-1", SELF_SIGNED, false },
	{ "kiosk-1", SERVER_ONLY, false }, { "kiosk-1", STRANGER, false },
};

static int
certified_upgrade(SSL_CTX *ctx)
{
	struct peer *peer = peer_tls(&node, node.settings.mtls_port, ctx);
	int status;

	/* With TLS 1.3 the refusal comes after the client's own finish. */
	if (!peer)
		return 0;
	status = peer_upgrades(peer, NULL, NULL);
	peer_close(peer);
	return status;
}

static void
only_a_good_client_certificate_opens_the_certified_door(void **state)
{
	(void)state;
	assert_int_equal(certified_upgrade(NULL), 0);
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		struct identity_files one =
			pki_issue(&pki, clients[i].name, clients[i].flaw);
		SSL_CTX *ctx = pki_client(&one);
		int opened = node.opened;

		assert_int_equal(certified_upgrade(ctx),
				 clients[i].let_in ? 101 : 0);
		assert_int_equal(node.opened, opened + clients[i].let_in);
		if (clients[i].let_in)
			assert_string_equal(node.session[opened].certified,
					    clients[i].name);
		SSL_CTX_free(ctx);
		identity_free(&one);
	}
}

static void
files_that_do_not_fit_are_refused_at_the_start(void **state)
{
	static const struct net_calls calls;
	const char *why = NULL;
	uv_loop_t loop;

	(void)state;
	node_init(&node, &pki);
	uv_loop_init(&loop);
	node.settings.key = pki.ca_file;
	assert_null(net_open(&loop, &node.settings, &calls, &why));
	assert_non_null(strstr(why, "the key file cannot be read: /"));
	node.settings.key = pki.key_file;
	node.settings.client_ca = "/nonexistent";
	node.settings.mtls_port = free_port();
	assert_null(net_open(&loop, &node.settings, &calls, &why));
	assert_non_null(strstr(
		why, "the file of the clients' authority cannot be read: /"));
	node.settings.mtls_port = 0;
	node.settings.host = "localhost";
	assert_null(net_open(&loop, &node.settings, &calls, &why));
	assert_string_equal(why,
			    "the address to listen on is not an IP address");
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void
a_port_that_is_taken_is_named_with_the_reason(void **state)
{
	static const struct net_calls calls;
	const char *why = NULL;
	uv_loop_t loop;
	char said[120];

	(void)state;
	node_init(&node, &pki);
	uv_loop_init(&loop);
	node.settings.admin_host = node.settings.host;
	node.settings.admin_port = node.settings.port;
	snprintf(said, sizeof said,
		 "port %d of %s cannot be listened on: Address already in use",
		 node.settings.port, node.settings.host);
	assert_null(net_open(&loop, &node.settings, &calls, &why));
	assert_string_equal(why, said);
	assert_int_equal(uv_loop_close(&loop), 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_default, close_node)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(a_reload_with_a_bad_file_changes_nothing),
		WITH(only_modern_tls_is_spoken),
		WITH(a_ticket_of_one_node_is_good_at_another),
		WITH(the_certified_door_gives_no_tickets),
		WITH(only_a_good_client_certificate_opens_the_certified_door),
		cmocka_unit_test(
			files_that_do_not_fit_are_refused_at_the_start),
		cmocka_unit_test(a_port_that_is_taken_is_named_with_the_reason),
	};
	int failed;

	pki_init(&pki);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	pki_fini(&pki);
	return failed;
}
