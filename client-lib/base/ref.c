/* SPDX-License-Identifier: Apache-2.0 */
/* ref: UUIDv7, RFC 9562 section 5.7. */
#include "ref.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"

bool
ref_new(char text[REF_TEXT])
{
	uint64_t ms = (uint64_t)clock_wall_ms();
	unsigned char b[16];
	char *to = text;

	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		return false;
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = "0123456789abcdef"[b[i] >> 4];
		*to++ = "0123456789abcdef"[b[i] & 15];
	}
	*to = 0;
	return true;
}

bool
ref_is_good(const char *text)
{
	if (strlen(text) != REF_TEXT - 1)
		return false;
	for (int i = 0; i < REF_TEXT - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return text[14] == '7' && strchr("89abAB", text[19]) != NULL;
}

void
ref_lower(char to[REF_TEXT], const char *from)
{
	for (int i = 0; i < REF_TEXT; i++)
		to[i] = (char)tolower((unsigned char)from[i]);
}
