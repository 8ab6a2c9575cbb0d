/* SPDX-License-Identifier: Apache-2.0 */
/* process: what the whole process of a node needs before anything else. */
#include "process.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conf.h"
#include "load.h"
#include "log.h"
#include "person.h"
#include "seal_keys.h"
#include "secret.h"

/* Beside connections: PostgreSQL, logs, files that are read. */
#define OTHER_FILES 512

void
process_prepare(void)
{
	/* Two for argon2id; DNS and all else always find one. */
	setenv("UV_THREADPOOL_SIZE", "6", 0);
	setenv("TZ", "Asia/Shanghai", 0);
	(void)signal(SIGPIPE, SIG_IGN);
	load_guard();
	json_object_seed(0);
}

/* libwebsockets makes tables for as many files as there may be. */
void
process_limit_files(int connections)
{
	rlim_t wanted = (rlim_t)connections + OTHER_FILES;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted)
		log_event(LOG_WARN, "fewer files may be open than connections",
			  "files", log_number((long long)files.rlim_cur), NULL);
}

static bool
is_readable(const char *file)
{
	bool readable = file && access(file, R_OK) == 0;

	if (!readable)
		fprintf(stderr, "huiyind: %s cannot be read\n",
			file ? file : "a file that is not set");
	return readable;
}

int
process_check_files(const struct conf *conf)
{
	bool cert = is_readable(conf->cert), key = is_readable(conf->key);
	bool ca = !conf->mtls_port || is_readable(conf->client_ca);
	const char *why = "", *bad = "";
	struct seal_keys keys;
	bool secret = secret_open(conf->installation_secret_file, &why);
	bool seal = seal_keys_init(&keys, conf->seal_secret, &bad);
	bool auditor;

	if (!secret)
		fprintf(stderr, "huiyind: %s: %s\n",
			conf->installation_secret_file, why);
	if (!seal)
		fprintf(stderr, "huiyind: seal_secret: %s\n", bad);
	seal_keys_fini(&keys);
	auditor = person_open(conf->auditor_key, &why);
	if (!auditor)
		fprintf(stderr, "huiyind: auditor_key: %s\n", why);
	if (!cert || !key || !ca || !secret || !seal || !auditor)
		return 1;
	puts("settings are good and the files they name can be read");
	return 0;
}
