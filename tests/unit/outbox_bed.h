/* SPDX-License-Identifier: Apache-2.0 */
/* outbox_bed: folders, acts and files that the tests of the outbox share. */
#ifndef UNIT_OUTBOX_BED_H
#define UNIT_OUTBOX_BED_H

#include <stdbool.h>

#include "disk.h"
#include "outbox.h"

#define BED_PATH 80

/* A new folder's name (it is not there yet), removed by bed_sweep. */
void bed_folder(char folder[BED_PATH]);
void bed_sweep(const char *folder);
/* Opens or fails the test. */
struct disk *bed_open(const char *folder, struct disk_news *news);
/* Puts an act with this text; its ref into ref. What outbox_add returned. */
int bed_add(struct disk *disk, const char *text, char ref[HY_REF]);
/* Settles a waiting act, in a transaction of its own. */
void bed_settle(struct disk *disk, const char *ref, const char *answer);
/* How many acts wait. */
unsigned bed_waiting(struct disk *disk);
/* Does a file of the folder hold these bytes? */
bool bed_holds(const char *folder, const char *text);

#endif
