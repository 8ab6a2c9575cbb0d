/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acked: how much of what was sent has reached the peer's machine. A file of
 * its own because the kernel's header, which has tcpi_bytes_acked, cannot be
 * included together with glibc's older netinet/tcp.h.
 */
#include "acked.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

uint64_t
acked_bytes(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return 0;
	return info.tcpi_bytes_acked;
}
