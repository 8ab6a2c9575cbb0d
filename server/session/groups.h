/* SPDX-License-Identifier: Apache-2.0 */
/* groups: sessions that share a principal, or a department. */
#ifndef SESSION_GROUPS_H
#define SESSION_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

struct group;
struct session;
struct sessions;

enum group_kind { GROUP_PRINCIPAL, GROUP_DEPARTMENT, GROUP_KINDS };

/* Puts s into the group of that number; false when memory is out. */
MUST_USE bool group_add(struct session *s, enum group_kind kind,
			int64_t number);
/* Takes s out of all its groups. */
void groups_remove(struct session *s);
/* Has it a member? */
bool group_is_there(struct sessions *all, enum group_kind kind, int64_t number);
/* Calls f for each member; f may take that one out. */
void group_each(struct sessions *all, enum group_kind kind, int64_t number,
		void (*f)(void *context, struct session *s), void *context);

#endif
