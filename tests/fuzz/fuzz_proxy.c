/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person writes as a proxy or a server, and what a proxy answers, as
 * the client library reads it: the first line is the one, the rest the other.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tunnel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
read_urls(const char *text)
{
	struct proxy proxy;
	struct address a;
	unsigned n = 0;

	if (proxy_read(text, &proxy)) {
		must(proxy.host[0] && proxy.port > 0 && proxy.port < 65536);
		must(strlen(proxy.login) < sizeof proxy.login);
	}
	while (n < 20 && address_read(text, n, &a) == 1) {
		must(a.host[0] && a.path[0] == '/' && a.port > 0);
		n++;
	}
}

/* TLS says something, then reads whatever comes through. */
static void
answer(const uint8_t *data, size_t len)
{
	static const struct address to = { "::1", 443, "/ws", true, true };
	static const struct proxy proxy = { "p", 1, false, "a:b" };
	struct tunnel t;
	BIO *near, *far, *tunnel;
	char got[64];
	size_t said = 0;
	int n;

	if (!tunnel_init(&t) || !tunnel_expect(&t, &to, &proxy) ||
	    !BIO_new_bio_pair(&near, 0, &far, 0))
		abort();
	tunnel = tunnel_bio(&t, near);
	must(BIO_write(tunnel, "hello", 5) == 5);
	do {
		n = BIO_write(far, data + said, (int)(len - said));
		said += n > 0 ? (size_t)n : 0;
		while (BIO_read(tunnel, got, sizeof got) > 0)
			must(t.state == TUNNEL_OPEN);
	} while (n > 0 && said < len);
	must(memchr(t.status, 0, sizeof t.status) != NULL);
	must((tunnel_blame(&t) == NULL) == (t.state == TUNNEL_OPEN));
	BIO_free_all(tunnel);
	BIO_free(far);
	tunnel_fini(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *end = len ? memchr(data, '\n', len) : NULL;
	char *first =
		strndup((const char *)data, end ? (size_t)(end - data) : len);

	if (!first)
		return 0;
	read_urls(first);
	free(first);
	if (end)
		answer(end + 1, len - (size_t)(end + 1 - data));
	return 0;
}
