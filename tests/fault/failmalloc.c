/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failmalloc: an LD_PRELOAD library in which chosen allocations fail.
 *   FAILMALLOC_N=N       the Nth allocation returns NULL; 0: none does
 *   FAILMALLOC_MANY=M    and so do the M-1 after it
 *   FAILMALLOC_COUNT=F   SIGUSR2 writes the number of allocations so far to
 *                        the file F, and the end of the process does
 *   FAILMALLOC_CONTROL=F the file F is mapped: see struct control. Whoever
 *                        writes to it makes allocations of a process fail
 *                        that has long been running
 *   FAILMALLOC_TRACE=F   whence a failed allocation was asked for is appended
 *                        to the file F
 * A run with N=0 says how many belong to starting, and how many to what is
 * to be tried; then one run for each N, or one process told N after N.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAMES 40

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

/* Eight bytes each, in the machine's order. */
struct control {
	_Atomic int64_t from; /* the number from which on they fail */
	_Atomic int64_t left; /* how many are still to fail */
	_Atomic int64_t seen; /* allocations so far */
	_Atomic int64_t kept; /* of them not yet freed */
};

static struct control own, *control = &own;
static int has_started;
static const char *count_file;
static int trace_fd = -1;

/* Nothing here may allocate. */
static void
report(void)
{
	char text[24];
	int at = sizeof text, fd = -1;
	int64_t left = atomic_load(&control->seen);

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

/* backtrace() allocates the first time it is called, and never again. */
static void
open_trace(const char *file)
{
	void *frames[2];

	if (!file)
		return;
	(void)backtrace(frames, 2);
	trace_fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void
open_control(const char *file)
{
	void *mapped;
	int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	mapped = mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	(void)close(fd);
	if (mapped != MAP_FAILED)
		control = mapped;
}

__attribute__((constructor)) static void
start(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	long n = number_of("FAILMALLOC_N", 0);

	count_file = getenv("FAILMALLOC_COUNT");
	if (count_file)
		(void)sigaction(SIGUSR2, &action, NULL);
	open_trace(getenv("FAILMALLOC_TRACE"));
	open_control(getenv("FAILMALLOC_CONTROL"));
	atomic_store(&control->from, n);
	atomic_store(&control->seen, 0);
	atomic_store(&control->left, n ? number_of("FAILMALLOC_MANY", 1) : 0);
	has_started = 1;
}

__attribute__((destructor)) static void
stop(void)
{
	report();
}

static void
trace(void)
{
	void *frames[FRAMES];

	if (trace_fd < 0)
		return;
	backtrace_symbols_fd(frames, backtrace(frames, FRAMES), trace_fd);
	(void)!write(trace_fd, "--\n", 3);
}

static int
fails(void)
{
	int64_t number;

	if (!has_started)
		return 0;
	number = atomic_fetch_add(&control->seen, 1) + 1;
	if (atomic_load(&control->left) <= 0 ||
	    number < atomic_load(&control->from) ||
	    atomic_fetch_sub(&control->left, 1) <= 0)
		return 0;
	trace();
	errno = ENOMEM;
	return 1;
}

static void *
counted(void *memory)
{
	if (memory)
		atomic_fetch_add(&control->kept, 1);
	return memory;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(count, size));
}

void
free(void *memory)
{
	if (memory)
		atomic_fetch_sub(&control->kept, 1);
	__libc_free(memory);
}

void *
realloc(void *memory, size_t size)
{
	if (!memory)
		return malloc(size);
	if (size == 0) {
		free(memory);
		return NULL;
	}
	return fails() ? NULL : __libc_realloc(memory, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **memory, size_t alignment, size_t size)
{
	if (fails())
		return ENOMEM;
	*memory = counted(__libc_memalign(alignment, size));
	return *memory || !size ? 0 : ENOMEM;
}
