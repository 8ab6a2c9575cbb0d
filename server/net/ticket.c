/* SPDX-License-Identifier: Apache-2.0 */
/* ticket: keys of TLS session tickets. */
#include "ticket.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "clock.h"

/* One secret, three uses: each its own (RFC 5869 section 2.3, one block). */
static bool
derive(const unsigned char secret[32], const char *use, unsigned char out[32])
{
	unsigned len = 32;

	return HMAC(EVP_sha256(), secret, 32, (const unsigned char *)use,
		    strlen(use), out, &len) != NULL;
}

static const struct ticket_keys *
keys_of(struct tickets *tickets, uint64_t period)
{
	struct ticket_keys *keys = &tickets->kept[period % 2];
	unsigned char secret[32], name[32];
	bool ok;

	if (keys->period == period)
		return keys;
	tickets->key(period, secret);
	ok = derive(secret, "huiyin ticket name\1", name) &&
	     derive(secret, "huiyin ticket seal\1", keys->seal) &&
	     derive(secret, "huiyin ticket mac\1", keys->mac);
	memcpy(keys->name, name, sizeof keys->name);
	keys->period = ok ? period : 0;
	OPENSSL_cleanse(secret, sizeof secret);
	return ok ? keys : NULL;
}

static int
set_up(const struct ticket_keys *keys, unsigned char *iv,
       EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int seal)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY,
						  (void *)keys->mac,
						  sizeof keys->mac),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
						 (char *)"SHA256", 0),
		OSSL_PARAM_construct_end()
	};

	return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, keys->seal,
				 iv, seal) == 1 &&
	       EVP_MAC_CTX_set_params(mac, params) == 1;
}

static int
seal_ticket(const struct ticket_keys *keys, unsigned char *name,
	    unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	if (!keys || RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1)
		return -1;
	memcpy(name, keys->name, sizeof keys->name);
	return set_up(keys, iv, cipher, mac, 1) ? 1 : -1;
}

/*
 * 0: not ours, a full handshake; 1: ours; 2: ours, and the peer gets another.
 * In TLS 1.3 it always does, for there a peer uses each only once.
 */
static int
open_ticket(SSL *ssl, uint64_t period, const unsigned char *name,
	    unsigned char *iv, void *both[2])
{
	struct tickets *tickets = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	for (uint64_t back = 0; back < 2; back++) {
		const struct ticket_keys *keys =
			keys_of(tickets, period - back);

		if (!keys || CRYPTO_memcmp(name, keys->name, 16) != 0)
			continue;
		if (!set_up(keys, iv, both[0], both[1], 0))
			return -1;
		return back > 0 || SSL_version(ssl) >= TLS1_3_VERSION ? 2 : 1;
	}
	return 0;
}

static int
on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
	  EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int seal)
{
	struct tickets *tickets = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	uint64_t period = (uint64_t)clock_wall_ms() / 1000 / TICKET_PERIOD;
	void *both[2] = { cipher, mac };

	if (seal)
		return seal_ticket(keys_of(tickets, period), name, iv, cipher,
				   mac);
	return open_ticket(ssl, period, name, iv, both);
}

void
tickets_use(struct tickets *tickets, SSL_CTX *ctx)
{
	SSL_CTX_set_app_data(ctx, tickets);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, on_ticket);
	SSL_CTX_set_timeout(ctx, TICKET_PERIOD);
	SSL_CTX_set_num_tickets(ctx, 1);
}
