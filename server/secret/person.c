/* SPDX-License-Identifier: Apache-2.0 */
/* person: whose voice it is, sealed for the database (libsodium). */
#include "person.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "secret_body.h"

#define SALT ((PERSON_SALT_HEX - 1) / 2)
#define MARK ((PERSON_MARK_HEX - 1) / 2)
#define BLOCK 128 /* bytes to which texts are padded */
#define BOX_MORE (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
#define MOST_DIGITS 64 /* of a telephone number; the table allows 32 */

static struct {
	unsigned char key[crypto_box_PUBLICKEYBYTES];
	bool is_there;
} auditor;

static bool
read_key(const char *hex, unsigned char key[32])
{
	size_t len = 0;

	return sodium_hex2bin(key, 32, hex, strlen(hex), NULL, &len, NULL) ==
		       0 &&
	       len == 32;
}

bool
person_open(const char *hex, const char **why)
{
	static const unsigned char none[crypto_box_PUBLICKEYBYTES];
	unsigned char box[crypto_box_SEALBYTES];

	auditor.is_there = false;
	if (!hex)
		return true;
	*why = "64 hex digits are expected";
	if (!read_key(hex, auditor.key))
		return false;
	/* A point of small order seals nothing; libsodium says so. */
	*why = "it is not a public key";
	if (sodium_memcmp(auditor.key, none, sizeof none) == 0 ||
	    crypto_box_seal(box, none, 0, auditor.key) != 0)
		return false;
	auditor.is_there = true;
	return true;
}

bool
person_has_auditor(void)
{
	return auditor.is_there;
}

void
person_key_new(char public[PERSON_KEY_HEX], char private[PERSON_KEY_HEX])
{
	unsigned char open[crypto_box_PUBLICKEYBYTES];
	unsigned char secret[crypto_box_SECRETKEYBYTES];

	must(crypto_box_keypair(open, secret) == 0);
	sodium_bin2hex(public, PERSON_KEY_HEX, open, sizeof open);
	sodium_bin2hex(private, PERSON_KEY_HEX, secret, sizeof secret);
	sodium_memzero(secret, sizeof secret);
}

bool
person_key_read(const char *file, char private[PERSON_KEY_HEX],
		const char **why)
{
	unsigned char key[crypto_box_SECRETKEYBYTES];
	char text[128];
	bool good;

	if (!secret_read_file(file, text, sizeof text, why))
		return false;
	text[strcspn(text, "\r\n")] = 0;
	*why = "the file does not hold 64 hex digits";
	good = read_key(text, key);
	if (good)
		memcpy(private, text, PERSON_KEY_HEX);
	sodium_memzero(key, sizeof key);
	sodium_memzero(text, sizeof text);
	return good;
}

bool
person_key_public(const char *private, char public[PERSON_KEY_HEX])
{
	unsigned char key[crypto_box_SECRETKEYBYTES];
	unsigned char open[crypto_box_PUBLICKEYBYTES];
	bool good = read_key(private, key) &&
		    crypto_scalarmult_base(open, key) == 0;

	if (good)
		sodium_bin2hex(public, PERSON_KEY_HEX, open, sizeof open);
	sodium_memzero(key, sizeof key);
	return good;
}

/* --- sealing ---------------------------------------------------------------- */

static void
record_key(const unsigned char salt[SALT],
	   unsigned char key[crypto_secretbox_KEYBYTES])
{
	secret_mac(SECRET_RECORD, salt, SALT, key);
}

/* The padded text, to be freed; NULL when memory is out. */
static unsigned char *
pad(const char *text, size_t *len)
{
	size_t size = strlen(text), room = size + BLOCK;
	unsigned char *padded = malloc(room);

	if (!padded)
		return NULL;
	memcpy(padded, text, size);
	must(sodium_pad(len, padded, size, BLOCK, room) == 0);
	return padded;
}

/* The box to the auditor instead of what it holds; likewise. */
static unsigned char *
box_up(unsigned char *padded, size_t *len)
{
	unsigned char *box = malloc(*len + crypto_box_SEALBYTES);

	must(auditor.is_there);
	if (box)
		must(crypto_box_seal(box, padded, *len, auditor.key) == 0);
	*len += crypto_box_SEALBYTES;
	free(padded);
	return box;
}

static void
add_hex(struct bytes *to, const unsigned char *data, size_t len)
{
	char *hex = malloc(len * 2 + 1);

	if (hex)
		sodium_bin2hex(hex, len * 2 + 1, data, len);
	bytes_text(to, hex ? hex : "");
	to->failed |= !hex;
	free(hex);
}

/* Appends the record, in hex, that holds inner; false when memory is out. */
static bool
close_record(const unsigned char *inner, size_t len,
	     const unsigned char salt[SALT], struct bytes *hex)
{
	unsigned char key[crypto_secretbox_KEYBYTES];
	unsigned char *outer = malloc(len + BOX_MORE);

	if (!outer)
		return false;
	record_key(salt, key);
	randombytes_buf(outer, crypto_secretbox_NONCEBYTES);
	must(crypto_secretbox_easy(outer + crypto_secretbox_NONCEBYTES, inner,
				   len, outer, key) == 0);
	add_hex(hex, outer, len + BOX_MORE);
	sodium_memzero(key, sizeof key);
	free(outer);
	return !hex->failed;
}

bool
person_seal(const char *text, bool anonymous, struct bytes *hex,
	    char salt[PERSON_SALT_HEX])
{
	unsigned char bytes[SALT];
	unsigned char *inner;
	size_t len = 0;
	bool good;

	inner = pad(text, &len);
	if (inner && anonymous)
		inner = box_up(inner, &len);
	if (!inner)
		return false;
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(salt, PERSON_SALT_HEX, bytes, sizeof bytes);
	good = close_record(inner, len, bytes, hex);
	free(inner);
	return good;
}

/* In place; *len is what is left. */
static bool
open_record(unsigned char *data, size_t *len, const char *salt)
{
	unsigned char bytes[SALT], key[crypto_secretbox_KEYBYTES];
	size_t n = 0;
	bool good;

	if (*len < BOX_MORE ||
	    sodium_hex2bin(bytes, sizeof bytes, salt, strlen(salt), NULL, &n,
			   NULL) != 0 ||
	    n != sizeof bytes)
		return false;
	record_key(bytes, key);
	good = crypto_secretbox_open_easy(data + crypto_secretbox_NONCEBYTES,
					  data + crypto_secretbox_NONCEBYTES,
					  *len - crypto_secretbox_NONCEBYTES,
					  data, key) == 0;
	sodium_memzero(key, sizeof key);
	*len -= BOX_MORE;
	memmove(data, data + crypto_secretbox_NONCEBYTES, *len);
	return good;
}

static bool
open_box(unsigned char *data, size_t *len, const char *private)
{
	unsigned char open[crypto_box_PUBLICKEYBYTES];
	unsigned char secret[crypto_box_SECRETKEYBYTES];
	unsigned char *inner = malloc(*len + 1);
	bool good = inner && *len >= crypto_box_SEALBYTES &&
		    read_key(private, secret) &&
		    crypto_scalarmult_base(open, secret) == 0 &&
		    crypto_box_seal_open(inner, data, *len, open, secret) == 0;

	if (good) {
		*len -= crypto_box_SEALBYTES;
		memcpy(data, inner, *len);
		sodium_memzero(inner, *len);
	}
	sodium_memzero(secret, sizeof secret);
	free(inner);
	return good;
}

bool
person_unseal(const char *hex, const char *salt, const char *private,
	      struct bytes *text)
{
	size_t room = strlen(hex) / 2 + 1, len = 0, size = 0;
	unsigned char *data = malloc(room);
	bool good = data &&
		    sodium_hex2bin(data, room, hex, strlen(hex), NULL, &len,
				   NULL) == 0 &&
		    open_record(data, &len, salt) &&
		    (!private || open_box(data, &len, private)) &&
		    sodium_unpad(&size, data, len, BLOCK) == 0;

	if (good)
		bytes_add(text, data, size);
	if (data)
		sodium_memzero(data, room);
	free(data);
	return good && !text->failed;
}

/* --- marks ------------------------------------------------------------------ */

/* Digits as keyboards of either width write them; without 0086 or 86. */
static size_t
digits_of(const char *phone, char digits[MOST_DIGITS])
{
	size_t n = 0;

	for (; *phone && n < MOST_DIGITS - 1; phone++) {
		const unsigned char *c = (const unsigned char *)phone;

		if (*c >= '0' && *c <= '9')
			digits[n++] = *phone;
		else if (c[0] == 0xef && c[1] == 0xbc && c[2] >= 0x90 &&
			 c[2] <= 0x99)
			digits[n++] = (char)('0' + c[2] - 0x90);
	}
	digits[n] = 0;
	for (int i = 0; i < 2; i++) {
		size_t front = i == 0 ? 4 : 2;

		if (n != 11 + front ||
		    strncmp(digits, i == 0 ? "0086" : "86", front) != 0)
			continue;
		memmove(digits, digits + front, n - front + 1);
		n -= front;
	}
	return n;
}

/* Without blanks, those of Chinese texts (U+3000) too. */
static void
add_name(struct bytes *to, const char *name)
{
	while (*name) {
		if (strncmp(name, "\xe3\x80\x80", 3) == 0)
			name += 3;
		else if (*name == ' ' || *name == '\t')
			name++;
		else
			bytes_add(to, name++, 1);
	}
}

bool
person_mark(bool anonymous, const char *phone, const char *name,
	    char hex[PERSON_MARK_HEX])
{
	unsigned char out[SECRET_MAC];
	char digits[MOST_DIGITS] = "";
	struct bytes text;
	bool known;

	bytes_init(&text);
	if (phone && digits_of(phone, digits)) {
		bytes_format(&text, "phone %s", digits);
	} else {
		bytes_text(&text, "name ");
		add_name(&text, name ? name : "");
	}
	known = !text.failed && (digits[0] || text.len > strlen("name "));
	if (known) {
		secret_mac(anonymous ? SECRET_PSEUDONYM : SECRET_CONTACT,
			   text.data, text.len, out);
		sodium_bin2hex(hex, PERSON_MARK_HEX, out, MARK);
	}
	bytes_fini(&text);
	return known;
}
