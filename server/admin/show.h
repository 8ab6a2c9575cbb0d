/* SPDX-License-Identifier: Apache-2.0 */
/* show: a result on stdout, as JSON or as people read it. */
#ifndef SHOW_H
#define SHOW_H

#include <jansson.h>

struct wish;

void show(const struct wish *w, const json_t *result);

#endif
