/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person: whose voice a feedback is, sealed for the database. Every record has
 * a key of its own, made of its salt under the installation's secret: who
 * destroys the salt destroys the record. Of who wants to be anonymous the
 * record is a sealed box to the auditor inside, which no node can open again:
 * the private key is never on the server.
 */
#ifndef PERSON_H
#define PERSON_H

#include <stdbool.h>

#include "bytes.h"
#include "must.h"

#define PERSON_KEY_HEX 65  /* either key of the auditor */
#define PERSON_SALT_HEX 33 /* 16 bytes and a NUL */
#define PERSON_MARK_HEX 33 /* likewise */

/*
 * The auditor's public key, 64 hex digits; NULL: there is none. Once, after
 * secret_open. False with *why (static).
 */
MUST_USE bool person_open(const char *auditor, const char **why);
/* Is there an auditor to seal for? */
MUST_USE bool person_has_auditor(void);
/* A new pair, as hex. */
void person_key_new(char public[PERSON_KEY_HEX], char private[PERSON_KEY_HEX]);
/* The private key in file; false with *why (static). To be wiped. */
MUST_USE bool person_key_read(const char *file, char private[PERSON_KEY_HEX],
			      const char **why);
/* The public key of a private one; false when it is none. */
MUST_USE bool person_key_public(const char *private,
				char public[PERSON_KEY_HEX]);

/*
 * Appends text, sealed, as hex, and makes the salt of its key. anonymous: to
 * the auditor, who must be there. Its length tells no more than how many 128
 * bytes text fills. False when memory is out.
 */
MUST_USE bool person_seal(const char *text, bool anonymous, struct bytes *hex,
			  char salt[PERSON_SALT_HEX]);
/*
 * The text again. private: the auditor's key for who is anonymous, else NULL.
 * False when it is not what was sealed, or memory is out.
 */
MUST_USE bool person_unseal(const char *hex, const char *salt,
			    const char *private, struct bytes *text);

/*
 * A keyed mark of the person, by the digits of the telephone number or, where
 * there are none, by the name: the same for the same person, and not to be
 * guessed from the database alone. Marks of who is anonymous (pseudonyms) and
 * of who is not have nothing in common. False: there is neither; either may
 * be NULL.
 */
MUST_USE bool person_mark(bool anonymous, const char *phone, const char *name,
			  char hex[PERSON_MARK_HEX]);

#endif
