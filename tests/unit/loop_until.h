/* SPDX-License-Identifier: Apache-2.0 */
/* loop_until: turns a libuv loop until something is so, with a bound. */
#ifndef LOOP_UNTIL_H
#define LOOP_UNTIL_H

#include <stdbool.h>
#include <uv.h>

/* False when seconds have passed and it is still not so. */
bool loop_until(uv_loop_t *loop, bool (*is_so)(void *context), void *context,
		int seconds);
/* Until *flag is true. */
bool loop_until_set(uv_loop_t *loop, const bool *flag, int seconds);

#endif
