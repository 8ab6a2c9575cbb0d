/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal: params closed to the county's public key, so that only a node can
 * read them: libsodium's sealed box (X25519, XSalsa20-Poly1305, another
 * ephemeral key each time). The act's name and its ref are inside: what was
 * taken from a kiosk is good for nothing else. On the wire params are then
 * {"sealed": base64 of the box, "to": name of the key}.
 */
#ifndef WIRE_SEAL_H
#define WIRE_SEAL_H

#include <jansson.h>
#include <stdbool.h>

#include "must.h"
#include "refusal.h"

struct act;

#define SEAL_BYTES 32
#define SEAL_HEX 65  /* a key as 64 hex digits, and a NUL */
#define SEAL_NAME 17 /* 16 hex digits of the hash of a public key, and a NUL */

struct seal_key {
	unsigned char bytes[SEAL_BYTES];
	char name[SEAL_NAME];
};

struct seal_pair {
	unsigned char secret[SEAL_BYTES];
	struct seal_key open; /* the public one */
};

/* What a box belongs to. */
struct seal_what {
	const char *act, *ref; /* borrowed */
	bool copy;             /* kept for a database that is restored */
};

/*
 * Is this an act whose params are to be sealed where a key is set? Whatever
 * is kept until it is sent and has a field that is not for everybody. Notices
 * are public by nature, and so are receipts of them.
 */
bool seal_is_for(const struct act *act);
/* Do params have this form? They may be anything, or NULL. */
bool seal_is_there(const json_t *params);

/* A public key from 64 hex digits; false when it is none. */
MUST_USE bool seal_key_read(struct seal_key *key, const char *hex);
/*
 * Params (JSON text of an object) sealed, as JSON text of the wire's form.
 * Owned by the caller (free()); NULL when memory is out.
 */
MUST_USE char *seal_close(const struct seal_key *key,
			  const struct seal_what *what, const char *params);
/* Of what seal_close made: the name of its key; false when it is no such. */
MUST_USE bool seal_name_of(const char *params, char name[SEAL_NAME]);

/* A new secret key, as hex; false when libsodium does not start. */
MUST_USE bool seal_pair_make(char hex[SEAL_HEX]);
/* A pair from its secret half; false when it is no key. */
MUST_USE bool seal_pair_read(struct seal_pair *pair, const char *hex);
/* A public key as hex. */
void seal_key_write(const struct seal_key *key, char hex[SEAL_HEX]);
/*
 * Opens params of that form, which were said under what->act and what->ref;
 * pairs has count keys. What was inside (json_decref) with what->copy set, or
 * NULL with *why: bad_seal, or what is wrong with the JSON inside.
 */
MUST_USE json_t *seal_open(const struct seal_pair *pairs, size_t count,
			   const json_t *params, struct seal_what *what,
			   struct refusal *why);

#endif
