/* SPDX-License-Identifier: Apache-2.0 */
/* undo: changed blocks by file, as they were. */
#include "undo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 4096
#define SLOTS 256 /* a power of two */

struct block {
	SLIST_ENTRY(block) next;
	off_t number;
	unsigned char was[BLOCK];
};

SLIST_HEAD(blocks, block);

struct file {
	LIST_ENTRY(file) next;
	ino_t inode;
	dev_t device;
	int fd;     /* our own: outlives rename and unlink */
	off_t size; /* as last fsynced */
	struct blocks slots[SLOTS];
};

static LIST_HEAD(, file) files = LIST_HEAD_INITIALIZER(files);

/* Without memory there is nothing to test. */
static void *
zeroed(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory) {
		fputs("lossyfs: out of memory\n", stderr);
		exit(3);
	}
	return memory;
}

static struct file *
file_find(const struct stat *st)
{
	struct file *file;

	LIST_FOREACH(file, &files, next)
		if (file->inode == st->st_ino && file->device == st->st_dev)
			return file;
	return NULL;
}

static struct file *
file_watch(int fd)
{
	struct stat st;
	struct file *file;
	char self[64];

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	file = file_find(&st);
	if (file)
		return file;
	file = zeroed(sizeof *file);
	file->inode = st.st_ino;
	file->device = st.st_dev;
	file->size = st.st_size;
	(void)snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	file->fd = open(self, O_RDWR | O_CLOEXEC);
	LIST_INSERT_HEAD(&files, file, next);
	return file;
}

void
undo_watch(int fd)
{
	(void)file_watch(fd);
}

static void
block_keep(struct file *file, off_t number)
{
	struct blocks *slot = &file->slots[number & (SLOTS - 1)];
	struct block *block;

	if (number * BLOCK >= file->size)
		return; /* beyond what was synced: the size undoes it */
	SLIST_FOREACH(block, slot, next)
	if (block->number == number)
		return;
	block = zeroed(sizeof *block);
	block->number = number;
	if (pread(file->fd, block->was, BLOCK, number * BLOCK) < 0)
		perror("lossyfs: pread");
	SLIST_INSERT_HEAD(slot, block, next);
}

void
undo_keep(int fd, off_t from, off_t to)
{
	struct file *file = file_watch(fd);

	if (!file)
		return;
	for (off_t number = from / BLOCK; number * BLOCK < to; number++)
		block_keep(file, number);
}

static void
file_free(struct file *file)
{
	for (int i = 0; i < SLOTS; i++)
		while (!SLIST_EMPTY(&file->slots[i])) {
			struct block *block = SLIST_FIRST(&file->slots[i]);

			SLIST_REMOVE_HEAD(&file->slots[i], next);
			free(block);
		}
	LIST_REMOVE(file, next);
	(void)close(file->fd);
	free(file);
}

void
undo_forget(int fd)
{
	struct stat st;
	struct file *file = fstat(fd, &st) == 0 ? file_find(&st) : NULL;

	if (file)
		file_free(file);
}

/* --- the cut -------------------------------------------------------------- */

struct cut {
	bool coin;
	unsigned seed;
	unsigned long files, lost, kept;
};

/* Does the disk happen to have it? */
static bool
is_kept(struct cut *cut)
{
	return cut->coin && (rand_r(&cut->seed) & 1);
}

static void
put_back(struct cut *cut, const struct file *file, const struct block *block)
{
	off_t at = block->number * BLOCK;
	size_t len =
		file->size - at < BLOCK ? (size_t)(file->size - at) : BLOCK;

	if (is_kept(cut)) {
		cut->kept++;
		return;
	}
	if (pwrite(file->fd, block->was, len, at) < 0)
		perror("lossyfs: pwrite");
	cut->lost++;
}

static void
undo_file(struct cut *cut, const struct file *file)
{
	struct stat st;
	const struct block *block;

	cut->files++;
	if (fstat(file->fd, &st) == 0 && st.st_size != file->size &&
	    !is_kept(cut) && ftruncate(file->fd, file->size) != 0)
		perror("lossyfs: ftruncate");
	for (int i = 0; i < SLOTS; i++)
		SLIST_FOREACH(block, &file->slots[i], next)
	put_back(cut, file, block);
}

void
undo_all(bool coin, unsigned seed)
{
	struct cut cut = { .coin = coin, .seed = seed };
	const struct file *file;

	LIST_FOREACH(file, &files, next)
		undo_file(&cut, file);
	fprintf(stderr,
		"lossyfs: power cut: %lu files not synced, %lu blocks lost, "
		"%lu kept\n",
		cut.files, cut.lost, cut.kept);
}
