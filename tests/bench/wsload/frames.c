/* SPDX-License-Identifier: Apache-2.0 */
/* frames: RFC 6455 section 5, the client's side. */
#include <string.h>

#include "load.h"
#include "rpc.h"

/* --- out ----------------------------------------------------------------- */

static size_t
make_head(uint8_t head[14], int opcode, size_t len)
{
	size_t n = 0;

	head[n++] = (uint8_t)(0x80 | opcode);
	if (len < 126) {
		head[n++] = (uint8_t)(0x80 | len);
	} else if (len < 65536) {
		head[n++] = 0x80 | 126;
		head[n++] = (uint8_t)(len >> 8);
		head[n++] = (uint8_t)len;
	} else {
		head[n++] = 0x80 | 127;
		for (int shift = 56; shift >= 0; shift -= 8)
			head[n++] = (uint8_t)((uint64_t)len >> shift);
	}
	return n;
}

bool
frame_send(struct peer *p, int opcode, const void *data, size_t len)
{
	static const uint8_t mask[4] = { 0x5a, 0xc3, 0x17, 0x9e };
	static uint8_t frame[PAYLOAD_MAX + 8192];
	size_t n = make_head(frame, opcode, len);

	if (len > sizeof frame - n - sizeof mask)
		return false;
	memcpy(frame + n, mask, sizeof mask);
	n += sizeof mask;
	for (size_t i = 0; i < len; i++)
		frame[n + i] = ((const uint8_t *)data)[i] ^ mask[i & 3];
	return peer_send(p, frame, n + len);
}

/* --- in ------------------------------------------------------------------ */

static size_t
head_needs(const struct frame *f)
{
	if (f->head_have < 2)
		return 2;
	switch (f->head[1] & 0x7f) {
	case 126:
		return 4;
	case 127:
		return 10;
	default:
		return 2;
	}
}

static bool
begin(struct frame *f)
{
	uint64_t len = f->head[1] & 0x7f;
	size_t bytes = len == 126 ? 2 : 8;

	/* Reserved bits, or a masked frame. */
	if ((f->head[0] & 0x70) || (f->head[1] & 0x80)) {
		load.protocol_errors++;
		return false;
	}
	if (len >= 126) {
		len = 0;
		for (size_t i = 0; i < bytes; i++)
			len = len << 8 | f->head[2 + i];
	}
	f->opcode = f->head[0] & 0x0f;
	f->left = len;
	f->head_have = 0;
	f->control_have = 0;
	f->inside = true;
	if (!(f->opcode & 8) || len <= sizeof f->control)
		return true;
	load.protocol_errors++;
	return false;
}

static bool
end(struct peer *p)
{
	struct frame *f = &p->frame;

	f->inside = false;
	if (f->opcode == 8)
		return false; /* the server closes */
	if (f->opcode == 9) {
		load.pings++;
		return frame_send(p, 10, f->control, f->control_have);
	}
	if (f->opcode & 8)
		return true;
	load.frames_in++;
	return !p->heard || rpc_heard(p);
}

/* A part of a frame's payload. */
static void
take_part(struct peer *p, const char *data, size_t len, uint64_t now)
{
	struct frame *f = &p->frame;

	if (f->opcode & 8) {
		memcpy(f->control + f->control_have, data, len);
		f->control_have = (uint8_t)(f->control_have + len);
		return;
	}
	if (p->heard)
		rpc_part(p->heard, data, len);
	/* Who publishes may be told too; that is not what is counted. */
	if (p->role == SUBSCRIBER)
		payload_read(&p->reader, data, len, now);
}

bool
frames_read(struct peer *p, const char *data, size_t len, uint64_t now)
{
	struct frame *f = &p->frame;

	while (len > 0) {
		size_t take;

		if (!f->inside) {
			f->head[f->head_have++] = (uint8_t)*data++;
			len--;
			if (f->head_have < head_needs(f))
				continue;
			if (!begin(f))
				return false;
		}
		take = len < f->left ? len : (size_t)f->left;
		take_part(p, data, take, now);
		data += take;
		len -= take;
		f->left -= take;
		if (f->left == 0 && !end(p))
			return false;
	}
	return true;
}
