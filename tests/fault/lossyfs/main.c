/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lossyfs: a folder that can lose what was never fsynced.
 *
 * kill -9 proves nothing about power cuts, since the kernel keeps the pages
 * of the dead. This FUSE file system shows another folder and remembers what
 * each file was like at its last fsync or fdatasync.
 *   SIGUSR1  power cut: all that was not synced is lost; ends
 *   SIGUSR2  power cut: each unsynced block is lost or kept by the toss of a
 *            coin, as a disk's cache does, reordered and torn; ends
 *   SIGTERM  an ordinary unmount: nothing is lost
 * In the environment: LOSSY_SEED (the coin), LOSSY_LIE=1 (fsync says yes and
 * does nothing), LOSSY_FSYNC_EIO=N and LOSSY_FSYNC_ENOSPC=N (the Nth fsync
 * fails, once, and what it should have written is lost as on Linux: it can be
 * read until the power is cut), LOSSY_WRITE_ENOSPC=N (the Nth write finds no
 * room, once). A line on stderr says when that happens.
 * Names are durable at once, as on a journalling file system after its commit:
 * only contents and sizes are lost.
 *
 *   lossyfs -f -s [-o allow_other,default_permissions] FOLDER MOUNTPOINT
 */
#define FUSE_USE_VERSION 31

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "undo.h"

static int base; /* the folder that is shown */
static bool lies;
static struct fault {
	const char *name;
	int wrong;
	long at, count; /* fails when count comes to at */
} fsync_broken = { "LOSSY_FSYNC_EIO", EIO, 0, 0 },
  fsync_full = { "LOSSY_FSYNC_ENOSPC", ENOSPC, 0, 0 },
  write_full = { "LOSSY_WRITE_ENOSPC", ENOSPC, 0, 0 };
static volatile sig_atomic_t cut; /* the signal that said so */
static struct fuse *running;

/* Paths begin with a slash: relative to base without it. */
static const char *
below(const char *path)
{
	return path[1] ? path + 1 : ".";
}

static int
result(int done)
{
	return done < 0 ? -errno : 0;
}

/* 0, or what is wrong this time. */
static int
fails(struct fault *fault)
{
	if (++fault->count != fault->at)
		return 0;
	fprintf(stderr, "lossyfs: %s\n", fault->name);
	return fault->wrong;
}

static int
fd_of(const struct fuse_file_info *info)
{
	return (int)info->fh;
}

/* We run as root, but it is made for the caller. */
static void
give(const char *path)
{
	const struct fuse_context *who = fuse_get_context();

	if (fchownat(base, below(path), who->uid, who->gid,
		     AT_SYMLINK_NOFOLLOW) != 0)
		return; /* not root: it is ours, and that is right */
}

/* --- names ---------------------------------------------------------------- */

static int
on_getattr(const char *path, struct stat *st, struct fuse_file_info *info)
{
	if (!path) /* gone already, and still open somewhere */
		return info ? result(fstat(fd_of(info), st)) : -ENOENT;
	return result(fstatat(base, below(path), st, AT_SYMLINK_NOFOLLOW));
}

static int
on_readdir(const char *path, void *to, fuse_fill_dir_t fill, off_t from,
	   struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	int fd = openat(base, below(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	(void)from;
	(void)info;
	(void)flags;
	if (!folder)
		return -errno;
	while ((entry = readdir(folder)) != NULL)
		(void)fill(to, entry->d_name, NULL, 0, 0);
	(void)closedir(folder);
	return 0;
}

static int
on_mkdir(const char *path, mode_t mode)
{
	if (mkdirat(base, below(path), mode) != 0)
		return -errno;
	give(path);
	return 0;
}

static int
on_unlink(const char *path)
{
	return result(unlinkat(base, below(path), 0));
}

static int
on_rmdir(const char *path)
{
	return result(unlinkat(base, below(path), AT_REMOVEDIR));
}

static int
on_symlink(const char *target, const char *path)
{
	if (symlinkat(target, base, below(path)) != 0)
		return -errno;
	give(path);
	return 0;
}

static int
on_readlink(const char *path, char *to, size_t room)
{
	ssize_t len = readlinkat(base, below(path), to, room - 1);

	if (len < 0)
		return -errno;
	to[len] = 0;
	return 0;
}

static int
on_rename(const char *from, const char *to, unsigned flags)
{
	if (flags)
		return -EINVAL;
	return result(renameat(base, below(from), base, below(to)));
}

static int
on_link(const char *from, const char *to)
{
	return result(linkat(base, below(from), base, below(to), 0));
}

static int
on_chmod(const char *path, mode_t mode, struct fuse_file_info *info)
{
	if (!path)
		return info ? result(fchmod(fd_of(info), mode)) : -ENOENT;
	return result(fchmodat(base, below(path), mode, 0));
}

static int
on_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *info)
{
	if (!path)
		return info ? result(fchown(fd_of(info), user, group)) :
			      -ENOENT;
	return result(
		fchownat(base, below(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int
on_utimens(const char *path, const struct timespec times[2],
	   struct fuse_file_info *info)
{
	if (!path)
		return info ? result(futimens(fd_of(info), times)) : -ENOENT;
	return result(utimensat(base, below(path), times, AT_SYMLINK_NOFOLLOW));
}

static int
on_statfs(const char *path, struct statvfs *to)
{
	(void)path;
	return result(fstatvfs(base, to));
}

/* --- contents ------------------------------------------------------------- */

static int
truncate_to(int fd, off_t size)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	undo_keep(fd, size, st.st_size > size ? st.st_size : size);
	return result(ftruncate(fd, size));
}

static int
on_open(const char *path, struct fuse_file_info *info)
{
	int flags = info->flags & ~(O_TRUNC | O_EXCL | O_CREAT | O_APPEND |
				    O_DIRECT | O_ACCMODE);
	int fd = openat(base, below(path), flags | O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fd = openat(base, below(path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	info->fh = (uint64_t)fd;
	return info->flags & O_TRUNC ? truncate_to(fd, 0) : 0;
}

static int
on_create(const char *path, mode_t mode, struct fuse_file_info *info)
{
	int fd = openat(base, below(path),
			O_RDWR | O_CREAT | O_CLOEXEC | (info->flags & O_EXCL),
			mode);

	if (fd < 0)
		return -errno;
	give(path);
	undo_watch(fd);
	info->fh = (uint64_t)fd;
	return info->flags & O_TRUNC ? truncate_to(fd, 0) : 0;
}

static int
on_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
	int fd, done;

	if (info)
		return truncate_to(fd_of(info), size);
	fd = openat(base, below(path), O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	done = truncate_to(fd, size);
	(void)close(fd);
	return done;
}

static int
on_read(const char *path, char *to, size_t len, off_t at,
	struct fuse_file_info *info)
{
	ssize_t got = pread(fd_of(info), to, len, at);

	(void)path;
	return got < 0 ? -errno : (int)got;
}

static int
on_write(const char *path, const char *from, size_t len, off_t at,
	 struct fuse_file_info *info)
{
	ssize_t put;

	(void)path;
	if (fails(&write_full) != 0)
		return -ENOSPC;
	undo_keep(fd_of(info), at, at + (off_t)len);
	put = pwrite(fd_of(info), from, len, at);
	return put < 0 ? -errno : (int)put;
}

static int
on_fallocate(const char *path, int mode, off_t at, off_t len,
	     struct fuse_file_info *info)
{
	(void)path;
	if (mode)
		return -EOPNOTSUPP;
	undo_watch(fd_of(info));
	return -posix_fallocate(fd_of(info), at, len);
}

static int
on_fsync(const char *path, int data_only, struct fuse_file_info *info)
{
	int broken = fails(&fsync_broken), full = fails(&fsync_full);

	(void)path;
	(void)data_only;
	if (broken || full)
		undo_write_off(fd_of(info));
	else if (!lies)
		undo_forget(fd_of(info));
	return broken ? -broken : -full;
}

static int
on_release(const char *path, struct fuse_file_info *info)
{
	(void)path;
	(void)close(fd_of(info));
	return 0;
}

/* --- the process ---------------------------------------------------------- */

static void
on_cut(int number)
{
	cut = number;
	if (running)
		fuse_exit(running);
}

static void
watch_signals(void)
{
	struct sigaction action = { .sa_handler = on_cut };

	(void)sigaction(SIGUSR1, &action, NULL);
	(void)sigaction(SIGUSR2, &action, NULL);
}

static void *
on_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	(void)conn;
	config->kernel_cache = 0;
	config->entry_timeout = 0;
	config->attr_timeout = 0;
	config->negative_timeout = 0;
	config->hard_remove = 1;
	watch_signals();
	running = fuse_get_context()->fuse;
	return running;
}

static const struct fuse_operations operations = {
	.init = on_init,
	.getattr = on_getattr,
	.readdir = on_readdir,
	.mkdir = on_mkdir,
	.unlink = on_unlink,
	.rmdir = on_rmdir,
	.symlink = on_symlink,
	.readlink = on_readlink,
	.rename = on_rename,
	.link = on_link,
	.chmod = on_chmod,
	.chown = on_chown,
	.utimens = on_utimens,
	.statfs = on_statfs,
	.open = on_open,
	.create = on_create,
	.truncate = on_truncate,
	.read = on_read,
	.write = on_write,
	.fallocate = on_fallocate,
	.fsync = on_fsync,
	.release = on_release,
};

static long
number_of(const char *name)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : 0;
}

int
main(int argc, char **argv)
{
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: %s -s [OPTION...] FOLDER MOUNTPOINT\n",
			argv[0]);
		return 2;
	}
	base = open(argv[argc - 2], O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (base < 0) {
		perror(argv[argc - 2]);
		return 2;
	}
	argv[argc - 2] = argv[argc - 1];
	argv[argc - 1] = NULL;
	lies = number_of("LOSSY_LIE") != 0;
	fsync_broken.at = number_of(fsync_broken.name);
	fsync_full.at = number_of(fsync_full.name);
	write_full.at = number_of(write_full.name);
	(void)umask(0);
	watch_signals();
	status = fuse_main(argc - 1, argv, &operations, NULL);
	if (cut)
		undo_all(cut == SIGUSR2, (unsigned)number_of("LOSSY_SEED"));
	return status;
}
