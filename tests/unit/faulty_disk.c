/* SPDX-License-Identifier: Apache-2.0 */
/* faulty_disk: SQLite's own file layer, with failures at will. */
#include "faulty_disk.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

struct file {
	sqlite3_file base;
	int64_t align; /* the real file follows */
};

static sqlite3_vfs *below, layer;
static enum faulty_what broken;
static unsigned left; /* 0: whole */
static bool stays, happened;

static bool
fails(enum faulty_what what)
{
	if (left == 0 || what != broken)
		return false;
	if (left > 1) {
		left--;
		return false;
	}
	if (!stays)
		left = 0;
	happened = true;
	return true;
}

/* The real file lies behind ours in the same block. */
static sqlite3_file *
real_of(sqlite3_file *file)
{
	return (sqlite3_file *)((struct file *)file + 1);
}

static int
do_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
	if (fails(FAULTY_WRITE))
		return SQLITE_IOERR_WRITE;
	if (fails(FAULTY_FULL))
		return SQLITE_FULL;
	return real_of(file)->pMethods->xWrite(real_of(file), data, len, at);
}

static int
do_sync(sqlite3_file *file, int flags)
{
	if (fails(FAULTY_SYNC))
		return SQLITE_IOERR_FSYNC;
	return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int
do_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int
do_read(sqlite3_file *file, void *data, int len, sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), data, len, at);
}

static int
do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int
do_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int
do_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int
do_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int
do_check(sqlite3_file *file, int *reserved)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file),
							   reserved);
}

static int
do_control(sqlite3_file *file, int what, void *about)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), what,
						     about);
}

static int
do_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int
do_traits(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

/* Version 1: no shared memory, which an exclusive lock does without. */
static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = do_close,
	.xRead = do_read,
	.xWrite = do_write,
	.xTruncate = do_truncate,
	.xSync = do_sync,
	.xFileSize = do_size,
	.xLock = do_lock,
	.xUnlock = do_unlock,
	.xCheckReservedLock = do_check,
	.xFileControl = do_control,
	.xSectorSize = do_sector,
	.xDeviceCharacteristics = do_traits,
};

static int
do_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
	int *out)
{
	int rc;

	(void)vfs;
	file->pMethods = NULL;
	rc = below->xOpen(below, name, real_of(file), flags, out);
	if (rc == SQLITE_OK)
		file->pMethods = &methods;
	return rc;
}

void
faulty_install(void)
{
	must(sqlite3_initialize() == SQLITE_OK);
	below = sqlite3_vfs_find(NULL);
	layer = *below;
	layer.zName = "faulty";
	layer.szOsFile = (int)sizeof(struct file) + below->szOsFile;
	layer.xOpen = do_open;
	must(sqlite3_vfs_register(&layer, 1) == SQLITE_OK);
}

void
faulty_break(enum faulty_what what, unsigned n, bool sticky)
{
	broken = what;
	left = n;
	stays = sticky;
	happened = false;
}

bool
faulty_mend(void)
{
	left = 0;
	return happened;
}
