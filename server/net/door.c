/* SPDX-License-Identifier: Apache-2.0 */
/* door: a listening socket of ours, and what comes in through it. */
#include "door.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "net_body.h"

#define ACCEPT_A_TURN 64
#define BACKLOG 4096
#define ASKING_MOST 16      /* operators at once */
#define KERNEL_UNSENT 65536 /* bytes not yet sent it may hold of a conn */
#define OLD_HANDSHAKE 2     /* ticks: surely over one second */
#define LOOK_MOST 256       /* handshakes looked at to find one */

static void door_accept_on(struct door *door, bool accepting);

/* ---- opening ----------------------------------------------------------- */

static int
port_of(const struct door *door)
{
	const struct net_settings *s = &door->net->settings;

	return door->kind == DOOR_COMMON    ? s->port :
	       door->kind == DOOR_CERTIFIED ? s->mtls_port :
					      s->admin_port;
}

static const char *
host_of(const struct door *door)
{
	const struct net_settings *s = &door->net->settings;

	return door->kind == DOOR_ADMIN ? s->admin_host : s->host;
}

static int
parse_address(const struct door *door, struct sockaddr_storage *at)
{
	const char *host = host_of(door);
	int port = port_of(door);

	if (uv_ip4_addr(host, port, (struct sockaddr_in *)(void *)at) == 0 ||
	    uv_ip6_addr(host, port, (struct sockaddr_in6 *)(void *)at) == 0)
		return 0;
	return -1;
}

/* Accepted sockets inherit these: no system calls for each of them. */
static void
set_options(int fd)
{
	const int on = 1, unsent = KERNEL_UNSENT;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* What a peer does not read stays ours to bound, not the kernel's. */
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

/* By errno; borrowed until the next call. */
static const char *
why_deaf(const struct door *door)
{
	static char text[160];

	snprintf(text, sizeof text,
		 "port %d of %.60s cannot be listened on: %s", port_of(door),
		 host_of(door), strerror(errno));
	return text;
}

static int
listen_at(const struct door *door, const char **why)
{
	const int on = 1;
	struct sockaddr_storage at = { 0 };
	socklen_t len;
	int fd;

	*why = "the address to listen on is not an IP address";
	if (parse_address(door, &at) < 0)
		return -1;
	len = at.ss_family == AF_INET ? sizeof(struct sockaddr_in) :
					sizeof(struct sockaddr_in6);
	fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    0);
	if (fd < 0) {
		*why = why_deaf(door);
		return -1;
	}
	/* Nodes share the port; an operator asks one node. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (door->kind != DOOR_ADMIN)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
	set_options(fd);
	if (bind(fd, (struct sockaddr *)&at, len) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		*why = why_deaf(door);
		close(fd);
		return -1;
	}
	return fd;
}

static int
inherit(int fd, const char **why)
{
	int listens = 0;
	socklen_t len = sizeof listens;

	*why = "the inherited descriptor is not a listening socket";
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) != 0 ||
	    !listens)
		return -1;
	/* Ours is a copy: the supervisor's stays open when we stop. */
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (fd >= 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		set_options(fd);
	}
	return fd;
}

static void on_incoming(uv_poll_t *poll, int status, int events);

int
door_open(struct door *door, const char **why)
{
	struct net *net = door->net;
	int given = door->kind == DOOR_COMMON ? net->settings.listen_fd : -1;

	door->fd = given >= 0 ? inherit(given, why) : listen_at(door, why);
	if (door->fd < 0)
		return -1;
	if (uv_poll_init(net->loop, &door->poll, door->fd) != 0) {
		close(door->fd);
		door->fd = -1;
		return -1;
	}
	door->poll.data = door;
	door->is_open = true;
	net->handles++;
	door_accept_on(door, true);
	return 0;
}

static void
on_closed(uv_handle_t *handle)
{
	struct door *door = handle->data;

	door->net->handles--;
}

void
door_close(struct door *door)
{
	if (!door->is_open)
		return;
	door->is_open = false;
	door->is_accepting = false;
	uv_poll_stop(&door->poll);
	uv_close((uv_handle_t *)&door->poll, on_closed);
	close(door->fd);
	door->fd = -1;
}

/* ---- accepting --------------------------------------------------------- */

static void
door_accept_on(struct door *door, bool accepting)
{
	if (!door->is_open || door->is_accepting == accepting)
		return;
	door->is_accepting = accepting;
	if (accepting)
		must(uv_poll_start(&door->poll, UV_READABLE, on_incoming) == 0);
	else
		uv_poll_stop(&door->poll);
}

static bool
has_spoken(const struct conn *conn)
{
	SSL *ssl = lws_get_ssl(conn->wsi);

	return ssl && BIO_number_read(SSL_get_rbio(ssl)) > 0;
}

/*
 * Who may be sent away for another: one that had its second and never said a
 * byte, or that took half of all its time. A slow village that is speaking
 * keeps its place when power returns everywhere; then new ones wait.
 */
static struct conn *
find_dispensable(struct net *net)
{
	uint32_t half = (uint32_t)net->settings.handshake_seconds / 2;
	struct conn *conn;
	int looked = 0;

	TAILQ_FOREACH(conn, &net->list[CONN_HANDSHAKING], in_state) {
		uint32_t age = net->wheel.tick - conn->accepted;

		if (age < OLD_HANDSHAKE || looked++ == LOOK_MOST)
			return NULL;
		if (age > half + 1 || !has_spoken(conn))
			return conn;
	}
	return NULL;
}

/* Room for one more handshake? It may be made. */
static bool
has_room(struct net *net)
{
	struct conn *conn;

	if (net->count[CONN_HANDSHAKING] < net->settings.handshakes)
		return true;
	conn = find_dispensable(net);
	if (conn)
		conn_kill(conn);
	return conn != NULL;
}

void
doors_resume(struct net *net)
{
	for (int i = 0; i < DOOR_KINDS; i++) {
		struct door *door = &net->door[i];

		if (door->is_open && !door->is_accepting &&
		    (door->kind == DOOR_ADMIN || has_room(net)))
			door_accept_on(door, true);
	}
}

static bool
is_full(const struct net *net, enum door_kind kind)
{
	if (kind == DOOR_ADMIN)
		return net->count[CONN_ASKING] >= ASKING_MOST;
	return net->count[CONN_HANDSHAKING] + net->count[CONN_OPEN] +
		       net->count[CONN_CLOSING] + net->count[CONN_ENDED] >=
	       net->settings.connections;
}

static void
adopt(struct door *door, struct conn *conn, int fd)
{
	lws_adopt_desc_t how = {
		.vh = door->vhost,
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
		.fd.sockfd = fd,
		.opaque = conn,
	};

	door->net->adopted = false;
	/*
	 * When it fails libwebsockets has closed fd; it forgets the conn by
	 * itself (LWS_CALLBACK_WSI_DESTROY) only if it had taken it before.
	 */
	if (!lws_adopt_descriptor_vhost_via_info(&how) && !door->net->adopted)
		conn_free(conn);
}

static void
take_in(struct door *door, int fd, const struct sockaddr *from)
{
	struct net *net = door->net;
	struct gate_address *address = NULL;
	struct conn *conn;

	if (is_full(net, door->kind) ||
	    (door->kind != DOOR_ADMIN &&
	     !(address = gate_take(&net->gate, from)))) {
		close(fd);
		return;
	}
	conn = conn_new(net, door->kind, address);
	if (!conn) {
		if (address)
			gate_give(&net->gate, address);
		close(fd);
		return;
	}
	conn_has_socket(conn, fd);
	adopt(door, conn, fd);
}

/* False when there is nothing more to accept in this turn. */
static bool
accept_one(struct door *door)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof from;
	int fd;

	if (door->kind != DOOR_ADMIN && !has_room(door->net)) {
		door_accept_on(door, false);
		return false;
	}
	fd = accept4(door->fd, (struct sockaddr *)&from, &len,
		     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0) {
		door->net->is_short = false;
		take_in(door, fd, (struct sockaddr *)&from);
		return true;
	}
	if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
	    errno == ENOMEM) {
		if (!door->net->is_short)
			log_event(LOG_WARN, "no descriptor for a connection",
				  "error", strerror(errno), NULL);
		door->net->is_short = true;
		door_accept_on(door, false);
		return false;
	}
	/* The others are troubles of that one connection (accept(2)). */
	return errno != EAGAIN && errno != EWOULDBLOCK;
}

static void
on_incoming(uv_poll_t *poll, int status, int events)
{
	struct door *door = poll->data;

	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPT_A_TURN && accept_one(door); i++)
		;
}
