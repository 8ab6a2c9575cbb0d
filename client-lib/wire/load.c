/* SPDX-License-Identifier: Apache-2.0 */
/* load: JSON text as a value. */
#include "load.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

json_t *
load_bytes(const char *text, size_t len, size_t flags,
	   struct load_trouble *trouble)
{
	json_error_t error;
	json_t *root = is_guarded ? load_guarded(text, len, flags, &error) :
				    json_loadb(text, len, flags, &error);

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
