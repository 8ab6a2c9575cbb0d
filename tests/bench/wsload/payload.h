/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payload: what is published, and how it is known again. Every payload begins
 * with a mark of fixed width, followed by LN bytes of a known pattern:
 * @@TS=<ns>;SQ=<number>;LN=<length>@@. The reader looks for it anywhere in
 * what comes, whatever the peer wraps around it and however it cuts it. All
 * of it is letters, digits, '@', ';' and '=': JSON leaves it as it is.
 */
#ifndef WSLOAD_PAYLOAD_H
#define WSLOAD_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARK_PREFIX "@@TS="
#define MARK_LEN 50
#define PAYLOAD_MAX (1u << 20)

/* Reading one stream of payloads. */
struct reader {
	char mark[MARK_LEN + 1];
	uint8_t mark_have;
	bool bad; /* the body differs from the pattern */
	uint32_t body_left, body_at;
	uint32_t number; /* of the payload being read */
	uint64_t sent_ns;
	uint32_t next; /* number that should come next */
	uint64_t got;  /* payloads so far */
};

void payload_init(void);
/* Writes exactly size bytes, at least MARK_LEN. */
void payload_make(char *to, size_t size, uint32_t number);
/* Reads on; each whole payload is counted in load. */
void payload_read(struct reader *r, const char *data, size_t len, uint64_t now);

#endif
