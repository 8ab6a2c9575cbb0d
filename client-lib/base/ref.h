/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ref: the name an author gives to an act, a UUID of version 7
 * (RFC 9562 section 5.7): 48 bits of Unix milliseconds, 74 random bits.
 */
#ifndef BASE_REF_H
#define BASE_REF_H

#include <stdbool.h>

#include "must.h"

#define REF_TEXT 37 /* 36 characters and a NUL */

/* Writes a new ref in lower case; false when the kernel gives no randomness. */
MUST_USE bool ref_new(char text[REF_TEXT]);
/* Is text a UUIDv7 in its 8-4-4-4-12 form? Upper case is accepted. */
bool ref_is_good(const char *text);
/* Copies a good ref in lower case: how it is kept and compared. */
void ref_lower(char to[REF_TEXT], const char *from);

#endif
