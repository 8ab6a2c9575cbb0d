/* SPDX-License-Identifier: Apache-2.0 */
/* submitter: sealed on its way into the database, opened on its way out. */
#include "submitter.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dump.h"
#include "message.h"
#include "person.h"

/* Moves a field from one object to another; false when memory is out. */
static bool
move(json_t *from, const char *key, json_t *to)
{
	json_t *value = json_object_get(from, key);

	if (!value)
		return true;
	return json_object_set(to, key, value) == 0 &&
	       json_object_del(from, key) == 0;
}

static const char *
word(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

json_t *
submitter_record(const json_t *who, bool anonymous)
{
	char salt[PERSON_SALT_HEX], mark[PERSON_MARK_HEX];
	char *text = dump_text(who, 0);
	struct bytes hex;
	json_t *person = NULL;

	bytes_init(&hex);
	if (text && anonymous && !person_has_auditor())
		person = json_pack("{s:b}", "dropped", 1);
	else if (text && person_seal(text, anonymous, &hex, salt))
		person = json_pack("{s:s, s:s}", "sealed", hex.data, "salt",
				   salt);
	if (person &&
	    person_mark(anonymous, word(who, "phone"), word(who, "name"),
			mark) &&
	    json_object_set_new(person, anonymous ? "pseudonym" : "contact",
				json_string(mark)) != 0) {
		json_decref(person);
		person = NULL;
	}
	bytes_fini(&hex);
	free(text);
	return person;
}

/* The names in filed_by; what else it says (consent) is nobody's name. */
static bool
take_filer(json_t *params, json_t *who)
{
	json_t *filed_by = json_object_get(params, "filed_by");
	json_t *taken = json_object();
	bool good = taken && move(filed_by, "name", taken) &&
		    move(filed_by, "relation", taken);

	if (good && json_object_size(taken))
		good = json_object_set(who, "filed_by", taken) == 0;
	if (good && filed_by && json_object_size(filed_by) == 0)
		good = json_object_del(params, "filed_by") == 0;
	json_decref(taken);
	return good;
}

/* Takes who it is out of params and puts person in. */
static bool
seal(json_t *params)
{
	json_t *submitter = json_object_get(params, "submitter");
	json_t *who = json_object(), *person;
	bool good = who && move(submitter, "name", who) &&
		    move(submitter, "phone", who) && take_filer(params, who);

	if (good && json_object_size(who)) {
		person = submitter_record(who, json_is_true(json_object_get(
						       params, "anonymous")));
		good = person &&
		       json_object_set_new(params, "person", person) == 0;
	}
	json_decref(who);
	return good;
}

char *
submitter_seal(const json_t *params)
{
	json_t *copy = json_deep_copy(params);
	char *text = copy && seal(copy) ? message_canonical(copy) : NULL;

	json_decref(copy);
	return text;
}

/* Adds the fields of more to an object of feedback, which may be missing. */
static bool
add_to(json_t *feedback, const char *key, json_t *more)
{
	json_t *there = json_object_get(feedback, key);

	if (!more || json_object_size(more) == 0)
		return true;
	if (there)
		return json_object_update(there, more) == 0;
	return json_object_set(feedback, key, more) == 0;
}

/* What was taken out, back where it was. */
static bool
put_back(json_t *feedback, json_t *who)
{
	return add_to(feedback, "filed_by", json_object_get(who, "filed_by")) &&
	       (!json_object_get(who, "filed_by") ||
		json_object_del(who, "filed_by") == 0) &&
	       add_to(feedback, "submitter", who);
}

json_t *
submitter_open(const json_t *person, const char *private)
{
	const char *sealed = word(person, "sealed"), *salt;
	json_t *who = NULL;
	struct bytes text;

	salt = word(person, "salt");
	bytes_init(&text);
	if (sealed && salt && person_unseal(sealed, salt, private, &text))
		who = json_loads(text.data, 0, NULL);
	if (text.data)
		sodium_memzero(text.data, text.len);
	bytes_fini(&text);
	return who;
}

bool
submitter_show(json_t *feedback, const char *private)
{
	const json_t *person = json_object_get(feedback, "person");
	bool anonymous = json_is_true(json_object_get(feedback, "anonymous"));
	json_t *who = NULL;
	bool good = true;

	if (!person)
		return true;
	if (!anonymous || private)
		who = submitter_open(person, anonymous ? private : NULL);
	if (who)
		good = put_back(feedback, who);
	json_decref(who);
	return good && json_object_del(feedback, "person") == 0;
}

/* As PostgreSQL writes it; the quotes of what people say are escaped. */
bool
submitter_is_in(const char *result)
{
	return strstr(result, "\"person\": {\"salt\": ") != NULL;
}

char *
submitter_unseal(const char *result)
{
	json_t *feedback = json_loads(result, 0, NULL);
	char *text = NULL;

	if (feedback && submitter_show(feedback, NULL))
		text = dump_text(feedback, 0);
	json_decref(feedback);
	return text;
}
