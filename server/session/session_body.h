/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a session: for this room only. */
#ifndef SESSION_BODY_H
#define SESSION_BODY_H

#include <sys/queue.h>

#include "act.h"
#include "groups.h"
#include "roster.h"
#include "session.h"

LIST_HEAD(session_list, session);

struct session {
	/* What telling it a notice looks at: two lines of memory. */
	uint64_t id;
	struct conn *conn;
	enum session_state state;
	LIST_ENTRY(session) in_place;
	struct hearing hearing;
	struct identity who;

	struct sessions *all;
	LIST_ENTRY(session) in_state;
	LIST_ENTRY(session) in_group[GROUP_KINDS];
	LIST_ENTRY(session) in_throttled;
	struct place *place;              /* NULL: nowhere */
	struct group *group[GROUP_KINDS]; /* NULL: none */
	char lang[16];                    /* "" until said */
	int64_t allowance_us;             /* when its allowance is whole */
	unsigned paused;                  /* mask of enum session_pause */
	int64_t logged_second;            /* when it was last logged */
	int logged;                       /* lines in that second */
	int waiting;                      /* acts on their way */
	int failed;                       /* hellos that were refused */
	char *held;                       /* messages, each with its NUL */
	size_t held_len;
};

struct slot {
	struct session *session; /* NULL: free */
	uint32_t generation;
	uint32_t next_free;
};

struct sessions {
	struct sessions_settings settings;
	struct session_calls calls;
	struct store *store;       /* borrowed */
	struct logins *logins;     /* passwords being checked */
	struct presence *presence; /* kiosks that have gone */
	struct session_list list[SESSION_STATES];
	int count[SESSION_STATES];
	struct session_list throttled;
	struct slot *slot;
	uint32_t slots, first_free; /* first_free == slots: none is free */
	struct group *groups;       /* by kind and number */
	struct roster roster;
};

#endif
