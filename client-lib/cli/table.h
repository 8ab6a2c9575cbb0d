/* SPDX-License-Identifier: Apache-2.0 */
/* table: objects of one kind under each other, in aligned columns. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <jansson.h>
#include <stddef.h>

/*
 * Prints items (objects) with the columns that keys name (key_count of them);
 * indent blanks before each line. Columns that no item has are left out.
 */
void table_print(const json_t *items, const char *const *keys, size_t key_count,
		 size_t indent);
/* A value as text: "-" for null, yes and no; cut down to 2048 bytes. */
const char *table_text(const json_t *value, char text[2048]);

#endif
