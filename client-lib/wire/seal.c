/* SPDX-License-Identifier: Apache-2.0 */
/* seal: boxes to the county, closed by clients and opened by nodes. */
#include "seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "act.h"
#include "bytes.h"
#include "message.h"

#define OPEN crypto_box_SEALBYTES
#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define STEP 256 /* boxes are multiples of it: their length tells little */

_Static_assert(SEAL_BYTES == crypto_box_PUBLICKEYBYTES, "a public key");
_Static_assert(SEAL_BYTES == crypto_box_SECRETKEYBYTES, "a secret key");

bool
seal_is_for(const struct act *act)
{
	if (act->does != WRITES)
		return false;
	for (size_t i = 0; i < act->field_count; i++)
		if (act->field[i].privacy != PLAIN)
			return true;
	return false;
}

bool
seal_is_there(const json_t *params)
{
	return json_object_get(params, "sealed") != NULL;
}

static bool
read_hex(unsigned char bytes[SEAL_BYTES], const char *hex)
{
	size_t len;

	return sodium_init() >= 0 && strlen(hex) == SEAL_HEX - 1 &&
	       sodium_hex2bin(bytes, SEAL_BYTES, hex, SEAL_HEX - 1, NULL, &len,
			      NULL) == 0 &&
	       len == SEAL_BYTES;
}

static void
give_name(struct seal_key *key)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];

	(void)crypto_generichash(hash, sizeof hash, key->bytes,
				 sizeof key->bytes, NULL, 0);
	sodium_bin2hex(key->name, sizeof key->name, hash, SEAL_NAME / 2);
}

bool
seal_key_read(struct seal_key *key, const char *hex)
{
	unsigned char scratch[OPEN];

	/* A point of small order would be no secret: libsodium refuses it. */
	if (!read_hex(key->bytes, hex) ||
	    crypto_box_seal(scratch, scratch, 0, key->bytes) != 0)
		return false;
	give_name(key);
	return true;
}

void
seal_key_write(const struct seal_key *key, char hex[SEAL_HEX])
{
	sodium_bin2hex(hex, SEAL_HEX, key->bytes, sizeof key->bytes);
}

bool
seal_pair_make(char hex[SEAL_HEX])
{
	unsigned char open[SEAL_BYTES], secret[SEAL_BYTES];

	if (sodium_init() < 0)
		return false;
	(void)crypto_box_keypair(open, secret);
	sodium_bin2hex(hex, SEAL_HEX, secret, sizeof secret);
	sodium_memzero(secret, sizeof secret);
	return true;
}

bool
seal_pair_read(struct seal_pair *pair, const char *hex)
{
	if (!read_hex(pair->secret, hex) ||
	    crypto_scalarmult_base(pair->open.bytes, pair->secret) != 0)
		return false;
	give_name(&pair->open);
	return true;
}

/* What goes into the box, with blanks to a length that tells little. */
static void
write_inside(struct bytes *to, const struct seal_what *what, const char *params)
{
	bytes_format(to,
		     "{\"act\":\"%s\",%s\"ref\":\"%s\",\"params\":", what->act,
		     what->copy ? "\"copy\":true," : "", what->ref);
	bytes_text(to, params);
	bytes_text(to, "}");
	if (!to->failed && to->len % STEP)
		bytes_format(to, "%*s", (int)(STEP - to->len % STEP), "");
}

static void
forget(struct bytes *b)
{
	if (b->len > 0)
		sodium_memzero(b->data, b->len);
	bytes_fini(b);
}

/* NULL when memory is out. */
static char *
box_text(const struct seal_key *key, const struct bytes *inside)
{
	size_t len = inside->len + OPEN;
	size_t room = sodium_base64_encoded_len(len, BASE64);
	unsigned char *box = malloc(len);
	char *text = malloc(room);

	if (box && text &&
	    crypto_box_seal(box, (const unsigned char *)inside->data,
			    inside->len, key->bytes) == 0)
		sodium_bin2base64(text, room, box, len, BASE64);
	else {
		free(text);
		text = NULL;
	}
	free(box);
	return text;
}

char *
seal_close(const struct seal_key *key, const struct seal_what *what,
	   const char *params)
{
	struct bytes inside, out;
	char *box;

	bytes_init(&inside);
	bytes_init(&out);
	write_inside(&inside, what, params);
	box = inside.failed ? NULL : box_text(key, &inside);
	forget(&inside);
	if (!box)
		return NULL;
	bytes_format(&out, "{\"sealed\":\"%s\",\"to\":\"%s\"}", box, key->name);
	free(box);
	return bytes_take(&out);
}

bool
seal_name_of(const char *params, char name[SEAL_NAME])
{
	static const char head[] = "{\"sealed\":\"", middle[] = "\",\"to\":\"";
	const size_t tail = SEAL_NAME - 1 + 2; /* the name and "} */
	const size_t least = sizeof head + sizeof middle - 2 + tail;
	size_t len = strlen(params);
	const char *at = params + len - tail;

	if (len < least || strncmp(params, head, sizeof head - 1) != 0 ||
	    strncmp(at - sizeof middle + 1, middle, sizeof middle - 1) != 0)
		return false;
	memcpy(name, at, SEAL_NAME - 1);
	name[SEAL_NAME - 1] = 0;
	return true;
}

static json_t *
bad(struct refusal *why, const char *path)
{
	(void)refuse(why, REFUSAL_bad_seal, path);
	return NULL;
}

/* The text in the box, with a NUL; NULL when it does not open. */
static char *
open_box(const struct seal_pair *pair, const char *sealed, size_t *len)
{
	size_t most = strlen(sealed) / 4 * 3 + 1, n = 0;
	unsigned char *box = malloc(most), *text = malloc(most);

	if (!box || !text ||
	    sodium_base642bin(box, most, sealed, strlen(sealed), NULL, &n, NULL,
			      BASE64) != 0 ||
	    n < OPEN ||
	    crypto_box_seal_open(text, box, n, pair->open.bytes,
				 pair->secret) != 0) {
		free(text);
		text = NULL;
	} else {
		*len = n - OPEN;
	}
	free(box);
	return (char *)text;
}

static bool
is_text(const json_t *inside, const char *key, const char *text)
{
	const char *is = json_string_value(json_object_get(inside, key));

	return is && strcasecmp(is, text) == 0;
}

/* Of what was inside the params, when it was meant for this act and ref. */
static json_t *
take_params(const json_t *inside, struct seal_what *what, struct refusal *why)
{
	json_t *params = json_object_get(inside, "params");
	const json_t *copy = json_object_get(inside, "copy");
	size_t members = copy ? 4 : 3;

	if (!is_text(inside, "act", what->act) ||
	    !is_text(inside, "ref", what->ref) || !json_is_object(params) ||
	    (copy && !json_is_boolean(copy)) ||
	    json_object_size(inside) != members)
		return bad(why, "sealed");
	what->copy = json_is_true(copy);
	return json_incref(params);
}

static const struct seal_pair *
find_pair(const struct seal_pair *pairs, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (strcmp(pairs[i].open.name, name) == 0)
			return &pairs[i];
	return NULL;
}

json_t *
seal_open(const struct seal_pair *pairs, size_t count, const json_t *params,
	  struct seal_what *what, struct refusal *why)
{
	const json_t *sealed = json_object_get(params, "sealed");
	const json_t *to = json_object_get(params, "to");
	const struct seal_pair *pair;
	json_t *inside, *opened;
	size_t len = 0;
	char *text;

	if (json_object_size(params) != 2 || !json_is_string(sealed))
		return bad(why, "sealed");
	pair = find_pair(pairs, count, json_string_value(to));
	if (!pair)
		return bad(why, "to");
	text = open_box(pair, json_string_value(sealed), &len);
	if (!text)
		return bad(why, "sealed");
	inside = message_parse(text, len, why);
	sodium_memzero(text, len);
	free(text);
	opened = inside ? take_params(inside, what, why) : NULL;
	json_decref(inside);
	return opened;
}
