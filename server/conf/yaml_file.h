/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_file: the values of a settings file, and where each of them stands. */
#ifndef YAML_FILE_H
#define YAML_FILE_H

#include <stddef.h>

#include "bytes.h"
#include "must.h"
#include "setting.h"

#define YAML_FILE_MOST 65536 /* bytes */

struct yaml_value {
	char *text;          /* owned; NULL: not in the file */
	size_t line, column; /* of the value, from 1 */
};

struct yaml_file {
	struct yaml_value values[SETTINGS];
};

/*
 * Reads path. False with "path:line:column: key: reason" added to why; then
 * there is nothing to fini.
 */
MUST_USE bool yaml_file_init(struct yaml_file *f, const char *path,
			     struct bytes *why);
void yaml_file_fini(struct yaml_file *f);

#endif
