/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: the only room that names SQL functions. Lanes (settle, desk,
 * reports) are one link each; what is written goes in batches, one on its way
 * per act, the next grows meanwhile; what is read goes singly.
 *
 * A writing act is settled (committed, or refused) exactly once and is kept
 * and sent again through any weather; a reading act that meets weather is
 * refused as `unavailable`.
 */
#ifndef STORE_H
#define STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "act.h"
#include "must.h"
#include "refusal.h"

struct store;

struct store_settings {
	const char *conninfo;
	const char *name;    /* of this node, for application_name */
	int queue;           /* most acts waiting to settle */
	int timeout_seconds; /* for settle and desk; reports get six times */
	/*
	 * Keyed hash of what an act says, as 64 hex digits: SQL keeps it for
	 * ever, and it must not let anybody try out words and telephone
	 * numbers. NULL, in tests only: plain SHA-256.
	 */
	void (*hash)(const char *text, char hex[65]);
};

struct store_calls {
	/* All lanes are up (true) or one has gone (false). */
	void (*up)(void *context, bool is_up);
	/* A feed may have grown: "notice", "feedback" or "identity". */
	void (*woken)(void *context, const char *feed);
	/* The queue has room again after store_is_full(). */
	void (*roomy)(void *context);
	void *context;
};

/* Who asks: told to SQL as {principal, session, lang}. Copied. */
struct store_who {
	int64_t principal; /* 0: a visitor */
	const char *session;
	const char *lang; /* may be NULL */
};

/*
 * How an act ended: result is JSON text (borrowed) when why->id is
 * REFUSAL_none. Called once, never from inside the call that asked.
 */
typedef void store_answered_f(void *context, const char *result,
			      const struct refusal *why);

MUST_USE struct store *store_open(uv_loop_t *loop,
				  const struct store_settings *s,
				  const struct store_calls *calls);
bool store_is_up(const struct store *store);
/* Why it is not up; "" when it is. */
const char *store_trouble(const struct store *store);
/*
 * What the database has lacked for some seconds (room on its disk, memory), so
 * that writing acts only wait; "" when it lacks nothing.
 */
const char *store_lack(const struct store *store);
/* Should readers be paused? */
bool store_is_full(const struct store *store);
/*
 * A writing act. ref: lower-case UUID; params: canonical JSON text. All are
 * copied. answered may come after weeks of weather.
 */
void store_settle(struct store *store, const struct act *act, const char *ref,
		  const struct store_who *who, const char *params,
		  store_answered_f *answered, void *context);
/*
 * The same, of an act of which something is sealed on the way: said is what
 * its author said (canonical, not kept), by which a repeat is known; sealing
 * the same twice gives different params.
 */
void store_settle_sealed(struct store *store, const struct act *act,
			 const char *ref, const struct store_who *who,
			 const char *said, const char *params,
			 store_answered_f *answered, void *context);
/* A reading act on its lane: api.NOUN_VERB(who, params). */
void store_read(struct store *store, const struct act *act,
		const struct store_who *who, const char *params,
		store_answered_f *answered, void *context);
/*
 * What the node itself asks: rows of asks.tbl.h, each an SQL function of the
 * single shape and its lane. params is JSON text. who may be NULL.
 */
enum store_ask {
#define ASK(id, lane, function) ASK_##id,
#include "asks.tbl.h"
	ASK_COUNT
};
void store_ask(struct store *store, enum store_ask ask,
	       const struct store_who *who, const char *params,
	       store_answered_f *answered, void *context);
/* Hello is read in batches too: item is the JSON object SQL wants, without n. */
void store_hello(struct store *store, const char *item,
		 store_answered_f *answered, void *context);
/* Tells all nodes, this one too, that a feed has grown; coalesced to 5 ms. */
void store_wake(struct store *store, const char *feed);
/* Lower-case SHA-256 of text in hex; not keyed. */
void store_hash(const char *text, char hex[65]);

struct store_counts {
	int waiting;             /* acts not yet settled */
	uint64_t batches, acts;  /* settled so far */
	uint64_t batch_size[10]; /* histogram: up to 1, 2, 4 ... 512 */
	uint64_t weather;        /* batches sent again */
};
struct store_counts store_count(const struct store *store);
/* Waits for what is on its way, then ends; closed is called when freed. */
void store_close(struct store *store, void (*closed)(void *context),
		 void *context);

#endif
