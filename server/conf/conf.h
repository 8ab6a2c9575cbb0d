/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf: every setting once (settings.tbl.h). A flag beats the environment,
 * which beats the file, which beats the standard value. Read by main alone.
 */
#ifndef CONF_H
#define CONF_H

#include <stdio.h>

#include "must.h"

#define TEXT_SETTING char *
#define SECRET_SETTING char *
#define NUMBER_SETTING int

struct conf {
#define SETTING(key, type, standard, min, max, help) type key;
#include "settings.tbl.h"
};

enum conf_wish { CONF_RUN, CONF_CHECK, CONF_PRINT, CONF_DONE };

/*
 * Reads flags (argp), HUIYIN_* and the file of --config or HUIYIN_CONFIG
 * (YAML, by libcyaml). What is wrong is said on stderr with file, line,
 * column, key and what would be allowed. 0 with *c filled (conf_fini) and
 * *wish, or 2 (usage). After CONF_DONE (--help, --version) *c is empty and
 * there is nothing left to do; with CONF_PRINT settings may be missing.
 */
MUST_USE int conf_read(struct conf *c, int argc, char **argv,
		       enum conf_wish *wish);
/* As YAML that --config takes; secrets as "(not shown)". */
void conf_print(const struct conf *c, FILE *to);
void conf_fini(struct conf *c);

#endif
