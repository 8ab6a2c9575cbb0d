/* SPDX-License-Identifier: Apache-2.0 */
/* folder: the folder of a store, and files in it, for this user alone. */
#ifndef CLIENT_FOLDER_H
#define CLIENT_FOLDER_H

#include "must.h"

/* Its parent has to be there. HY_OK, also when it was there before. */
MUST_USE int folder_make(const char *folder);
/* What was made or renamed in it is on disk. 0 or -1, with errno. */
int folder_sync(const char *folder);
/*
 * Makes an empty file where there is none (NULL: nowhere). What people said is
 * nobody else's: SQLite's other files do as this one.
 */
void folder_make_file(const char *path);

#endif
