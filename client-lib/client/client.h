/* SPDX-License-Identifier: Apache-2.0 */
/* client: the handle: what the program's threads and ours share. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "act.h"
#include "disk.h"
#include "event.h"
#include "options.h"
#include "shelf.h"
#include "traffic.h"

struct line;

/* A reading act that waits for its turn. */
struct request {
	STAILQ_ENTRY(request) next;
	char ref[HY_REF];
	const struct act *act;
	char *params; /* owned */
};

STAILQ_HEAD(requests, request);

struct hy_client {
	struct options options; /* constant once open */
	pid_t process;          /* that opened it; constant */
	struct events events;   /* has a lock of its own */

	pthread_mutex_t lock; /* of all that follows up to clock_shift */
	struct disk *disk;
	struct requests requests;
	bool online; /* reading acts may be asked */
	bool stopping;
	bool waiting;  /* the outbox may have acts to send */
	bool receipts; /* the shelf may have receipts to send */
	bool scrub;    /* something was erased */
	struct traffic traffic;
	int64_t clock_shift; /* server's clock minus clock_ms(), ms; 0:
				     not known */
	int64_t floor;       /* it is later; seconds since 1970 */

	int64_t old_after; /* hand-out of what ended before opening */
	bool old_left;
	struct event *shown[2]; /* by hy_notices and hy_refused */

	struct line *line;
	pthread_t thread;
};

/*
 * May the caller use this client? HY_OK, or HY_ERR_INPUT where there is none,
 * or it was opened by another process: after fork() the store and the lines
 * are the parent's.
 */
MUST_USE int client_check(const struct hy_client *client);
/* What was borrowed from the disk is not valid beyond client_unlock. */
void client_lock(struct hy_client *client);
void client_unlock(struct hy_client *client);
void request_free(struct request *r);
/*
 * Seconds since 1970, by the server's clock where it is known; else by ours, as
 * long as that can be right.
 */
int64_t client_now(const struct hy_client *client);
/* With the lock held: it is later than a server said, and than we were built. */
void client_set_floor(struct hy_client *client, int64_t told);
/* A refused act as an event: tag, path, message, retry out of error. */
MUST_USE struct event *client_refused(const char *ref, const char *act,
				      const char *error);

#endif
