/* SPDX-License-Identifier: Apache-2.0 */
/* describe: the parts of the documents made from the table of acts. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include <jansson.h>

#include "act.h"
#include "must.h"
#include "refusal.h"

/* JSON Schema (draft 7) of params; a new reference. */
json_t *schema_of_fields(const struct act *act);
/* JSON Schema of a result or of news; a new reference. */
json_t *schema_of_results(const struct result *row, size_t count);
/* Markdown on stdout. */
void print_reference(void);

#endif
