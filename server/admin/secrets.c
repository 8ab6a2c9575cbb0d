/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets: what is shown once and kept only as a hash or sealed: passwords,
 * second factors, secrets of kiosks.
 */
#include "errands.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ask.h"
#include "exits.h"
#include "secret.h"
#include "show.h"
#include "text.h"

#define LEAST_PASSWORD 8  /* characters */
#define MOST_PASSWORD 256 /* bytes; what hello allows */
#define GENERATED 24      /* 4 groups of 5, hyphens, NUL: 99 bits */
#define SEED 20           /* bytes; RFC 4226 section 4 */

static int
out_of_memory(void)
{
	fprintf(stderr, "huiyin-admin: out of memory\n");
	return FAILED;
}

/* Of letters and digits that are not mistaken for one another. */
static void
generate(char text[GENERATED])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";

	for (int i = 0; i < GENERATED - 1; i++)
		text[i] = i % 6 == 5 ? '-' :
				       letters[randombytes_uniform(
					       sizeof letters - 1)];
	text[GENERATED - 1] = 0;
}

static bool
read_line(char *text, size_t room)
{
	bool got = fgets(text, (int)room, stdin) != NULL;

	if (got)
		text[strcspn(text, "\r\n")] = 0;
	return got;
}

/* From a terminal without echo, twice; else one line. */
static bool
read_password(char *text, size_t room)
{
	char again[MOST_PASSWORD + 2];
	struct termios was, quiet;
	bool good;

	if (tcgetattr(STDIN_FILENO, &was) != 0)
		return read_line(text, room);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	fprintf(stderr, "new password: ");
	good = read_line(text, room);
	fprintf(stderr, "\nonce more: ");
	good = good && read_line(again, sizeof again);
	fprintf(stderr, "\n");
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	if (good && strcmp(text, again) != 0) {
		fprintf(stderr, "huiyin-admin: the two are not the same\n");
		good = false;
	}
	sodium_memzero(again, sizeof again);
	return good;
}

static bool
take_password(char *text, size_t room)
{
	if (!read_password(text, room)) {
		fprintf(stderr, "huiyin-admin: a password is expected on "
				"standard input, in one line; or --generate\n");
		return false;
	}
	if (text_length(text) >= LEAST_PASSWORD &&
	    strlen(text) <= MOST_PASSWORD)
		return true;
	fprintf(stderr,
		"huiyin-admin: the password needs %d characters or "
		"more, and at most %d bytes\n",
		LEAST_PASSWORD, MOST_PASSWORD);
	return false;
}

/* Takes the switch out of what the function gets: was it there? */
static bool
take_switch(struct wish *w, const char *name)
{
	return json_object_del(w->params, name) == 0;
}

/* ask() and show with one more line, which is never seen again. */
static int
ask_and_tell(struct wish *w, const char *key, const char *text)
{
	json_t *result = NULL;
	int code = ask(w, &result);

	if (code == DONE && text &&
	    json_object_set_new(result, key, json_string(text)) != 0)
		code = out_of_memory();
	if (code == DONE)
		show(w, result);
	json_decref(result);
	return code;
}

int
run_person(struct wish *w)
{
	bool none = take_switch(w, "no_password");
	bool generated = take_switch(w, "generate");
	char text[MOST_PASSWORD + 2] = "", hash[SECRET_PASSWORD];
	int code = DONE;

	if (none)
		return run_ask(w);
	if (generated)
		generate(text);
	else if (!take_password(text, sizeof text))
		return USAGE;
	if (!secret_password_hash(text, hash) ||
	    json_object_set_new(w->params, "password_hash",
				json_string(hash)) != 0)
		code = out_of_memory();
	if (code == DONE)
		code = ask_and_tell(w, "password", generated ? text : NULL);
	sodium_memzero(text, sizeof text);
	return code;
}

int
run_enrol(struct wish *w)
{
	char secret[33], hash[SECRET_HASH_HEX];

	if (ask_secret(w) != DONE)
		return USAGE;
	secret_new(secret);
	secret_hash(secret, hash);
	if (json_object_set_new(w->params, "secret_hash", json_string(hash)) !=
	    0)
		return out_of_memory();
	return ask_and_tell(w, "secret", secret);
}

static int
set_totp(struct wish *w, const char *seed)
{
	char sealed[512];
	const char *name =
		json_string_value(json_object_get(w->params, "name"));
	int code;

	if (!secret_seal(seed, sealed, sizeof sealed) ||
	    json_object_set_new(w->params, "totp", json_string(sealed)) != 0)
		return out_of_memory();
	code = ask_and_tell(w, "seed", seed);
	if (code == DONE && !w->json)
		fprintf(stderr,
			"For the device: otpauth://totp/huiyin:%s"
			"?secret=%s&issuer=huiyin\n",
			name, seed);
	return code;
}

int
run_totp(struct wish *w)
{
	char seed[SEED], *base32 = NULL;
	int code;

	if (take_switch(w, "remove")) {
		json_object_set_new(w->params, "totp", json_null());
		return run_ask(w);
	}
	if (ask_secret(w) != DONE)
		return USAGE;
	randombytes_buf(seed, sizeof seed);
	if (oath_base32_encode(seed, sizeof seed, &base32, NULL) != OATH_OK)
		return out_of_memory();
	code = set_totp(w, base32);
	sodium_memzero(base32, strlen(base32));
	free(base32);
	return code;
}
