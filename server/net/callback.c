/* SPDX-License-Identifier: Apache-2.0 */
/* callback: what libwebsockets tells us, passed on to whom it concerns. */
#include "callback.h"

#include "http_answer.h"
#include "net_body.h"
#include "piece.h"
#include "upgrade.h"

/* On the way from a socket to a WebSocket. */
static int
on_way_in(struct conn *conn, enum lws_callback_reasons reason)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return upgrade_judge(conn);
	case LWS_CALLBACK_HTTP:
		return conn->door == DOOR_ADMIN ? http_ask_admin(conn) :
						  upgrade_refuse_plain(conn);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return conn->judged && lws_get_protocol(conn->wsi)->id ? 0 : -1;
	case LWS_CALLBACK_RAW_ADOPT: /* what CONNECT would become */
	case LWS_CALLBACK_RAW_CONNECTED:
	case LWS_CALLBACK_RAW_RX:
	case LWS_CALLBACK_HTTP_BODY:
		return -1;
	default:
		return 0;
	}
}

static int
on_conn(struct conn *conn, enum lws_callback_reasons reason, void *in,
	size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		conn_opened(conn);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return piece_came(conn, in, len);
	case LWS_CALLBACK_RECEIVE_PONG:
		conn_heard(conn);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return conn_writable(conn);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		return conn_hears_goodbye(conn);
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLOSED_HTTP:
		conn_ended(conn);
		return 0;
	default:
		return on_way_in(conn, reason);
	}
}

/* What concerns no conn: true when that was it. */
static bool
on_library(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	   void *in, int *answer)
{
	struct net *net = lws_context_user(lws_get_context(wsi));

	*answer = 0;
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
		*answer = net_prepare_tls(net, lws_vhost_user(in), user);
		return true;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		net->waking = false;
		return true;
	case LWS_CALLBACK_WSI_CREATE:
		net->adopted = true;
		return true;
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		return true;
	default:
		return false;
	}
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	struct conn *conn;
	int answer;

	if (reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION)
		return len ? 0 : 1; /* OpenSSL's verdict is handed in len */
	if (on_library(wsi, reason, user, in, &answer))
		return answer;
	conn = lws_get_opaque_user_data(wsi);
	if (!conn)
		return 0; /* the library's own pipe */
	conn->wsi = wsi;
	if (reason != LWS_CALLBACK_WSI_DESTROY)
		return on_conn(conn, reason, in, len);
	conn_ended(conn);
	conn_free(conn);
	return 0;
}

const struct lws_protocols net_protocols[] = {
	{
		.name = "none",
		.callback = on_event,
		.rx_buffer_size = 512,
		.tx_packet_size = NET_WRITE_MOST,
	},
	{
		.name = SUBPROTOCOL,
		.callback = on_event,
		.id = 1,
		.rx_buffer_size = 512,
		.tx_packet_size = NET_WRITE_MOST,
	},
	{ .name = NULL },
};
