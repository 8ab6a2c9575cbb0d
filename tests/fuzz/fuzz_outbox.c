/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's file, broken in any way: a good one patched at some places (the
 * input: offset, offset, byte, ...), or, after a '0', the input itself. It opens
 * or is set aside, whatever stands in it; and what is put into it afterwards is
 * there.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "huiyin.h"
#include "outbox.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static char folder[] = "/dev/shm/huiyin-fuzz-outbox-XXXXXX";
static char path[80];
static unsigned char good[1 << 18], work[1 << 18];
static size_t good_len;

static void
empty_folder(void)
{
	char command[80];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	must(system(command) == 0);
}

/* A store with acts in each state, as its file is after a clean end. */
static void
make_good(void)
{
	static const char ref[] = "019231c8-6d7f-7abc-8def-0123456789a";
	struct outbox_act act = { .name = "feedback.submit",
				  .params = "{\"text\":\"x\"}" };
	struct disk_news news;
	struct disk *disk;
	char name[40];
	FILE *file;

	must(disk_open(&disk, folder, &news) == HY_OK);
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof name, "%s%d", ref, i);
		act.ref = name;
		must(outbox_add(disk, &act, 1 << 20) == HY_OK);
	}
	disk_close(disk);
	file = fopen(path, "rb");
	must(file != NULL);
	good_len = fread(good, 1, sizeof good, file);
	must(good_len > 0 && fclose(file) == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(mkdtemp(folder) != NULL);
	atexit(empty_folder);
	snprintf(path, sizeof path, "%s/outbox.db", folder);
	make_good();
	return 0;
}

static void
put_file(const uint8_t *data, size_t len)
{
	int fd;

	empty_folder();
	must(mkdir(folder, 0700) == 0);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	must(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
}

static void
put_input(const uint8_t *data, size_t len)
{
	if (len > 0 && data[0] == '0') {
		put_file(data + 1, len - 1);
		return;
	}
	memcpy(work, good, good_len);
	for (; len >= 3; data += 3, len -= 3)
		work[(size_t)(data[0] << 8 | data[1]) % good_len] = data[2];
	put_file(work, good_len);
}

static void
look_through(struct disk *disk)
{
	struct outbox_act act = { 0 };
	int64_t after = 0;

	for (int i = 0; i < 100; i++) {
		if (outbox_next_waiting(disk, after, &act) != 1)
			break;
		must(act.ref && act.name && act.params);
		after = act.number;
	}
	if (outbox_next_refused(disk, 0, &act) == 1)
		must(act.ref && act.name);
}

static void
put_one(struct disk *disk)
{
	static const char ref[] = "019231c8-6d7f-7abc-8def-0123456789ab";
	const struct outbox_act act = { .ref = ref,
					.name = "feedback.submit",
					.params = "{}" };
	struct outbox_act found = { 0 };

	if (outbox_add(disk, &act, 1 << 20) != HY_OK)
		return;
	must(outbox_find(disk, ref, &found) == 1);
	must(strcmp(found.params, "{}") == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct disk_news news;
	struct disk *disk;

	put_input(data, len);
	if (disk_open(&disk, folder, &news) != HY_OK)
		return 0;
	look_through(disk);
	disk_rest(disk);
	put_one(disk);
	disk_rest(disk);
	disk_close(disk);
	return 0;
}
