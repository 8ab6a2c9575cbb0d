/* SPDX-License-Identifier: Apache-2.0 */
/* rescue: a damaged file is set aside, and what can be read of it is saved. */
#ifndef CLIENT_RESCUE_H
#define CLIENT_RESCUE_H

#include <sqlite3.h>
#include <stddef.h>

#include "must.h"

/* Renames the file of folder; its new name into name. 0 or -1. */
MUST_USE int rescue_set_aside(const char *folder, char *name, size_t room);
/*
 * Copies into db the rows that can be read of the file that was set aside;
 * returns how many. Of an older file what it has. The cursor is not among
 * them: the server sends again all that is in force; nor is the generation:
 * it is another store.
 */
unsigned rescue_save(sqlite3 *db, const char *folder, const char *name);

#endif
