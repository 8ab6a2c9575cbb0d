/* SPDX-License-Identifier: Apache-2.0 */
/* gate: how many connections each address has. */
#include "gate.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void
key_of(const struct sockaddr *from, unsigned char key[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(key, 0, 16);
	if (from->sa_family == AF_INET) {
		memcpy(key, mapped, 12);
		memcpy(key + 12,
		       &((const struct sockaddr_in *)(const void *)from)
				->sin_addr,
		       4);
	} else if (from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)from;
		bool is_mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);

		memcpy(key, &in6->sin6_addr, is_mapped ? 16 : 8);
	}
}

static void
text_of(const unsigned char key[16], char text[GATE_TEXT])
{
	struct in6_addr in6;

	memcpy(&in6, key, 16);
	if (IN6_IS_ADDR_V4MAPPED(&in6)) {
		inet_ntop(AF_INET, key + 12, text, GATE_TEXT);
		return;
	}
	inet_ntop(AF_INET6, key, text, INET6_ADDRSTRLEN);
	memcpy(text + strlen(text), "/64", sizeof "/64");
}

static struct gate_address *
address_new(struct gate *gate, const unsigned char key[16])
{
	struct gate_address *address = calloc(1, sizeof *address);

	if (!address)
		return NULL;
	memcpy(address->key, key, 16);
	text_of(key, address->text);
	address->count = 1;
	HASH_ADD(hh, gate->all, key, sizeof address->key, address);
	if (!address->hh.tbl) {
		free(address);
		return NULL;
	}
	return address;
}

struct gate_address *
gate_take(struct gate *gate, const struct sockaddr *from)
{
	struct gate_address *address;
	unsigned char key[16];

	key_of(from, key);
	HASH_FIND(hh, gate->all, key, sizeof key, address);
	if (!address)
		return address_new(gate, key);
	if (address->count >= gate->most)
		return NULL;
	address->count++;
	return address;
}

void
gate_give(struct gate *gate, struct gate_address *address)
{
	if (--address->count > 0)
		return;
	HASH_DELETE(hh, gate->all, address);
	free(address);
}
