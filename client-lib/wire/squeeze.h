/* SPDX-License-Identifier: Apache-2.0 */
/*
 * squeeze: texts made short for lines that are paid by the byte. A zlib stream
 * (RFC 1950) over a preset dictionary, which both sides know: what every
 * notice has, and words that many have. A text of 500 characters is too short
 * to repeat itself; with the dictionary it shrinks to a half or a third.
 */
#ifndef WIRE_SQUEEZE_H
#define WIRE_SQUEEZE_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "must.h"

/* Appends text squeezed. False, and out as it was, when memory is out. */
MUST_USE bool squeeze(struct bytes *out, const char *text, size_t len);

/* What both sides know beforehand, for documents and tests; borrowed. */
const char *squeeze_dictionary(size_t *len);

enum squeeze_fault {
	SQUEEZE_GOOD,
	SQUEEZE_BAD, /* no stream over our dictionary, or not the whole of it */
	SQUEEZE_TOO_LARGE,
	SQUEEZE_NO_MEMORY
};

/*
 * Appends what was squeezed, at most `most` bytes of it. What is left in out
 * when it is not good is of no use.
 */
MUST_USE enum squeeze_fault unsqueeze(struct bytes *out, const void *data,
				      size_t len, size_t most);

#endif
