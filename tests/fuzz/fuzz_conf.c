/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file of a node. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conf.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static char file[] = "/dev/shm/huiyin-fuzz-conf-XXXXXX";
static FILE *nowhere;
static int fd;

static void
remove_file(void)
{
	unlink(file);
}

/* What is wrong goes to stderr, thousands of times a second: nowhere. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	clearenv();
	fd = mkstemp(file);
	must(fd >= 0);
	atexit(remove_file);
	nowhere = fopen("/dev/null", "w");
	must(nowhere != NULL);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *argv[] = { (char *)(uintptr_t) "huiyind",
			 (char *)(uintptr_t) "--check",
			 (char *)(uintptr_t) "--config", file, NULL };
	FILE *saved = stderr;
	enum conf_wish wish;
	struct conf c;

	must(ftruncate(fd, 0) == 0);
	must(pwrite(fd, data, len, 0) == (ssize_t)len);
	stderr = nowhere;
	if (conf_read(&c, 4, argv, &wish) == 0) {
		conf_print(&c, nowhere);
		conf_fini(&c);
	}
	stderr = saved;
	return 0;
}
