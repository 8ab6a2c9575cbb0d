/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel: CONNECT and its answer, before the first byte of TLS. */
#include "tunnel.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define HEAD_MOST 16384 /* bytes of an answer that we read */
#define HELD_MOST 65536

static bool
refuse(struct tunnel *t, const char *why)
{
	t->state = TUNNEL_REFUSED;
	if (why)
		snprintf(t->status, sizeof t->status, "%s", why);
	return false;
}

/* Hands bytes down until none is left; false when it must be tried again. */
static bool
pass_down(BIO *b, struct bytes *bytes)
{
	BIO *next = BIO_next(b);
	int n;

	while (bytes->len > 0) {
		n = BIO_write(next, bytes->data, (int)bytes->len);
		if (n <= 0)
			return false;
		memmove(bytes->data, bytes->data + n, bytes->len - (size_t)n);
		bytes->len -= (size_t)n;
	}
	return true;
}

/* "HTTP/1.1 200 Connection established" */
static bool
is_success(const char *status)
{
	return strncmp(status, "HTTP/1.", 7) == 0 && strlen(status) > 11 &&
	       status[8] == ' ' && status[9] == '2';
}

/* One byte of the answer; true when that was its last. */
static bool
take_byte(struct tunnel *t, char c)
{
	bool first = t->head == t->line;

	if (++t->head > HEAD_MOST)
		return refuse(t, "an answer without an end");
	if (c == '\r')
		return false;
	if (c == '\n') {
		bool blank = t->line == 0;

		t->line = 0;
		return blank;
	}
	if (first && t->line + 1 < sizeof t->status)
		t->status[t->line] = c >= 32 && c < 127 ? c : '?';
	t->line++;
	return false;
}

/*
 * Reads the answer to its blank line, byte by byte: what follows is TLS.
 * False when there is no more for now, or never.
 */
static bool
hear_answer(BIO *b, struct tunnel *t)
{
	BIO *next = BIO_next(b);
	char c;
	int n;

	while (t->state == TUNNEL_ASKING) {
		n = BIO_read(next, &c, 1);
		if (n <= 0 && BIO_should_retry(next))
			return false;
		if (n <= 0)
			return refuse(t, t->head ? NULL : "it hung up");
		if (!take_byte(t, c))
			continue;
		if (!is_success(t->status))
			return refuse(t, NULL);
		t->state = TUNNEL_OPEN;
	}
	return t->state == TUNNEL_OPEN;
}

static int
on_write(BIO *b, const char *data, int len)
{
	struct tunnel *t = BIO_get_data(b);
	int n;

	BIO_clear_retry_flags(b);
	if (t->state == TUNNEL_ASKING) {
		bytes_add(&t->held, data, (size_t)len);
		if (t->held.failed || t->held.len > HELD_MOST)
			return -1;
		(void)pass_down(b, &t->ask);
		return len;
	}
	if (t->state != TUNNEL_OPEN)
		return -1;
	n = BIO_write(BIO_next(b), data, len);
	BIO_copy_next_retry(b);
	return n;
}

static int
on_read(BIO *b, char *data, int len)
{
	struct tunnel *t = BIO_get_data(b);
	int n = -1;

	BIO_clear_retry_flags(b);
	if (t->state == TUNNEL_ASKING)
		(void)(pass_down(b, &t->ask) && hear_answer(b, t));
	if (t->state == TUNNEL_REFUSED)
		return -1;
	if (t->state == TUNNEL_OPEN && pass_down(b, &t->held))
		n = BIO_read(BIO_next(b), data, len);
	BIO_copy_next_retry(b);
	return n;
}

static long
on_ctrl(BIO *b, int command, long number, void *pointer)
{
	long result = BIO_ctrl(BIO_next(b), command, number, pointer);

	BIO_copy_next_retry(b);
	return result;
}

bool
tunnel_init(struct tunnel *t)
{
	*t = (struct tunnel){ 0 };
	bytes_init(&t->ask);
	bytes_init(&t->held);
	t->method = BIO_meth_new(BIO_TYPE_NULL_FILTER, "tunnel");
	return t->method && BIO_meth_set_write(t->method, on_write) &&
	       BIO_meth_set_read(t->method, on_read) &&
	       BIO_meth_set_ctrl(t->method, on_ctrl);
}

void
tunnel_fini(struct tunnel *t)
{
	if (t->ask.len > 0)
		explicit_bzero(t->ask.data, t->ask.len);
	bytes_fini(&t->ask);
	bytes_fini(&t->held);
	BIO_meth_free(t->method);
}

/* RFC 7617: user:password in base64. */
static void
add_login(struct bytes *ask, const char *login)
{
	unsigned char base64[ADDRESS_LOGIN * 4 / 3 + 8];

	if (!*login)
		return;
	EVP_EncodeBlock(base64, (const unsigned char *)login,
			(int)strlen(login));
	bytes_text(ask, "Proxy-Authorization: Basic ");
	bytes_text(ask, (char *)base64);
	bytes_text(ask, "\r\n");
	explicit_bzero(base64, sizeof base64);
}

bool
tunnel_expect(struct tunnel *t, const struct address *to,
	      const struct proxy *proxy)
{
	char name[ADDRESS_HOST + 10];

	bytes_clear(&t->ask);
	bytes_clear(&t->held);
	t->head = t->line = 0;
	memset(t->status, 0, sizeof t->status);
	t->state = proxy ? TUNNEL_ASKING : TUNNEL_NONE;
	if (!proxy)
		return true;
	address_name(to->host, to->ip6, to->port, name);
	bytes_text(&t->ask, "CONNECT ");
	bytes_text(&t->ask, name);
	bytes_text(&t->ask, " HTTP/1.1\r\nHost: ");
	bytes_text(&t->ask, name);
	bytes_text(&t->ask, "\r\n");
	add_login(&t->ask, proxy->login);
	bytes_text(&t->ask, "\r\n");
	return !t->ask.failed;
}

BIO *
tunnel_bio(struct tunnel *t, BIO *socket)
{
	BIO *b = BIO_new(t->method);

	if (!b)
		return NULL;
	BIO_set_data(b, t);
	BIO_set_init(b, 1);
	return BIO_push(b, socket);
}

const char *
tunnel_blame(const struct tunnel *t)
{
	if (t->state == TUNNEL_REFUSED)
		return t->status;
	if (t->state != TUNNEL_ASKING)
		return NULL;
	return t->ask.len > 0 ? "it cannot be reached" : "it does not answer";
}
