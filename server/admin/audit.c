/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit: the chain of what was done, and witnesses outside of the database:
 * heads of the chain that were written down, signed, and kept elsewhere. Who
 * owns the database can make another chain that holds; not one that holds
 * what a witness saw.
 */
#include "errands.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "dump.h"
#include "exits.h"
#include "secret.h"
#include "show.h"

static int
say(int code, const char *what)
{
	fprintf(stderr, "huiyin-admin: %s\n", what);
	return code;
}

/* The signature of a head: of its text without one. False: no memory. */
static bool
sign(const json_t *head, char hex[SECRET_HASH_HEX])
{
	json_t *bare = json_copy((json_t *)head);
	char *text = NULL;

	if (bare)
		(void)json_object_del(bare, "mac");
	if (bare)
		text = dump_text(bare, JSON_SORT_KEYS);
	json_decref(bare);
	if (text)
		secret_witness(text, hex);
	free(text);
	return text != NULL;
}

/* --- writing a head down ------------------------------------------------- */

static int
add_line(const char *path, const json_t *head)
{
	FILE *to = fopen(path, "ae");
	bool good = to && json_dumpf(head, to, JSON_COMPACT) == 0 &&
		    fputc('\n', to) != EOF && fflush(to) == 0 &&
		    fsync(fileno(to)) == 0;

	good = to && fclose(to) == 0 && good;
	if (good)
		return DONE;
	fprintf(stderr, "huiyin-admin: %s: %s\n", path, strerror(errno));
	return FAILED;
}

int
run_head(struct wish *w)
{
	json_t *file = json_incref(json_object_get(w->params, "file"));
	char mac[SECRET_HASH_HEX];
	json_t *head = NULL;
	int code = ask_secret(w);

	(void)json_object_del(w->params, "file");
	if (code == DONE)
		code = ask(w, &head);
	if (code == DONE &&
	    (!sign(head, mac) ||
	     json_object_set_new(head, "mac", json_string(mac)) != 0))
		code = say(FAILED, "out of memory");
	if (code == DONE && file)
		code = add_line(json_string_value(file), head);
	if (code == DONE)
		show(w, head);
	json_decref(file);
	json_decref(head);
	return code;
}

/* --- comparing with what was written down --------------------------------- */

/* One line of a witness's file; false with what is wrong said. */
static bool
add_witness(json_t *list, const char *line, const char *path, int number)
{
	json_t *head = json_loads(line, 0, NULL);
	const char *mac = json_string_value(json_object_get(head, "mac"));
	char right[SECRET_HASH_HEX];
	bool good = mac && strlen(mac) == sizeof right - 1 &&
		    sign(head, right) &&
		    sodium_memcmp(mac, right, sizeof right - 1) == 0;

	if (!good)
		fprintf(stderr,
			"huiyin-admin: %s:%d: not signed with this "
			"installation's secret\n",
			path, number);
	else
		good = json_array_append(list, head) == 0;
	json_decref(head);
	return good;
}

static bool
read_witness(json_t *list, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	bool good = file != NULL;
	int number = 0;

	if (!file)
		fprintf(stderr, "huiyin-admin: %s: %s\n", path,
			strerror(errno));
	while (good && getline(&line, &room, file) >= 0)
		good = add_witness(list, line, path, ++number);
	if (good && number == 0)
		good = say(0, "the witness's file is empty") != 0;
	if (file)
		fclose(file);
	free(line);
	return good;
}

/* "SEQ HASH" as hello tells it. */
static bool
add_head(json_t *list, const char *head)
{
	char *end;
	long long seq = strtoll(head, &end, 10);
	json_t *one;

	while (*end == ' ')
		end++;
	if (seq < 0 || strlen(end) != 64 ||
	    strspn(end, "0123456789abcdef") != 64)
		return say(0,
			   "--head is a number, a blank and 64 hex digits") !=
		       0;
	one = json_pack("{s:I, s:s}", "seq", (json_int_t)seq, "hash", end);
	return one && json_array_append_new(list, one) == 0;
}

/* Puts what witnesses saw into the params. */
static int
call_witnesses(struct wish *w)
{
	const char *path =
		json_string_value(json_object_get(w->params, "witness"));
	const char *head =
		json_string_value(json_object_get(w->params, "head"));
	json_t *list = json_array();
	int code = DONE;

	if (path && ask_secret(w) != DONE)
		code = USAGE;
	else if (!list || (path && !read_witness(list, path)) ||
		 (head && !add_head(list, head)))
		code = FAILED;
	(void)json_object_del(w->params, "head");
	if (code == DONE && json_array_size(list) &&
	    json_object_set(w->params, "witness", list) != 0)
		code = say(FAILED, "out of memory");
	else if (!json_array_size(list))
		(void)json_object_del(w->params, "witness");
	json_decref(list);
	return code;
}

int
run_verify(struct wish *w)
{
	json_t *result = NULL;
	int code = call_witnesses(w);

	if (code == DONE)
		code = ask(w, &result);
	if (code == DONE) {
		show(w, result);
		if (!json_is_true(json_object_get(result, "ok")))
			code = say(FAILED, "the chain is broken");
	}
	json_decref(result);
	return code;
}
