/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes: a growing run of bytes. An append that finds no memory marks the
 * whole as failed and does nothing more, so that a caller may append ten
 * times and ask once.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "must.h"

struct bytes {
	char *data;  /* owned; NUL-terminated when len > 0 */
	size_t len;  /* bytes, without the NUL */
	size_t room; /* bytes allocated */
	bool failed; /* an append found no memory */
};

void bytes_init(struct bytes *b);
void bytes_fini(struct bytes *b);
/* Empties it; keeps the memory. Clears failed. */
void bytes_clear(struct bytes *b);
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_text(struct bytes *b, const char *text);
void bytes_format(struct bytes *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* Appends text as a JSON string with its quotes (RFC 8259 section 7); DEL is
 * escaped as well, for terminals. */
void bytes_json(struct bytes *b, const char *text);
/* Gives the memory to the caller (free()); NULL when failed or empty. */
MUST_USE char *bytes_take(struct bytes *b);

#endif
