/* SPDX-License-Identifier: Apache-2.0 */
/* bytes: a growing run of bytes. */
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
bytes_init(struct bytes *b)
{
	*b = (struct bytes){ 0 };
}

void
bytes_fini(struct bytes *b)
{
	free(b->data);
	bytes_init(b);
}

void
bytes_clear(struct bytes *b)
{
	b->len = 0;
	b->failed = false;
}

/* Makes room for len bytes more and a NUL. */
static bool
make_room(struct bytes *b, size_t len)
{
	size_t need = b->len + len + 1, room = b->room ? b->room : 64;
	char *data;

	if (b->failed)
		return false;
	if (need <= b->room)
		return true;
	while (room < need)
		room *= 2;
	data = realloc(b->data, room);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

void
bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (!make_room(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = 0;
}

void
bytes_text(struct bytes *b, const char *text)
{
	bytes_add(b, text, strlen(text));
}

void
bytes_format(struct bytes *b, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	must(len >= 0);
	if (make_room(b, (size_t)len)) {
		vsnprintf(b->data + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

/* What stands for a character that JSON does not take as it is, or NULL. */
static const char *
json_escape(unsigned char c, char unicode[8])
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	case '\r':
		return "\\r";
	}
	if (c >= 0x20 && c != 0x7f)
		return NULL;
	snprintf(unicode, 8, "\\u%04x", c);
	return unicode;
}

void
bytes_json(struct bytes *b, const char *text)
{
	const char *from = text;
	char unicode[8];

	bytes_add(b, "\"", 1);
	for (; *text; text++) {
		const char *e = json_escape((unsigned char)*text, unicode);

		if (!e)
			continue;
		bytes_add(b, from, (size_t)(text - from));
		bytes_text(b, e);
		from = text + 1;
	}
	bytes_add(b, from, (size_t)(text - from));
	bytes_add(b, "\"", 1);
}

char *
bytes_take(struct bytes *b)
{
	char *data = b->failed ? NULL : b->data;

	if (!data)
		free(b->data);
	bytes_init(b);
	return data;
}
