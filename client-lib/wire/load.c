/* SPDX-License-Identifier: Apache-2.0 */
/* load: JSON text as a value. */
#include "load.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Before each piece of jansson's memory; as long as malloc aligns. */
struct piece {
	_Alignas(max_align_t) struct piece *prev;
	struct piece *next;
};

/* The load this thread is in, and the pieces that are its own so far. */
static _Thread_local jmp_buf way_out;
static _Thread_local bool is_loading;
static _Thread_local struct piece *pieces;

static bool is_guarded;

static void *
take(size_t size)
{
	struct piece *p =
		size < SIZE_MAX - sizeof *p ? malloc(sizeof *p + size) : NULL;

	if (!p && is_loading)
		longjmp(way_out, 1);
	if (!p)
		return NULL;
	*p = (struct piece){ NULL, is_loading ? pieces : NULL };
	if (p->next)
		p->next->prev = p;
	if (is_loading)
		pieces = p;
	return p + 1;
}

static void
give(void *memory)
{
	struct piece *p = memory;

	if (!p--)
		return;
	if (p->next)
		p->next->prev = p->prev;
	if (p->prev)
		p->prev->next = p->next;
	else if (p == pieces)
		pieces = p->next;
	free(p);
}

/* The pieces of a value that is whole are nobody's list: any thread may
 * free them. */
static void
let_go(void)
{
	struct piece *p;

	while ((p = pieces) != NULL) {
		pieces = p->next;
		*p = (struct piece){ NULL, NULL };
	}
	is_loading = false;
}

static void
drop_all(void)
{
	struct piece *p;

	is_loading = false;
	while ((p = pieces) != NULL) {
		pieces = p->next;
		free(p);
	}
}

/* Over jansson's frames: it holds nothing but memory, all of it in pieces. */
static json_t *
load_guarded(const char *text, size_t len, size_t flags, json_error_t *error)
{
	json_t *root;

	must(!is_loading);
	if (setjmp(way_out) != 0) {
		drop_all();
		error->text[0] = 0;
		return NULL;
	}
	is_loading = true;
	root = json_loadb(text, len, flags, error);
	let_go();
	return root;
}

void
load_guard(void)
{
	is_guarded = true;
	json_set_alloc_funcs(take, give);
}

/*
 * Without a guard. The lexer keeps the characters of a token in one piece of
 * memory that doubles as it must and stays for the tokens after it: it loses
 * what comes while it cannot grow. So the text is read as the second of an
 * array after a string whose filling makes that piece as large as any token
 * of the text can want: ["...", TEXT]. Filling may get lost; nothing that
 * comes after it does.
 */
enum {
	LEXER_FIRST = 16, /* bytes of that piece at first */
	SPARE = 32,       /* filling after it has grown last: as many tries */
	PARTS = 5,
};

struct part {
	const char *text; /* NULL: filling */
	size_t len;       /* bytes that are still to be read of it */
};

struct led_text {
	struct part parts[PARTS];
	size_t at; /* the part that is being read */
};

static size_t
read_led(void *buffer, size_t size, void *data)
{
	struct led_text *led = data;
	struct part *part;
	size_t n;

	while (led->at < PARTS && led->parts[led->at].len == 0)
		led->at++;
	if (led->at == PARTS)
		return 0;
	part = &led->parts[led->at];
	n = part->len < size ? part->len : size;
	part->len -= n;
	if (!part->text) {
		memset(buffer, '.', n);
		return n;
	}
	memcpy(buffer, part->text, n);
	part->text += n;
	return n;
}

/* Whether the host has so much at all: no lexer tries in vain all along. */
static bool
has_memory(size_t bytes)
{
	json_malloc_t host_malloc;
	json_free_t host_free;
	void *memory;

	json_get_alloc_funcs(&host_malloc, &host_free);
	memory = host_malloc(bytes);
	if (memory)
		host_free(memory);
	return memory;
}

/* The text's own value of the array around it; NULL: it is none. */
static json_t *
take_second(json_t *array, size_t flags, json_error_t *error)
{
	json_t *value = json_array_get(array, 1);
	bool may_be = (flags & JSON_DECODE_ANY) || json_is_object(value) ||
		      json_is_array(value);

	if (array && (json_array_size(array) != 2 || !may_be)) {
		(void)text_copy(error->text, sizeof error->text, "not one");
		value = NULL;
	}
	json_incref(value);
	json_decref(array);
	return value;
}

/*
 * No token is longer: most bytes from one quote to the next, or to an end. A
 * quote inside a string has a backslash before it; so has one that ends a
 * string with a backslash, and then two tokens are taken for one.
 */
static size_t
longest_token(const char *text, size_t len)
{
	const char *from = text, *end = text + len, *at = text;
	size_t longest = 0;

	while (at < end && (at = memchr(at, '"', (size_t)(end - at))) != NULL) {
		if (at == text || at[-1] != '\\') {
			if ((size_t)(at - from) + 1 > longest)
				longest = (size_t)(at - from) + 1;
			from = at;
		}
		at++;
	}
	return (size_t)(end - from) > longest ? (size_t)(end - from) : longest;
}

static json_t *
load_led(const char *text, size_t len, size_t flags, json_error_t *error)
{
	size_t room = 8 * LEXER_FIRST, filling;
	size_t wanted = longest_token(text, len) + 2; /* what ends it, a NUL */
	struct led_text led;
	json_t *array;

	while (room < wanted)
		room *= 2;
	filling = room / 2 + SPARE;
	led = (struct led_text){ { { "[\"", 2 },
				   { NULL, filling },
				   { "\",", 2 },
				   { text, len },
				   { "]", 1 } },
				 0 };
	*error = (json_error_t){ 0 };
	if (!has_memory(2 * room))
		return NULL;
	array = json_load_callback(read_led, &led, flags, error);
	error->position -= (int)filling + 4;
	if (error->position > (int)len)
		error->position = (int)len;
	if (json_string_length(json_array_get(array, 0)) <= room / 2) {
		json_decref(array);
		array = NULL;
	}
	return take_second(array, flags, error);
}

/*
 * A string that gets no memory of its own is called an invalid token: what is
 * wrong is wrong twice.
 */
static json_t *
load_unguarded(const char *text, size_t len, size_t flags, json_error_t *error)
{
	json_t *root = load_led(text, len, flags, error);

	return root || !error->text[0] ? root :
					 load_led(text, len, flags, error);
}

json_t *
load_bytes(const char *text, size_t len, size_t flags,
	   struct load_trouble *trouble)
{
	json_error_t error;
	json_t *root = is_guarded ? load_guarded(text, len, flags, &error) :
				    load_unguarded(text, len, flags, &error);

	if (root || !trouble)
		return root;
	*trouble = (struct load_trouble){ LOAD_WRONG, 0 };
	if (!error.text[0]) { /* jansson's word when it was given no memory */
		trouble->fault = LOAD_NO_MEMORY;
		return NULL;
	}
	if (json_error_code(&error) == json_error_duplicate_key)
		trouble->fault = LOAD_TWICE;
	if (error.position > 0)
		trouble->position = error.position;
	return NULL;
}

json_t *
load_text(const char *text, size_t flags, struct load_trouble *trouble)
{
	return load_bytes(text, strlen(text), flags, trouble);
}
