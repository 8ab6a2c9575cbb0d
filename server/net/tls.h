/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls: what our TLS is, and the files it needs. Files are read whole before
 * anything that serves is touched: a bad one changes nothing.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "must.h"

struct tls_files {
	X509 *cert;
	STACK_OF(X509) * chain; /* what follows it in its file */
	EVP_PKEY *key;
	X509_STORE *client_ca; /* NULL: no client certificates */
	STACK_OF(X509_NAME) * client_ca_names;
};

/* Reads PEM files; client_ca may be NULL. False with *why (static text). */
MUST_USE bool tls_files_load(struct tls_files *files, const char *cert,
			     const char *key, const char *client_ca,
			     const char **why);
void tls_files_fini(struct tls_files *files);
/* Is the certificate valid today? */
bool tls_files_in_date(const struct tls_files *files);
/* Protocols, ciphers, groups. certified: asks for a client certificate. */
MUST_USE bool tls_prepare(SSL_CTX *ctx, bool certified);
/* From the next handshake on ctx serves with these (references are taken). */
MUST_USE bool tls_use(SSL_CTX *ctx, const struct tls_files *files,
		      bool certified);
/*
 * Common name of the peer's certificate, when it has one that was verified
 * in this very handshake; NULL otherwise. To be freed.
 */
MUST_USE char *tls_certified_name(SSL *ssl);

#endif
