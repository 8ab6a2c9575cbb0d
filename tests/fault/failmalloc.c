/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failmalloc: an LD_PRELOAD library in which one chosen allocation fails.
 *   FAILMALLOC_N=N      the Nth allocation returns NULL; 0: none does
 *   FAILMALLOC_MANY=M   and so do the M-1 after it
 *   FAILMALLOC_COUNT=F  SIGUSR2 writes the number of allocations so far to
 *                       the file F, and the end of the process does
 * A run with N=0 says how many belong to starting, and how many to what is
 * to be tried; then one run for each N.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long seen;
static long fails_at = -1; /* -1: not started, 0: never */
static long fails_many = 1;
static const char *count_file;

/* Nothing here may allocate. */
static void
report(void)
{
	char text[24];
	int at = sizeof text, fd = -1;
	long left = atomic_load(&seen);

	if (count_file)
		fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return;
	text[--at] = '\n';
	do
		text[--at] = (char)('0' + left % 10);
	while (left /= 10);
	(void)!write(fd, text + at, sizeof text - (size_t)at);
	(void)close(fd);
}

static void
on_signal(int number)
{
	(void)number;
	report();
}

static long
number_of(const char *name, long standard)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : standard;
}

__attribute__((constructor)) static void
start(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	count_file = getenv("FAILMALLOC_COUNT");
	fails_many = number_of("FAILMALLOC_MANY", 1);
	if (count_file)
		(void)sigaction(SIGUSR2, &action, NULL);
	atomic_store(&seen, 0);
	fails_at = number_of("FAILMALLOC_N", 0);
}

__attribute__((destructor)) static void
stop(void)
{
	report();
}

static int
fails(void)
{
	long number;

	if (fails_at < 0)
		return 0;
	number = atomic_fetch_add(&seen, 1) + 1;
	if (fails_at == 0 || number < fails_at ||
	    number >= fails_at + fails_many)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
	return size && fails() ? NULL : __libc_realloc(memory, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

int
posix_memalign(void **memory, size_t alignment, size_t size)
{
	if (fails())
		return ENOMEM;
	*memory = __libc_memalign(alignment, size);
	return *memory || !size ? 0 : ENOMEM;
}
