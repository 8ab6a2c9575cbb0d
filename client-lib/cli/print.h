/* SPDX-License-Identifier: Apache-2.0 */
/* print: results for people, laid out by the rows of the table of acts. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <jansson.h>
#include <stdbool.h>

#include "act.h"

#define PRINT_MOST_KEYS 24

/* A result: a table for a list, else one line a value. */
void print_result(const struct act *act, const json_t *result);
/* A value as JSON on a line of its own; false when memory is out. */
bool print_line(const json_t *value);
/* A result so, or a line for each item of a list. */
bool print_json(const struct act *act, const json_t *result);
/*
 * Names of the columns of a list, "items[].x" for list "items", in the order
 * of the table; room for PRINT_MOST_KEYS. How many there are.
 */
size_t print_columns(const struct act *act, const char *list,
		     const char **keys);
/* Does the act answer with a list? */
bool print_is_list(const struct act *act);
/* A notice, as one would read it. */
void print_notice(const json_t *notice);
/* feedback.changed and its like. */
void print_news(const char *name, const json_t *news);

#endif
