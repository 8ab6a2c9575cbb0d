/* SPDX-License-Identifier: Apache-2.0 */
/* sql_files: the files of sql/, read whole, in the order of their names. */
#ifndef SQL_FILES_H
#define SQL_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

#define SHA256_HEX 65

struct sql_file {
	char *path;       /* as people are told it */
	const char *name; /* its last part: 0001_ground.sql; in path */
	char *text;
	char sha256[SHA256_HEX]; /* of text */
};

struct sql_files {
	struct sql_file *files;
	size_t count;
};

/*
 * The folder of the SQL files: wanted, else where they were installed or
 * built from. NULL with what is missing said on stderr.
 */
const char *sql_folder(const char *wanted);
/*
 * Adds folder/below/NAME.sql for all of them, or folder/below itself when
 * that is a file. False with the reason said on stderr.
 */
MUST_USE bool sql_files_add(struct sql_files *f, const char *folder,
			    const char *below);
void sql_files_fini(struct sql_files *f);
/* Hash of all texts and names together. */
void sql_files_hash(const struct sql_files *f, char sha256[SHA256_HEX]);

#endif
