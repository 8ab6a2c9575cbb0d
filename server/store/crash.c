/* SPDX-License-Identifier: Apache-2.0 */
/* crash: named points at which a test may kill the process. */
#include "crash.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

bool crash_is_armed;

static const char *crash_name; /* NAME:COUNT, borrowed from the environment */
static size_t crash_name_len;
static long crash_left;

/* Before main: a point must not look at the environment each time. */
__attribute__((constructor)) static void
arm(void)
{
	const char *colon;

	crash_name = getenv("HUIYIN_CRASH_AT");
	colon = crash_name ? strchr(crash_name, ':') : NULL;
	if (!colon)
		return;
	crash_name_len = (size_t)(colon - crash_name);
	crash_left = strtol(colon + 1, NULL, 10);
	crash_is_armed = crash_left > 0;
}

void
crash_reached(const char *name)
{
	if (strlen(name) != crash_name_len ||
	    strncmp(name, crash_name, crash_name_len) != 0)
		return;
	if (--crash_left == 0)
		(void)raise(SIGKILL);
}
