/* SPDX-License-Identifier: Apache-2.0 */
/* ws: the least of RFC 6455 that a broadcaster needs. */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "floor.h"

#define MESSAGE_MAX (2u << 20)

static void
frame_add(struct buffer *b, const char *data, size_t len)
{
	uint8_t head[10] = { 0x81 };
	size_t n = 2;

	if (len < 126) {
		head[1] = (uint8_t)len;
	} else if (len < 65536) {
		head[1] = 126;
		head[2] = (uint8_t)(len >> 8);
		head[3] = (uint8_t)len;
		n = 4;
	} else {
		head[1] = 127;
		for (int i = 0; i < 8; i++)
			head[2 + i] = (uint8_t)((uint64_t)len >> (56 - 8 * i));
		n = 10;
	}
	buffer_add(b, head, n);
	buffer_add(b, data, len);
}

/* Length of the head at p, of which 6 bytes are there; 0: more are needed. */
static size_t
frame_head(const uint8_t *p, size_t have, uint64_t *len)
{
	size_t bytes = 0;

	*len = p[1] & 0x7f;
	if (*len == 126)
		bytes = 2;
	else if (*len == 127)
		bytes = 8;
	if (have < 6 + bytes)
		return 0;
	if (bytes > 0)
		*len = 0;
	for (size_t i = 0; i < bytes; i++)
		*len = *len << 8 | p[2 + i];
	return 6 + bytes;
}

ssize_t
frame_take(struct buffer *in, size_t from, struct buffer *out)
{
	uint8_t *p = (uint8_t *)in->data + from;
	size_t have = in->len - from, head;
	uint64_t len;

	if (have < 6)
		return 0;
	head = frame_head(p, have, &len);
	if (head == 0)
		return 0;
	if (!(p[1] & 0x80) || len > MESSAGE_MAX)
		return -1;
	if (have < head + len)
		return 0;
	for (size_t i = 0; i < len; i++)
		p[head + i] ^= p[head - 4 + (i & 3)];
	if ((p[0] & 0x0f) <= 2)
		frame_add(out, (char *)p + head, (size_t)len);
	return (ssize_t)(head + len);
}

static void
subscribe(struct conn *c)
{
	if (bare.subscribers == bare.room) {
		bare.room = bare.room * 2 + 1024;
		bare.subscriber = realloc(bare.subscriber,
					  bare.room * sizeof(struct conn *));
		if (!bare.subscriber)
			die("realloc");
	}
	c->place = bare.subscribers;
	bare.subscriber[bare.subscribers++] = c;
}

bool
upgrade(struct conn *c)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char text[64 + sizeof magic], digest[EVP_MAX_MD_SIZE];
	unsigned char accept[64];
	char answer[256];
	const char *key = strcasestr(c->in.data, "sec-websocket-key: ");
	unsigned digest_len;
	size_t len;
	int n;

	if (!key)
		return false;
	key += 19;
	len = strcspn(key, "\r");
	if (len > 64)
		return false;
	memcpy(text, key, len);
	memcpy(text + len, magic, sizeof magic - 1);
	if (EVP_Digest(text, len + sizeof magic - 1, digest, &digest_len,
		       EVP_sha1(), NULL) != 1)
		return false;
	EVP_EncodeBlock(accept, digest, (int)digest_len);
	c->publisher = strncmp(c->in.data, "GET /pub", 8) == 0;
	buffer_take(&c->in, c->in.len);
	c->state = OPEN;
	if (!c->publisher)
		subscribe(c);
	n = snprintf(answer, sizeof answer,
		     "HTTP/1.1 101 Switching Protocols\r\n"
		     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		     "Sec-WebSocket-Accept: %s\r\n\r\n",
		     accept);
	return conn_send(c, answer, (size_t)n);
}
