/* SPDX-License-Identifier: Apache-2.0 */
/* csv: lists for spreadsheets and scripts. */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include <jansson.h>

#include "act.h"

/*
 * The items of a result as CSV (RFC 4180, UTF-8, lines end in CRLF), under a
 * header with the columns of the table of acts, all of them and in its order.
 * Null is an empty cell, {code, name} its name, anything else that is no text
 * as JSON writes it. A text that a spreadsheet would take for a formula gets
 * a ' before it; numbers are left as they are. Where standard output is an
 * empty file (`> rates.csv`) a byte order mark comes first; in a pipe none.
 */
void csv_print(const struct act *act, const json_t *result);

#endif
