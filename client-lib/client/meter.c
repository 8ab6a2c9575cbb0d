/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter: TCP_INFO. A file of its own because the kernel's header, which has
 * tcpi_bytes_sent, cannot be included together with glibc's netinet/tcp.h.
 */
#include "meter.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

/* Of one segment: RFC 791, RFC 8200, RFC 9293, RFC 7323 section 3.2. */
#define IP4 20u
#define IP6 40u
#define TCP 20u
#define TIMESTAMPS 12u

static uint64_t
header(int fd, const struct tcp_info *info)
{
	struct sockaddr_in6 peer = { 0 };
	socklen_t len = sizeof peer;
	uint64_t bytes = TCP + IP4;

	if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
	    peer.sin6_family == AF_INET6 &&
	    !IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr))
		bytes = TCP + IP6;
	if (info->tcpi_options & TCPI_OPT_TIMESTAMPS)
		bytes += TIMESTAMPS;
	return bytes;
}

bool
meter_read(int fd, struct meter *meter)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;
	uint64_t each;

	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
	    len < offsetof(struct tcp_info, tcpi_bytes_retrans))
		return false;
	each = header(fd, &info);
	meter->sent = info.tcpi_bytes_sent + info.tcpi_segs_out * each;
	meter->received = info.tcpi_bytes_received + info.tcpi_segs_in * each;
	return true;
}
