/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret: the installation's secret and what is derived from it. The same
 * file for all nodes and for huiyin-admin. Whoever has it can make receipt
 * keys and check kiosk secrets; it is never in the database.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

#define SECRET_HASH_HEX 65
#define SECRET_KEY_DIGITS 17 /* 16 digits and a NUL */
#define SECRET_PASSWORD 128  /* crypto_pwhash_STRBYTES */

/*
 * Reads 64 hex digits (32 bytes) from file, once, before anything else of this
 * room. False with *why (static) when it is missing, short or readable by
 * others.
 */
MUST_USE bool secret_open(const char *file, const char **why);
/* Keyed hash of a kiosk's secret or a session token, as lower-case hex. */
void secret_hash(const char *secret, char hex[SECRET_HASH_HEX]);
/*
 * Keyed hash of what an act says, by which a repeat is known and which the
 * audit chain holds: without the secret nobody can try out what it was.
 */
void secret_content(const char *text, char hex[SECRET_HASH_HEX]);
/* What vouches for a head of the audit chain that was written down. */
void secret_witness(const char *text, char hex[SECRET_HASH_HEX]);
/* The receipt key of a ref: 16 digits, the same for ever. */
void secret_receipt_key(const char *ref, char digits[SECRET_KEY_DIGITS]);
/* Is key (blanks and hyphens ignored) that of ref? In constant time. */
MUST_USE bool secret_key_fits(const char *ref, const char *key);
/* A new random secret of 128 bits, as 32 hex digits and a NUL. */
void secret_new(char hex[33]);
/* Key for TLS session tickets of a period. */
void secret_ticket_key(uint64_t period, unsigned char key[32]);
/*
 * argon2id, 64 MiB, 3 passes: some 200 ms. Never on the loop. Safe from any
 * thread. False when memory is out.
 */
MUST_USE bool secret_password_hash(const char *password,
				   char hash[SECRET_PASSWORD]);
/*
 * hash may be NULL (no such person): takes as long and is false. errno is
 * ENOMEM when memory was out: then false says nothing of the password.
 */
MUST_USE bool secret_password_fits(const char *hash, const char *password);
/* Seals a short text (a second factor's seed) for the database, as hex. */
MUST_USE bool secret_seal(const char *text, char *hex, unsigned room);
MUST_USE bool secret_unseal(const char *hex, char *text, unsigned room);

#endif
