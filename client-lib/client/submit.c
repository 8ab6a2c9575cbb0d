/* SPDX-License-Identifier: Apache-2.0 */
/* submit: what the program says: checked by the table, kept, then told. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "client.h"
#include "clock.h"
#include "fault.h"
#include "line.h"
#include "load.h"
#include "message.h"
#include "outbox.h"
#include "ref.h"
#include "seal.h"
#include "text.h"

static int
submit_write(struct hy_client *client, const struct outbox_act *act)
{
	int code;

	client_lock(client);
	code = outbox_add(client->disk, act,
			  client->options.given.outbox_bytes);
	if (code == HY_OK)
		client->waiting = true;
	client_unlock(client);
	if (code == HY_OK || code == HY_ERR_DISK) /* to tell of a loss */
		line_wake(client->line);
	return code;
}

static void
wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

/*
 * Closed before it is kept, and the library cannot open it again: so it is
 * closed twice, to be sent, and to be kept once that is settled.
 */
static int
submit_sealed(struct hy_client *client, const struct act *row,
	      const struct outbox_act *act)
{
	const struct options *options = &client->options;
	struct seal_what what = { .act = act->name, .ref = act->ref };
	struct outbox_act kept = *act;
	char *box = seal_close(&options->seal, &what, act->params);
	char *copy = NULL;
	int code = HY_ERR_MEMORY;

	what.copy = true;
	if (box && options->given.store)
		copy = seal_close(&options->seal, &what, act->params);
	kept.params = box;
	kept.copy = copy;
	if (!box || (options->given.store && !copy))
		code = fault(code, NULL, NULL, NULL);
	else if (strlen(box) + OUTBOX_FRAME > row->size)
		code = fault(HY_ERR_INPUT, "too_large", NULL, NULL);
	else
		code = submit_write(client, &kept);
	free(box);
	free(copy);
	return code;
}

static int
submit_read(struct hy_client *client, const struct act *act, const char *ref,
	    char *params)
{
	struct request *r = calloc(1, sizeof *r);
	bool online;

	if (r)
		r->params = strdup(params);
	if (!r || !r->params) {
		request_free(r);
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	}
	memcpy(r->ref, ref, sizeof r->ref);
	r->act = act;
	client_lock(client);
	online = client->online;
	if (online)
		STAILQ_INSERT_TAIL(&client->requests, r, next);
	client_unlock(client);
	if (!online) {
		request_free(r);
		return fault(HY_ERR_OFFLINE, "offline", NULL, NULL);
	}
	line_wake(client->line);
	return HY_OK;
}

/* params has been found good. */
static int
submit(struct hy_client *client, const struct act *act, const json_t *params,
       char ref[HY_REF])
{
	struct outbox_act kept = { .name = act->name };
	char own[REF_TEXT];
	char *text;
	int code;

	if (!ref_new(own))
		return fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	text = message_canonical(params);
	if (!text)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	kept.ref = own;
	kept.params = text;
	if (strlen(text) + OUTBOX_FRAME > act->size)
		code = fault(HY_ERR_INPUT, "too_large", NULL, NULL);
	else if (client->options.seals && seal_is_for(act))
		code = submit_sealed(client, act, &kept);
	else if (act->does == WRITES)
		code = submit_write(client, &kept);
	else
		code = submit_read(client, act, own, text);
	if (code == HY_OK && ref)
		memcpy(ref, own, sizeof own);
	wipe(text);
	return code;
}

static int
check_and_submit(struct hy_client *client, const struct act *act,
		 const json_t *params, char ref[HY_REF])
{
	struct refusal why;

	if (check_params(act, params, &why) != 0)
		return fault_refusal(&why, client->options.given.lang);
	return submit(client, act, params, ref);
}

static int
refuse_input(const struct hy_client *client, enum refusal_id id,
	     const char *path)
{
	struct refusal why;

	(void)refuse(&why, id, path);
	return fault_refusal(&why, client->options.given.lang);
}

int
hy_act(hy_client *client, const char *name, const char *params,
       char ref[HY_REF])
{
	const struct act *act = name ? act_find(name) : NULL;
	struct load_trouble wrong;
	json_t *root = NULL;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	if (!act || act_id_of(act) == ACT_hello)
		return refuse_input(client, REFUSAL_unknown_act, "act");
	if (params) {
		root = load_text(params, JSON_REJECT_DUPLICATES, &wrong);
		if (!root && wrong.fault == LOAD_NO_MEMORY)
			return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
		if (!root)
			return refuse_input(client, REFUSAL_bad_json, "params");
	}
	code = check_and_submit(client, act, root, ref);
	json_decref(root);
	return code;
}

/* A text of the program on its way into params. */
struct text {
	const char *path;  /* "submitter.name" */
	const char *value; /* NULL: not told */
};

/* The object in params that path stands in, made when it is not there. */
static json_t *
object_of(json_t *params, const char *path, const char **key)
{
	const char *dot = strchr(path, '.');
	size_t len = dot ? (size_t)(dot - path) : 0;
	json_t *object = params;

	*key = dot ? dot + 1 : path;
	if (!dot)
		return params;
	object = json_object_getn(params, path, len);
	if (!object &&
	    json_object_setn_new(params, path, len, json_object()) == 0)
		object = json_object_getn(params, path, len);
	return object;
}

/* HY_OK, HY_ERR_INPUT (what is no UTF-8 is named) or HY_ERR_MEMORY. */
static int
put_all(const struct hy_client *client, json_t *params,
	const struct text *texts, size_t count)
{
	const char *key;
	json_t *object;

	for (size_t i = 0; i < count; i++) {
		const struct text *t = &texts[i];

		if (!t->value)
			continue;
		if (!text_is_good(t->value))
			return fault(
				HY_ERR_INPUT, "bad_value", t->path,
				lang_is_chinese(client->options.given.lang) ?
					"文本不是有效的 UTF-8。" :
					"This is not UTF-8 text.");
		object = object_of(params, t->path, &key);
		if (json_object_set_new(object, key, json_string(t->value)) !=
		    0)
			return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	}
	return HY_OK;
}

static int
feedback_params(const struct hy_client *client, const hy_feedback *f,
		json_t *params)
{
	char at[CLOCK_TEXT];
	const struct text texts[] = {
		{ "region", f->region },
		{ "service", f->service },
		{ "text", f->text },
		{ "at", at },
		{ "about.notice", f->notice },
		{ "against.department", f->against },
		{ "submitter.kind", f->submitter_kind },
		{ "submitter.name", f->submitter_name },
		{ "submitter.phone", f->submitter_phone },
		{ "filed_by.name", f->filed_by_name },
		{ "filed_by.relation", f->filed_by_relation },
	};
	int code;

	clock_text(clock_wall_ms(), at);
	code = put_all(client, params, texts, sizeof texts / sizeof *texts);
	if (code == HY_OK && f->anonymous &&
	    json_object_set_new(params, "anonymous", json_true()) != 0)
		code = fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	return code;
}

int
hy_submit_feedback(hy_client *client, const hy_feedback *feedback,
		   char ref[HY_REF])
{
	hy_feedback f = { 0 };
	json_t *params;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	if (!feedback ||
	    !options_size_is_good(feedback->size, _Alignof(hy_feedback)))
		return refuse_input(client, REFUSAL_bad_value, "size");
	memcpy(&f, feedback,
	       feedback->size < sizeof f ? feedback->size : sizeof f);
	params = json_object();
	code = params ? feedback_params(client, &f, params) :
			fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	if (code == HY_OK)
		code = check_and_submit(client, act_row(ACT_feedback_submit),
					params, ref);
	json_decref(params);
	return code;
}

int
hy_lookup(hy_client *client, const char *receipt, const char *key,
	  char ref[HY_REF])
{
	const struct text texts[] = { { "receipt", receipt }, { "key", key } };
	json_t *params;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	params = json_object();
	code = params ? put_all(client, params, texts, 2) :
			fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	if (code == HY_OK)
		code = check_and_submit(client, act_row(ACT_feedback_get),
					params, ref);
	json_decref(params);
	return code;
}

/* On disk with its time; sent with others when the line is there. */
static int
note_receipt(struct hy_client *client, const char *notice, const char *state,
	     const char *at)
{
	int code;

	client_lock(client);
	code = disk_keep_reserve(client->disk);
	if (code == HY_OK)
		code = disk_begin(client->disk);
	if (code == HY_OK)
		code = shelf_note(client->disk, notice, state, at);
	if (code == HY_OK)
		code = disk_commit(client->disk);
	if (code == HY_OK)
		client->receipts = true;
	else
		disk_rollback(client->disk);
	client_unlock(client);
	if (code == HY_OK)
		line_wake(client->line);
	return code;
}

int
hy_receipt(hy_client *client, const char *notice, const char *state)
{
	char at[CLOCK_TEXT];
	const struct text texts[] = { { "notice", notice },
				      { "state", state },
				      { "at", at } };
	struct refusal why;
	json_t *params;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	if (strcmp(client->options.given.as, "kiosk") != 0)
		return refuse_input(client, REFUSAL_not_allowed, NULL);
	params = json_object();
	clock_text(clock_wall_ms(), at);
	code = params ? put_all(client, params, texts, 3) :
			fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	if (code == HY_OK &&
	    check_params(act_row(ACT_notice_receipt), params, &why) != 0)
		code = fault_refusal(&why, client->options.given.lang);
	json_decref(params);
	return code == HY_OK ? note_receipt(client, notice, state, at) : code;
}

int
hy_done(hy_client *client, const char *ref)
{
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	client_lock(client);
	code = outbox_done(client->disk, ref ? ref : "");
	if (code == HY_OK)
		client->scrub = true;
	client_unlock(client);
	if (code == HY_OK)
		line_wake(client->line);
	return code;
}

int
hy_outbox(hy_client *client, hy_outbox_state *state)
{
	hy_outbox_state now = { 0 };
	size_t size;
	int code = client_check(client);

	if (code != HY_OK)
		return code;
	if (!state ||
	    !options_size_is_good(state->size, _Alignof(hy_outbox_state)))
		return refuse_input(client, REFUSAL_bad_value, "size");
	size = state->size < sizeof now ? state->size : sizeof now;
	client_lock(client);
	code = outbox_count(client->disk, &now);
	client_unlock(client);
	if (code != HY_OK)
		return code;
	now.size = state->size;
	memcpy(state, &now, size);
	return HY_OK;
}
