/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people: whose voice a feedback is. The database holds it sealed; it is
 * opened here, after what was done stands in the audit chain.
 */
#include "errands.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "exits.h"
#include "person.h"
#include "secret.h"
#include "show.h"
#include "submitter.h"

#define MOST_ROUNDS 1000000 /* of 200 records each */

/* What every key is compared with when there is no such receipt. */
static const char no_ref[] = "00000000-0000-7000-8000-000000000000";

static int
say(int code, const char *what)
{
	fprintf(stderr, "huiyin-admin: %s\n", what);
	return code;
}

static int
out_of_memory(void)
{
	return say(FAILED, "out of memory");
}

static const char *
word(const struct wish *w, const char *key)
{
	return json_string_value(json_object_get(w->params, key));
}

/* --- the auditor's key ------------------------------------------------------ */

/* A new file that nobody else can read; an old one is not overwritten. */
static int
write_key(const char *file, const char *key)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	bool good = to && fprintf(to, "%s\n", key) > 0 && fsync(fd) == 0;

	good = to && fclose(to) == 0 && good;
	if (!to && fd >= 0)
		close(fd);
	if (good)
		return DONE;
	fprintf(stderr, "huiyin-admin: %s: %s\n", file, strerror(errno));
	return FAILED;
}

int
run_auditor_key(struct wish *w)
{
	char public[PERSON_KEY_HEX], private[PERSON_KEY_HEX];
	json_t *result;
	int code;

	if (sodium_init() < 0)
		return say(FAILED, "libsodium does not start");
	person_key_new(public, private);
	code = write_key(word(w, "file"), private);
	sodium_memzero(private, sizeof private);
	if (code != DONE)
		return code;
	result = json_pack("{s:s}", "public_key", public);
	if (!result)
		return out_of_memory();
	show(w, result);
	json_decref(result);
	if (!w->json)
		fprintf(stderr,
			"Keep %s away from the servers, twice: what is "
			"sealed for it is lost with it.\n",
			word(w, "file"));
	return DONE;
}

/* From --key-file, if it is said, which then is no param any more. */
static int
read_key(struct wish *w, char private[PERSON_KEY_HEX], bool *has)
{
	const char *file = word(w, "key_file"), *why = "";
	int code = DONE;

	private[0] = 0;
	*has = file != NULL;
	if (file && !person_key_read(file, private, &why)) {
		fprintf(stderr, "huiyin-admin: %s: %s\n", file, why);
		code = USAGE;
	}
	(void)json_object_del(w->params, "key_file");
	return code;
}

/* --- who asks for what ------------------------------------------------------ */

/*
 * What is said as "-" is read from standard input, a line each in this order:
 * a command line is seen by everybody on the machine.
 */
static int
read_hidden(struct wish *w)
{
	static const char *const keys[] = { "key", "phone", "name", "new_phone",
					    "new_name" };
	char line[512];

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *said = word(w, keys[i]);

		if (!said || strcmp(said, "-") != 0)
			continue;
		if (!fgets(line, sizeof line, stdin))
			return say(USAGE,
				   "a line is missing on standard input");
		line[strcspn(line, "\r\n")] = 0;
		if (json_object_set_new(w->params, keys[i],
					json_string(line)) != 0)
			return say(USAGE, "standard input is not UTF-8");
	}
	return DONE;
}

/* The chain holds a keyed hash of the reason, so that it cannot be changed. */
static int
hash_reason(struct wish *w)
{
	const char *reason = word(w, "reason");
	char hash[SECRET_HASH_HEX];

	if (!reason)
		return DONE;
	secret_content(reason, hash);
	if (json_object_set_new(w->params, "hash", json_string(hash)) != 0)
		return out_of_memory();
	return DONE;
}

/* The person at the counter holds the key that came with the receipt. */
static int
prove_key(struct wish *w)
{
	json_t *params, *answer = NULL;
	const char *key = word(w, "key"), *ref;
	bool fits;
	int code;

	if (!key)
		return say(USAGE, "--key is missing: the 16 digits that came "
				  "with the receipt");
	params = json_pack("{s:s}", "receipt", word(w, "receipt"));
	code = params ? ask_function(w, "person_ref", params, &answer) :
			out_of_memory();
	json_decref(params);
	if (code != DONE)
		return code;
	ref = json_string_value(json_object_get(answer, "ref"));
	fits = secret_key_fits(ref ? ref : no_ref, key) && ref;
	json_decref(answer);
	(void)json_object_del(w->params, "key");
	return fits ? DONE :
		      say(NOT_FOUND, "refused (not_found): receipt and key do "
				     "not belong together");
}

/* Instead of who it is, the marks by which the database knows them. */
static int
mark_person(struct wish *w)
{
	static const char *const keys[] = { "contact", "pseudonym" };
	const char *phone = word(w, "phone"), *name = word(w, "name");
	char mark[PERSON_MARK_HEX];

	for (int anonymous = 0; anonymous < 2; anonymous++) {
		if (!person_mark(anonymous, phone, name, mark))
			return say(USAGE, "say --receipt and --key, or "
					  "--phone, or --name");
		if (json_object_set_new(w->params, keys[anonymous],
					json_string(mark)) != 0)
			return out_of_memory();
	}
	(void)json_object_del(w->params, "phone");
	(void)json_object_del(w->params, "name");
	return DONE;
}

static int
find_person(struct wish *w)
{
	int code = ask_secret(w);

	if (code == DONE)
		code = read_hidden(w);
	if (code == DONE)
		code = hash_reason(w);
	if (code == DONE)
		code = word(w, "receipt") ? prove_key(w) : mark_person(w);
	return code;
}

/* --- the errands ------------------------------------------------------------ */

/* Asks, opens what was sealed, and only then shows it. */
static int
ask_and_open(struct wish *w, const char *private)
{
	json_t *result = NULL, *items, *item;
	int code = ask(w, &result);
	bool good = true;
	size_t i;

	if (code != DONE)
		return code;
	items = json_object_get(result, "items");
	json_array_foreach(items, i, item)
		good = good && submitter_show(item, private);
	if (good)
		show(w, result);
	else
		code = out_of_memory();
	json_decref(result);
	return code;
}

int
run_export(struct wish *w)
{
	char private[PERSON_KEY_HEX];
	bool opens = false;
	int code = find_person(w);

	if (code == DONE)
		code = read_key(w, private, &opens);
	if (code == DONE && opens && (!word(w, "by") || !word(w, "reason")))
		code = say(USAGE, "--key-file wants --by and --reason");
	if (code == DONE && opens &&
	    json_object_set_new(w->params, "opens", json_true()) != 0)
		code = out_of_memory();
	if (code == DONE)
		code = ask_and_open(w, opens ? private : NULL);
	sodium_memzero(private, sizeof private);
	return code;
}

int
run_erase(struct wish *w)
{
	int code = find_person(w);

	return code == DONE ? run_ask(w) : code;
}

/* Shows who it is, or says that this is not the key it was sealed for. */
static int
show_unsealed(const struct wish *w, json_t *result, const char *private)
{
	json_t *who =
		submitter_open(json_object_get(result, "person"), private);
	int code = DONE;

	if (!who)
		return say(FAILED, "this key does not open it: it was sealed "
				   "for another auditor, or with another "
				   "installation's secret");
	json_decref(who);
	if (submitter_show(result, private))
		show(w, result);
	else
		code = out_of_memory();
	return code;
}

int
run_unseal(struct wish *w)
{
	char private[PERSON_KEY_HEX];
	json_t *result = NULL;
	bool has = false;
	int code = ask_secret(w);

	if (code == DONE)
		code = hash_reason(w);
	if (code == DONE)
		code = read_key(w, private, &has);
	if (code == DONE)
		code = ask(w, &result); /* the row of the chain is committed */
	if (code == DONE)
		code = show_unsealed(w, result, private);
	json_decref(result);
	sodium_memzero(private, sizeof private);
	return code;
}

/* A new name or number instead of the old one; false when memory is out. */
static bool
replace(struct wish *w, const char *param, json_t *who, const char *key)
{
	json_t *value = json_object_get(w->params, param);

	if (!value)
		return true;
	if (json_object_set(who, key, value) != 0)
		return false;
	return json_object_del(w->params, param) == 0;
}

/* Who it is as far as it is known: {name?, phone?, filed_by?}; NULL: closed. */
static json_t *
who_of(const json_t *record, const char *private)
{
	const json_t *person = json_object_get(record, "person");
	json_t *who, *filed_by = json_object_get(record, "filed_by");

	if (person)
		return submitter_open(person, private);
	who = json_object();
	(void)json_object_update(who, json_object_get(record, "submitter"));
	(void)json_object_del(who, "kind");
	if (filed_by)
		(void)json_object_set(who, "filed_by", filed_by);
	return who;
}

/* Seals the record anew, under another key. */
static int
correct(struct wish *w, const json_t *record, const char *private)
{
	bool anonymous = json_is_true(json_object_get(record, "anonymous"));
	char public[PERSON_KEY_HEX];
	const char *why = "";
	json_t *who, *person = NULL;
	bool good;

	if (anonymous && (!private || !person_key_public(private, public) ||
			  !person_open(public, &why)))
		return say(USAGE, "it is anonymous: only with the auditor's "
				  "--key-file can it be corrected");
	who = who_of(record, anonymous ? private : NULL);
	if (!who)
		return say(FAILED, "the record does not open");
	good = replace(w, "new_name", who, "name") &&
	       replace(w, "new_phone", who, "phone");
	if (good)
		person = submitter_record(who, anonymous);
	good = person && json_object_set_new(w->params, "person", person) == 0;
	json_decref(who);
	return good ? run_ask(w) : out_of_memory();
}

int
run_correct(struct wish *w)
{
	char private[PERSON_KEY_HEX];
	json_t *params = NULL, *record = NULL;
	bool has = false;
	int code = find_person(w);

	if (code == DONE && !word(w, "new_name") && !word(w, "new_phone"))
		code = say(USAGE, "say --new-name, --new-phone or both");
	if (code == DONE)
		code = read_key(w, private, &has);
	if (code == DONE) {
		params = json_pack("{s:s}", "receipt", word(w, "receipt"));
		code = params ? ask_function(w, "person_record", params,
					     &record) :
				out_of_memory();
	}
	if (code == DONE)
		code = correct(w, record, has ? private : NULL);
	json_decref(params);
	json_decref(record);
	sodium_memzero(private, sizeof private);
	return code;
}

/* --- what an older release left in clear ------------------------------------ */

/* The items with person instead of who. */
static json_t *
sealed_items(const json_t *found)
{
	json_t *items = json_array(), *item;
	size_t i;

	json_array_foreach(json_object_get(found, "items"), i, item) {
		bool anonymous =
			json_is_true(json_object_get(item, "anonymous"));
		json_t *person = submitter_record(json_object_get(item, "who"),
						  anonymous);
		json_t *one = json_pack("{s:O, s:o}", "receipt",
					json_object_get(item, "receipt"),
					"person", person);

		if (!person || json_array_append_new(items, one) != 0) {
			json_decref(items);
			return NULL;
		}
	}
	return items;
}

/* A round of at most 200; *many is how many there were. */
static int
seal_some(const struct wish *w, size_t *many)
{
	json_t *found = NULL, *items, *params, *done = NULL;
	int code = ask_function(w, "person_clear", w->params, &found);

	if (code != DONE)
		return code;
	items = sealed_items(found);
	*many = json_array_size(items);
	params = items ? json_pack("{s:o}", "items", items) : NULL;
	if (!params)
		code = out_of_memory();
	else if (*many)
		code = ask_function(w, "person_seal", params, &done);
	json_decref(found);
	json_decref(params);
	json_decref(done);
	return code;
}

int
run_seal(struct wish *w)
{
	const char *why = "";
	size_t many = 1, all = 0;
	int code = ask_secret(w);
	json_t *result;

	if (code == DONE && !person_open(word(w, "auditor_key"), &why)) {
		fprintf(stderr, "huiyin-admin: --auditor-key: %s\n", why);
		code = USAGE;
	}
	for (int i = 0; code == DONE && many && i < MOST_ROUNDS; i++) {
		code = seal_some(w, &many);
		all += many;
	}
	if (code != DONE)
		return code;
	result = json_pack("{s:I}", "sealed", (json_int_t)all);
	if (!result)
		return out_of_memory();
	show(w, result);
	json_decref(result);
	return DONE;
}
