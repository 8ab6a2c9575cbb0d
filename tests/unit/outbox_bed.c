/* SPDX-License-Identifier: Apache-2.0 */
/* outbox_bed: folders, acts and files that the tests of the outbox share. */
#include "outbox_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ref.h"

void
bed_folder(char folder[BED_PATH])
{
	static unsigned number;

	snprintf(folder, BED_PATH, "/tmp/huiyin-outbox-%d-%u", (int)getpid(),
		 number++);
}

void
bed_sweep(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	(void)rmdir(folder);
}

struct disk *
bed_open(const char *folder, struct disk_news *news)
{
	struct disk_news own;
	struct disk *disk;
	int code = disk_open(&disk, folder, news ? news : &own);

	if (code != HY_OK)
		print_error("%d %s\n", code, hy_last_error()->message);
	assert_int_equal(code, HY_OK);
	return disk;
}

int
bed_add(struct disk *disk, const char *text, char ref[HY_REF])
{
	struct outbox_act act = { .ref = ref, .name = "feedback.submit" };
	char params[256];

	assert_true(ref_new(ref));
	snprintf(params, sizeof params, "{\"text\":\"%s\"}", text);
	act.params = params;
	return outbox_add(disk, &act, 1 << 20);
}

void
bed_settle(struct disk *disk, const char *ref, const char *answer)
{
	assert_int_equal(disk_begin(disk), HY_OK);
	assert_int_equal(outbox_end(disk, ref, OUTBOX_SETTLED, answer), HY_OK);
	assert_int_equal(disk_commit(disk), HY_OK);
}

unsigned
bed_waiting(struct disk *disk)
{
	hy_outbox_state state = HY_OUTBOX_INIT;

	assert_int_equal(outbox_count(disk, &state), HY_OK);
	return (unsigned)state.waiting;
}

static bool
file_holds(int folder, const char *name, const char *text)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	static char bytes[4 << 20];
	ssize_t len;

	assert_true(fd >= 0);
	len = read(fd, bytes, sizeof bytes);
	close(fd);
	return len > 0 && memmem(bytes, (size_t)len, text, strlen(text));
}

bool
bed_holds(const char *folder, const char *text)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool holds = false;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			holds |= file_holds(dirfd(dir), entry->d_name, text);
	closedir(dir);
	return holds;
}
