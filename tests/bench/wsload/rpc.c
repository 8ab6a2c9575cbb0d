/* SPDX-License-Identifier: Apache-2.0 */
/* rpc: hears huiyin's JSON-RPC. */
#include "rpc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "load.h"
#include "speak.h"

#define MS_NS 1000000u
#define FRACTIONS 4096 /* of a millisecond, in the 12 bits after the version */

/* xorshift64*: refs need to differ, not to be secret. */
static uint64_t
random_bits(void)
{
	static uint64_t state;

	while (state == 0)
		if (getrandom(&state, sizeof state, 0) < 0)
			state = wall_now_ns();
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

void
rpc_ref(char text[40])
{
	uint64_t now = wall_now_ns(), ms = now / MS_NS;
	uint64_t fraction = now % MS_NS * FRACTIONS / MS_NS;
	uint64_t low = random_bits();

	snprintf(text, 40, "%08llx-%04llx-7%03llx-%04llx-%012llx",
		 (unsigned long long)(ms >> 16),
		 (unsigned long long)(ms & 0xffff),
		 (unsigned long long)fraction,
		 (unsigned long long)(0x8000 | (low >> 50)),
		 (unsigned long long)(low & 0xffffffffffffull));
}

/* When the ref was made; 0 when it is none of ours. */
static uint64_t
ref_ns(const char *text)
{
	char *end;
	uint64_t high = strtoull(text, &end, 16), low, fraction;

	if (end != text + 8 || *end != '-')
		return 0;
	low = strtoull(text + 9, &end, 16);
	if (end != text + 13 || end[0] != '-' || end[1] != '7')
		return 0;
	fraction = strtoull(text + 15, NULL, 16);
	return (high << 16 | low) * MS_NS + fraction * MS_NS / FRACTIONS;
}

void
rpc_part(struct heard *h, const char *data, size_t len)
{
	size_t room = HEARD_MAX - h->len;

	if (len > room)
		len = room;
	memcpy(h->text + h->len, data, len);
	h->len += len;
}

/* What stands in quotes after the key; false when it is not there. */
static bool
value_of(const char *text, const char *key, char *to, size_t room)
{
	const char *at = strstr(text, key);
	size_t len;

	if (!at)
		return false;
	at += strlen(key);
	len = strcspn(at, "\"");
	if (len >= room)
		return false;
	memcpy(to, at, len);
	to[len] = 0;
	return true;
}

static bool
on_news(struct peer *p, const char *name)
{
	char notice[64];

	if (strcmp(name, "notice") == 0) {
		load.notices++;
		if (!load.options.receipt || p->role != SUBSCRIBER)
			return true;
		if (!value_of(p->heard->text, "\"notice\":\"", notice,
			      sizeof notice))
			load.protocol_errors++;
		else
			return speak_receipt(p, notice);
	} else if (strcmp(name, "caught_up") == 0) {
		if (p->state == PEER_GREETING)
			peer_opened(p);
	} else if (strcmp(name, "bye") == 0) {
		load.byes++;
	}
	return true;
}

static void
complain(const char *text)
{
	static int times;

	if (times++ < 5)
		fprintf(stderr, "refused: %.300s\n", text);
}

/* One act more is settled, ns after its ref was made. */
static void
count(const struct peer *p, uint64_t ns)
{
	if (p->role != SUBSCRIBER) {
		load.publish_settled++;
		histogram_add(&load.publish_settling, ns);
		return;
	}
	load.settled++;
	load.last_settled_ns = now_ns();
	histogram_add(&load.settling, ns);
}

static bool
on_answer(struct peer *p, const char *id, bool refused)
{
	uint64_t made = ref_ns(id), now = wall_now_ns();

	if (refused) {
		load.refused++;
		complain(p->heard->text);
	}
	if (p->state == PEER_GREETING) {
		if (!refused &&
		    (!load.options.caught_up || p->role != SUBSCRIBER))
			peer_opened(p);
		return !refused;
	}
	p->waiting -= p->waiting > 0;
	if (!refused)
		count(p, made > 0 && now > made ? now - made : 0);
	return true;
}

bool
rpc_heard(struct peer *p)
{
	struct heard *h = p->heard;
	char word[64];
	bool good = true;

	h->text[h->len] = 0;
	if (value_of(h->text, "\"method\":\"", word, sizeof word))
		good = on_news(p, word);
	else if (value_of(h->text, "\"id\":\"", word, sizeof word))
		good = on_answer(p, word, strstr(h->text, "\"error\":"));
	else
		load.protocol_errors++;
	if (p->heard)
		p->heard->len = 0;
	return good;
}
