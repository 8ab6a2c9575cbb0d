/* SPDX-License-Identifier: Apache-2.0 */
/* factor: the second factor of staff, RFC 6238 with SHA-1, 30 s, 6 digits. */
#ifndef SESSION_FACTOR_H
#define SESSION_FACTOR_H

#include <stdint.h>

#include "must.h"

/*
 * The step (RFC 6238 section 4.2) that code belongs to, one step of leeway
 * either way, later than last (each step serves once); 0 when none.
 * sealed: the seed in base32 as secret_seal left it.
 */
MUST_USE int64_t factor_step(const char *sealed, const char *code, int64_t last,
			     int64_t now_seconds);

#endif
