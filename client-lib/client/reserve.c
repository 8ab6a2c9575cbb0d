/* SPDX-License-Identifier: Apache-2.0 */
/* reserve: a file of zeros, whose only worth is its room. */
#include "reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* To be freed; NULL when memory is out. */
static char *
path_of(const char *folder)
{
	char *path;

	return asprintf(&path, "%s/reserve", folder) < 0 ? NULL : path;
}

static bool
take(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool taken = fd >= 0 && posix_fallocate(fd, 0, RESERVE_BYTES) == 0;

	if (fd >= 0)
		close(fd);
	if (!taken)
		(void)unlink(path);
	return taken;
}

bool
reserve_take(const char *folder)
{
	char *path = path_of(folder);
	struct stat there;
	bool taken;

	if (!path)
		return false;
	taken = stat(path, &there) == 0 && there.st_size >= RESERVE_BYTES &&
		there.st_blocks >= RESERVE_BYTES / 512;
	if (!taken)
		taken = take(path);
	free(path);
	return taken;
}

bool
reserve_is_there(const char *folder)
{
	char *path = path_of(folder);
	struct stat there;
	bool is = path && stat(path, &there) == 0;

	free(path);
	return is;
}

void
reserve_give(const char *folder)
{
	char *path = path_of(folder);

	if (path)
		(void)unlink(path);
	free(path);
}
