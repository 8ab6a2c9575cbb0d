/* SPDX-License-Identifier: Apache-2.0 */
/* seal_keys: the county's private keys, read from a setting. */
#include "seal_keys.h"

#include <sodium.h>
#include <string.h>

static bool
add(struct seal_keys *keys, const char *line, size_t len, const char **why)
{
	char hex[SEAL_HEX] = "";
	bool good = false;

	*why = "more than 4 keys";
	if (keys->count == SEAL_KEYS)
		return false;
	*why = "not lines of 64 hex digits each";
	if (len == sizeof hex - 1) {
		memcpy(hex, line, len);
		good = seal_pair_read(&keys->pair[keys->count], hex);
		sodium_memzero(hex, sizeof hex);
	}
	keys->count += good;
	return good;
}

bool
seal_keys_init(struct seal_keys *keys, const char *text, const char **why)
{
	size_t len;

	*keys = (struct seal_keys){ 0 };
	for (; text && *text; text += len + strspn(text + len, " \r\n")) {
		len = strcspn(text, " \r\n");
		if (len > 0 && !add(keys, text, len, why)) {
			seal_keys_fini(keys);
			return false;
		}
	}
	return true;
}

void
seal_keys_fini(struct seal_keys *keys)
{
	sodium_memzero(keys, sizeof *keys);
}
