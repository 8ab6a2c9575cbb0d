/* SPDX-License-Identifier: Apache-2.0 */
/*
 * county_keys: keys of the county, to which kiosks seal what they keep. The
 * private ones are lines of a file that the nodes read; nothing is in the
 * database.
 */
#include "errands.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exits.h"
#include "seal_keys.h"
#include "show.h"

#define MOST 512 /* bytes of a file; four lines have 260 */

static int
complain(const char *file, const char *why)
{
	fprintf(stderr, "huiyin-admin: %s: %s\n", file, why);
	return FAILED;
}

/* The text of a file; 0, or an error number. */
static int
read_text(const char *file, char text[MOST])
{
	FILE *f = fopen(file, "re");
	size_t len;
	int wrong;

	text[0] = 0;
	if (!f)
		return errno;
	len = fread(text, 1, MOST - 1, f);
	wrong = ferror(f) ? EIO : 0;
	fclose(f);
	text[len] = 0;
	return wrong;
}

/* A new one is its maker's alone; one that was there stays whose it is. */
static int
keep_owner(int fd, const char *file)
{
	struct stat was, is;

	if (stat(file, &was) != 0)
		return errno == ENOENT ? 0 : errno;
	if (fstat(fd, &is) != 0)
		return errno;
	if ((was.st_uid != is.st_uid || was.st_gid != is.st_gid) &&
	    fchown(fd, was.st_uid, was.st_gid) != 0)
		return errno;
	return fchmod(fd, was.st_mode & 07777) == 0 ? 0 : errno;
}

/* Beside the file first, then in its place: never half of one. */
static int
write_text(const char *file, const char *first, const char *rest)
{
	char *beside;
	int fd, wrong;

	if (asprintf(&beside, "%s.new", file) < 0)
		return ENOMEM;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	wrong = fd < 0 ? errno : keep_owner(fd, file);
	if (!wrong &&
	    (dprintf(fd, "%s\n%s", first, rest) < 0 || fsync(fd) != 0))
		wrong = errno;
	if (fd >= 0 && close(fd) != 0 && !wrong)
		wrong = errno;
	if (!wrong && rename(beside, file) != 0)
		wrong = errno;
	if (wrong && fd >= 0)
		unlink(beside);
	free(beside);
	return wrong;
}

static int
show_keys(const struct wish *w, const struct seal_keys *keys, size_t count)
{
	json_t *items = json_array(), *result;
	char hex[SEAL_HEX];

	for (size_t i = 0; i < count; i++) {
		const struct seal_key *open = &keys->pair[i].open;

		seal_key_write(open, hex);
		(void)json_array_append_new(items, json_pack("{s:s, s:s}",
							     "name", open->name,
							     "public", hex));
	}
	result = json_pack("{s:o}", "items", items);
	if (!result) {
		fprintf(stderr, "huiyin-admin: out of memory\n");
		return FAILED;
	}
	show(w, result);
	json_decref(result);
	return DONE;
}

static const char *
file_of(const struct wish *w)
{
	return json_string_value(json_object_get(w->params, "file"));
}

int
run_seal_new(struct wish *w)
{
	const char *file = file_of(w), *why = "";
	char text[MOST], hex[SEAL_HEX];
	struct seal_keys keys;
	int wrong = read_text(file, text), code = FAILED;

	if (wrong && wrong != ENOENT)
		return complain(file, strerror(wrong));
	if (!seal_keys_init(&keys, text, &why)) {
		code = complain(file, why);
	} else if (keys.count == SEAL_KEYS) {
		code = complain(file, "there are 4 keys; take out the last "
				      "line, the oldest");
	} else if (!seal_pair_make(hex)) {
		code = complain(file, "libsodium does not start");
	} else if ((wrong = write_text(file, hex, text)) != 0) {
		code = complain(file, strerror(wrong));
	} else if (seal_keys_init(&keys, hex, &why)) {
		code = show_keys(w, &keys, 1);
	}
	seal_keys_fini(&keys);
	sodium_memzero(text, sizeof text);
	sodium_memzero(hex, sizeof hex);
	return code;
}

int
run_seal_list(struct wish *w)
{
	const char *file = file_of(w), *why = "";
	char text[MOST];
	struct seal_keys keys;
	int wrong = read_text(file, text), code;

	if (wrong)
		return complain(file, strerror(wrong));
	code = seal_keys_init(&keys, text, &why) ?
		       show_keys(w, &keys, keys.count) :
		       complain(file, why);
	seal_keys_fini(&keys);
	sodium_memzero(text, sizeof text);
	return code;
}
