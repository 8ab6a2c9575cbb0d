/* SPDX-License-Identifier: Apache-2.0 */
/* greeted: the end of a greeting: the answer, and what becomes of it. */
#ifndef SESSION_GREETED_H
#define SESSION_GREETED_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "refusal.h"
#include "secret.h"

struct call;
struct sessions;

/* One hello on its way. */
struct greeting {
	struct sessions *all;
	struct call *call;
	json_t *params;        /* owned */
	json_t *credential;    /* owned; staff only, else NULL */
	bool proved;           /* by password or client certificate */
	int64_t totp_step;     /* 0: none */
	enum refusal_id fault; /* to be told when the failure is counted */
	char place[SECRET_HASH_HEX]; /* its name and address; "" unless tried */
	char session_name[64];
	char token[65]; /* new one for staff; "" for others */
};

/* Has the shape of store_answered_f; ends the greeting. */
void greeting_answered(void *greeting, const char *result,
		       const struct refusal *why);
void greeting_refused(struct greeting *g, const struct refusal *why);
void greeting_refuse(struct greeting *g, enum refusal_id id, const char *path);
void greeting_free(struct greeting *g);

#endif
