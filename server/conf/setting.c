/* SPDX-License-Identifier: Apache-2.0 */
/* setting: the rows of settings.tbl.h as values. */
#include "setting.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "text.h"

#define KIND_TEXT_SETTING SETTING_TEXT
#define KIND_SECRET_SETTING SETTING_SECRET
#define KIND_NUMBER_SETTING SETTING_NUMBER

const struct setting setting_at[SETTINGS] = {
#define SETTING(k, type, first, least, most, text)            \
	[SETTING_##k] = { .key = #k,                          \
			  .kind = KIND_##type,                \
			  .offset = offsetof(struct conf, k), \
			  .standard = first,                  \
			  .min = least,                       \
			  .max = most,                        \
			  .help = text },
#include "settings.tbl.h"
};

static const char *const words_of[SETTINGS] = {
#define SETTING_WORDS(key, words) [SETTING_##key] = words,
#include "settings.tbl.h"
};

static const bool needed[SETTINGS] = {
#define SETTING_NEEDED(key) [SETTING_##key] = true,
#include "settings.tbl.h"
};

int
setting_find(const char *key)
{
	for (int i = 0; i < SETTINGS; i++)
		if (strcmp(setting_at[i].key, key) == 0)
			return i;
	return -1;
}

const char *
setting_words(int i)
{
	return words_of[i];
}

bool
setting_is_needed(int i)
{
	return needed[i];
}

static bool
put_number(const struct setting *s, int *field, const char *text,
	   struct bytes *why)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || *end || isspace((unsigned char)text[0]) || errno ||
	    number < s->min || number > s->max) {
		bytes_format(why,
			     "\"%s\" is not allowed; a whole number from "
			     "%d to %d is",
			     text, s->min, s->max);
		return false;
	}
	*field = (int)number;
	return true;
}

static bool
put_text(int i, char **field, const char *text, struct bytes *why)
{
	char *was = *field;

	if (words_of[i] && !text_in_list(words_of[i], text)) {
		bytes_format(why, "\"%s\" is not allowed; one of %s is", text,
			     words_of[i]);
		return false;
	}
	*field = text[0] ? strdup(text) : NULL;
	if (text[0] && !*field) {
		*field = was;
		bytes_text(why, "out of memory");
		return false;
	}
	free(was);
	return true;
}

bool
setting_put(int i, struct conf *c, const char *text, struct bytes *why)
{
	const struct setting *s = &setting_at[i];
	void *field = (char *)c + s->offset;

	if (!text[0])
		text = s->standard;
	if (s->kind == SETTING_NUMBER)
		return put_number(s, field, text, why);
	return put_text(i, field, text, why);
}

const char *
setting_text(int i, const struct conf *c)
{
	static char number[16];
	const struct setting *s = &setting_at[i];
	const void *field = (const char *)c + s->offset;

	if (s->kind != SETTING_NUMBER)
		return *(char *const *)field;
	snprintf(number, sizeof number, "%d", *(const int *)field);
	return number;
}

void
setting_clear(int i, struct conf *c)
{
	char **field = (char **)(void *)((char *)c + setting_at[i].offset);

	if (setting_at[i].kind == SETTING_NUMBER)
		return;
	free(*field);
	*field = NULL;
}

static char name[80];

const char *
setting_env(int i, const char *suffix)
{
	snprintf(name, sizeof name, "HUIYIN_%s%s", setting_at[i].key, suffix);
	for (char *p = name; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

const char *
setting_flag(int i, const char *suffix)
{
	snprintf(name, sizeof name, "%s%s", setting_at[i].key, suffix);
	for (char *p = name; *p; p++)
		if (*p == '_')
			*p = '-';
	return name;
}
