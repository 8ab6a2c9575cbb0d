/* SPDX-License-Identifier: Apache-2.0 */
/* address: URLs of servers and of a proxy, taken apart. */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
is_this_machine(const struct address *a)
{
	if (a->ip6)
		return strcmp(a->host, "::1") == 0;
	return strcmp(a->host, "localhost") == 0 ||
	       strncmp(a->host, "127.", 4) == 0;
}

/* What stands behind host, or NULL when there is none. */
static const char *
read_host(const char *text, char host[ADDRESS_HOST], bool *ip6)
{
	unsigned char number[sizeof(struct in6_addr)];
	size_t len;

	*ip6 = *text == '[';
	if (!*ip6) {
		len = strspn(text, HOST_CHARACTERS);
		return copy(host, ADDRESS_HOST, text, len) ? text + len : NULL;
	}
	len = strspn(++text, "0123456789abcdefABCDEF:.");
	if (text[len] != ']' || !copy(host, ADDRESS_HOST, text, len) ||
	    inet_pton(AF_INET6, host, number) != 1)
		return NULL;
	return text + len + 1;
}

/* What stands behind ":port", or NULL when there is none. */
static const char *
read_port(const char *text, int *port)
{
	char *after;

	if (text[0] != ':' || text[1] < '0' || text[1] > '9')
		return NULL;
	*port = (int)strtoul(text + 1, &after, 10);
	return after <= text + 6 && *port > 0 && *port < 65536 ? after : NULL;
}

static bool
read_one(const char *url, size_t len, struct address *a)
{
	const char *end = url + len, *path;

	a->tls = strncmp(url, "wss://", 6) == 0;
	if (!a->tls && strncmp(url, "ws://", 5) != 0)
		return false;
	path = read_host(url + (a->tls ? 6 : 5), a->host, &a->ip6);
	a->port = a->tls ? 443 : 80;
	if (path && *path == ':')
		path = read_port(path, &a->port);
	if (!path)
		return false;
	if (path == end)
		memcpy(a->path, "/ws", sizeof "/ws");
	else if (*path != '/' ||
		 !copy(a->path, sizeof a->path, path, (size_t)(end - path)))
		return false;
	return a->tls || is_this_machine(a);
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

void
address_name(const char *host, bool ip6, int port, char name[ADDRESS_HOST + 10])
{
	snprintf(name, ADDRESS_HOST + 10, ip6 ? "[%s]:%d" : "%s:%d", host,
		 port);
}

/* Both digits of %XX, or -1. */
static int
hex_pair(const char *text)
{
	char pair[3] = { text[0], text[0] ? text[1] : (char)0, 0 };

	if (strspn(pair, "0123456789abcdefABCDEF") != 2)
		return -1;
	return (int)strtol(pair, NULL, 16);
}

static bool
read_login(const char *text, size_t len, char login[ADDRESS_LOGIN])
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)text[i];

		if (c == '%') {
			c = hex_pair(text + i + 1);
			i += 2;
		}
		if (c < 32 || c == 127 || n + 1 >= ADDRESS_LOGIN)
			return false;
		login[n++] = (char)c;
	}
	login[n] = 0;
	return memchr(text, ':', len) != NULL;
}

bool
proxy_read(const char *url, struct proxy *proxy)
{
	const char *at, *rest;

	*proxy = (struct proxy){ 0 };
	if (strncmp(url, "http://", 7) == 0)
		url += 7;
	at = strrchr(url, '@');
	if (at && !read_login(url, (size_t)(at - url), proxy->login))
		return false;
	rest = read_host(at ? at + 1 : url, proxy->host, &proxy->ip6);
	if (rest)
		rest = read_port(rest, &proxy->port);
	return rest && (*rest == 0 || strcmp(rest, "/") == 0);
}
