/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade: may this HTTP request become a WebSocket of ours? */
#include "upgrade.h"

#include <ctype.h>
#include <libwebsockets.h>
#include <string.h>
#include <strings.h>

#include "callback.h"
#include "http_answer.h"
#include "log.h"
#include "net_body.h"
#include "text.h"
#include "tls.h"

#define VALUE_MOST 256

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a header; false when it is absent, empty or too long. */
static bool
header(const struct conn *conn, enum lws_token_indexes which,
       char value[VALUE_MOST])
{
	return lws_hdr_copy(conn->wsi, value, VALUE_MOST, which) > 0;
}

static bool
is_there(const struct conn *conn, enum lws_token_indexes which)
{
	return lws_hdr_total_length(conn->wsi, which) > 0;
}

/* Is one of the words of a comma-separated list this (RFC 9110 5.6.1)? */
static bool
lists(const char *list, const char *word, bool any_case)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n;

		list += strspn(list, " \t,");
		n = strcspn(list, " \t,");
		if (n == len && (any_case ? strncasecmp(list, word, n) :
					    strncmp(list, word, n)) == 0)
			return true;
		list += n;
	}
	return false;
}

static void
lower(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

/* ---- the checks -------------------------------------------------------- */

static bool
method_is_get(const struct conn *conn)
{
	char *path;
	int len;

	return lws_http_get_uri_and_method(conn->wsi, &path, &len) ==
	       LWSHUMETH_GET;
}

static bool
version_is_http11(const struct conn *conn)
{
	char value[VALUE_MOST];

	return header(conn, WSI_TOKEN_HTTP, value) &&
	       strcmp(value, "HTTP/1.1") == 0;
}

static bool
path_is_ours(const struct conn *conn)
{
	char *path;
	int len;

	return lws_http_get_uri_and_method(conn->wsi, &path, &len) >= 0 &&
	       len == 3 && memcmp(path, "/ws", 3) == 0 &&
	       !is_there(conn, WSI_TOKEN_HTTP_URI_ARGS);
}

static bool
has_no_body(const struct conn *conn)
{
	return !is_there(conn, WSI_TOKEN_HTTP_CONTENT_LENGTH) &&
	       !is_there(conn, WSI_TOKEN_HTTP_TRANSFER_ENCODING);
}

static bool
connection_upgrades(const struct conn *conn)
{
	char value[VALUE_MOST];

	return header(conn, WSI_TOKEN_CONNECTION, value) &&
	       lists(value, "upgrade", true);
}

static bool
websocket_is_13(const struct conn *conn)
{
	char value[VALUE_MOST];

	return header(conn, WSI_TOKEN_VERSION, value) &&
	       strcmp(value, "13") == 0;
}

/* 16 bytes in base64: 22 digits, the last of which has 4 bits left over. */
static bool
key_is_good(const struct conn *conn)
{
	char value[VALUE_MOST];

	return header(conn, WSI_TOKEN_KEY, value) && strlen(value) == 24 &&
	       strspn(value, base64) == 22 && strchr("AQgw", value[21]) &&
	       strcmp(value + 22, "==") == 0;
}

static bool
subprotocol_is_ours(const struct conn *conn)
{
	char value[VALUE_MOST];

	return header(conn, WSI_TOKEN_PROTOCOL, value) &&
	       lists(value, SUBPROTOCOL, false);
}

/* A name or address with or without a port, and nothing else. */
static bool
host_is_ours(const struct conn *conn)
{
	const char *names = conn->net->settings.names;
	char host[VALUE_MOST];
	char *port;

	if (!header(conn, WSI_TOKEN_HOST, host))
		return false;
	lower(host);
	if (host[strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.:-[]")])
		return false;
	port = strrchr(host, ':');
	if (port && port[strspn(port, ":0123456789")] == 0)
		*port = 0;
	return !names || text_in_list(names, host);
}

/* Programs send no Origin; browsers always do (RFC 6455 section 10.2). */
static bool
origin_is_ours(const struct conn *conn)
{
	const char *origins = conn->net->settings.origins;
	char origin[VALUE_MOST], host[VALUE_MOST];

	if (!is_there(conn, WSI_TOKEN_ORIGIN))
		return true;
	if (!header(conn, WSI_TOKEN_ORIGIN, origin))
		return false;
	lower(origin);
	if (origins)
		return text_in_list(origins, origin);
	if (!header(conn, WSI_TOKEN_HOST, host))
		return false;
	lower(host);
	return strncmp(origin, "https://", 8) == 0 &&
	       strcmp(origin + 8, host) == 0;
}

static bool
door_is_for_sockets(const struct conn *conn)
{
	return conn->door != DOOR_ADMIN;
}

/* The second look at a client certificate; the first is OpenSSL's. */
static bool
certificate_is_good(const struct conn *conn)
{
	return conn->door != DOOR_CERTIFIED || conn->certified;
}

static const struct check {
	bool (*holds)(const struct conn *conn);
	int status;
	const char *otherwise;
} checks[] = {
	{ door_is_for_sockets, 404, "There is no WebSocket here." },
	{ method_is_get, 405, "Use GET." },
	{ version_is_http11, 505, "Use HTTP/1.1." },
	{ path_is_ours, 404, "The WebSocket is at /ws." },
	{ has_no_body, 400, "An upgrade has no body." },
	{ connection_upgrades, 400, "Connection must say Upgrade." },
	{ websocket_is_13, 426, "Use version 13 of the WebSocket protocol." },
	{ key_is_good, 400, "Sec-WebSocket-Key must be 16 bytes in base64." },
	{ host_is_ours, 421, "This is not the host you ask for." },
	{ origin_is_ours, 403, "Pages from there may not connect." },
	{ subprotocol_is_ours, 400, "The subprotocol is " SUBPROTOCOL "." },
	{ certificate_is_good, 403, "Your certificate is not accepted." },
};

static int
refuse_upgrade(struct conn *conn, int status, const char *why)
{
	log_event(LOG_INFO, "upgrade refused", "why", why, "address",
		  conn_address(conn), NULL);
	return http_answer(conn, status, why);
}

int
upgrade_judge(struct conn *conn)
{
	char value[VALUE_MOST];

	/*
	 * What libwebsockets hands over as the header may have been freed
	 * (CVE-2025-11677): it is read anew. Anything it does not know it has
	 * answered already; h2c, which it would grant, it has not.
	 */
	if (!header(conn, WSI_TOKEN_UPGRADE, value))
		return -1;
	if (strcasecmp(value, "h2c") == 0)
		return http_answer(conn, 426, "Upgrade to websocket only.");
	if (strcasecmp(value, "websocket") != 0)
		return -1;
	if (conn->door == DOOR_CERTIFIED && !conn->certified)
		conn->certified = tls_certified_name(lws_get_ssl(conn->wsi));
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (!checks[i].holds(conn))
			return refuse_upgrade(conn, checks[i].status,
					      checks[i].otherwise);
	conn->judged = true;
	return 0;
}

int
upgrade_refuse_plain(struct conn *conn)
{
	if (path_is_ours(conn))
		return http_answer(conn, 426, "Upgrade to websocket.");
	return http_answer(conn, 404, "There is nothing here.");
}
