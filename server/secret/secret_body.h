/* SPDX-License-Identifier: Apache-2.0 */
/* secret_body: the inside of this room, for its own files only. */
#ifndef SECRET_BODY_H
#define SECRET_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define SECRET_MAC 32 /* bytes; HMAC-SHA256 */

/* Each with a key of its own, derived from the installation's secret. */
enum secret_use {
	SECRET_CONTENT,   /* what an act says */
	SECRET_RECORD,    /* the key of a record of a person */
	SECRET_PSEUDONYM, /* of who is anonymous */
	SECRET_CONTACT,   /* of who is not */
	SECRET_WITNESS,   /* a head of the audit chain */
	SECRET_USES
};

void secret_mac(enum secret_use use, const void *data, size_t len,
		unsigned char out[SECRET_MAC]);
/* A file with a secret in it: its text; false with *why (static). */
MUST_USE bool secret_read_file(const char *file, char *text, size_t room,
			       const char **why);

#endif
