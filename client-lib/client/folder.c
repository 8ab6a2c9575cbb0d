/* SPDX-License-Identifier: Apache-2.0 */
/* folder: the folder of a store, and files in it. */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "huiyin.h"

int
folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), wrong;

	if (fd < 0)
		return -1;
	wrong = fsync(fd);
	close(fd);
	return wrong;
}

int
folder_make(const char *folder)
{
	char message[200], *parent, *slash;

	if (mkdir(folder, 0700) == 0) {
		parent = strdup(folder);
		if (!parent)
			return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
		slash = strrchr(parent, '/');
		if (slash)
			slash[slash == parent] = 0;
		(void)folder_sync(slash ? parent : ".");
		free(parent);
		return HY_OK;
	}
	if (errno == EEXIST)
		return HY_OK;
	snprintf(message, sizeof message,
		 "The folder %.100s cannot be made: %s.", folder,
		 strerrordesc_np(errno));
	return fault(HY_ERR_DISK, "disk", "store", message);
}

int
folder_make_file(const char *path)
{
	char message[200];
	int fd;

	if (!path)
		return HY_OK;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		return HY_OK;
	}
	snprintf(message, sizeof message, "%.100s cannot be written: %s.", path,
		 strerrordesc_np(errno));
	return fault(HY_ERR_DISK, "disk", "store", message);
}

struct folder_file
folder_look(const char *path)
{
	struct stat there;

	if (!path || stat(path, &there) != 0)
		return (struct folder_file){ 0 };
	return (struct folder_file){ there.st_dev, there.st_ino };
}

bool
folder_has(const char *path, const struct folder_file *file)
{
	struct folder_file now = folder_look(path);

	return now.device == file->device && now.number == file->number;
}

bool
folder_lacks(const char *path)
{
	struct stat there;

	return stat(path, &there) != 0 ? errno == ENOENT : there.st_size == 0;
}
