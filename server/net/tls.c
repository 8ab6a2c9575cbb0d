/* SPDX-License-Identifier: Apache-2.0 */
/* tls: what our TLS is, and the files it needs. */
#include "tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CIPHERS                                                      \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#define SUITES                                           \
	"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:" \
	"TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS "X25519:P-256:P-384"

/* A key with a passphrase is refused; OpenSSL would ask on the terminal. */
static int
no_passphrase(char *to, int room, int writing, void *context)
{
	(void)writing;
	(void)context;
	if (room > 0)
		*to = 0;
	return -1;
}

static bool
load_cert(struct tls_files *files, const char *path)
{
	BIO *bio = BIO_new_file(path, "r");
	X509 *next;

	if (!bio)
		return false;
	files->cert = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase, NULL);
	files->chain = sk_X509_new_null();
	while (files->cert && files->chain &&
	       (next = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL)))
		if (sk_X509_push(files->chain, next) == 0) {
			X509_free(next);
			break;
		}
	BIO_free(bio);
	/* The end of the file is how a chain ends; anything else is bad. */
	return files->cert && files->chain &&
	       ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static bool
load_key(struct tls_files *files, const char *path)
{
	BIO *bio = BIO_new_file(path, "r");

	if (!bio)
		return false;
	files->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return files->key != NULL;
}

static bool
load_client_ca(struct tls_files *files, const char *path)
{
	files->client_ca = X509_STORE_new();
	files->client_ca_names = SSL_load_client_CA_file(path);
	return files->client_ca && files->client_ca_names &&
	       X509_STORE_load_file(files->client_ca, path) == 1;
}

/* Borrowed until the next call. */
static const char *
with_file(const char *what, const char *path)
{
	static char text[512];

	snprintf(text, sizeof text, "%s: %s", what, path ? path : "not set");
	return text;
}

static const char *
load_all(struct tls_files *files, const char *cert, const char *key,
	 const char *client_ca)
{
	if (!cert || !load_cert(files, cert))
		return with_file("the certificate file cannot be read", cert);
	if (!key || !load_key(files, key))
		return with_file("the key file cannot be read", key);
	if (X509_check_private_key(files->cert, files->key) != 1)
		return with_file("the key does not belong to the certificate",
				 key);
	if (client_ca && !load_client_ca(files, client_ca))
		return with_file(
			"the file of the clients' authority cannot be read",
			client_ca);
	return NULL;
}

bool
tls_files_load(struct tls_files *files, const char *cert, const char *key,
	       const char *client_ca, const char **why)
{
	memset(files, 0, sizeof *files);
	ERR_clear_error();
	*why = load_all(files, cert, key, client_ca);
	ERR_clear_error();
	if (*why)
		tls_files_fini(files);
	return !*why;
}

void
tls_files_fini(struct tls_files *files)
{
	X509_free(files->cert);
	sk_X509_pop_free(files->chain, X509_free);
	EVP_PKEY_free(files->key);
	X509_STORE_free(files->client_ca);
	sk_X509_NAME_pop_free(files->client_ca_names, X509_NAME_free);
	memset(files, 0, sizeof *files);
}

bool
tls_files_in_date(const struct tls_files *files)
{
	return X509_cmp_current_time(X509_get0_notBefore(files->cert)) < 0 &&
	       X509_cmp_current_time(X509_get0_notAfter(files->cert)) > 0;
}

/*
 * A resumed session skips verification, so behind a client certificate
 * nothing is resumed. The verdict is OpenSSL's own (no callback): that of
 * libwebsockets lets everybody in unless it is answered just so.
 */
static void
ask_certificate(SSL_CTX *ctx)
{
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_verify(
		ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

bool
tls_prepare(SSL_CTX *ctx, bool certified)
{
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE |
					 SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_security_level(ctx, 2);
	/*
	 * libwebsockets would choose another vhost by the name asked for, all
	 * of ours having the same port number there: the door decides.
	 */
	SSL_CTX_set_tlsext_servername_callback(ctx, NULL);
	if (certified)
		ask_certificate(ctx);
	return SSL_CTX_set_min_proto_version(ctx, certified ? TLS1_3_VERSION :
							      TLS1_2_VERSION) &&
	       SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
	       SSL_CTX_set_ciphersuites(ctx, SUITES) == 1 &&
	       SSL_CTX_set1_groups_list(ctx, GROUPS) == 1;
}

bool
tls_use(SSL_CTX *ctx, const struct tls_files *files, bool certified)
{
	STACK_OF(X509_NAME) *names = NULL;

	if (certified) {
		names = SSL_dup_CA_list(files->client_ca_names);
		if (!names)
			return false;
	}
	if (SSL_CTX_use_cert_and_key(ctx, files->cert, files->key, files->chain,
				     1) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		ERR_clear_error();
		return false;
	}
	if (certified) {
		SSL_CTX_set_client_CA_list(ctx, names);
		SSL_CTX_set1_cert_store(ctx, files->client_ca);
	}
	return true;
}

static char *
common_name(X509 *cert)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *text = NULL;
	char *name = NULL;
	int len;

	if (at < 0)
		return NULL;
	len = ASN1_STRING_to_UTF8(
		&text,
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	/* A NUL inside would make one name look like another. */
	if (len > 0 && strlen((char *)text) == (size_t)len)
		name = strdup((char *)text);
	OPENSSL_free(text);
	return name;
}

char *
tls_certified_name(SSL *ssl)
{
	X509 *cert = ssl ? SSL_get1_peer_certificate(ssl) : NULL;
	char *name = NULL;

	if (cert && SSL_get_verify_result(ssl) == X509_V_OK &&
	    !SSL_session_reused(ssl))
		name = common_name(cert);
	X509_free(cert);
	return name;
}
