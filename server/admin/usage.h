/* SPDX-License-Identifier: Apache-2.0 */
/* usage: help and completion, both from commands.tbl.h. */
#ifndef USAGE_H
#define USAGE_H

/* Lists all commands, or those of a noun, or shows one (words may be NULL). */
int usage_help(const char *noun, const char *verb);
/* Prints what bash sources to complete commands, flags and words. */
void usage_completion(void);

#endif
