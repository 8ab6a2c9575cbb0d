/* SPDX-License-Identifier: Apache-2.0 */
/* conn: a connection, what it reads and what is written to it. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "floor.h"

#define HEAD_MAX 4096

static char came[256 * 1024];

/* --- buffers ------------------------------------------------------------- */

void
buffer_add(struct buffer *b, const void *data, size_t len)
{
	if (b->len + len > b->room) {
		b->room = (b->len + len) * 2;
		b->data = realloc(b->data, b->room);
		if (!b->data)
			die("realloc");
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
buffer_take(struct buffer *b, size_t len)
{
	b->len -= len;
	if (b->len > 0) {
		memmove(b->data, b->data + len, b->len);
		return;
	}
	free(b->data);
	*b = (struct buffer){ 0 };
}

/* --- writing ------------------------------------------------------------- */

void
conn_close(struct conn *c)
{
	if (c->state == OPEN && !c->publisher) {
		struct conn *last = bare.subscriber[--bare.subscribers];

		bare.subscriber[c->place] = last;
		last->place = c->place;
	}
	SSL_free(c->ssl);
	close(c->fd);
	free(c->in.data);
	free(c->out.data);
	free(c);
}

static void
poll_out(struct conn *c, bool on)
{
	struct epoll_event event = { .events = EPOLLIN | (on ? EPOLLOUT : 0),
				     .data.ptr = c };

	if (c->polls_out == on)
		return;
	c->polls_out = on;
	(void)epoll_ctl(bare.epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

/* Is it only that there is nothing to do now? */
static bool
wants_more(SSL *ssl, int n)
{
	int error = SSL_get_error(ssl, n);

	ERR_clear_error();
	return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ;
}

/* Bytes written, 0 when the socket is full, -1 when the connection is dead. */
static ssize_t
write_some(struct conn *c, const char *data, size_t len)
{
	int n = SSL_write(c->ssl, data, (int)len);

	if (n > 0)
		return n;
	return wants_more(c->ssl, n) ? 0 : -1;
}

bool
conn_send(struct conn *c, const char *data, size_t len)
{
	while (len > 0 && c->out.len == 0) {
		ssize_t n = write_some(c, data, len);

		if (n < 0)
			return false;
		if (n == 0)
			break;
		data += n;
		len -= (size_t)n;
	}
	if (len > 0) {
		buffer_add(&c->out, data, len);
		poll_out(c, true);
	}
	return true;
}

static bool
flush(struct conn *c)
{
	while (c->out.len > 0) {
		ssize_t n = write_some(c, c->out.data, c->out.len);

		if (n < 0)
			return false;
		if (n == 0)
			return true;
		buffer_take(&c->out, (size_t)n);
	}
	poll_out(c, false);
	return true;
}

void
broadcast(void)
{
	if (bare.frames.len == 0)
		return;
	/* From the last on: closing one puts the last in its place. */
	for (size_t i = bare.subscribers; i-- > 0;) {
		struct conn *c = bare.subscriber[i];

		if (!conn_send(c, bare.frames.data, bare.frames.len))
			conn_close(c);
	}
	bare.frames.len = 0;
}

/* --- reading ------------------------------------------------------------- */

static bool
publisher_said(struct conn *c)
{
	size_t from = 0;
	ssize_t n;

	while ((n = frame_take(&c->in, from, &bare.frames)) > 0) {
		from += (size_t)n;
		if (!bare.batch)
			broadcast();
	}
	if (from > 0)
		buffer_take(&c->in, from);
	return n == 0;
}

static bool
on_bytes(struct conn *c, size_t len)
{
	if (c->state == OPEN && !c->publisher)
		return true; /* subscribers have no say */
	buffer_add(&c->in, came, len);
	if (c->state == OPEN)
		return publisher_said(c);
	buffer_add(&c->in, "", 1);
	c->in.len--;
	if (c->in.len > HEAD_MAX)
		return false;
	return !strstr(c->in.data, "\r\n\r\n") || upgrade(c);
}

static bool
on_readable(struct conn *c)
{
	for (;;) {
		int n = SSL_read(c->ssl, came, sizeof came);

		if (n <= 0)
			return wants_more(c->ssl, n);
		if (!on_bytes(c, (size_t)n))
			return false;
		if (c->publisher && bare.batch)
			continue; /* until it is read empty */
		if (SSL_pending(c->ssl) == 0)
			return true;
	}
}

bool
conn_event(struct conn *c, uint32_t events)
{
	bool good = true;
	int n;

	if (c->state == TLS_ACCEPT) {
		n = SSL_accept(c->ssl);
		if (n != 1)
			return wants_more(c->ssl, n);
		c->state = HTTP_HEAD;
		return true;
	}
	if ((events & EPOLLOUT) && !flush(c))
		return false;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		good = on_readable(c);
		if (c->publisher)
			broadcast();
	}
	return good;
}

void
conn_accept(int fd)
{
	const int on = 1;
	struct conn *c = calloc(1, sizeof *c);
	struct epoll_event event = { .events = EPOLLIN };

	if (!c)
		die("calloc");
	event.data.ptr = c;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	c->fd = fd;
	c->state = TLS_ACCEPT;
	c->ssl = SSL_new(bare.tls);
	if (!c->ssl || SSL_set_fd(c->ssl, fd) != 1)
		die("SSL_new");
	SSL_set_accept_state(c->ssl);
	if (epoll_ctl(bare.epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		conn_close(c);
}
