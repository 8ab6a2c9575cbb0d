/* SPDX-License-Identifier: Apache-2.0 */
/* net_pki: a small authority for tests, made anew each time. */
#include "net_pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY 86400L

static long next_serial = 1;

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

/* An address is believed only where it stands as one (RFC 9525). */
static void
add_address(X509 *cert, const char *name)
{
	ASN1_OCTET_STRING *number = a2i_IPADDRESS(name);
	char value[64];

	if (!number)
		return;
	ASN1_OCTET_STRING_free(number);
	snprintf(value, sizeof value, "IP:%s", name);
	add_extension(cert, NID_subject_alt_name, value);
}

static void
set_dates(X509 *cert, enum flaw flaw)
{
	long from = flaw == FUTURE  ? 2 * DAY :
		    flaw == EXPIRED ? -9 * DAY :
				      -DAY;
	long to = flaw == EXPIRED ? -DAY : 9 * DAY;

	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), from));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), to));
}

static struct identity_files
make(const char *name, const struct identity_files *by, enum flaw flaw)
{
	struct identity_files one = { X509_new(), EVP_EC_gen("P-256") };
	X509_NAME *subject;

	assert_non_null(one.cert);
	assert_non_null(one.key);
	assert_int_equal(X509_set_version(one.cert, X509_VERSION_3), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(one.cert), next_serial++);
	set_dates(one.cert, flaw);
	subject = X509_get_subject_name(one.cert);
	assert_int_equal(X509_NAME_add_entry_by_txt(
				 subject, "CN", MBSTRING_UTF8,
				 (const unsigned char *)name, -1, -1, 0),
			 1);
	X509_set_issuer_name(one.cert,
			     by ? X509_get_subject_name(by->cert) : subject);
	X509_set_pubkey(one.cert, one.key);
	if (!by && flaw == GOOD)
		add_extension(one.cert, NID_basic_constraints,
			      "critical,CA:TRUE");
	add_address(one.cert, name);
	if (flaw == SERVER_ONLY)
		add_extension(one.cert, NID_ext_key_usage, "serverAuth");
	assert_true(X509_sign(one.cert, by ? by->key : one.key, EVP_sha256()) >
		    0);
	return one;
}

struct identity_files
pki_issue(struct pki *pki, const char *name, enum flaw flaw)
{
	if (flaw == SELF_SIGNED)
		return make(name, NULL, flaw);
	return make(name, flaw == STRANGER ? &pki->stranger : &pki->ca, flaw);
}

void
identity_free(struct identity_files *one)
{
	X509_free(one->cert);
	EVP_PKEY_free(one->key);
}

static void
write_pem(const char *path, X509 *cert, EVP_PKEY *key)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	if (cert)
		assert_int_equal(PEM_write_X509(file, cert), 1);
	if (key)
		assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0,
						      NULL, NULL),
				 1);
	assert_int_equal(fclose(file), 0);
}

void
pki_write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void
pki_serve(struct pki *pki, const char *name)
{
	struct identity_files one = pki_issue(pki, name, GOOD);

	write_pem(pki->cert_file, one.cert, NULL);
	write_pem(pki->key_file, NULL, one.key);
	identity_free(&one);
}

void
pki_init(struct pki *pki)
{
	snprintf(pki->folder, sizeof pki->folder, "/tmp/huiyin_net_XXXXXX");
	assert_non_null(mkdtemp(pki->folder));
	snprintf(pki->ca_file, PKI_PATH, "%.64s/ca.pem", pki->folder);
	snprintf(pki->cert_file, PKI_PATH, "%.64s/cert.pem", pki->folder);
	snprintf(pki->key_file, PKI_PATH, "%.64s/key.pem", pki->folder);
	pki->ca = make("authority", NULL, GOOD);
	pki->stranger = make("stranger", NULL, GOOD);
	write_pem(pki->ca_file, pki->ca.cert, NULL);
	pki_serve(pki, "node");
}

void
pki_fini(struct pki *pki)
{
	identity_free(&pki->ca);
	identity_free(&pki->stranger);
	unlink(pki->ca_file);
	unlink(pki->cert_file);
	unlink(pki->key_file);
	rmdir(pki->folder);
}

SSL_CTX *
pki_client(const struct identity_files *one)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	assert_non_null(ctx);
	if (one) {
		assert_int_equal(SSL_CTX_use_certificate(ctx, one->cert), 1);
		assert_int_equal(SSL_CTX_use_PrivateKey(ctx, one->key), 1);
	}
	return ctx;
}
