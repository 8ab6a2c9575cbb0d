/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter: what a TCP connection has cost so far, as the kernel counts it: all
 * payload, sent again or not (TLS and its handshake are payload), and for
 * each segment its headers. What lies below IP, and name look-ups, are not
 * in it.
 */
#ifndef CLIENT_METER_H
#define CLIENT_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "must.h"

struct meter {
	uint64_t sent, received; /* bytes with TCP/IP headers */
};

/*
 * False when fd is no TCP connection, or its kernel does not tell: Linux
 * before 4.19, or a program in qemu's user mode.
 */
MUST_USE bool meter_read(int fd, struct meter *meter);

#endif
