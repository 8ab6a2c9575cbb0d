/* SPDX-License-Identifier: Apache-2.0 */
/* text: UTF-8 counted in characters, copies that cannot run over. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters (code points) of valid UTF-8 text. */
size_t text_length(const char *text);
/* Nothing but blanks (of any script), line breaks and what has no width? */
bool text_is_blank(const char *text);
/* The control character (C0, DEL, C1) that text begins with; 0: it does not. */
unsigned text_control(const char *text);
/* Copies the whole characters that fit into room bytes, and a NUL; true when
 * all fitted. */
bool text_copy(char *to, size_t room, const char *from);
/*
 * Bytes of the first character of text, by RFC 3629 section 4 (no surrogates,
 * nothing longer than need be); 0 when it is no UTF-8.
 */
size_t text_step(const char *text);
bool text_is_good(const char *text); /* all of it */
/* Puts '?' in the place of each byte that is no UTF-8. */
void text_make_good(char *text);
/* Is it exactly n ASCII digits? */
bool text_is_digits(const char *text, size_t n);
/* A region code's number; 0 when it is not 12 digits. */
uint64_t text_region(const char *code);
/*
 * How many regions below: the last code of the subtree that begins at code
 * (province 2, city 4, county 6, township 9, village 12 significant digits).
 */
uint64_t text_region_last(uint64_t code);
/* Is one of the words of list (separated by '|') equal to word? */
bool text_in_list(const char *list, const char *word);

#endif
