/* SPDX-License-Identifier: Apache-2.0 */
/* text: UTF-8 counted in characters, codes, words of a list. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

size_t
text_length(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/*
 * What Unicode 15 calls white space, and characters without width or ink: in
 * UTF-8, the longest first.
 */
static size_t
blank_len(const char *text)
{
	static const char *const wide[] = { "\xe1\x9a\x80", "\xe2\x80\xa8",
					    "\xe2\x80\xa9", "\xe2\x80\xaf",
					    "\xe2\x81\x9f", "\xe2\x81\xa0",
					    "\xe3\x80\x80", "\xef\xbb\xbf",
					    "\xc2\x85",     "\xc2\xa0" };
	unsigned char last;

	if (strchr(" \t\n\v\f\r", *text))
		return *text ? 1 : 0;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	if (strncmp(text, "\xe2\x80", 2) != 0)
		return 0;
	last = (unsigned char)text[2]; /* U+2000 to U+200D */
	return last >= 0x80 && last <= 0x8d ? 3 : 0;
}

bool
text_is_blank(const char *text)
{
	size_t len;

	while ((len = blank_len(text)) > 0)
		text += len;
	return !*text;
}

unsigned
text_control(const char *text)
{
	unsigned first = (unsigned char)text[0];
	unsigned second = first ? (unsigned char)text[1] : 0;

	if (first == 0xc2 && second >= 0x80 && second < 0xa0)
		return second; /* U+0080 to U+009F */
	return first < 0x20 || first == 0x7f ? first : 0;
}

size_t
text_step(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	/* The second byte has bounds of its own behind these four. */
	unsigned least = *at == 0xe0 ? 0xa0 : *at == 0xf0 ? 0x90 : 0x80;
	unsigned most = *at == 0xed ? 0x9f : *at == 0xf4 ? 0x8f : 0xbf;
	size_t len = *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2;

	if (*at < 0x80)
		return 1;
	if (*at < 0xc2 || *at > 0xf4 || at[1] < least || at[1] > most)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

bool
text_is_good(const char *text)
{
	size_t len;

	for (; *text; text += len)
		if ((len = text_step(text)) == 0)
			return false;
	return true;
}

void
text_make_good(char *text)
{
	size_t len;

	while (*text) {
		len = text_step(text);
		if (len == 0)
			*text = '?';
		text += len > 0 ? len : 1;
	}
}

bool
text_copy(char *to, size_t room, const char *from)
{
	size_t len = strlen(from), take = len < room ? len : room - 1;

	while (take > 0 && take < len &&
	       ((unsigned char)from[take] & 0xc0) == 0x80)
		take--;
	memcpy(to, from, take);
	to[take] = 0;
	return take == len;
}

bool
text_is_digits(const char *text, size_t n)
{
	return strlen(text) == n && strspn(text, "0123456789") == n;
}

uint64_t
text_region(const char *code)
{
	return text_is_digits(code, 12) ? strtoull(code, NULL, 10) : 0;
}

uint64_t
text_region_last(uint64_t code)
{
	static const uint64_t below[] = { 10000000000, 100000000, 1000000,
					  1000 };

	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (code % below[i] == 0)
			return code + below[i] - 1;
	return code;
}

bool
text_in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	if (strchr(word, '|'))
		return false;
	while (list) {
		if (strncmp(list, word, len) == 0 &&
		    (list[len] == '|' || list[len] == 0))
			return true;
		list = strchr(list, '|');
		list = list ? list + 1 : NULL;
	}
	return false;
}
