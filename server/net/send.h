/* SPDX-License-Identifier: Apache-2.0 */
/* send: bytes on their way out of a conn, and whether they get anywhere. */
#ifndef NET_SEND_H
#define NET_SEND_H

#include <stdbool.h>
#include <stddef.h>

#include "conn.h"

struct backlog;

/* Whole frames (borrowed), behind what is queued already. */
enum conn_sent send_frames(struct conn *conn, const void *data, size_t len);
/* Writes what is queued as far as it goes; true when all of it has gone. */
bool send_flush(struct conn *conn);
/* Forgets what is queued; what libwebsockets holds is whole frames. */
void send_drop(struct conn *conn);
/* Is the peer slow: nothing acknowledged for so long? Asked once a second. */
bool send_is_stalled(struct conn *conn);
void backlog_free(struct backlog *backlog);

#endif
