/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setting: the rows of settings.tbl.h as values, named by their index, and
 * text into the field of a row.
 */
#ifndef SETTING_H
#define SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "must.h"

struct conf;

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SECRET };
enum {
#define SETTING(key, type, standard, min, max, help) SETTING_##key,
#include "settings.tbl.h"
	SETTINGS
};

struct setting {
	const char *key;
	enum setting_kind kind;
	size_t offset;        /* of its field in struct conf */
	const char *standard; /* as text */
	int min, max;         /* of a number */
	const char *help;
};

extern const struct setting setting_at[SETTINGS];

/* The index of its row, or -1. */
int setting_find(const char *key);
/* The only words it may be, separated by |; NULL: any text. */
const char *setting_words(int i);
/* Can a node not run without it? */
bool setting_is_needed(int i);
/*
 * Puts text into the field of c, in place of what was there; empty text is
 * the standard value. False with the reason and what would be allowed added
 * to why; the field is as it was.
 */
MUST_USE bool setting_put(int i, struct conf *c, const char *text,
			  struct bytes *why);
/* The field as text, borrowed until the next call; NULL when empty. */
const char *setting_text(int i, const struct conf *c);
/* Frees the field of c. */
void setting_clear(int i, struct conf *c);
/* prefix, the key in capitals, suffix: the name in the environment. */
const char *setting_env(int i, const char *suffix);
/* The key with hyphens, and suffix: the name as a flag. */
const char *setting_flag(int i, const char *suffix);

#endif
