/* SPDX-License-Identifier: Apache-2.0 */
/* width: columns by utf8proc, which knows East Asian width (UAX 11). */
#include "width.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

/* Control characters, and what shows text in another order than it has. */
static bool
is_dropped(utf8proc_int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* The next character: its bytes and columns; 0 at the end. */
static size_t
next(const char *text, utf8proc_int32_t *c, size_t *columns)
{
	utf8proc_ssize_t n;
	int wide;

	if (!*text)
		return 0;
	n = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, c);
	if (n < 1) {
		*c = 0xfffd;
		n = 1;
	}
	/* Newlines are blanks. */
	if (*c == '\n' || *c == '\t')
		*c = ' ';
	else if (is_dropped(*c))
		*c = 0;
	wide = *c > 0 ? utf8proc_charwidth(*c) : 0;
	*columns = wide > 0 ? (size_t)wide : 0;
	return (size_t)n;
}

static void
put_character(utf8proc_int32_t c)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = c > 0 ? utf8proc_encode_char(c, bytes) : 0;

	if (n > 0)
		fwrite(bytes, 1, (size_t)n, stdout);
}

size_t
width_of(const char *text)
{
	size_t sum = 0, columns, n;
	utf8proc_int32_t c;

	while ((n = next(text, &c, &columns)) > 0) {
		sum += columns;
		text += n;
	}
	return sum;
}

void
width_put(const char *text, size_t most, size_t columns)
{
	bool cut = most > 0 && width_of(text) > most;
	size_t room = cut ? most - 1 : (size_t)-1, done = 0, wide, n;
	utf8proc_int32_t c;

	while ((n = next(text, &c, &wide)) > 0 && done + wide <= room) {
		put_character(c);
		done += wide;
		text += n;
	}
	if (cut) {
		fputs("…", stdout);
		done++;
	}
	for (; done < columns; done++)
		putchar(' ');
}

void
width_put_lines(const char *text, size_t indent)
{
	utf8proc_int32_t c;
	size_t wide, n;

	while ((n = next(text, &c, &wide)) > 0) {
		if (*text == '\n')
			printf("\n%*s", (int)indent, "");
		else
			put_character(c);
		text += n;
	}
	putchar('\n');
}

void
width_copy(char *to, size_t room, const char *text)
{
	size_t done = 0, wide, n;
	utf8proc_int32_t c;

	/* A character has at most 4 bytes; the end is one more. */
	while ((n = next(text, &c, &wide)) > 0 && done + 5 <= room) {
		if (c > 0)
			done += (size_t)utf8proc_encode_char(
				c, (utf8proc_uint8_t *)to + done);
		text += n;
	}
	to[done] = 0;
}

size_t
width_terminal(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && strtol(columns, NULL, 10) > 20)
		return (size_t)strtol(columns, NULL, 10);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		return size.ws_col;
	return 80;
}
