/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load: JSON text as a value, the whole of it or nothing. Instead of
 * jansson's json_load*: its lexer (2.14, lex_save) does not look whether a
 * character could be kept. When memory is short a text comes out a character
 * short and is called good; is it the closing quote, more is copied than
 * there is room for.
 */
#ifndef WIRE_LOAD_H
#define WIRE_LOAD_H

#include <jansson.h>

#include "must.h"

enum load_fault {
	LOAD_WRONG, /* it is no such JSON */
	LOAD_TWICE, /* a key is there twice */
	LOAD_NO_MEMORY,
};

/*
 * For programs, first thing in main, before there is any JSON or thread:
 * from then on jansson's memory comes from here, and a load ends at the first
 * allocation that fails. A library must not do that to its host: there the
 * lexer is given, before each text, all the room it can want for a token.
 */
void load_guard(void);

/* Why there is no value. */
struct load_trouble {
	enum load_fault fault;
	int position; /* bytes that were read by then; 0: not known */
};

/*
 * flags are jansson's; the value is the caller's (json_decref). NULL: *trouble
 * (may be NULL) says why.
 */
MUST_USE json_t *load_bytes(const char *text, size_t len, size_t flags,
			    struct load_trouble *trouble);

MUST_USE json_t *load_text(const char *text, size_t flags,
			   struct load_trouble *trouble);

#endif
