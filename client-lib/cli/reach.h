/* SPDX-License-Identifier: Apache-2.0 */
/* reach: whom a notice has reached, always with its denominator. */
#ifndef CLI_REACH_H
#define CLI_REACH_H

#include <jansson.h>

void reach_print(const json_t *reach);

#endif
