/* SPDX-License-Identifier: Apache-2.0 */
/* announced: what a server can beyond version 1, as its hello announced it. */
#ifndef CLIENT_ANNOUNCED_H
#define CLIENT_ANNOUNCED_H

#include <jansson.h>
#include <stdbool.h>

#include "seal.h"

#define ANNOUNCED_KEYS 8 /* further ones are not looked at */

struct announced {
	char key[ANNOUNCED_KEYS][SEAL_NAME]; /* names of keys it can open */
	unsigned keys;
	bool store_mark; /* takes generation and mark in hello */
};

/* From the list of hello, which may be anything. */
void announced_read(struct announced *f, const json_t *list);
/* May these params go to it? What is sealed, only to who can open it. */
bool announced_allow(const struct announced *f, const char *params);

#endif
