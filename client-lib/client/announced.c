/* SPDX-License-Identifier: Apache-2.0 */
/* announced: what a server can beyond version 1. */
#include "announced.h"

#include <string.h>

#include "text.h"

void
announced_read(struct announced *f, const json_t *list)
{
	static const char sealed[] = "sealed:";
	const char *word;
	json_t *item;
	size_t i;

	*f = (struct announced){ 0 };
	json_array_foreach(list, i, item) {
		word = json_string_value(item);
		if (!word)
			continue;
		if (strcmp(word, "store_mark") == 0)
			f->store_mark = true;
		else if (strncmp(word, sealed, sizeof sealed - 1) == 0 &&
			 f->keys < ANNOUNCED_KEYS &&
			 text_copy(f->key[f->keys], SEAL_NAME,
				   word + sizeof sealed - 1))
			f->keys++;
	}
}

bool
announced_allow(const struct announced *f, const char *params)
{
	char name[SEAL_NAME];

	if (!seal_name_of(params, name))
		return true;
	for (unsigned i = 0; i < f->keys; i++)
		if (strcmp(f->key[i], name) == 0)
			return true;
	return false;
}
