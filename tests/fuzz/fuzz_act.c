/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer sends: read, checked, refused, written again. Beyond not
 * crashing: a refusal is valid JSON whatever it names, and what was accepted
 * is accepted again when written anew.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "message.h"
#include "ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
write_refusal(const struct message *m, const struct refusal *why)
{
	struct bytes text;
	json_t *root;

	bytes_init(&text);
	message_refusal(&text, m->id, why, why->id % 2 ? "en" : NULL);
	root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	must(root != NULL);
	must(json_object_get(root, "error") != NULL);
	json_decref(root);
	bytes_fini(&text);
}

/* An accepted act, said again by a client: the same act. */
static void
say_again(const struct message *m, const struct act *act)
{
	char *params = message_canonical(m->params), *again;
	struct refusal why;
	struct bytes text;
	struct message twin;

	must(params != NULL);
	bytes_init(&text);
	message_act(&text, m->id_text ? m->id_text : "7", act->name, params);
	must(message_read_act(text.data, text.len, &twin, &why) == 0);
	must(act_find(twin.method) == act);
	must(check_params(act, twin.params, &why) == 0);
	again = message_canonical(twin.params);
	must(again && strcmp(params, again) == 0);
	free(again);
	free(params);
	message_fini(&twin);
	bytes_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct act *act;
	struct refusal why;
	struct message m;

	if (message_read_act((const char *)data, len, &m, &why) != 0) {
		write_refusal(&m, &why);
		return 0;
	}
	act = act_find(m.method);
	if (act && check_params(act, m.params, &why) != 0)
		write_refusal(&m, &why);
	else if (act)
		say_again(&m, act);
	if (m.id_text && ref_is_good(m.id_text)) {
		char ref[REF_TEXT];

		ref_lower(ref, m.id_text);
		must(ref_is_good(ref));
	}
	message_fini(&m);
	return 0;
}
