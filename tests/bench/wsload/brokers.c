/* SPDX-License-Identifier: Apache-2.0 */
/* brokers: what other servers want to hear: MQTT 3.1.1, NATS, HTTP POST. */
#include <stdio.h>
#include <string.h>

#include "load.h"
#include "speak.h"

static char message[PAYLOAD_MAX + 1024];

bool
broker_is(const char *kind)
{
	return strcmp(kind, "mqtt") == 0 || strcmp(kind, "nats") == 0 ||
	       strcmp(kind, "http") == 0;
}

/* --- MQTT ---------------------------------------------------------------- */

static size_t
mqtt_string(uint8_t *to, const char *text)
{
	size_t len = strlen(text);

	to[0] = (uint8_t)(len >> 8);
	to[1] = (uint8_t)len;
	for (size_t i = 0; i < len; i++)
		to[2 + i] = (uint8_t)text[i];
	return len + 2;
}

static size_t
mqtt_length(uint8_t *to, size_t len)
{
	size_t n = 0;

	do {
		to[n] = (uint8_t)(len % 128);
		len /= 128;
		to[n++] |= len > 0 ? 0x80 : 0;
	} while (len > 0);
	return n;
}

/* CONNECT, and SUBSCRIBE at QoS 0 when there is a topic. */
static bool
mqtt_hello(struct peer *p, const char *topic)
{
	uint8_t data[512], *to = data;
	char id[32];
	size_t len = (size_t)snprintf(id, sizeof id, "wl%c%d",
				      topic ? 's' : 'p', p->index);

	*to++ = 0x10;
	to += mqtt_length(to, 10 + 2 + len);
	to += mqtt_string(to, "MQTT");
	*to++ = 4; /* protocol level 3.1.1 */
	*to++ = 2; /* clean session */
	*to++ = 0; /* no keep-alive */
	*to++ = 0;
	to += mqtt_string(to, id);
	if (topic) {
		*to++ = 0x82;
		to += mqtt_length(to, 2 + 2 + strlen(topic) + 1);
		*to++ = 0;
		*to++ = 1; /* packet id */
		to += mqtt_string(to, topic);
		*to++ = 0; /* QoS 0 */
	}
	return frame_send(p, OPCODE_BINARY, data, (size_t)(to - data));
}

static bool
mqtt_publish(const char *payload, size_t len)
{
	const char *topic = load.options.topic;
	uint8_t *to = (uint8_t *)message;

	*to++ = 0x30;
	to += mqtt_length(to, 2 + strlen(topic) + len);
	to += mqtt_string(to, topic);
	memcpy(to, payload, len);
	to += len;
	return frame_send(&load.publisher, OPCODE_BINARY, message,
			  (size_t)(to - (uint8_t *)message));
}

/* --- NATS ---------------------------------------------------------------- */

static bool
nats_hello(struct peer *p, const char *topic)
{
	char text[512];
	int n = snprintf(text, sizeof text,
			 "CONNECT {\"verbose\":false,\"pedantic\":false,"
			 "\"lang\":\"c\",\"version\":\"1\",\"protocol\":1,"
			 "\"echo\":false}\r\n%s%s%sPING\r\n",
			 topic ? "SUB " : "", topic ? topic : "",
			 topic ? " 1\r\n" : "");

	return n > 0 && (size_t)n < sizeof text &&
	       frame_send(p, OPCODE_BINARY, text, (size_t)n);
}

static bool
nats_publish(const char *payload, size_t len)
{
	size_t n = (size_t)snprintf(message, sizeof message, "PUB %s %zu\r\n",
				    load.options.topic, len);

	memcpy(message + n, payload, len);
	message[n + len] = '\r';
	message[n + len + 1] = '\n';
	return frame_send(&load.publisher, OPCODE_BINARY, message, n + len + 2);
}

/* --- HTTP ---------------------------------------------------------------- */

static bool
http_publish(const char *payload, size_t len)
{
	const struct url *u = &load.options.pub_url;
	size_t n = (size_t)snprintf(message, sizeof message,
				    "POST %s HTTP/1.1\r\nHost: %s:%u\r\n"
				    "Content-Type: text/plain\r\n"
				    "Content-Length: %zu\r\n\r\n",
				    u->path, u->host, u->port, len);

	load.posts++;
	memcpy(message + n, payload, len);
	return peer_send(&load.publisher, message, n + len);
}

bool
broker_hello(struct peer *p, const char *kind, const char *topic)
{
	if (strcmp(kind, "mqtt") == 0)
		return mqtt_hello(p, topic);
	return strcmp(kind, "nats") != 0 || nats_hello(p, topic);
}

bool
broker_publish(const char *kind, const char *payload, size_t len)
{
	if (strcmp(kind, "mqtt") == 0)
		return mqtt_publish(payload, len);
	if (strcmp(kind, "nats") == 0)
		return nats_publish(payload, len);
	return http_publish(payload, len);
}
