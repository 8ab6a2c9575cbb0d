/* SPDX-License-Identifier: Apache-2.0 */
/* net_peer: TLS peers of a node of the test. */
#include "net_peer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>

#include "bytes.h"

#define PATIENCE 5 /* seconds */

struct peer *
peer_dial(struct node *node, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct peer *peer = calloc(1, sizeof *peer);

	assert_non_null(peer);
	peer->node = node;
	peer->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(peer->fd, (struct sockaddr *)&at, sizeof at),
			 0);
	fcntl(peer->fd, F_SETFL, O_NONBLOCK);
	return peer;
}

/* Should a TLS call be made again? Marks the peer gone when not. */
static bool
again(struct peer *peer, int result)
{
	int error = SSL_get_error(peer->ssl, result);

	ERR_clear_error();
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return true;
	peer->gone = true;
	return false;
}

struct peer *
peer_tls(struct node *node, int port, SSL_CTX *ctx)
{
	return peer_resume(node, port, ctx, NULL);
}

struct peer *
peer_resume(struct node *node, int port, SSL_CTX *ctx, SSL_SESSION *session)
{
	struct peer *peer = peer_dial(node, port);
	SSL_CTX *mine = ctx ? NULL : pki_client(NULL);
	long long end = now_ms() + PATIENCE * 1000;
	int result;

	peer->ssl = SSL_new(ctx ? ctx : mine);
	SSL_CTX_free(mine);
	SSL_set_fd(peer->ssl, peer->fd);
	SSL_set_tlsext_host_name(peer->ssl, "localhost");
	if (session)
		SSL_set_session(peer->ssl, session);
	while ((result = SSL_connect(peer->ssl)) != 1 && again(peer, result) &&
	       now_ms() < end)
		turn(node);
	if (result == 1)
		return peer;
	peer_close(peer);
	return NULL;
}

void
peer_close(struct peer *peer)
{
	if (!peer)
		return;
	/* Abrupt, but OpenSSL is not to distrust its session for that. */
	if (peer->ssl)
		SSL_set_shutdown(peer->ssl,
				 SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(peer->ssl);
	close(peer->fd);
	free(peer);
}

size_t
peer_write_some(struct peer *peer, const void *data, size_t len)
{
	int n = SSL_write(peer->ssl, data, (int)len);

	if (n > 0)
		return (size_t)n;
	(void)again(peer, n);
	return 0;
}

bool
peer_write(struct peer *peer, const void *data, size_t len)
{
	long long end = now_ms() + PATIENCE * 1000;

	while (!peer->gone && now_ms() < end) {
		if (peer_write_some(peer, data, len) == len)
			return true;
		turn(peer->node);
	}
	return false;
}

/* More into the buffer, which is empty; false when gone or after seconds. */
static bool
fill(struct peer *peer, int seconds)
{
	long long end = now_ms() + seconds * 1000;

	while (!peer->gone && now_ms() < end) {
		int n = SSL_read(peer->ssl, peer->in, sizeof peer->in);

		if (n > 0) {
			peer->in_at = 0;
			peer->in_len = (size_t)n;
			return true;
		}
		if (again(peer, n))
			turn(peer->node);
	}
	return false;
}

bool
peer_read(struct peer *peer, void *data, size_t len)
{
	char *to = data;

	while (len > 0) {
		size_t n = peer->in_len - peer->in_at;

		if (n == 0 && !fill(peer, PATIENCE))
			return false;
		n = peer->in_len - peer->in_at;
		n = n < len ? n : len;
		memcpy(to, peer->in + peer->in_at, n);
		peer->in_at += n;
		to += n;
		len -= n;
	}
	return true;
}

bool
peer_ends(struct peer *peer, int seconds)
{
	long long end = now_ms() + seconds * 1000;

	while (!peer->gone && now_ms() < end) {
		ssize_t n;

		if (peer->ssl) {
			(void)fill(peer, 1);
			continue;
		}
		n = recv(peer->fd, peer->in, sizeof peer->in, 0);
		peer->gone = n == 0 || (n < 0 && errno != EAGAIN);
		turn(peer->node);
	}
	return peer->gone;
}

int
peer_asks(struct peer *peer, const char *request)
{
	char head[13] = { 0 };

	if (!peer_write(peer, request, strlen(request)) ||
	    !peer_read(peer, head, sizeof head - 1))
		return 0;
	return (int)strtol(head + 9, NULL, 10);
}

/* ---- its WebSocket ----------------------------------------------------- */

static const char *const upgrade_lines[] = {
	"GET /ws HTTP/1.1",
	"Host: localhost",
	"Connection: Upgrade",
	"Upgrade: websocket",
	"Sec-WebSocket-Version: 13",
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
	"Sec-WebSocket-Protocol: huiyin.v1",
};

/* Reads on until the empty line that ends a head. */
static void
skip_head(struct peer *peer)
{
	unsigned ends = 0;
	char c;

	while (ends < 4) {
		assert_true(peer_read(peer, &c, 1));
		ends = c == "\r\n\r\n"[ends] ? ends + 1 : 0;
	}
}

int
peer_upgrades(struct peer *peer, const char *line, const char *instead)
{
	struct bytes request;
	int status;

	bytes_init(&request);
	for (size_t i = 0; i < sizeof upgrade_lines / sizeof *upgrade_lines;
	     i++) {
		const char *use = upgrade_lines[i];

		if (line && strncmp(use, line, strlen(line)) == 0)
			use = instead;
		if (*use)
			bytes_format(&request, "%s\r\n", use);
	}
	if (!line && instead)
		bytes_format(&request, "%s\r\n", instead);
	bytes_text(&request, "\r\n");
	status = peer_asks(peer, request.data);
	bytes_fini(&request);
	if (status == 101)
		skip_head(peer);
	return status;
}

struct peer *
peer_open(struct node *node)
{
	struct peer *peer = peer_tls(node, node->settings.port, NULL);
	int opened = node->opened;

	assert_non_null(peer);
	assert_int_equal(peer_upgrades(peer, NULL, NULL), 101);
	assert_int_equal(node->opened, opened + 1);
	return peer;
}

bool
peer_sends(struct peer *peer, int opcode, bool final, const void *data,
	   size_t len)
{
	static const unsigned char mask[4] = { 1, 2, 3, 4 };
	unsigned char *frame = malloc(len + 14), *at = frame;
	bool ok;

	assert_non_null(frame);
	*at++ = (unsigned char)(opcode | (final ? 0x80 : 0));
	if (len < 126) {
		*at++ = (unsigned char)(0x80 | len);
	} else {
		*at++ = 0x80 | 127;
		for (int i = 7; i >= 0; i--)
			*at++ = (unsigned char)((uint64_t)len >> (8 * i));
	}
	memcpy(at, mask, 4);
	at += 4;
	for (size_t i = 0; i < len; i++)
		*at++ = ((const unsigned char *)data)[i] ^ mask[i % 4];
	ok = peer_write(peer, frame, (size_t)(at - frame));
	free(frame);
	return ok;
}

bool
peer_says(struct peer *peer, const char *text)
{
	return peer_sends(peer, 1, true, text, strlen(text));
}

int
peer_hears(struct peer *peer, void *data, size_t *len)
{
	unsigned char head[2], more[8];
	size_t n = 0, room = *len;

	if (!peer_read(peer, head, 2))
		return -1;
	n = head[1];
	if (n >= 126) {
		size_t bytes = n == 126 ? 2 : 8;

		n = 0;
		if (!peer_read(peer, more, bytes))
			return -1;
		for (size_t i = 0; i < bytes; i++)
			n = n << 8 | more[i];
	}
	assert_true(n <= room);
	if (!peer_read(peer, data, n))
		return -1;
	*len = n;
	return head[0] & 0xf;
}

int
peer_closed_with(struct peer *peer)
{
	static unsigned char data[1 << 20];
	size_t len;
	int opcode;

	do {
		len = sizeof data;
		opcode = peer_hears(peer, data, &len);
	} while (opcode >= 0 && opcode != 8);
	return opcode == 8 && len >= 2 ? data[0] << 8 | data[1] : 0;
}
