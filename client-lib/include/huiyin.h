/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhuiyin: the client library of huiyin.
 *
 * A program opens a client and pulls events from it. What it submits is on
 * disk when the call returns HY_OK; the answer comes as an event, perhaps
 * after weeks without a network and many restarts:
 *
 *	hy_options options = HY_OPTIONS_INIT;
 *	hy_client *client;
 *	const hy_event *event;
 *
 *	options.url = "wss://county.example/ws";
 *	options.as = "kiosk";
 *	...
 *	if (hy_open(&client, &options) != HY_OK)
 *		puts(hy_last_error()->message);
 *	while ((event = hy_wait(client, 60000)) != NULL)
 *		...
 *
 * Text is UTF-8 and NUL-terminated. Strings and structs given to a call are
 * copied where they are needed longer than the call. The library never
 * prints, never ends the program, installs no signal handler and leaves no
 * descriptor open across exec. It has one thread of its own, which never
 * calls the program (but for the log of hy_options, where one is given).
 *
 * Threads: hy_next, hy_wait, hy_notices and hy_refused by one thread at a
 * time; hy_close when no other call runs; all others by any thread. A client
 * does not survive fork(): open it in the process that uses it. In a child of
 * that, and where client is NULL, calls return HY_ERR_INPUT (path "client"),
 * -1 or NULL, and hy_close does nothing: what the child has of the client is
 * lost to it, the parent's goes on.
 */
#ifndef HUIYIN_H
#define HUIYIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HY_API __attribute__((visibility("default")))
#else
#define HY_API
#endif

#define HY_REF 37 /* bytes of a ref: 36 characters and a NUL */

/* What calls return: HY_OK or one of the others, all negative. */
enum hy_code {
	HY_OK = 0,             /* it is done, or on its way */
	HY_ERR_INPUT = -1,     /* wrong input; path names the field */
	HY_ERR_MEMORY = -2,    /* no memory */
	HY_ERR_DISK = -3,      /* not on disk: it is full or broken */
	HY_ERR_FULL = -4,      /* the outbox has reached its ceiling */
	HY_ERR_BUSY = -5,      /* another program has this store open */
	HY_ERR_NEWER = -6,     /* the store was written by a newer library */
	HY_ERR_OFFLINE = -7,   /* a reading act, and no session */
	HY_ERR_CA = -8,        /* the CA file cannot be read */
	HY_ERR_NOT_FOUND = -9, /* nothing has this ref */
	HY_ERR_SYSTEM = -10    /* the system gave no thread, descriptor, ... */
};

/* More about the last call that failed. */
typedef struct hy_error {
	int code;            /* enum hy_code */
	const char *tag;     /* row of errors: "missing_field"; or "" */
	const char *path;    /* of the field: "audience.regions[0]"; or "" */
	const char *message; /* a sentence in English or Chinese */
} hy_error;

/*
 * What the last failure of the calling thread was. Never NULL; valid until
 * its next call of the library. Only after a call that did not return HY_OK.
 */
HY_API const hy_error *hy_last_error(void);
/* A sentence about a code, in English; never NULL, never freed. */
HY_API const char *hy_strerror(int code);
/* Version of the library: "0.1.0"; never NULL, never freed. */
HY_API const char *hy_version(void);

typedef struct hy_client hy_client;

/* Bits of hy_options.flags. */
enum hy_flag {
	/* Do not tell the server by yourself that a notice is on disk. */
	HY_NO_DELIVERED = 1 << 0,
	/* Without a store: hear all that is in force, not only what is new. */
	HY_ALL_IN_FORCE = 1 << 1
};

/* What hy_open is told. */
typedef struct hy_options {
	size_t size;        /* sizeof(hy_options): HY_OPTIONS_INIT sets it */
	const char *url;    /* wss://host[:port]/path; several separated by
				blanks are tried in turn. ws:// only to this
				machine */
	const char *ca;     /* PEM file that the server must be signed by;
				NULL: what the system trusts */
	const char *as;     /* "visitor", "kiosk" or "staff" */
	const char *name;   /* of the kiosk or staff member; visitor: NULL */
	const char *secret; /* of the kiosk, or password; visitor: NULL */
	const char *code;   /* staff with a second factor: six digits; NULL */
	const char *region; /* visitor: 12 digits, or NULL; others: NULL */
	const char *lang;   /* of sentences: "zh-CN" or "en"; NULL: zh-CN */
	const char *agent;  /* name/version of the program, one line of at most
				40 bytes, or NULL */
	const char *store;  /* folder for outbox and notices, made when it is
				not there; NULL: in memory, nothing survives */
	uint64_t outbox_bytes; /* ceiling of the outbox; 0: 64 MiB */
	int connect_ms;      /* most for one connect with its hello; 0: 20000 */
	int start_within_ms; /* first connect after a random part of it: for
				kiosks that get power back together. 0: 60 s
				for a kiosk on a machine that was started less
				than 5 minutes ago, else now; -1: now */
	int receipt_ms;      /* receipts of notices leave after a random part
				of it, gathered; 0: 1000; -1: at once */
	unsigned flags;      /* enum hy_flag */
	/* A line for the program's log, or NULL; level as in syslog(3), 3 to
	   7. Called by the library's thread and by calling threads; must not
	   call the library. */
	void (*log)(void *context, int level, const char *line);
	void *log_context;    /* handed to log as it is */
	const char *seal_key; /* the county's public key, 64 hex digits: what
				 is personal is sealed before it is kept; only
				 the county can open it. NULL: kept as it is */
	const char *proxy;    /* HTTP proxy that servers are reached through:
				http://[user:password@]host:port, user and
				password percent-encoded; NULL: what
				HUIYIN_PROXY of the environment says; "":
				none. ws:// goes without */
	int keepalive_s; /* asks for so many seconds between signs of life, for
				lines that are paid by the byte: 900 is a
				quarter of an hour; at most 86400. What holds
				is "keepalive" of HY_ONLINE; 0: the server's
				own */
	uint64_t budget; /* bytes a day, sent and received, as hy_traffic counts
				them; 0: none. Once they are used up, what was
				missed meanwhile is asked for the next day
				only, but for risk notices; no act, answer or
				new notice waits, so a day may cost more */
} hy_options;

#define HY_OPTIONS_INIT                                                       \
	{                                                                     \
		sizeof(hy_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
			NULL, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, NULL,    \
			NULL, 0, 0                                            \
	}

/*
 * Opens a client; it connects by itself, now and after every loss. On HY_OK
 * *client is to be closed with hy_close. Otherwise *client is NULL.
 * HY_ERR_INPUT (an option; path names it: "name", too, where the store has acts
 * of somebody else, which are sent as nobody but them), HY_ERR_CA, HY_ERR_BUSY,
 * HY_ERR_NEWER, HY_ERR_DISK, HY_ERR_MEMORY, HY_ERR_SYSTEM. A damaged store is
 * set aside, and what can be read of it is saved (event HY_TROUBLE).
 */
HY_API int hy_open(hy_client **client, const hy_options *options);
/*
 * Ends the thread and frees all. What is in the store stays. NULL is fine.
 * Never fails; waits until the thread has ended: up to half a second for a
 * good-bye where there is a line, also one that is just being made; and as long
 * as the resolver takes to give up a name.
 */
HY_API void hy_close(hy_client *client);

enum hy_kind {
	HY_ONLINE = 1,    /* the server knows us; body: result of hello */
	HY_OFFLINE = 2,   /* no session; tag and message say why. act is
			     "hello" when the server refused our identity */
	HY_NOTICE = 3,    /* a notice, on disk already; body: the notice */
	HY_CAUGHT_UP = 4, /* all that was missed has been handed out */
	HY_SETTLED = 5,   /* a writing act is done; body: its result. Comes
			     again after a restart until hy_done */
	HY_REFUSED = 6,   /* an act is refused; tag, path, message. A writing
			     act comes again after a restart until hy_done.
			     Tag "store_damaged": the disk has changed it,
			     and it was not sent; its ref may be a new one */
	HY_ANSWER = 7,    /* the result of a reading act */
	HY_NEWS = 8,      /* act is feedback.changed, inbox.changed, ... */
	HY_BYE = 9,       /* the server is about to close; retry: seconds */
	HY_TROUBLE = 10   /* of this machine; tag: "disk", "store_damaged"
			     (rows or all of it; message says which),
			     "store_rolled_back" (it was put back from an old
			     copy), "seal_key" (acts wait for a server with the
			     key they are sealed to), "settled_anew" (ref and
			     act: a restored database has given it another
			     receipt; body: its result, without a key), or
			     that of a refusal which names no act */
};

/*
 * Something that has happened. Strings are never NULL: "" where there is
 * nothing. More fields may follow in later versions.
 */
typedef struct hy_event {
	int kind;            /* enum hy_kind; unknown ones are to be ignored */
	const char *ref;     /* of the act that it answers */
	const char *act;     /* name of that act, or of the news */
	const char *body;    /* JSON text: result, error, news */
	const char *tag;     /* why, for programs */
	const char *path;    /* HY_REFUSED: the field to blame */
	const char *message; /* why, for people */
	int64_t seq;         /* HY_NOTICE: its number; HY_CAUGHT_UP: cursor;
				hy_refused: its place in the list */
	int retry;           /* seconds after which the same may go; else 0 */
} hy_event;

/*
 * One descriptor that never changes, readable while hy_next has something.
 * Watch it for reading; do not read or close it: it is the client's. Never
 * fails, but for -1 where client is not one of this process.
 */
HY_API int hy_fd(const hy_client *client);
/*
 * The next event, or NULL when there is none. Owned by the client, valid until
 * the next hy_next or hy_wait of it.
 */
HY_API const hy_event *hy_next(hy_client *client);
/*
 * As hy_next, but waits up to ms milliseconds (negative: for ever). A signal
 * does not end it; a program that wants that waits on hy_fd itself.
 */
HY_API const hy_event *hy_wait(hy_client *client, int ms);
/*
 * A value of event's body by its path: "receipt", "department.name",
 * "items[0].state". Numbers and booleans as JSON has them, objects and lists
 * as JSON text. NULL when it is not there or null, or there is no memory. Valid
 * as long as event.
 */
HY_API const char *hy_field(const hy_event *event, const char *path);

/*
 * Any act of the table of acts (PROTOCOL.md) but hello, with params as a JSON
 * object (NULL: none). Writes its ref into ref (NULL: not wanted).
 * A writing act: HY_OK when it is on disk (sealed, where hy_options.seal_key is
 * set and it has a field that is personal); HY_SETTLED or HY_REFUSED follows.
 * A reading act: HY_OK when it is on its way; HY_ANSWER or HY_REFUSED (tag
 * "offline" when the line was lost) follows; HY_ERR_OFFLINE without a session.
 * HY_ERR_INPUT when the table does not allow it, HY_ERR_DISK, HY_ERR_FULL,
 * HY_ERR_MEMORY, HY_ERR_SYSTEM: nothing was kept.
 */
HY_API int hy_act(hy_client *client, const char *act, const char *params,
		  char ref[HY_REF]);

/* What hy_submit_feedback says. */
typedef struct hy_feedback {
	size_t size;                /* HY_FEEDBACK_INIT sets it */
	const char *region;         /* 12 digits; a must */
	const char *service;        /* "complaint", "question", ...; a must */
	const char *text;           /* 1 to 4000 characters; a must */
	const char *notice;         /* it is about, or NULL */
	const char *against;        /* code of a department, or NULL */
	const char *submitter_kind; /* "farmer", "enterprise", "cooperative",
				       "other"; NULL when nothing is known */
	/* NULL where it is not told. */
	const char *submitter_name;
	/* Digits, "+", "-" and blanks; NULL where it is not told. */
	const char *submitter_phone;
	const char *filed_by_name; /* who types for somebody else, or NULL */
	/* What they are to the submitter; a must beside filed_by_name. */
	const char *filed_by_relation;
	int anonymous; /* not 0: hide name and phone */
} hy_feedback;

#define HY_FEEDBACK_INIT                                                       \
	{                                                                      \
		sizeof(hy_feedback), NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
			NULL, NULL, NULL, 0                                    \
	}

/*
 * Says feedback.submit. HY_SETTLED of that ref then has "receipt", "key",
 * "state" and "answer_by" (hy_field). Until then the person may be told
 * "stored here", and no more. HY_ERR_INPUT, HY_ERR_DISK, HY_ERR_FULL,
 * HY_ERR_MEMORY, HY_ERR_SYSTEM: nothing was kept.
 */
HY_API int hy_submit_feedback(hy_client *client, const hy_feedback *feedback,
			      char ref[HY_REF]);
/*
 * Says notice.receipt, of kiosks. The notice has come so far: "shown",
 * "read", "understood" or "misunderstood" ("delivered" is told by itself).
 * HY_OK when it is on disk; gathered with others and sent; no event follows.
 * HY_ERR_INPUT, HY_ERR_DISK, HY_ERR_MEMORY: nothing was kept.
 */
HY_API int hy_receipt(hy_client *client, const char *notice, const char *state);
/*
 * Says feedback.get, a reading act. HY_ANSWER or HY_REFUSED of that ref
 * follows; key may be NULL. HY_ERR_INPUT, HY_ERR_OFFLINE, HY_ERR_MEMORY,
 * HY_ERR_SYSTEM: it was not asked.
 */
HY_API int hy_lookup(hy_client *client, const char *receipt, const char *key,
		     char ref[HY_REF]);
/*
 * Says that the program has dealt with HY_SETTLED or HY_REFUSED of that ref:
 * its content and its key are erased from the store (where it is sealed, all
 * but what only the county can open: see README, "What is sealed").
 * HY_ERR_NOT_FOUND: nothing that has ended has this ref. HY_ERR_INPUT: client
 * is not one of this process. HY_ERR_DISK,
 * HY_ERR_MEMORY: it is still there.
 */
HY_API int hy_done(hy_client *client, const char *ref);

/* What hy_outbox counts. */
typedef struct hy_outbox_state {
	size_t size;       /* HY_OUTBOX_INIT sets it */
	uint64_t waiting;  /* acts that the server has not answered */
	uint64_t settled;  /* settled, and not hy_done */
	uint64_t refused;  /* refused for good, and not hy_done */
	uint64_t receipts; /* notices whose receipt has not left */
	uint64_t bytes;    /* of all of them */
	int64_t oldest;    /* when the oldest waiting one was submitted, in
				 milliseconds since 1970 by this machine's
				 clock; 0: none */
} hy_outbox_state;

#define HY_OUTBOX_INIT                                    \
	{                                                 \
		sizeof(hy_outbox_state), 0, 0, 0, 0, 0, 0 \
	}

/*
 * Counts what is in the outbox, into *state. HY_ERR_INPUT when its size is not
 * set, HY_ERR_DISK, HY_ERR_MEMORY: *state is as it was.
 */
HY_API int hy_outbox(hy_client *client, hy_outbox_state *state);

/* What the line has cost on one day, from hy_traffic. */
typedef struct hy_traffic_day {
	size_t size;       /* HY_TRAFFIC_INIT sets it */
	char day[12];      /* "2026-11-25": a day of the county (UTC+8) */
	uint64_t sent;     /* bytes on the wire: TLS, sent again or not, and the
				headers of TCP and IP; not name look-ups */
	uint64_t received; /* the same */
	uint64_t budget;   /* of hy_options */
	int is_over;       /* not 0: it is used up on that day */
} hy_traffic_day;

#define HY_TRAFFIC_INIT                                \
	{                                              \
		sizeof(hy_traffic_day), "", 0, 0, 0, 0 \
	}

/*
 * What the line has cost on the day that was ago days before today (0: today
 * so far; at most 61). A power cut may forget some minutes of it. Nothing is
 * counted where the kernel does not tell (Linux before 4.19). HY_ERR_INPUT,
 * HY_ERR_DISK, HY_ERR_MEMORY.
 */
HY_API int hy_traffic(hy_client *client, int ago, hy_traffic_day *traffic);

/*
 * The notices on disk that are in force, also with no network: the first with
 * a number greater than after (0: of all), as an event HY_NOTICE, valid until
 * the next hy_notices; NULL when there is none. To walk:
 *	for (n = hy_notices(c, 0); n; n = hy_notices(c, n->seq))
 */
HY_API const hy_event *hy_notices(hy_client *client, int64_t after);
/*
 * The refused box: acts that the server refuses for good, as HY_REFUSED, with
 * their params as body (sealed ones as they are: nobody here can open them;
 * damaged ones as far as they are text, which need not be JSON).
 * Walked as with hy_notices, and valid until the next hy_refused; NULL when
 * there is none more. hy_done takes one out.
 */
HY_API const hy_event *hy_refused(hy_client *client, int64_t after);

#ifdef __cplusplus
}
#endif

#endif
