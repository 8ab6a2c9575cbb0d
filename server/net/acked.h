/* SPDX-License-Identifier: Apache-2.0 */
/* acked: how much of what was sent has reached the peer's machine. */
#ifndef NET_ACKED_H
#define NET_ACKED_H

#include <stdint.h>

/* Bytes ever acknowledged on a TCP socket; 0 when it cannot be told. */
uint64_t acked_bytes(int fd);

#endif
