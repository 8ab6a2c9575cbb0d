/* SPDX-License-Identifier: Apache-2.0 */
/* log: framed messages, and who has been sent how much of them. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lwsfloor.h"

#define CHUNK 16384 /* one TLS record */

/* A ring that is mapped twice, so that every range in it is contiguous. */
void
log_open(void)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	unsigned char *p;

	if (fd < 0 || ftruncate(fd, LOG_SIZE) != 0)
		die("memfd");
	p = mmap(NULL, 2 * (size_t)LOG_SIZE, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		die("mmap");
	for (size_t i = 0; i < 2; i++)
		if (mmap(p + i * LOG_SIZE, LOG_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
			die("mmap");
	close(fd);
	all.log = p;
}

static unsigned char *
log_at(uint64_t at)
{
	return all.log + at % LOG_SIZE;
}

static void
log_add(const void *data, size_t len)
{
	memcpy(log_at(all.head), data, len);
	all.head += len;
}

/* Length of the head of the frame at p; *payload: what follows it. */
static size_t
frame_size(const unsigned char *p, size_t *payload)
{
	uint64_t len = p[1] & 0x7f;

	if (len < 126) {
		*payload = (size_t)len;
		return 2;
	}
	if (len == 126) {
		*payload = (size_t)p[2] << 8 | p[3];
		return 4;
	}
	len = 0;
	for (int i = 2; i < 10; i++)
		len = len << 8 | p[i];
	*payload = (size_t)len;
	return 10;
}

static size_t
frame_head(unsigned char *head, size_t len)
{
	head[0] = 0x81;
	if (len < 126) {
		head[1] = (unsigned char)len;
		return 2;
	}
	if (len < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		return 4;
	}
	head[1] = 127;
	for (int i = 0; i < 8; i++)
		head[2 + i] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
	return 10;
}

static int
send_frame(struct session *s)
{
	unsigned char *p = log_at(s->at);
	size_t payload, head = frame_size(p, &payload);

	/* lws_write rebuilds the head in place: the same bytes again. */
	if (lws_write(s->wsi, p + head, payload, LWS_WRITE_TEXT) < 0)
		return -1;
	s->at += head + payload;
	return 0;
}

/* Bytes that are framed already pass unchanged as LWS_WRITE_HTTP. */
static int
send_bytes(struct session *s, size_t len)
{
	if (lws_write(s->wsi, log_at(s->at), len, LWS_WRITE_HTTP) < 0)
		return -1;
	s->at += len;
	return 0;
}

int
send_pending(struct session *s, bool in_callback)
{
	if (all.head - s->at > LOG_SIZE)
		return -1; /* too slow */
	while (s->at < all.head && !lws_partial_buffered(s->wsi)) {
		size_t len = (size_t)(all.head - s->at);
		int bad = all.batch ? send_bytes(s, len < CHUNK ? len : CHUNK) :
				      send_frame(s);

		if (bad)
			return -1;
		if (in_callback && all.writable)
			break;
	}
	if (s->at < all.head)
		lws_callback_on_writable(s->wsi);
	return 0;
}

static void
tell_all(void)
{
	all.pending = false;
	for (size_t i = 0; i < all.sessions; i++) {
		struct session *s = all.session[i];

		if (all.writable)
			lws_callback_on_writable(s->wsi);
		else if (send_pending(s, false) < 0)
			lws_set_timeout(s->wsi,
					PENDING_TIMEOUT_KILLED_BY_PARENT,
					LWS_TO_KILL_ASYNC);
	}
}

static void
on_timer(lws_sorted_usec_list_t *timer)
{
	(void)timer;
	tell_all();
}

/* At once, or in batches when more messages had time to follow. */
void
publish(const unsigned char *data, size_t len)
{
	unsigned char head[10];
	size_t n = frame_head(head, len);

	log_add(head, n);
	log_add(data, len);
	if (!all.batch)
		tell_all();
	else if (!all.pending)
		lws_sul_schedule(all.context, 0, &all.timer, on_timer, 1000);
	all.pending = all.batch;
}
