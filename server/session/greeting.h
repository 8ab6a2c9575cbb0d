/* SPDX-License-Identifier: Apache-2.0 */
/*
 * greeting: hello, from its params to a session that has an identity. Kiosks'
 * secrets are compared as keyed hashes in SQL, in batches; passwords of staff
 * are checked in the thread pool first.
 */
#ifndef SESSION_GREETING_H
#define SESSION_GREETING_H

#include <jansson.h>

struct session;

/*
 * params: a hello that check_params found good; kept as long as needed.
 * id: of the request, as JSON text. The answer is sent by itself.
 */
void greeting_begin(struct session *s, const char *id, json_t *params);

#endif
