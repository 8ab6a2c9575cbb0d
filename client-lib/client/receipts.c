/* SPDX-License-Identifier: Apache-2.0 */
/* receipts: gathered while there is no line, and told in one act. */
#include "receipts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "fault.h"
#include "load.h"
#include "log.h"
#include "message.h"
#include "ref.h"

static int
put(struct disk *disk, const json_t *params)
{
	char ref[REF_TEXT];
	struct outbox_act act = { .ref = ref, .silent = true };
	char *text = message_canonical(params);
	int code;

	if (!text)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	act.name = act_row(ACT_notice_receipt)->name;
	act.params = text;
	code = ref_new(ref) ? outbox_put(disk, &act) :
			      fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	free(text);
	return code;
}

int
receipts_gather(struct hy_client *client)
{
	json_t *params = NULL;
	int code = outbox_has_silent(client->disk), made = 0;

	if (code != 0)
		return code < 0 ? code : 0;
	code = disk_begin(client->disk);
	if (code != HY_OK)
		return code;
	code = shelf_take_receipts(client->disk, &params);
	if (code == HY_OK && params) {
		made = 1;
		code = put(client->disk, params);
	}
	json_decref(params);
	if (code == HY_OK)
		code = disk_commit(client->disk);
	if (code != HY_OK)
		disk_rollback(client->disk);
	return code == HY_OK ? made : code;
}

static int
note_again(struct disk *disk, const json_t *item)
{
	const char *notice, *state, *at;

	notice = json_string_value(json_object_get(item, "notice"));
	state = json_string_value(json_object_get(item, "state"));
	at = json_string_value(json_object_get(item, "at"));
	return notice && state && at ? shelf_note(disk, notice, state, at) :
				       HY_OK;
}

int
receipts_refused(struct hy_client *client, const struct outbox_act *act,
		 const char *path)
{
	struct load_trouble wrong = { 0 };
	json_t *params = load_text(act->params, 0, &wrong), *item;
	char ref[REF_TEXT];
	const char *number = strncmp(path, "items[", 6) ? "" : path + 6;
	char *end;
	size_t blamed = strtoul(number, &end, 10), i;
	int code = HY_OK;

	if (!params && wrong.fault == LOAD_NO_MEMORY)
		return fault(HY_ERR_MEMORY, NULL, NULL, NULL);
	snprintf(ref, sizeof ref, "%s", act->ref);
	/* Nobody to blame: they would be refused again, all of them. */
	if (end != number) {
		json_array_foreach(json_object_get(params, "items"), i, item)
			if (i != blamed && code == HY_OK)
				code = note_again(client->disk, item);
		client->receipts = true;
	}
	options_log(&client->options, LOG_WARN,
		    "a receipt of a notice was refused (%s)", path);
	json_decref(params);
	return code == HY_OK ? outbox_drop(client->disk, ref) : code;
}
