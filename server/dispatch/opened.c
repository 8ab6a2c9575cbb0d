/* SPDX-License-Identifier: Apache-2.0 */
/* opened: acts that come sealed to the county. */
#include "opened.h"

#include "ref.h"
#include "seal_keys.h"
#include "stats.h"

static const struct seal_keys *keys;

void
opened_use(const struct seal_keys *use)
{
	keys = use;
}

int
opened(const struct act *act, struct message *m, struct refusal *why)
{
	struct seal_what what = { .act = act->name, .ref = m->id_text };
	json_t *params;

	if (!seal_is_for(act) || !seal_is_there(m->params))
		return 0;
	if (!m->id_text || !ref_is_good(m->id_text))
		return refuse(why, REFUSAL_bad_ref, "id");
	params = seal_open(keys ? keys->pair : NULL, keys ? keys->count : 0,
			   m->params, &what, why);
	if (!params)
		return -1;
	if (json_object_set_new(m->root, "params", params) != 0)
		return refuse(why, REFUSAL_overloaded, NULL);
	m->params = params;
	m->copy = what.copy;
	counters.opened++;
	return 0;
}
