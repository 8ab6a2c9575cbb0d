/* SPDX-License-Identifier: Apache-2.0 */
/* conn: one peer, from accept to the end. */
#include "conn.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "acked.h"
#include "gate.h"
#include "log.h"
#include "net_body.h"
#include "piece.h"
#include "send.h"
#include "text.h"
#include "tls.h"

#define CLOSE_SECONDS 5
#define SLOW_READER 4013
#define PINGS_MOST 2
#define PING_PATIENCE 20 /* seconds for the answer to one that is overdue */

#define REASON_MOST 123 /* bytes: RFC 6455 section 5.5.1 */

/* ---- life -------------------------------------------------------------- */

struct conn *
conn_new(struct net *net, enum door_kind door, struct gate_address *address)
{
	struct conn *conn = calloc(1, sizeof *conn);

	if (!conn)
		return NULL;
	conn->net = net;
	conn->door = door;
	conn->fd = -1;
	conn->address = address;
	conn->accepted = net->wheel.tick;
	conn->state = door == DOOR_ADMIN ? CONN_ASKING : CONN_HANDSHAKING;
	TAILQ_INSERT_TAIL(&net->list[conn->state], conn, in_state);
	net->count[conn->state]++;
	conn->phase_due =
		wheel_after(&net->wheel, net->settings.handshake_seconds);
	conn_file(conn, conn->phase_due);
	return conn;
}

static bool
is_socket(int fd, ino_t *inode)
{
	struct stat what;

	if (fd < 0 || fstat(fd, &what) != 0 || !S_ISSOCK(what.st_mode))
		return false;
	*inode = what.st_ino;
	return true;
}

void
conn_has_socket(struct conn *conn, int fd)
{
	if (is_socket(fd, &conn->socket))
		conn->fd = fd;
}

/*
 * By now libwebsockets has closed it, except when memory was out as OpenSSL
 * was to be told of it: then it asks OpenSSL what to close, closes nothing
 * (4.1.6, lws_ssl_close), and the peer would wait for ever.
 */
static void
close_forgotten(struct conn *conn)
{
	ino_t socket;

	if (is_socket(conn->fd, &socket) && socket == conn->socket)
		close(conn->fd);
}

void
conn_free(struct conn *conn)
{
	struct net *net;

	if (!conn)
		return;
	net = conn->net;
	close_forgotten(conn);
	TAILQ_REMOVE(&net->list[conn->state], conn, in_state);
	net->count[conn->state]--;
	wheel_remove(&net->wheel, &conn->deadline);
	if (conn->address)
		gate_give(&net->gate, conn->address);
	backlog_free(conn->backlog);
	pieces_free(conn->pieces);
	pieces_free(conn->held);
	free(conn->certified);
	free(conn);
	doors_resume(net);
}

void
conn_move(struct conn *conn, enum conn_state state)
{
	struct net *net = conn->net;
	bool was_handshaking = conn->state == CONN_HANDSHAKING;

	TAILQ_REMOVE(&net->list[conn->state], conn, in_state);
	net->count[conn->state]--;
	conn->state = state;
	TAILQ_INSERT_TAIL(&net->list[state], conn, in_state);
	net->count[state]++;
	if (was_handshaking)
		doors_resume(net);
}

void
conn_opened(struct conn *conn)
{
	struct net *net = conn->net;

	conn_move(conn, CONN_OPEN);
	conn->ssl = lws_get_ssl(conn->wsi);
	conn->heard = net->wheel.tick;
	conn->phase_due = wheel_after(&net->wheel, net->settings.login_seconds);
	conn_file(conn, conn->phase_due);
	conn_keepalive(conn, net->settings.keepalive_seconds);
	conn->told = true;
	conn->owner = net->calls.opened(net->calls.context, conn);
	if (!conn->owner) {
		conn->told = false;
		conn_close(conn, 1013, "no room");
	}
}

void
conn_ended(struct conn *conn)
{
	bool told = conn->told;

	conn->told = false;
	conn->killed = true;
	conn->ssl = NULL;
	if (conn->state != CONN_ENDED)
		conn_move(conn, CONN_ENDED);
	wheel_remove(&conn->net->wheel, &conn->deadline);
	if (told)
		conn->net->calls.closed(conn->owner);
}

void
conn_kill(struct conn *conn)
{
	if (conn->killed)
		return;
	conn->killed = true;
	if (conn->state == CONN_HANDSHAKING)
		conn_move(conn, CONN_ENDED);
	else if (conn->state == CONN_OPEN)
		conn_move(conn, CONN_CLOSING);
	lws_set_timeout(conn->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT,
			LWS_TO_KILL_ASYNC);
	net_wake(conn->net);
}

/* ---- deadlines --------------------------------------------------------- */

void
conn_file(struct conn *conn, uint32_t due)
{
	if (conn->deadline.due == 0 || due < conn->deadline.due)
		wheel_file(&conn->net->wheel, &conn->deadline, due);
}

void
conn_heard(struct conn *conn)
{
	conn->heard = conn->net->wheel.tick;
	conn->unanswered = 0;
}

/*
 * A peer we do not read cannot be heard: there it has to do that its machine
 * acknowledges what we send, or those that have gone would pile up.
 */
static bool
is_deaf_but_acked(struct conn *conn)
{
	uint32_t acked;
	bool moved;

	if (!conn->stopped)
		return false;
	acked = (uint32_t)acked_bytes(lws_get_socket_fd(conn->wsi));
	moved = acked != conn->acked;
	conn->acked = acked;
	return moved;
}

static void
send_ping(struct conn *conn)
{
	/* Not empty: libwebsockets tells nobody of an empty pong. */
	static const unsigned char frame[] = { 0x89, 2, 'h', 'y' };

	conn->unanswered++;
	(void)send_frames(conn, frame, sizeof frame);
}

/* Seconds until it is looked at again: sooner when a ping is unanswered. */
static int
patience(const struct conn *conn)
{
	int seconds = conn->keepalive;

	return conn->unanswered > 0 && seconds > PING_PATIENCE ? PING_PATIENCE :
								 seconds;
}

static void
ping(struct conn *conn)
{
	uint32_t now = conn->net->wheel.tick;
	int wait = conn->keepalive;

	/* While bytes are queued what counts is whether they move: stalls. */
	if (conn->backlog || is_deaf_but_acked(conn))
		conn_heard(conn);
	if (conn->unanswered >= PINGS_MOST)
		conn_kill(conn);
	else if (conn->unanswered > 0 || (int)(now - conn->heard) >= wait)
		send_ping(conn);
	wait = patience(conn);
	if (conn->unanswered == 0)
		wait -= (int)(now - conn->heard);
	conn->ping_due = wheel_after(&conn->net->wheel, wait);
}

/* What takes part in the next look; killed ones need none. */
static void
file_next(struct conn *conn)
{
	const uint32_t due[] = { conn->phase_due, conn->message_due,
				 conn->ping_due, conn->stall_due,
				 conn->close_due };

	if (conn->killed)
		return;
	for (size_t i = 0; i < sizeof due / sizeof *due; i++)
		if (due[i])
			conn_file(conn, due[i]);
}

static bool
is_due(const struct conn *conn, uint32_t due)
{
	return due && due <= conn->net->wheel.tick;
}

/* Who has used up all its time gets no more of it for saying goodbye. */
static void
give_up(struct conn *conn, int code, const char *reason)
{
	conn_close(conn, code, reason);
	if (conn->state == CONN_CLOSING)
		conn->close_due = wheel_after(&conn->net->wheel, 0);
}

static void
check_message(struct conn *conn)
{
	struct net *net = conn->net;

	if (conn->paused || conn->stopped)
		conn->message_due =
			wheel_after(&net->wheel, net->settings.message_seconds);
	else
		give_up(conn, 1002, "message not finished in time");
}

void
conn_due(struct wheel_item *item)
{
	struct conn *conn = lws_container_of(item, struct conn, deadline);

	if (is_due(conn, conn->close_due) ||
	    (is_due(conn, conn->phase_due) && conn->state != CONN_OPEN))
		conn_kill(conn);
	else if (is_due(conn, conn->phase_due))
		give_up(conn, 4001, "no hello in time");
	if (conn->state == CONN_OPEN && is_due(conn, conn->message_due))
		check_message(conn);
	if (conn->state == CONN_OPEN && is_due(conn, conn->stall_due)) {
		conn->stall_due = wheel_after(&conn->net->wheel, 0);
		if (send_is_stalled(conn))
			conn_cut(conn);
	}
	if (conn->state == CONN_OPEN && is_due(conn, conn->ping_due))
		ping(conn);
	file_next(conn);
}

/* ---- what the session says --------------------------------------------- */

enum conn_sent
conn_send_framed(struct conn *conn, const void *data, size_t len)
{
	if (conn->state != CONN_OPEN || conn->killed)
		return CONN_GONE;
	return send_frames(conn, data, len);
}

enum conn_sent
conn_send(struct conn *conn, const char *text, size_t len)
{
	struct bytes *scratch = &conn->net->scratch;
	unsigned char head[FRAME_HEAD_MAX];

	bytes_clear(scratch);
	bytes_add(scratch, head, frame_head(head, len));
	bytes_add(scratch, text, len);
	if (scratch->failed) {
		conn_kill(conn);
		return CONN_GONE;
	}
	return conn_send_framed(conn, scratch->data, scratch->len);
}

bool
conn_is_blocked(const struct conn *conn)
{
	return conn->backlog != NULL;
}

void
conn_known(struct conn *conn)
{
	if (conn->state == CONN_OPEN)
		conn->phase_due = 0;
}

void
conn_keepalive(struct conn *conn, int seconds)
{
	if (conn->state != CONN_OPEN || conn->killed)
		return;
	conn->keepalive = seconds;
	conn->ping_due = wheel_after(&conn->net->wheel, seconds);
	conn_file(conn, conn->ping_due);
}

void
conn_pause(struct conn *conn, bool pause)
{
	if (conn->paused == pause || conn->state != CONN_OPEN || conn->killed)
		return;
	conn->paused = pause;
	if (pause)
		pieces_pause(conn);
	else if (conn->held || conn->stopped)
		lws_callback_on_writable(conn->wsi); /* see conn_writable */
	conn_heard(conn);
}

/* Closing has begun and must not take for ever. */
static void
leave(struct conn *conn)
{
	conn_move(conn, CONN_CLOSING);
	conn->phase_due = 0;
	conn->close_due = wheel_after(&conn->net->wheel, CLOSE_SECONDS - 1);
	conn_file(conn, conn->close_due);
	/* Its answer has to be read. */
	conn->paused = false;
	if (conn->stopped)
		lws_rx_flow_control(conn->wsi, 1);
	conn->stopped = false;
}

int
conn_hears_goodbye(struct conn *conn)
{
	if (conn->state == CONN_OPEN)
		leave(conn);
	/* The answer to ours wants no answer; another, libwebsockets gives. */
	return conn->said_goodbye ? -1 : 0;
}

/*
 * The close frame is ours: Debian's libwebsockets was built with _DEBUG, and
 * so on libuv closes twice in a row, which kills what it was about to say.
 */
void
conn_close(struct conn *conn, int code, const char *reason)
{
	unsigned char frame[4 + REASON_MOST + 1] = { 0x88 };

	if (conn->state != CONN_OPEN || conn->killed)
		return;
	leave(conn);
	frame[2] = (unsigned char)(code >> 8);
	frame[3] = (unsigned char)code;
	(void)text_copy((char *)frame + 4, sizeof frame - 4, reason);
	frame[1] = (unsigned char)(2 + strlen((char *)frame + 4));
	conn->said_goodbye = true;
	(void)send_frames(conn, frame, 2u + frame[1]);
}

void
conn_cut(struct conn *conn)
{
	log_event(LOG_INFO, "slow reader cut", "address", conn_address(conn),
		  NULL);
	send_drop(conn);
	conn_close(conn, SLOW_READER, "slow reader");
}

const char *
conn_address(const struct conn *conn)
{
	return conn->address ? conn->address->text : "";
}

const char *
conn_certified_name(const struct conn *conn)
{
	return conn->certified;
}

/* ---- what libwebsockets says ------------------------------------------- */

int
conn_writable(struct conn *conn)
{
	bool was_blocked = conn->backlog != NULL;

	if (conn->killed)
		return -1;
	if (!send_flush(conn))
		return conn->killed ? -1 : 0;
	if (was_blocked && conn->state == CONN_OPEN)
		conn->net->calls.writable(conn->owner);
	if (conn->state == CONN_OPEN)
		pieces_resume(conn);
	return conn->killed ? -1 : 0;
}
