/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock: the two clocks and RFC 3339. Deadlines of ours run on the monotonic
 * clock; the wall clock is only for people and for refs.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT 48 /* room for an RFC 3339 time with its NUL */

/* Milliseconds of the monotonic clock. */
int64_t clock_ms(void);
/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_ms(void);
/* Writes the wall time ms with the local offset, as 2026-11-23T10:00:00+08:00. */
void clock_text(int64_t wall_ms, char text[CLOCK_TEXT]);
/*
 * RFC 3339 section 5.6 with a numeric offset (no Z, as CAP 1.2 has it), and
 * within what PostgreSQL takes: years from 1, offsets below 15 hours, at most
 * nine digits of a second.
 */
bool clock_text_is_time(const char *text);

#endif
