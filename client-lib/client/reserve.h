/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reserve: room on the disk that is taken in good time and given back when the
 * disk is full, so that what was accepted can still be settled and erased.
 * Without it a full disk could never be left: erasing needs room as well.
 */
#ifndef CLIENT_RESERVE_H
#define CLIENT_RESERVE_H

#include <stdbool.h>

#include "must.h"

/* Bytes: what SQLite's log grows to, twice. */
#define RESERVE_BYTES (1 << 20)

/* Takes the room, or finds it taken. False: the disk has not so much. */
MUST_USE bool reserve_take(const char *folder);
/* Is it taken, whole or not? */
bool reserve_is_there(const char *folder);
/* Gives it back to the disk. */
void reserve_give(const char *folder);

#endif
