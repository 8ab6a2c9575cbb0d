/* SPDX-License-Identifier: Apache-2.0 */
/* rows: rows of a file in CSV (RFC 4180, UTF-8, a BOM is allowed). */
#ifndef ROWS_H
#define ROWS_H

#include <jansson.h>

/*
 * The rows of a file, "-" is standard input: objects with the number of their
 * line and a string for each of the columns, "code name level", which must be
 * those of its header. NULL with the reason said on stderr. What the cells
 * mean is not judged.
 */
json_t *rows_read(const char *path, const char *columns);

#endif
