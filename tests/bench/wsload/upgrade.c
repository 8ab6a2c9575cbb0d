/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade: the HTTP part of a connection, and answers to POST. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "load.h"
#include "rpc.h"
#include "speak.h"

#define HEAD_MAX 8192

/* The key and answer of RFC 6455 section 1.3. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

bool
url_read(struct url *u, const char *text)
{
	const char *p = strstr(text, "://"), *colon, *slash;

	if (!p)
		return false;
	u->tls = strncmp(text, "wss", 3) == 0 || strncmp(text, "https", 5) == 0;
	p += 3;
	slash = strchr(p, '/');
	colon = strchr(p, ':');
	if (!colon || (slash && colon > slash) ||
	    (size_t)(colon - p) >= sizeof u->host)
		return false;
	memcpy(u->host, p, (size_t)(colon - p));
	u->host[colon - p] = 0;
	u->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	snprintf(u->path, sizeof u->path, "%s", slash ? slash : "/");
	return u->port != 0;
}

bool
upgrade_send(struct peer *p)
{
	const struct options *o = &load.options;
	const struct url *u = p->role == SUBSCRIBER ? &o->url : &o->pub_url;
	char text[2048];
	int n = snprintf(text, sizeof text,
			 "GET %s HTTP/1.1\r\nHost: %s:%u\r\n"
			 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
			 "Sec-WebSocket-Key: " KEY "\r\n"
			 "Sec-WebSocket-Version: 13\r\n%s%s%s\r\n",
			 u->path, u->host, u->port,
			 o->subprotocol ? "Sec-WebSocket-Protocol: " : "",
			 o->subprotocol ? o->subprotocol : "",
			 o->subprotocol ? "\r\n" : "");

	if (n < 0 || (size_t)n >= sizeof text)
		return false;
	p->state = PEER_UPGRADE;
	return peer_send(p, text, (size_t)n);
}

/* Gathers a head; returns bytes used, *done at the blank line. */
static size_t
head_read(struct peer *p, const char *data, size_t len, bool *done)
{
	size_t used = 0;

	*done = false;
	if (!p->head)
		p->head = malloc(HEAD_MAX + 1);
	if (!p->head)
		return 0;
	while (used < len && p->head_len < HEAD_MAX && !*done) {
		p->head[p->head_len++] = data[used++];
		p->head[p->head_len] = 0;
		*done = p->head_len >= 4 &&
			memcmp(p->head + p->head_len - 4, "\r\n\r\n", 4) == 0;
	}
	return used;
}

static void
note_tls(struct peer *p)
{
	if (!p->ssl)
		return;
	load.resumed += SSL_session_reused(p->ssl);
	if (!load.tls_name[0])
		snprintf(load.tls_name, sizeof load.tls_name, "%s %s",
			 SSL_get_version(p->ssl), SSL_get_cipher_name(p->ssl));
}

static bool
upgraded(struct peer *p)
{
	bool good = strncmp(p->head, "HTTP/1.1 101", 12) == 0 &&
		    strstr(p->head, ACCEPT);

	if (!good && load.failed < 3)
		fprintf(stderr, "upgrade refused: %.120s\n", p->head);
	free(p->head);
	p->head = NULL;
	p->head_len = 0;
	if (!good)
		return false;
	if (p->role == SUBSCRIBER)
		note_tls(p);
	p->state = PEER_GREETING;
	if (!load.options.rpc || p->silent) {
		peer_opened(p);
		return p->silent || speak_hello(p);
	}
	p->heard = calloc(1, sizeof *p->heard);
	return p->heard && speak_hello(p);
}

bool
upgrade_read(struct peer *p, const char *data, size_t len, uint64_t now)
{
	bool done;
	size_t used = head_read(p, data, len, &done);

	if (!done)
		return used == len;
	return upgraded(p) && frames_read(p, data + used, len - used, now);
}

static void
post_answered(struct peer *p)
{
	const char *at = strcasestr(p->head, "content-length:");

	p->skip = at ? strtoul(at + 15, NULL, 10) : 0;
	load.posts--;
	load.publish_errors += p->head[9] != '2';
	p->head_len = 0;
}

bool
posts_read(struct peer *p, const char *data, size_t len)
{
	while (len > 0) {
		size_t used = len < p->skip ? len : p->skip;
		bool done = false;

		p->skip -= used;
		if (used == 0)
			used = head_read(p, data, len, &done);
		if (used == 0)
			return false;
		if (done)
			post_answered(p);
		data += used;
		len -= used;
	}
	return true;
}
