/* SPDX-License-Identifier: Apache-2.0 */
/* address: URLs of servers, taken apart. */
#include "address.h"

#include <stdlib.h>
#include <string.h>

/* libwebsockets 4.1.6 cuts a host at its first ':': no IPv6 literals. */
#define HOST_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

static bool
copy(char *to, size_t room, const char *from, size_t len)
{
	if (len == 0 || len >= room)
		return false;
	memcpy(to, from, len);
	to[len] = 0;
	return true;
}

static bool
is_this_machine(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0;
}

static bool
read_one(const char *url, size_t len, struct address *a)
{
	const char *end = url + len, *path;
	size_t host;
	char *after;

	a->tls = strncmp(url, "wss://", 6) == 0;
	if (!a->tls && strncmp(url, "ws://", 5) != 0)
		return false;
	url += a->tls ? 6 : 5;
	host = strspn(url, HOST_CHARACTERS);
	if (!copy(a->host, sizeof a->host, url, host))
		return false;
	path = url + host;
	a->port = a->tls ? 443 : 80;
	if (*path == ':') {
		a->port = (int)strtoul(path + 1, &after, 10);
		if (after == path + 1 || after > path + 6)
			return false;
		path = after;
	}
	if (path == end)
		memcpy(a->path, "/ws", sizeof "/ws");
	else if (*path != '/' ||
		 !copy(a->path, sizeof a->path, path, (size_t)(end - path)))
		return false;
	return a->port > 0 && a->port < 65536 &&
	       (a->tls || is_this_machine(a->host));
}

int
address_read(const char *urls, unsigned n, struct address *a)
{
	static const char blanks[] = " \t\r\n";
	size_t len;

	for (;; n--) {
		urls += strspn(urls, blanks);
		len = strcspn(urls, blanks);
		if (len == 0)
			return 0;
		if (n == 0)
			return read_one(urls, len, a) ? 1 : -1;
		urls += len;
	}
}
