/* SPDX-License-Identifier: Apache-2.0 */
/* folder: the folder of a store, and files in it, for this user alone. */
#ifndef CLIENT_FOLDER_H
#define CLIENT_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "must.h"

/* Its parent has to be there. HY_OK, also when it was there before. */
MUST_USE int folder_make(const char *folder);
/* What was made or renamed in it is on disk. 0 or -1, with errno. */
int folder_sync(const char *folder);
/*
 * Makes an empty file where there is none (NULL: nowhere). What people said is
 * nobody else's: SQLite's other files do as this one. HY_OK, when it can be
 * written to.
 */
MUST_USE int folder_make_file(const char *path);

/* Which file it is; {0, 0}: none. */
struct folder_file {
	dev_t device;
	ino_t number;
};

/* What path (NULL: none) names now. */
struct folder_file folder_look(const char *path);
/* Does it still name that file? Somebody may have removed the folder. */
bool folder_has(const char *path, const struct folder_file *file);
/* Is there no such file, or nothing in it? */
bool folder_lacks(const char *path);

#endif
