/* SPDX-License-Identifier: Apache-2.0 */
/*
 * width: text on a terminal. Chinese characters are two columns wide; what
 * would steer the terminal (ESC and its kind) or turn the order of a text round
 * (U+202A to U+202E, U+2066 to U+2069) is never written to it.
 */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of text as width_put writes it. */
size_t width_of(const char *text);
/*
 * Writes text on one line of standard output, in at most most columns (0: no
 * bound; what is cut ends in an ellipsis); then blanks up to columns.
 */
void width_put(const char *text, size_t most, size_t columns);
/* Writes text with its lines; each but the first begins after indent blanks. */
void width_put_lines(const char *text, size_t indent);
/* Copies text as width_put writes it, without bound; cut to room bytes. */
void width_copy(char *to, size_t room, const char *text);
/* Columns of the terminal; 0 when standard output is none. */
size_t width_terminal(void);

#endif
