/* SPDX-License-Identifier: Apache-2.0 */
/* sql_files: the files of sql/, read whole, in the order of their names. */
#include "sql_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
say_wrong(const char *path, const char *why)
{
	fprintf(stderr, "huiyin-admin: %s: %s\n", path, why);
	return false;
}

const char *
sql_folder(const char *wanted)
{
	static const char *const known[] = { HUIYIN_SQL_SOURCE,
					     HUIYIN_SQL_INSTALLED };
	char path[PATH_MAX];

	if (wanted)
		return wanted;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		snprintf(path, sizeof path, "%s/privileges.sql", known[i]);
		if (access(path, R_OK) == 0)
			return known[i];
	}
	say_wrong(HUIYIN_SQL_INSTALLED,
		  "the migrations are not there; say where by --sql or "
		  "HUIYIN_SQL");
	return NULL;
}

static void
hash_text(const char *text, char sha256[SHA256_HEX])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
	sodium_bin2hex(sha256, SHA256_HEX, hash, sizeof hash);
}

/* To be freed; NULL with the reason said. */
static char *
read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	char *text = NULL;
	size_t len = 0;

	if (file && fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode) &&
	    (text = malloc((size_t)st.st_size + 1)) != NULL) {
		len = fread(text, 1, (size_t)st.st_size, file);
		text[len] = 0;
	}
	if (!text || ferror(file)) {
		say_wrong(path, strerror(errno));
		free(text);
		text = NULL;
	} else if (strlen(text) < len) {
		say_wrong(path, "not text: it has a NUL byte");
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

static bool
add_file(struct sql_files *f, const char *path)
{
	struct sql_file one = { .path = strdup(path), .text = read_text(path) };
	struct sql_file *more =
		realloc(f->files, (f->count + 1) * sizeof *more);

	if (more)
		f->files = more;
	if (!more || !one.path || !one.text) {
		free(one.path);
		free(one.text);
		return more && one.path ? false :
					  say_wrong(path, "out of memory");
	}
	one.name = strrchr(one.path, '/');
	one.name = one.name ? one.name + 1 : one.path;
	hash_text(one.text, one.sha256);
	f->files[f->count++] = one;
	return true;
}

static int
is_sql(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + len - 4, ".sql") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
add_folder(struct sql_files *f, const char *folder)
{
	struct dirent **found;
	bool good = true;
	char *path;
	int n = scandir(folder, &found, is_sql, by_name);

	if (n < 0)
		return say_wrong(folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", folder, found[i]->d_name) < 0)
			path = NULL;
		good = good && path && add_file(f, path);
		free(path);
		free(found[i]);
	}
	free(found);
	return good;
}

bool
sql_files_add(struct sql_files *f, const char *folder, const char *below)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", folder, below);
	if (stat(path, &st) != 0)
		return say_wrong(path, strerror(errno));
	return S_ISDIR(st.st_mode) ? add_folder(f, path) : add_file(f, path);
}

void
sql_files_fini(struct sql_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->files[i].path);
		free(f->files[i].text);
	}
	free(f->files);
	memset(f, 0, sizeof *f);
}

void
sql_files_hash(const struct sql_files *f, char sha256[SHA256_HEX])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < f->count; i++) {
		const struct sql_file *one = &f->files[i];

		crypto_hash_sha256_update(&state,
					  (const unsigned char *)one->name,
					  strlen(one->name) + 1);
		crypto_hash_sha256_update(&state,
					  (const unsigned char *)one->sha256,
					  strlen(one->sha256));
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(sha256, SHA256_HEX, hash, sizeof hash);
}
