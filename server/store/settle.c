/* SPDX-License-Identifier: Apache-2.0 */
/* settle: writing acts and hellos, as items of their batches. */
#include <sodium.h>
#include <string.h>

#include "store_body.h"
#include "who.h"

void
store_hash(const char *text, char hex[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, (const unsigned char *)text,
				 strlen(text));
	sodium_bin2hex(hex, 65, hash, sizeof hash);
}

/* The text begins with the ref, by which batches are sorted. */
static void
write_item(struct bytes *to, const char *ref, const char hash[65],
	   const struct store_who *who, const char *params)
{
	bytes_clear(to);
	bytes_format(to, "\"ref\":\"%s\",\"hash\":\"%s\",\"who\":", ref, hash);
	who_write(to, who);
	bytes_text(to, ",\"params\":");
	bytes_text(to, params);
	bytes_text(to, "}");
}

void
store_settle(struct store *store, const struct act *act, const char *ref,
	     const struct store_who *who, const char *params,
	     store_answered_f *answered, void *context)
{
	store_settle_sealed(store, act, ref, who, params, params, answered,
			    context);
}

void
store_settle_sealed(struct store *store, const struct act *act, const char *ref,
		    const struct store_who *who, const char *said,
		    const char *params, store_answered_f *answered,
		    void *context)
{
	char hash[65];
	struct batcher *b = &store->batchers[act_id_of(act)];
	struct item item = { .answered = answered, .context = context };
	struct bytes *text = &store->scratch;

	must(act->does == WRITES && strlen(ref) == 36);
	if (store->closing || store_has_no_room(store)) {
		told_later(store, answered, context,
			   store->closing ? REFUSAL_unavailable :
					    REFUSAL_overloaded);
		return;
	}
	store->hash(said, hash);
	write_item(text, ref, hash, who, params);
	item.len = text->len;
	if (text->failed || !batcher_add(b, &item, text->data))
		told_later(store, answered, context, REFUSAL_overloaded);
}

void
store_hello(struct store *store, const char *item, store_answered_f *answered,
	    void *context)
{
	struct batcher *b = &store->batchers[ACT_hello];
	struct item kept = { .answered = answered,
			     .context = context,
			     .len = strlen(item) - 1 };

	must(item[0] == '{' && item[1] == '"');
	if (store->closing)
		told_later(store, answered, context, REFUSAL_unavailable);
	else if (!batcher_add(b, &kept, item + 1))
		told_later(store, answered, context, REFUSAL_overloaded);
}
