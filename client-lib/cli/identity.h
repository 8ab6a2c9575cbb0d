/* SPDX-License-Identifier: Apache-2.0 */
/* identity: who the person is and where the server is: environment, flags. */
#ifndef CLI_IDENTITY_H
#define CLI_IDENTITY_H

#include <argp.h>
#include <stdbool.h>

#include "huiyin.h"
#include "must.h"

/* What a command ends with. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_WRONG_USAGE = 2,
	EXIT_NOT_REACHABLE = 3,
	EXIT_REFUSED = 4,
	EXIT_NOT_FOUND = 5
};

/* What every command knows. Strings are borrowed, but for secret. */
struct identity {
	const char *url, *ca, *as, *name, *secret_file, *code, *lang, *store;
	const char *seal_file; /* with the county's public key, or NULL */
	const char *proxy, *keepalive, *budget;
	const char *region; /* of listen: a visitor's */
	char secret[258];   /* first line of secret_file */
	char seal[80];      /* first line of seal_file */
	double timeout;     /* seconds; 0: not given */
	bool json;
	bool csv; /* of acts that answer with a list */
};

/* Options that every command takes. */
extern const struct argp identity_argp;

/* From HUIYIN_URL and its like; flags overwrite it. */
void identity_from_environment(struct identity *who);
/* Reads the secret and fills options; false (and says why) when it cannot. */
MUST_USE bool identity_fill(struct identity *who, hy_options *options);
/* One line on standard error, beginning with "huiyin: ". */
void talk(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
