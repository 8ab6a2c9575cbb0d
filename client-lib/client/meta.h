/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meta: single values of the store, by name. Inside a transaction of the
 * caller. All return HY_OK or a code of huiyin.h with fault set.
 */
#ifndef CLIENT_META_H
#define CLIENT_META_H

#include "disk.h"

/* 0 or "" when there is none. text is room long. */
MUST_USE int meta_get_number(struct disk *disk, const char *name,
			     int64_t *value);
MUST_USE int meta_get_text(struct disk *disk, const char *name, char *text,
			   size_t room);
MUST_USE int meta_set_number(struct disk *disk, const char *name,
			     int64_t value);
MUST_USE int meta_set_text(struct disk *disk, const char *name,
			   const char *text);

#endif
