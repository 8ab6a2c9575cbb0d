/* SPDX-License-Identifier: Apache-2.0 */
/* options: a client's own copy of what it was opened with, checked. */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "address.h"
#include "huiyin.h"
#include "must.h"
#include "seal.h"

struct options {
	hy_options given; /* all strings owned; NULL stays NULL */
	bool seals;       /* acts are sealed to: */
	struct seal_key seal;
	struct proxy proxy;
	bool proxied; /* proxy is one */
};

/*
 * May a struct of the program be so long? It may be that of another header:
 * align: its alignment, by which no member is ever cut.
 */
bool options_size_is_good(size_t size, size_t align);
/* HY_OK, or HY_ERR_INPUT, HY_ERR_CA, HY_ERR_MEMORY with fault set. */
MUST_USE int options_copy(struct options *own, const hy_options *given);
void options_fini(struct options *own);
/* A line for the program's log; level as in log.h. */
void options_log(const struct options *own, int level, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
