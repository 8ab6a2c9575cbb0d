/* SPDX-License-Identifier: Apache-2.0 */
/* peer: one connection of ours on the one epoll loop. */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"
#include "speak.h"

#define EVENTS 512

static char came[256 * 1024];
static int epoll_fd;
static SSL_CTX *tls;
static SSL_SESSION **ticket; /* newest of each subscriber; owned */

/* --- the beginning ------------------------------------------------------- */

/* Keeps the newest session ticket of each subscriber, for --resume. */
static int
on_ticket(SSL *ssl, SSL_SESSION *session)
{
	struct peer *p = SSL_get_app_data(ssl);

	if (!p || p->role != SUBSCRIBER)
		return 0;
	SSL_SESSION_free(ticket[p->index]);
	ticket[p->index] = session;
	return 1;
}

bool
peers_init(void)
{
	const struct options *o = &load.options;
	size_t count = (size_t)(o->conns + o->slot_connects) + 1;

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	load.peer = calloc(count, sizeof *load.peer);
	ticket = calloc(count, sizeof(SSL_SESSION *));
	tls = SSL_CTX_new(TLS_client_method());
	if (epoll_fd < 0 || !load.peer || !ticket || !tls)
		return false;
	SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
	SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_mode(tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_ENABLE_PARTIAL_WRITE);
	/* One recv() per readable event instead of two per TLS record. */
	SSL_CTX_set_read_ahead(tls, 1);
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_CLIENT |
						    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(tls, on_ticket);
	return SSL_CTX_set_ciphersuites(tls, o->cipher) == 1 &&
	       SSL_CTX_set1_groups_list(tls, o->group) == 1;
}

static void
poll_out(struct peer *p, bool on)
{
	struct epoll_event event = { .events = EPOLLIN | (on ? EPOLLOUT : 0),
				     .data.ptr = p };

	if (p->polls_out == on)
		return;
	p->polls_out = on;
	(void)epoll_ctl(epoll_fd, EPOLL_CTL_MOD, p->fd, &event);
}

/* From 127.0.0.1 and up: more source ports than one address has. */
static bool
dial(struct peer *p, const struct url *u)
{
	const int on = 1;
	int from_number = p->index % load.options.sources;
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(u->port) };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT,
				     .data.ptr = p };

	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)from_number);
	setsockopt(p->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return inet_pton(AF_INET, u->host, &to.sin_addr) == 1 &&
	       bind(p->fd, (struct sockaddr *)&from, sizeof from) == 0 &&
	       (connect(p->fd, (struct sockaddr *)&to, sizeof to) == 0 ||
		errno == EINPROGRESS) &&
	       epoll_ctl(epoll_fd, EPOLL_CTL_ADD, p->fd, &event) == 0;
}

static bool
begin_tls(struct peer *p)
{
	p->ssl = SSL_new(tls);
	if (!p->ssl || SSL_set_fd(p->ssl, p->fd) != 1)
		return false;
	SSL_set_app_data(p->ssl, p);
	SSL_set_connect_state(p->ssl);
	if (p->role == SUBSCRIBER && load.options.resume && ticket[p->index])
		SSL_set_session(p->ssl, ticket[p->index]);
	return true;
}

bool
peer_start(struct peer *p, const struct url *u, enum peer_role role, int index)
{
	*p = (struct peer){ .index = index, .role = role };
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		return false;
	p->started_ns = now_ns();
	p->state = PEER_TCP;
	p->polls_out = true;
	load.connecting++;
	if (dial(p, u) && (!u->tls || begin_tls(p)))
		return true;
	peer_close(p);
	return false;
}

void
peer_opened(struct peer *p)
{
	uint64_t now = now_ns();

	load.connecting--;
	p->state = PEER_OPEN;
	if (p->role != SUBSCRIBER) {
		load.publishing = true;
		return;
	}
	/* Whatever was published before is not due on this one. */
	p->reader.got = load.published;
	p->reader.next = load.published;
	load.open++;
	load.last_open_ns = now;
	histogram_add(&load.connects, now - p->started_ns);
}

static void
discount(struct peer *p)
{
	if (p->role != SUBSCRIBER)
		load.publishing = false;
	if (p->state != PEER_OPEN) {
		load.connecting--;
		load.failed += p->role == SUBSCRIBER;
	} else if (p->role == SUBSCRIBER) {
		load.open--;
		/* Nothing more is due on it: its share counts as lost. */
		load.expected -=
			(int64_t)load.published - (int64_t)p->reader.got;
	}
}

void
peer_close(struct peer *p)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	if (p->state == PEER_FREE || p->state == PEER_DEAD)
		return;
	discount(p);
	p->state = PEER_DEAD;
	if (p->ssl) {
		/* Not a bad session: its ticket stays usable. */
		SSL_set_shutdown(p->ssl,
				 SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
		SSL_free(p->ssl);
		p->ssl = NULL;
	}
	/* Reset instead of FIN: no TIME_WAIT left behind between runs. */
	setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	close(p->fd);
	free(p->out.data);
	free(p->head);
	free(p->heard);
	p->out = (struct out){ 0 };
	p->head = NULL;
	p->heard = NULL;
}

/* --- sending ------------------------------------------------------------- */

/* Writes what it can: bytes written, 0 to try later, -1 when dead. */
static ssize_t
write_some(struct peer *p, const char *data, size_t len)
{
	ssize_t n;

	if (!p->ssl) {
		n = send(p->fd, data, len, MSG_NOSIGNAL);
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
	}
	ERR_clear_error();
	n = SSL_write(p->ssl, data, (int)len);
	if (n > 0)
		return n;
	switch (SSL_get_error(p->ssl, (int)n)) {
	case SSL_ERROR_WANT_WRITE:
	case SSL_ERROR_WANT_READ:
		return 0;
	default:
		return -1;
	}
}

static bool
flush(struct peer *p)
{
	struct out *o = &p->out;

	while (o->off < o->len) {
		ssize_t n = write_some(p, o->data + o->off, o->len - o->off);

		if (n < 0)
			return false;
		if (n == 0)
			break;
		o->off += (size_t)n;
	}
	if (o->off == o->len)
		o->off = o->len = 0;
	poll_out(p, o->len > 0);
	return true;
}

bool
peer_send(struct peer *p, const void *data, size_t len)
{
	struct out *o = &p->out;

	if (o->len + len > o->room) {
		size_t room = (o->len + len) * 2 + 256;
		char *grown = realloc(o->data, room);

		if (!grown)
			return false;
		o->data = grown;
		o->room = room;
	}
	memcpy(o->data + o->len, data, len);
	o->len += len;
	return flush(p);
}

/* --- events -------------------------------------------------------------- */

/* Bytes read, 0 to try later, -1 when dead. */
static ssize_t
read_some(struct peer *p)
{
	ssize_t n;

	if (!p->ssl) {
		n = recv(p->fd, came, sizeof came, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		return n > 0 ? n : -1;
	}
	ERR_clear_error();
	n = SSL_read(p->ssl, came, sizeof came);
	if (n > 0)
		return n;
	return SSL_get_error(p->ssl, (int)n) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static bool
on_bytes(struct peer *p, size_t len)
{
	uint64_t now = now_ns();

	if (load.measuring)
		load.bytes_in += len;
	if (p->state == PEER_UPGRADE)
		return upgrade_read(p, came, len, now);
	if (p->role == POSTER)
		return posts_read(p, came, len);
	return frames_read(p, came, len, now);
}

static bool
on_readable(struct peer *p)
{
	for (;;) {
		ssize_t n = read_some(p);

		if (n <= 0)
			return n == 0;
		if (!on_bytes(p, (size_t)n))
			return false;
		if (p->state == PEER_DEAD || !p->ssl ||
		    !SSL_has_pending(p->ssl))
			return true;
	}
}

static bool
on_transport(struct peer *p)
{
	if (p->role != POSTER)
		return upgrade_send(p);
	peer_opened(p);
	poll_out(p, false);
	return true;
}

static bool
on_tls(struct peer *p)
{
	int n;

	ERR_clear_error();
	n = SSL_do_handshake(p->ssl);
	if (n == 1)
		return on_transport(p);
	n = SSL_get_error(p->ssl, n);
	poll_out(p, n == SSL_ERROR_WANT_WRITE);
	return n == SSL_ERROR_WANT_READ || n == SSL_ERROR_WANT_WRITE;
}

static bool
on_connected(struct peer *p, uint32_t events)
{
	int error = 0;
	socklen_t len = sizeof error;

	getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error != 0 || !(events & EPOLLOUT))
		return error == 0;
	p->state = PEER_TLS;
	return p->ssl ? on_tls(p) : on_transport(p);
}

static bool
on_event(struct peer *p, uint32_t events)
{
	if (p->state == PEER_TCP)
		return on_connected(p, events);
	if (p->state == PEER_TLS)
		return on_tls(p);
	if ((events & EPOLLOUT) && !flush(p))
		return false;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		return on_readable(p);
	return true;
}

void
loop_turn(int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll_fd, events, EVENTS, timeout_ms);

	for (int i = 0; i < n; i++) {
		struct peer *p = events[i].data.ptr;

		if (p->state == PEER_FREE || p->state == PEER_DEAD ||
		    on_event(p, events[i].events))
			continue;
		load.dropped += p->state == PEER_OPEN && p->role == SUBSCRIBER;
		peer_close(p);
	}
}
