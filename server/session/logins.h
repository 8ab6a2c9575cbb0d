/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logins: passwords being checked, two at a time in the thread pool. argon2id
 * takes 64 MiB and some 200 ms each: more at once would be the attack.
 */
#ifndef SESSION_LOGINS_H
#define SESSION_LOGINS_H

#include <stdbool.h>

#include "must.h"

struct logins;

enum login_verdict {
	LOGIN_FITS,
	LOGIN_WRONG,
	LOGIN_UNKNOWN, /* memory was out */
};

MUST_USE struct logins *logins_new(void);
/* Only when logins_are_idle. */
void logins_free(struct logins *l);
bool logins_are_idle(const struct logins *l);
/*
 * Checks password against hash (NULL: nobody; takes as long). Both are
 * copied. checked is called later on the loop. False when the queue is full.
 */
MUST_USE bool
logins_check(struct logins *l, const char *hash, const char *password,
	     void (*checked)(void *context, enum login_verdict verdict),
	     void *context);

#endif
