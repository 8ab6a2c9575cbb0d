/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message: one JSON-RPC 2.0 object (the only thing in a WebSocket text
 * message), read and written. Knows nothing of sockets or sessions.
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "act.h"
#include "bytes.h"
#include "refusal.h"

#define MESSAGE_ID 72 /* room for an id as JSON text; longer ones are refused */

enum message_kind {
	MESSAGE_ACT,
	MESSAGE_RESULT,
	MESSAGE_REFUSAL,
	MESSAGE_NEWS
};

struct message {
	enum message_kind kind;
	json_t *root;        /* owned */
	char id[MESSAGE_ID]; /* as JSON text: "\"x\"" or "7"; "null" */
	const char *id_text; /* the string's content, or NULL; from root */
	const char *method;  /* act or news; from root; else NULL */
	json_t *params;      /* params, result or error; from root; or NULL */
	bool copy;           /* was sealed as a copy: see seal.h */
};

/*
 * What a client sends: an act. 0 with *m to be freed with message_fini, or -1
 * with *why; m->id then still holds the id where one could be read.
 */
MUST_USE int message_read_act(const char *text, size_t len, struct message *m,
			      struct refusal *why);
/* What a server sends: a result, a refusal or news. 0 or -1 (not JSON-RPC). */
MUST_USE int message_read_answer(const char *text, size_t len,
				 struct message *m);
void message_fini(struct message *m);
/*
 * JSON text as everything that comes from outside is read: not too deep, no
 * key twice. json_decref; NULL with *why.
 */
MUST_USE json_t *message_parse(const char *text, size_t len,
			       struct refusal *why);

/* Each appends one message. id and result are JSON text. */
void message_act(struct bytes *to, const char *ref, const char *act,
		 const char *params);
void message_result(struct bytes *to, const char *id, const char *result);
void message_refusal(struct bytes *to, const char *id,
		     const struct refusal *why, const char *lang);
void message_news(struct bytes *to, enum news_id news, const char *params);

/*
 * Canonical text of params: sorted keys, no blanks. Equal values have equal
 * texts. Owned by the caller (free()); NULL when memory is out.
 */
MUST_USE char *message_canonical(const json_t *params);

#endif
