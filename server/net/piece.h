/* SPDX-License-Identifier: Apache-2.0 */
/*
 * piece: messages on their way in. libwebsockets passes on bits of fragments
 * of messages; here they become whole messages, or a reason why not.
 */
#ifndef NET_PIECE_H
#define NET_PIECE_H

#include <stddef.h>

struct conn;
struct pieces;

/* Bytes of a message came. 0, or -1 when the conn has to end at once. */
int piece_came(struct conn *conn, char *data, size_t len);
/* Stops reading where that is safe, when the conn is paused. */
void pieces_pause(struct conn *conn);
/* Passes on what came while the conn was paused, until it is again. */
void pieces_resume(struct conn *conn);
void pieces_free(struct pieces *pieces);

#endif
