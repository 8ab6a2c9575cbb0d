/* SPDX-License-Identifier: Apache-2.0 */
/* check: params against the rows of their act: form and presence, no more. */
#ifndef WIRE_CHECK_H
#define WIRE_CHECK_H

#include <jansson.h>

#include "act.h"
#include "must.h"
#include "refusal.h"

/*
 * params: a JSON object (borrowed), or NULL for none. Unknown fields are
 * refused by name. 0, or -1 with *why filled: tag and path of the first fault.
 */
MUST_USE int check_params(const struct act *act, const json_t *params,
			  struct refusal *why);
/* One value against one row; path is what to call it. As above. */
MUST_USE int check_value(const struct field *field, const json_t *value,
			 const char *path, struct refusal *why);
/* The row of a path; NULL when the act has none. */
const struct field *check_row(const struct act *act, const char *path);
/*
 * The path of a refusal as it may be logged: the table's own text of it, "[]"
 * for "[3]". NULL when the act (may be NULL) has no such row: an unknown
 * field's name is somebody's words.
 */
const char *check_known(const struct act *act, const char *path);

#endif
