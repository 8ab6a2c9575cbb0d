/* SPDX-License-Identifier: Apache-2.0 */
/* frame: where frames begin and end. */
#include "frame.h"

#include <stdint.h>

#include "conn.h"
#include "must.h"

size_t
frame_head(unsigned char head[FRAME_HEAD_MAX], size_t len)
{
	head[0] = FRAME_TEXT;
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

size_t
frame_size(const unsigned char *data, size_t len)
{
	size_t payload = 0, head = 2;

	must(len >= 2 && (data[1] & 0x80) == 0);
	if (data[1] < 126)
		return head + data[1];
	head += data[1] == 126 ? 2 : 8;
	must(len >= head);
	for (size_t i = 2; i < head; i++)
		payload = payload << 8 | data[i];
	return head + payload;
}

size_t
frame_run(const unsigned char *data, size_t len, size_t most)
{
	size_t run = frame_size(data, len);

	must(run <= len);
	while (run < len) {
		size_t next = frame_size(data + run, len - run);

		must(next <= len - run);
		if (run + next > most)
			break;
		run += next;
	}
	return run;
}
