/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch: the table of acts joined to the rooms. What a peer says is read,
 * checked against its row, allowed by role and state, and goes straight to
 * its SQL function; the few acts with lane LOCAL have a handler here.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stddef.h>

struct session;

/* One whole text message of a peer. */
void dispatch_said(struct session *s, const char *text, size_t len);
/* A message that could not be taken, by the tag of its refusal. */
void dispatch_garbled(struct session *s, const char *tag);

#endif
