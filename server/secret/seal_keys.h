/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_keys: the county's private keys, with which nodes open what clients
 * have sealed (wire/seal.h). Several, so that a new one can be given out while
 * kiosks still have acts that are sealed to an older one.
 */
#ifndef SECRET_SEAL_KEYS_H
#define SECRET_SEAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"
#include "seal.h"

#define SEAL_KEYS 4 /* most */

struct seal_keys {
	struct seal_pair pair[SEAL_KEYS]; /* newest first */
	size_t count;
};

/*
 * From lines of 64 hex digits each; NULL or "" is no key. False with *why
 * (static), and no key, when a line is something else. seal_keys_fini wipes.
 */
MUST_USE bool seal_keys_init(struct seal_keys *keys, const char *text,
			     const char **why);
void seal_keys_fini(struct seal_keys *keys);

#endif
