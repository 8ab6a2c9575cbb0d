/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret: what is derived from the installation's secret. Each use has a key
 * of its own: HMAC-SHA256 of a label under the secret, so that what is learnt
 * of one says nothing of the others.
 */
#include "secret.h"
#include "secret_body.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY crypto_auth_hmacsha256_KEYBYTES
#define MAC SECRET_MAC
#define PASSES 3
#define MEMORY (64u << 20)

static struct {
	unsigned char hash[KEY], receipt[KEY], ticket[KEY], seal[KEY];
	unsigned char use[SECRET_USES][KEY];
	bool open;
} keys;

static const char *const labels[SECRET_USES] = {
	[SECRET_CONTENT] = "huiyin content 1",
	[SECRET_RECORD] = "huiyin person record 1",
	[SECRET_PSEUDONYM] = "huiyin pseudonym 1",
	[SECRET_CONTACT] = "huiyin contact 1",
	[SECRET_WITNESS] = "huiyin audit witness 1",
};

/* A hash of the same cost as everybody's, of a password nobody has. */
static const char nobody[] =
	"$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static void
derive(unsigned char key[KEY], const unsigned char secret[KEY],
       const char *label)
{
	crypto_auth_hmacsha256(key, (const unsigned char *)label, strlen(label),
			       secret);
}

static void
mac(unsigned char out[MAC], const unsigned char key[KEY], const char *text)
{
	crypto_auth_hmacsha256(out, (const unsigned char *)text, strlen(text),
			       key);
}

bool
secret_read_file(const char *file, char *text, size_t room, const char **why)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	*why = "the file cannot be read";
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && (st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		*why = "the file is open to others: chmod 600 it";
	else
		n = read(fd, text, room - 1);
	close(fd);
	if (n < 0)
		return false;
	text[n] = 0;
	return true;
}

bool
secret_open(const char *file, const char **why)
{
	unsigned char secret[KEY];
	char text[128];
	size_t len = 0;

	if (sodium_init() < 0) {
		*why = "libsodium does not start";
		return false;
	}
	if (!secret_read_file(file, text, sizeof text, why))
		return false;
	text[strcspn(text, "\r\n")] = 0;
	if (sodium_hex2bin(secret, sizeof secret, text, strlen(text), NULL,
			   &len, NULL) != 0 ||
	    len != sizeof secret) {
		*why = "the file does not hold 64 hex digits";
		return false;
	}
	derive(keys.hash, secret, "huiyin hash 1");
	derive(keys.receipt, secret, "huiyin receipt key 1");
	derive(keys.ticket, secret, "huiyin session ticket 1");
	derive(keys.seal, secret, "huiyin seal 1");
	for (int i = 0; i < SECRET_USES; i++)
		derive(keys.use[i], secret, labels[i]);
	keys.open = true;
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(text, sizeof text);
	return true;
}

void
secret_hash(const char *secret, char hex[SECRET_HASH_HEX])
{
	unsigned char out[MAC];

	must(keys.open);
	mac(out, keys.hash, secret);
	sodium_bin2hex(hex, SECRET_HASH_HEX, out, sizeof out);
}

void
secret_mac(enum secret_use use, const void *data, size_t len,
	   unsigned char out[SECRET_MAC])
{
	must(keys.open);
	crypto_auth_hmacsha256(out, data, len, keys.use[use]);
}

void
secret_content(const char *text, char hex[SECRET_HASH_HEX])
{
	unsigned char out[MAC];

	secret_mac(SECRET_CONTENT, text, strlen(text), out);
	sodium_bin2hex(hex, SECRET_HASH_HEX, out, sizeof out);
}

void
secret_witness(const char *text, char hex[SECRET_HASH_HEX])
{
	unsigned char out[MAC];

	secret_mac(SECRET_WITNESS, text, strlen(text), out);
	sodium_bin2hex(hex, SECRET_HASH_HEX, out, sizeof out);
}

/* 64 bits of the code, to 16 digits: below 10^16 is 2,000 times less. */
void
secret_receipt_key(const char *ref, char digits[SECRET_KEY_DIGITS])
{
	unsigned char out[MAC];
	uint64_t number = 0;

	must(keys.open);
	mac(out, keys.receipt, ref);
	for (int i = 0; i < 8; i++)
		number = number << 8 | out[i];
	snprintf(digits, SECRET_KEY_DIGITS, "%016llu",
		 (unsigned long long)(number % 10000000000000000ULL));
}

bool
secret_key_fits(const char *ref, const char *key)
{
	char right[SECRET_KEY_DIGITS], given[SECRET_KEY_DIGITS] = "";
	size_t n = 0;

	secret_receipt_key(ref, right);
	for (; *key && n < sizeof given; key++)
		if (*key != ' ' && *key != '-')
			given[n++] = *key;
	if (n != sizeof given - 1)
		return false;
	return sodium_memcmp(right, given, sizeof right - 1) == 0;
}

void
secret_new(char hex[33])
{
	unsigned char bytes[16];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(hex, 33, bytes, sizeof bytes);
	sodium_memzero(bytes, sizeof bytes);
}

void
secret_ticket_key(uint64_t period, unsigned char key[32])
{
	char label[40];

	must(keys.open);
	snprintf(label, sizeof label, "%llu", (unsigned long long)period);
	mac(key, keys.ticket, label);
}

bool
secret_password_hash(const char *password, char hash[SECRET_PASSWORD])
{
	return crypto_pwhash_str_alg(hash, password, strlen(password), PASSES,
				     MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* What crypto_pwhash_str writes: PHC string format, of 16 and 32 bytes. */
struct made {
	unsigned long kib, passes;
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char hash[32];
};

static bool
read_base64(const char *text, size_t text_len, unsigned char *bytes, size_t len)
{
	size_t got = 0;

	return sodium_base642bin(bytes, len, text, text_len, NULL, &got, NULL,
				 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) ==
		       0 &&
	       got == len;
}

static bool
skip_text(const char **at, const char *text)
{
	size_t len = strlen(text);
	bool is_there = strncmp(*at, text, len) == 0;

	*at += is_there ? len : 0;
	return is_there;
}

static bool
read_number(const char **at, unsigned long *number)
{
	errno = 0;
	*number = strtoul(*at, (char **)(uintptr_t)at, 10);
	return errno == 0 && *number > 0 && *number <= UINT32_MAX;
}

static bool
read_made(const char *text, struct made *made)
{
	const char *hash;

	if (!skip_text(&text, "$argon2id$v=19$m=") ||
	    !read_number(&text, &made->kib) || !skip_text(&text, ",t=") ||
	    !read_number(&text, &made->passes) || !skip_text(&text, ",p=1$"))
		return false;
	hash = strchr(text, '$');
	return hash &&
	       read_base64(text, (size_t)(hash - text), made->salt,
			   sizeof made->salt) &&
	       read_base64(hash + 1, strlen(hash + 1), made->hash,
			   sizeof made->hash);
}

/*
 * Not crypto_pwhash_str_verify: libsodium 1.0.18 calls a password wrong when
 * it had no memory to find out (argon2_verify makes one answer of both).
 */
bool
secret_password_fits(const char *hash, const char *password)
{
	unsigned char found[sizeof((struct made *)0)->hash];
	struct made made;
	bool fits;

	if (!read_made(hash ? hash : nobody, &made)) {
		errno = 0;
		return false;
	}
	if (crypto_pwhash(found, sizeof found, password, strlen(password),
			  made.salt, made.passes, made.kib * 1024,
			  crypto_pwhash_ALG_ARGON2ID13) != 0) {
		errno = ENOMEM;
		return false;
	}
	fits = hash && sodium_memcmp(found, made.hash, sizeof found) == 0;
	sodium_memzero(found, sizeof found);
	errno = 0;
	return fits;
}

bool
secret_seal(const char *text, char *hex, unsigned room)
{
	unsigned char sealed[256];
	unsigned char *nonce = sealed;
	unsigned char *box = sealed + crypto_secretbox_NONCEBYTES;
	size_t len = strlen(text);
	size_t all =
		crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len;

	must(keys.open);
	if (all > sizeof sealed || room < all * 2 + 1)
		return false;
	randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
	if (crypto_secretbox_easy(box, (const unsigned char *)text, len, nonce,
				  keys.seal) != 0)
		return false;
	sodium_bin2hex(hex, room, sealed, all);
	return true;
}

bool
secret_unseal(const char *hex, char *text, unsigned room)
{
	const size_t least =
		crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	unsigned char sealed[256];
	size_t len;

	must(keys.open);
	if (sodium_hex2bin(sealed, sizeof sealed, hex, strlen(hex), NULL, &len,
			   NULL) != 0 ||
	    len < least || len - least >= room)
		return false;
	if (crypto_secretbox_open_easy(
		    (unsigned char *)text, sealed + crypto_secretbox_NONCEBYTES,
		    len - crypto_secretbox_NONCEBYTES, sealed, keys.seal) != 0)
		return false;
	text[len - least] = 0;
	return true;
}
