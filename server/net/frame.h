/* SPDX-License-Identifier: Apache-2.0 */
/* frame: where frames begin and end (RFC 6455 section 5.2). */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stddef.h>

/* Length of the unmasked frame that begins at data, with its head. */
size_t frame_size(const unsigned char *data, size_t len);
/*
 * Length of as many whole frames as fit into most bytes, at least one. What
 * is given to libwebsockets ends where a frame ends, because it may put a
 * pong of its own behind it.
 */
size_t frame_run(const unsigned char *data, size_t len, size_t most);

#endif
