/* SPDX-License-Identifier: Apache-2.0 */
/* net_pki: a small authority for tests, made anew each time. */
#ifndef NET_PKI_H
#define NET_PKI_H

#include <openssl/ssl.h>

#define PKI_PATH 128

struct identity_files {
	X509 *cert;
	EVP_PKEY *key;
};

/* An identity of what is wrong with it. */
enum flaw { GOOD, EXPIRED, FUTURE, SELF_SIGNED, SERVER_ONLY, STRANGER };

struct pki {
	char folder[PKI_PATH];
	struct identity_files ca, stranger;
	char ca_file[PKI_PATH], cert_file[PKI_PATH], key_file[PKI_PATH];
};

void pki_init(struct pki *pki);
void pki_fini(struct pki *pki);
/* A certificate for name, signed by the authority unless its flaw forbids. */
struct identity_files pki_issue(struct pki *pki, const char *name,
				enum flaw flaw);
void identity_free(struct identity_files *one);
/* Writes the node's certificate and key files anew, for name. */
void pki_serve(struct pki *pki, const char *name);
void pki_write_text(const char *path, const char *text);
/* A client context with this identity (NULL: none); trusts everybody. */
SSL_CTX *pki_client(const struct identity_files *one);

#endif
