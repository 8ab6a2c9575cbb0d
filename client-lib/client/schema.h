/* SPDX-License-Identifier: Apache-2.0 */
/* schema: how the SQLite file is set, and what is in it, by version. */
#ifndef CLIENT_SCHEMA_H
#define CLIENT_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>

#include "must.h"

#define SCHEMA_APPLICATION 0x68756979 /* "huiy" */

/*
 * Sets a file that was just opened, checks it and brings it to this version.
 * durable: it is a file, not memory. A result of SQLite (SQLITE_CORRUPT when
 * the file is not whole); with SQLITE_OK, *code is HY_OK, HY_ERR_NEWER, or
 * HY_ERR_DISK when it is not ours or cannot be durable.
 */
MUST_USE int schema_prepare(sqlite3 *db, bool durable, int *code);

#endif
