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
	if (code == HY_OK)
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
	int code;

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

/* Puts a text into object; what is no UTF-8 leaves *good false. */
static void
put(json_t *object, const char *key, const char *value, bool *good)
{
	if (value && json_object_set_new(object, key, json_string(value)) != 0)
		*good = false;
}

/* Puts an object of texts, when one of them is given. */
static void
put_object(json_t *params, const char *key, const char *const pairs[][2],
	   size_t count, bool *good)
{
	json_t *object = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!pairs[i][1])
			continue;
		if (!object)
			object = json_object();
		put(object, pairs[i][0], pairs[i][1], good);
	}
	if (object && json_object_set_new(params, key, object) != 0)
		*good = false;
}

static json_t *
feedback_params(const hy_feedback *f, bool *good)
{
	const char *const about[][2] = { { "notice", f->notice } };
	const char *const against[][2] = { { "department", f->against } };
	const char *const submitter[][2] = { { "kind", f->submitter_kind },
					     { "name", f->submitter_name },
					     { "phone", f->submitter_phone } };
	const char *const filed_by[][2] = { { "name", f->filed_by_name },
					    { "relation",
					      f->filed_by_relation } };
	json_t *params = json_object();
	char at[CLOCK_TEXT];

	*good = params != NULL;
	clock_text(clock_wall_ms(), at);
	put(params, "region", f->region, good);
	put(params, "service", f->service, good);
	put(params, "text", f->text, good);
	put(params, "at", at, good);
	put_object(params, "about", about, 1, good);
	put_object(params, "against", against, 1, good);
	put_object(params, "submitter", submitter, 3, good);
	put_object(params, "filed_by", filed_by, 2, good);
	if (f->anonymous &&
	    json_object_set_new(params, "anonymous", json_true()) != 0)
		*good = false;
	return params;
}

int
hy_submit_feedback(hy_client *client, const hy_feedback *feedback,
		   char ref[HY_REF])
{
	hy_feedback f = { 0 };
	json_t *params;
	bool good;
	int code;

	if (!feedback || feedback->size < sizeof feedback->size)
		return refuse_input(client, REFUSAL_bad_value, "size");
	memcpy(&f, feedback,
	       feedback->size < sizeof f ? feedback->size : sizeof f);
	params = feedback_params(&f, &good);
	if (good)
		code = check_and_submit(client, act_row(ACT_feedback_submit),
					params, ref);
	else
		code = refuse_input(client, REFUSAL_bad_json, NULL);
	json_decref(params);
	return code;
}

int
hy_lookup(hy_client *client, const char *receipt, const char *key,
	  char ref[HY_REF])
{
	json_t *params = json_object();
	bool good = params != NULL;
	int code;

	put(params, "receipt", receipt, &good);
	put(params, "key", key, &good);
	if (good)
		code = check_and_submit(client, act_row(ACT_feedback_get),
					params, ref);
	else
		code = refuse_input(client, REFUSAL_bad_json, NULL);
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
	const struct act *act = act_row(ACT_notice_receipt);
	struct refusal why;
	char at[CLOCK_TEXT];
	json_t *params;
	bool good;

	if (strcmp(client->options.given.as, "kiosk") != 0)
		return refuse_input(client, REFUSAL_not_allowed, NULL);
	params = json_object();
	good = params != NULL;
	clock_text(clock_wall_ms(), at);
	put(params, "notice", notice, &good);
	put(params, "state", state, &good);
	put(params, "at", at, &good);
	if (!good)
		(void)refuse(&why, REFUSAL_bad_json, NULL);
	else
		good = check_params(act, params, &why) == 0;
	json_decref(params);
	if (!good)
		return fault_refusal(&why, client->options.given.lang);
	return note_receipt(client, notice, state, at);
}

int
hy_done(hy_client *client, const char *ref)
{
	int code;

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
	int code;

	if (!state || state->size < sizeof state->size)
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
