/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump: JSON as text. Instead of jansson's json_dumps, which does not look
 * whether the pieces of a key could be kept: when memory is short it gives a
 * text in which a key is damaged or empty, and calls that a success.
 */
#ifndef WIRE_DUMP_H
#define WIRE_DUMP_H

#include <jansson.h>

#include "must.h"

/*
 * flags are jansson's; there are no blanks in any case. Owned by the caller
 * (free()); NULL when memory is out.
 */
MUST_USE char *dump_text(const json_t *value, size_t flags);

#endif
