/* SPDX-License-Identifier: Apache-2.0 */
/* handshake: OpenSSL's callbacks, and the session that is kept between lines. */
#include "handshake.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tunnel.h"

struct handshake {
	SSL_CTX *context;
	struct address to;
	struct tunnel tunnel;
	SSL_SESSION *session; /* newest ticket of `of`, or NULL */
	struct address of;    /* server that gave it */
	bool expected;        /* the next handshake is ours to begin */
	unsigned resumed;
};

static struct handshake *
handshake_of(const SSL *ssl)
{
	return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

static bool
is_same(const struct address *a, const struct address *b)
{
	return strcmp(a->host, b->host) == 0 && a->port == b->port;
}

/*
 * The newest is the best (RFC 8446 section 4.6.1). A copy, since OpenSSL gives
 * up the session of a line that was not closed properly, and bad lines end so.
 */
static int
keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct handshake *h = handshake_of(ssl);

	SSL_SESSION_free(h->session);
	h->session = SSL_SESSION_dup(session);
	h->of = h->to;
	return 0; /* theirs stays theirs */
}

/* libwebsockets has cut the host at its first ':'. */
static void
want_ip6(const struct handshake *h, SSL *ssl)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	/* No name at all would be no check: an address must be set. */
	if (X509_VERIFY_PARAM_set1_ip_asc(param, h->to.host) == 1)
		(void)X509_VERIFY_PARAM_set1_host(param, NULL, 0);
	/* RFC 6066 section 3: no address as a server's name. */
	(void)SSL_set_tlsext_host_name(ssl, NULL);
}

static void
put_tunnel(struct handshake *h, SSL *ssl)
{
	BIO *plain = SSL_get_rbio(ssl), *tunnel;

	if (!BIO_up_ref(plain))
		return;
	tunnel = tunnel_bio(&h->tunnel, plain);
	if (tunnel)
		SSL_set_bio(ssl, tunnel, tunnel);
	else
		BIO_free(plain);
}

static void
begin(struct handshake *h, SSL *ssl)
{
	h->expected = false;
	if (h->to.ip6)
		want_ip6(h, ssl);
	if (h->tunnel.state != TUNNEL_NONE)
		put_tunnel(h, ssl);
	if (h->session && is_same(&h->to, &h->of))
		(void)SSL_set_session(ssl, h->session);
}

static void
hear(const SSL *ssl, int where, int value)
{
	struct handshake *h = handshake_of(ssl);

	(void)value;
	if ((where & SSL_CB_HANDSHAKE_START) && h->expected)
		begin(h, (SSL *)(uintptr_t)ssl);
	else if (where & SSL_CB_HANDSHAKE_DONE)
		h->resumed += SSL_session_reused(ssl) == 1;
}

bool
handshake_reads_ca(const char *path)
{
	X509_STORE *store;
	struct stat file;
	bool good;

	/* A pipe would be waited for, and is empty the second time. */
	if (stat(path, &file) != 0 || !S_ISREG(file.st_mode))
		return false;
	store = X509_STORE_new();
	good = store && X509_STORE_load_file(store, path) == 1;
	X509_STORE_free(store);
	ERR_clear_error();
	return good;
}

static SSL_CTX *
make_context(struct handshake *h, const char *ca)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());

	if (!c)
		return NULL;
	SSL_CTX_set_app_data(c, h);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(c, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				    SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_info_callback(c, hear);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT |
						  SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(c, keep_session);
	if (SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
	    (ca ? SSL_CTX_load_verify_file(c, ca) :
		  SSL_CTX_set_default_verify_paths(c)) == 1)
		return c;
	SSL_CTX_free(c);
	return NULL;
}

struct handshake *
handshake_new(const char *ca)
{
	struct handshake *h = calloc(1, sizeof *h);

	if (h && tunnel_init(&h->tunnel))
		h->context = make_context(h, ca);
	ERR_clear_error();
	if (h && h->context)
		return h;
	handshake_free(h);
	return NULL;
}

void
handshake_free(struct handshake *h)
{
	if (!h)
		return;
	SSL_CTX_free(h->context);
	SSL_SESSION_free(h->session);
	tunnel_fini(&h->tunnel);
	free(h);
}

SSL_CTX *
handshake_context(const struct handshake *h)
{
	return h->context;
}

bool
handshake_expect(struct handshake *h, const struct address *to,
		 const struct proxy *proxy)
{
	h->to = *to;
	h->expected = true;
	return tunnel_expect(&h->tunnel, to, proxy);
}

void
handshake_failed(struct handshake *h)
{
	SSL_SESSION_free(h->session);
	h->session = NULL;
}

unsigned
handshake_resumed(const struct handshake *h)
{
	return h->resumed;
}

const char *
handshake_blames_proxy(const struct handshake *h)
{
	return tunnel_blame(&h->tunnel);
}
