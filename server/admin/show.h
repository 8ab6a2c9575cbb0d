/* SPDX-License-Identifier: Apache-2.0 */
/* show: a result on stdout, as JSON or as people read it. */
#ifndef SHOW_H
#define SHOW_H

#include <jansson.h>
#include <stdio.h>

struct wish;

/* Control characters as \n or \u001b: what lists show is not obeyed. */
void show_text(FILE *to, const char *text);
void show(const struct wish *w, const json_t *result);

#endif
