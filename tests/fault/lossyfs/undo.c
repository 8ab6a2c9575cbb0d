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
	bool written_off; /* a failed fsync: no later one writes it */
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

static struct block *
block_find(const struct file *file, off_t number)
{
	struct block *block;

	SLIST_FOREACH(block, &file->slots[number & (SLOTS - 1)], next)
	if (block->number == number)
		return block;
	return NULL;
}

static struct block *
block_add(struct file *file, off_t number)
{
	struct block *block = zeroed(sizeof *block);

	block->number = number;
	SLIST_INSERT_HEAD(&file->slots[number & (SLOTS - 1)], block, next);
	return block;
}

static void
block_keep(struct file *file, off_t number)
{
	struct block *block = block_find(file, number);

	if (block)
		block->written_off = false; /* changed again: to be written */
	if (block || number * BLOCK >= file->size)
		return; /* beyond what was synced: the size undoes it */
	block = block_add(file, number);
	if (pread(file->fd, block->was, BLOCK, number * BLOCK) < 0)
		perror("lossyfs: pread");
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

/* Forgets what is on disk of a slot; how many blocks are not. */
static unsigned
slot_forget(struct blocks *slot)
{
	struct blocks left = SLIST_HEAD_INITIALIZER(left);
	struct block *block;
	unsigned count = 0;

	while ((block = SLIST_FIRST(slot)) != NULL) {
		SLIST_REMOVE_HEAD(slot, next);
		if (block->written_off) {
			SLIST_INSERT_HEAD(&left, block, next);
			count++;
		} else {
			free(block);
		}
	}
	*slot = left;
	return count;
}

void
undo_forget(int fd)
{
	struct stat st;
	struct file *file = fstat(fd, &st) == 0 ? file_find(&st) : NULL;
	unsigned left = 0;

	if (!file)
		return;
	file->size = st.st_size;
	for (int i = 0; i < SLOTS; i++)
		left += slot_forget(&file->slots[i]);
	if (left > 0)
		return;
	LIST_REMOVE(file, next);
	(void)close(file->fd);
	free(file);
}

void
undo_write_off(int fd)
{
	struct stat st;
	struct file *file = fstat(fd, &st) == 0 ? file_find(&st) : NULL;
	struct block *block;

	if (!file)
		return;
	for (off_t at = file->size; at < st.st_size; at += BLOCK)
		if (!block_find(file, at / BLOCK))
			(void)block_add(file, at / BLOCK);
	for (int i = 0; i < SLOTS; i++)
		SLIST_FOREACH(block, &file->slots[i], next)
	block->written_off = true;
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
	off_t at = block->number * BLOCK, left = file->size - at;
	size_t len = left < BLOCK ? (size_t)left : BLOCK;

	if (at >= file->size)
		return; /* the size has undone it */
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
