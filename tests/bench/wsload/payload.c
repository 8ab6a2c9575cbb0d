/* SPDX-License-Identifier: Apache-2.0 */
/* payload: made, found again and compared byte by byte. */
#include "payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define SHIFTS 64 /* the pattern begins elsewhere in each payload */

static char pattern[PAYLOAD_MAX + SHIFTS];

void
payload_init(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789";

	for (size_t i = 0; i < sizeof pattern; i++)
		pattern[i] = letters[(i * 7 + i / 61) % 62];
}

void
payload_make(char *to, size_t size, uint32_t number)
{
	char mark[MARK_LEN + 32];
	size_t body = size - MARK_LEN;

	snprintf(mark, sizeof mark, MARK_PREFIX "%019llu;SQ=%09u;LN=%07u@@",
		 (unsigned long long)now_ns(), number, (unsigned)body);
	memcpy(to, mark, MARK_LEN);
	memcpy(to + MARK_LEN, pattern + number % SHIFTS, body);
}

static void
delivered(struct reader *r, uint64_t now)
{
	if (r->bad)
		load.corrupt++;
	if (r->number < r->next) {
		load.repeats++;
		return;
	}
	load.gaps += r->number - r->next;
	r->next = r->number + 1;
	r->got++;
	load.delivered++;
	load.last_delivery_ns = now;
	if (!load.measuring)
		return;
	load.measured++;
	histogram_add(&load.latency, now > r->sent_ns ? now - r->sent_ns : 0);
}

/* A number of exactly width digits, then the character after it. */
static bool
take_number(const char **at, int width, char after, uint64_t *value)
{
	*value = 0;
	for (int i = 0; i < width; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (uint64_t)(**at - '0');
	}
	return *(*at)++ == after;
}

static bool
read_mark(const char *mark, uint64_t value[3])
{
	const char *at = mark + sizeof MARK_PREFIX - 1;

	if (!take_number(&at, 19, ';', &value[0]) || strncmp(at, "SQ=", 3) != 0)
		return false;
	at += 3;
	if (!take_number(&at, 9, ';', &value[1]) || strncmp(at, "LN=", 3) != 0)
		return false;
	at += 3;
	return take_number(&at, 7, '@', &value[2]);
}

static void
mark_complete(struct reader *r, uint64_t now)
{
	uint64_t value[3];

	r->mark[MARK_LEN] = 0;
	r->mark_have = 0;
	if (!read_mark(r->mark, value) || value[2] > PAYLOAD_MAX) {
		load.corrupt++;
		return;
	}
	r->sent_ns = value[0];
	r->number = (uint32_t)value[1];
	r->body_left = (uint32_t)value[2];
	r->body_at = 0;
	r->bad = false;
	if (r->body_left == 0)
		delivered(r, now);
}

static size_t
read_body(struct reader *r, const char *data, size_t len, uint64_t now)
{
	size_t take = len < r->body_left ? len : r->body_left;

	if (memcmp(data, pattern + r->number % SHIFTS + r->body_at, take) != 0)
		r->bad = true;
	r->body_at += (uint32_t)take;
	r->body_left -= (uint32_t)take;
	if (r->body_left == 0)
		delivered(r, now);
	return take;
}

/* Looks for the next mark; returns how many bytes that took. */
static size_t
read_mark_part(struct reader *r, const char *data, size_t len, uint64_t now)
{
	size_t take = 1;

	if (r->mark_have >= sizeof MARK_PREFIX - 1) {
		take = MARK_LEN - r->mark_have;
		if (take > len)
			take = len;
		memcpy(r->mark + r->mark_have, data, take);
		r->mark_have = (uint8_t)(r->mark_have + take);
		if (r->mark_have == MARK_LEN)
			mark_complete(r, now);
	} else if (r->mark_have > 0) {
		if (*data == MARK_PREFIX[r->mark_have])
			r->mark[r->mark_have++] = *data;
		else if (*data != '@') /* "@@@" keeps two */
			r->mark_have = 0;
	} else {
		const char *at = memchr(data, '@', len);

		if (!at)
			return len;
		take = (size_t)(at - data) + 1;
		r->mark[0] = '@';
		r->mark_have = 1;
	}
	return take;
}

void
payload_read(struct reader *r, const char *data, size_t len, uint64_t now)
{
	while (len > 0) {
		size_t took = r->body_left > 0 ?
				      read_body(r, data, len, now) :
				      read_mark_part(r, data, len, now);

		data += took;
		len -= took;
	}
}
