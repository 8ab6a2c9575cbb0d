/* SPDX-License-Identifier: Apache-2.0 */
/* http_answer: plain HTTP answers. */
#include "http_answer.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "net_body.h"

#define PATH_MOST 128

static const char *
phrase(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 421:
		return "Misdirected Request";
	case 426:
		return "Upgrade Required";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Service Unavailable";
	}
}

static void
write_head(struct bytes *out, int status, size_t len)
{
	bytes_format(out, "HTTP/1.1 %d %s\r\n", status, phrase(status));
	if (status == 426)
		bytes_text(out, "Upgrade: websocket\r\n"
				"Sec-WebSocket-Version: 13\r\n");
	bytes_format(out,
		     "Server: huiyin\r\n"
		     "Connection: close\r\n"
		     "Cache-Control: no-store\r\n"
		     "X-Content-Type-Options: nosniff\r\n"
		     "Content-Type: text/plain; charset=utf-8\r\n"
		     "Content-Length: %zu\r\n\r\n",
		     len);
}

/* What the kernel does not take now libwebsockets sends before it closes. */
static int
write_out(struct conn *conn, struct bytes *out)
{
	if (!out->failed)
		(void)lws_write(conn->wsi, (unsigned char *)out->data, out->len,
				LWS_WRITE_HTTP);
	return -1;
}

int
http_answer(struct conn *conn, int status, const char *sentence)
{
	struct bytes *out = &conn->net->scratch;

	bytes_clear(out);
	write_head(out, status, strlen(sentence) + 1);
	bytes_format(out, "%s\n", sentence);
	return write_out(conn, out);
}

int
http_ask_admin(struct conn *conn)
{
	struct net *net = conn->net;
	struct bytes *out = &net->scratch;
	char path[PATH_MOST], *at;
	int len, status = 404;
	int method = lws_http_get_uri_and_method(conn->wsi, &at, &len);
	char *body;

	if (method != LWSHUMETH_GET && method != LWSHUMETH_HEAD)
		return http_answer(conn, 405, "Use GET.");
	if (len >= PATH_MOST)
		return http_answer(conn, 404, "There is nothing here.");
	memcpy(path, at, (size_t)len);
	path[len] = 0;
	body = net->calls.admin(net->calls.context, path, &status);
	if (!body)
		return http_answer(conn, 404, "There is nothing here.");
	bytes_clear(out);
	write_head(out, status, strlen(body));
	if (method == LWSHUMETH_GET)
		bytes_text(out, body);
	free(body);
	return write_out(conn, out);
}
