/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faulty_disk: a layer under SQLite whose n-th write or fsync fails, and, when
 * it is sticky, all that follow.
 */
#ifndef UNIT_FAULTY_DISK_H
#define UNIT_FAULTY_DISK_H

#include <stdbool.h>

enum faulty_what { FAULTY_WRITE, FAULTY_FULL, FAULTY_SYNC };

/* Puts the layer in place; whole until faulty_break. */
void faulty_install(void);
/* The n-th from now (1: the next) of that kind fails. */
void faulty_break(enum faulty_what what, unsigned n, bool sticky);
/* Whole again; did anything fail since faulty_break? */
bool faulty_mend(void);

#endif
