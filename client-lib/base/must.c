/* SPDX-License-Identifier: Apache-2.0 */
/* must: the only way this code stops on a bug of its own. */
#include "must.h"

#include <stdio.h>
#include <stdlib.h>

void
must_stop(const char *file, int line, const char *what)
{
	fprintf(stderr, "<2>huiyin: bug at %s:%d: must(%s)\n", file, line,
		what);
	abort();
}
