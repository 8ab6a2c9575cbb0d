/* SPDX-License-Identifier: Apache-2.0 */
/* talk: what the server says, sorted: answers to what we said, and news. */
#ifndef CLIENT_TALK_H
#define CLIENT_TALK_H

#include <stddef.h>

struct line;

/* One message. Unknown news and unknown fields are ignored. */
void talk_heard(struct line *line, const char *text, size_t len);

#endif
