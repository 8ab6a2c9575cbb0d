/* SPDX-License-Identifier: Apache-2.0 */
/*
 * database: one blocking connection of an administrator. What goes wrong is
 * said on stderr here; callers only pass the exit code on.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include <jansson.h>
#include <libpq-fe.h>

#include "must.h"

struct database {
	PGconn *conn;
	int warnings; /* of severity WARNING since it was opened */
};

/* DONE with *d open, else NOT_REACHABLE or USAGE (conninfo is NULL). */
MUST_USE int database_open(struct database *d, const char *conninfo);
void database_close(struct database *d);

/*
 * Sends text (all of a file, or one statement; values is NULL or ends with a
 * NULL and holds $1, $2, ...) and waits, saying on a terminal that it waits.
 * DONE with *result (PQclear; result may be NULL) or the exit code; where
 * (a file, or NULL) begins what is said, with line and column. REFUSED, with
 * *result as well and nothing said, when a function refused (SQLSTATE YN...).
 */
MUST_USE int database_run(struct database *d, const char *where,
			  const char *text, const char *const *values,
			  PGresult **result);
/*
 * Begins, runs statements and commits are the caller's; this one commits and
 * believes it only without a warning.
 */
MUST_USE int database_commit(struct database *d);

#endif
