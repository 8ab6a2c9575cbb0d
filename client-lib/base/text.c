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
