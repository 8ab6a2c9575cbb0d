/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo: what files were like when they were last fsynced: their size, and the
 * content of every block that was changed since.
 */
#ifndef LOSSYFS_UNDO_H
#define LOSSYFS_UNDO_H

#include <stdbool.h>
#include <sys/types.h>

/* The file of fd is about to change for the first time, or is new. */
void undo_watch(int fd);
/* Bytes from to (not included) of the file of fd are about to change. */
void undo_keep(int fd, off_t from, off_t to);
/* It is on disk as it is now. */
void undo_forget(int fd);
/*
 * Bringing it to disk has failed, and the system takes it for done, as Linux
 * does: what is not changed again will not be there after a power cut, though
 * it can be read until then and later fsyncs say yes.
 */
void undo_write_off(int fd);
/*
 * The power is cut: puts everything back; with coin, each block and size by
 * the toss of one, begun with seed. Says on stderr what it did.
 */
void undo_all(bool coin, unsigned seed);

#endif
