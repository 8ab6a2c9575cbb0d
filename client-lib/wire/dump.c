/* SPDX-License-Identifier: Apache-2.0 */
/* dump: JSON as text; one lost piece loses all of it. */
#include "dump.h"

#include "bytes.h"

static int
add_piece(const char *piece, size_t len, void *context)
{
	struct bytes *text = context;

	bytes_add(text, piece, len);
	return text->failed ? -1 : 0;
}

char *
dump_text(const json_t *value, size_t flags)
{
	struct bytes text;

	bytes_init(&text);
	if (json_dump_callback(value, add_piece, &text, flags | JSON_COMPACT))
		text.failed = true;
	return bytes_take(&text);
}
