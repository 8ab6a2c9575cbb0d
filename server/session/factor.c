/* SPDX-License-Identifier: Apache-2.0 */
/* factor: the second factor of staff. */
#include "factor.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"

#define STEP 30
#define DIGITS_OF_CODE 6

static bool
is_code_of(const char *seed, size_t len, int64_t step, const char *code)
{
	char digits[DIGITS_OF_CODE + 1];

	if (oath_hotp_generate(seed, len, (uint64_t)step, DIGITS_OF_CODE, false,
			       OATH_HOTP_DYNAMIC_TRUNCATION, digits) != OATH_OK)
		return false;
	return strlen(code) == DIGITS_OF_CODE &&
	       sodium_memcmp(digits, code, DIGITS_OF_CODE) == 0;
}

int64_t
factor_step(const char *sealed, const char *code, int64_t last,
	    int64_t now_seconds)
{
	char base32[128], *seed = NULL;
	int64_t now = now_seconds / STEP, found = 0;
	size_t len = 0;

	if (!secret_unseal(sealed, base32, sizeof base32) ||
	    oath_base32_decode(base32, strlen(base32), &seed, &len) != OATH_OK)
		return 0;
	for (int64_t step = now - 1; step <= now + 1; step++)
		if (step > last && is_code_of(seed, len, step, code))
			found = step;
	sodium_memzero(base32, sizeof base32);
	sodium_memzero(seed, len);
	free(seed);
	return found;
}
