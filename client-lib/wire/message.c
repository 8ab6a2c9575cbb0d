/* SPDX-License-Identifier: Apache-2.0 */
/* message: JSON-RPC 2.0 objects, read and written. */
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "load.h"
#include "text.h"

/* Depth counted on the text, before jansson recurses into it. */
static bool
is_too_deep(const char *text, size_t len)
{
	bool in_text = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_text) {
			i += c == '\\';
			in_text = c != '"';
		} else if (c == '"') {
			in_text = true;
		} else if (c == '{' || c == '[') {
			if (++depth > WIRE_DEPTH_MAX)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

static const enum refusal_id refusals[] = {
	[LOAD_WRONG] = REFUSAL_bad_json,
	[LOAD_TWICE] = REFUSAL_duplicate_key,
	[LOAD_NO_MEMORY] = REFUSAL_overloaded,
};

/* The text that ends with the last of the bytes that were read: a key. */
static void
keep_key(const char *text, int end, struct refusal *why)
{
	char key[REFUSAL_PATH + 4]; /* a character more than will be kept */
	bool in_text = false;
	int start = 0;

	for (int i = 0; i < end - 1; i++) {
		if (in_text && text[i] == '\\') {
			i++;
		} else if (text[i] == '"') {
			in_text = !in_text;
			start = i + 1;
		}
	}
	if (!in_text)
		return;
	snprintf(key, sizeof key, "%.*s", end - 1 - start, text + start);
	(void)text_copy(why->path, sizeof why->path, key);
}

json_t *
message_parse(const char *text, size_t len, struct refusal *why)
{
	struct load_trouble trouble;
	json_t *root;

	if (is_too_deep(text, len)) {
		refuse(why, REFUSAL_too_deep, NULL);
		return NULL;
	}
	root = load_bytes(text, len, JSON_REJECT_DUPLICATES, &trouble);
	if (root)
		return root;
	refuse(why, refusals[trouble.fault], NULL);
	why->position = trouble.position;
	if (trouble.fault == LOAD_TWICE)
		keep_key(text, trouble.position, why);
	return NULL;
}

/*
 * Keeps the id as JSON text. Refused when it is no string or integer, or
 * long; jansson writes nothing of one that is good when memory is out.
 */
static enum refusal_id
keep_id(struct message *m)
{
	json_t *id = json_object_get(m->root, "id");
	bool good = json_is_string(id) || json_is_integer(id);
	size_t n = 0;

	if (good)
		n = json_dumpb(id, m->id, sizeof m->id - 1, JSON_ENCODE_ANY);
	if (n == 0 || n >= sizeof m->id) {
		(void)text_copy(m->id, sizeof m->id, "null");
		return good && n == 0 ? REFUSAL_overloaded :
					REFUSAL_bad_request;
	}
	m->id[n] = 0;
	m->id_text = json_string_value(id);
	return REFUSAL_none;
}

static bool
says_2_0(const json_t *root)
{
	const char *v = json_string_value(json_object_get(root, "jsonrpc"));

	return v && strcmp(v, "2.0") == 0;
}

/*
 * The member that makes it no request (JSON-RPC 2.0 section 4): one that is
 * missing or wrong, or a fifth. "" for a batch array, NULL for a good one.
 */
static const char *
bad_member(const struct message *m)
{
	const char *key;
	json_t *value;

	if (!json_is_object(m->root))
		return "";
	if (!says_2_0(m->root))
		return "jsonrpc";
	if (!m->method)
		return "method";
	json_object_foreach(m->root, key, value)
		if (!text_in_list("jsonrpc|id|method|params", key))
			return key;
	return NULL;
}

static int
check_request(struct message *m, struct refusal *why)
{
	enum refusal_id bad = keep_id(m);
	const char *member;

	m->method = json_string_value(json_object_get(m->root, "method"));
	m->params = json_object_get(m->root, "params");
	if (bad == REFUSAL_overloaded)
		return refuse(why, bad, NULL);
	member = bad_member(m);
	if (!member && bad != REFUSAL_none)
		member = "id";
	return member ? refuse(why, REFUSAL_bad_request, member) : 0;
}

int
message_read_act(const char *text, size_t len, struct message *m,
		 struct refusal *why)
{
	*m = (struct message){ .kind = MESSAGE_ACT, .id = "null" };
	m->root = message_parse(text, len, why);
	if (!m->root)
		return -1;
	if (check_request(m, why) == 0)
		return 0;
	message_fini(m);
	return -1;
}

int
message_read_answer(const char *text, size_t len, struct message *m)
{
	struct refusal why;
	json_t *error, *result;

	*m = (struct message){ .id = "null" };
	m->root = message_parse(text, len, &why);
	if (!m->root)
		return -1;
	if (keep_id(m) == REFUSAL_overloaded) {
		message_fini(m);
		return -1;
	}
	m->method = json_string_value(json_object_get(m->root, "method"));
	error = json_object_get(m->root, "error");
	result = json_object_get(m->root, "result");
	if (m->method) {
		m->kind = MESSAGE_NEWS;
		m->params = json_object_get(m->root, "params");
	} else {
		m->kind = error ? MESSAGE_REFUSAL : MESSAGE_RESULT;
		m->params = error ? error : result;
	}
	if (m->params && says_2_0(m->root))
		return 0;
	message_fini(m);
	return -1;
}

void
message_fini(struct message *m)
{
	json_decref(m->root);
	m->root = NULL;
	m->params = NULL;
	m->method = m->id_text = NULL;
}

void
message_act(struct bytes *to, const char *ref, const char *act,
	    const char *params)
{
	bytes_text(to, "{\"jsonrpc\":\"2.0\",\"id\":");
	bytes_json(to, ref);
	bytes_format(to, ",\"method\":\"%s\",\"params\":", act);
	bytes_text(to, params);
	bytes_text(to, "}");
}

void
message_result(struct bytes *to, const char *id, const char *result)
{
	bytes_text(to, "{\"jsonrpc\":\"2.0\",\"id\":");
	bytes_text(to, id);
	bytes_text(to, ",\"result\":");
	bytes_text(to, result);
	bytes_text(to, "}");
}

/* The acts that the state allows now. */
static void
write_acts(struct bytes *text, const json_t *acts, bool zh)
{
	json_t *one;
	size_t i;

	if (json_array_size(acts) == 0)
		return;
	bytes_text(text, zh ? "现在可以:" : " Possible now: ");
	json_array_foreach(acts, i, one) {
		if (i > 0)
			bytes_text(text, zh ? "、" : ", ");
		bytes_text(text, json_string_value(one));
	}
	bytes_text(text, zh ? "。" : ".");
}

static void
write_roles(struct bytes *text, unsigned who, bool zh)
{
	const char *between = zh ? "角色:" : " Roles: ";

	if (!who)
		return;
	for (unsigned role = 1; role <= WHO_ADMIN; role <<= 1) {
		if (!(who & role))
			continue;
		bytes_text(text, between);
		bytes_text(text, role_name(role));
		between = zh ? "、" : ", ";
	}
	bytes_text(text, zh ? "。" : ".");
}

/* What would allow it, and which acts or roles those are. */
static void
write_allow(struct bytes *to, const struct refusal *why, const json_t *now,
	    bool zh)
{
	const struct refusal_row *row = refusal_row(why->id);
	const char *allow = zh ? row->allow_zh : row->allow_en;
	struct bytes text;

	bytes_init(&text);
	bytes_text(&text, allow);
	write_acts(&text, json_object_get(now, "acts"), zh);
	write_roles(&text, why->who, zh);
	bytes_json(to, text.failed ? allow : text.data);
	bytes_fini(&text);
}

void
message_refusal(struct bytes *to, const char *id, const struct refusal *why,
		const char *lang)
{
	const struct refusal_row *row = refusal_row(why->id);
	bool zh = lang_is_chinese(lang);
	json_t *now = why->now[0] ? load_text(why->now, 0, NULL) : NULL;

	bytes_format(to,
		     "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,"
		     "\"message\":",
		     id, row->code);
	bytes_json(to, zh ? row->zh : row->en);
	bytes_format(to, ",\"data\":{\"tag\":\"%s\",\"allow\":", row->tag);
	write_allow(to, why, now, zh);
	if (now)
		bytes_format(to, ",\"now\":%s", why->now);
	json_decref(now);
	if (why->path[0]) {
		bytes_text(to, ",\"path\":");
		bytes_json(to, why->path);
	}
	if (why->position > 0)
		bytes_format(to, ",\"position\":%d", why->position);
	bytes_format(to, ",\"retry\":\"%s\"",
		     row->retry == LATER ? "later" : "never");
	if (row->retry == LATER)
		bytes_format(to, ",\"after\":%d", why->after);
	bytes_text(to, "}}}");
}

void
message_news(struct bytes *to, enum news_id news, const char *params)
{
	bytes_format(to, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":",
		     news_row(news)->name);
	bytes_text(to, params);
	bytes_text(to, "}");
}

char *
message_canonical(const json_t *params)
{
	if (!params)
		return strdup("{}");
	return dump_text(params, JSON_SORT_KEYS);
}
