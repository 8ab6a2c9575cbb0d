/* SPDX-License-Identifier: Apache-2.0 */
/* database: one blocking connection of an administrator. */
#include "database.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "exits.h"

#define TICK 1000 /* ms between signs of life on a terminal */
#define MOST_VALUES 4

static void
noticed(void *context, const PGresult *r)
{
	struct database *d = context;
	const char *severity =
		PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (!severity || strcmp(severity, "WARNING") != 0)
		return;
	d->warnings++;
	fprintf(stderr, "huiyin-admin: %s", PQresultErrorMessage(r));
}

int
database_open(struct database *d, const char *conninfo)
{
	const char *const keywords[] = { "connect_timeout", "dbname",
					 "fallback_application_name",
					 "client_encoding", NULL };
	const char *const values[] = { "10", conninfo, "huiyin-admin", "UTF8",
				       NULL };

	memset(d, 0, sizeof *d);
	if (!conninfo) {
		fprintf(stderr,
			"huiyin-admin: which database is missing; say "
			"it by --db or HUIYIN_DB, as \"host=/run/huiyin "
			"dbname=huiyin\"\n");
		return USAGE;
	}
	d->conn = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(d->conn) == CONNECTION_OK) {
		PQsetNoticeReceiver(d->conn, noticed, d);
		return DONE;
	}
	fprintf(stderr, "huiyin-admin: the database cannot be reached: %s",
		PQerrorMessage(d->conn));
	database_close(d);
	return NOT_REACHABLE;
}

void
database_close(struct database *d)
{
	PQfinish(d->conn);
	d->conn = NULL;
}

/* Waits for the answer; a person at a terminal sees that it goes on. */
static void
wait_for_answer(struct database *d)
{
	struct pollfd fd = { .fd = PQsocket(d->conn), .events = POLLIN };
	int64_t start = clock_ms();
	bool told = false;

	while (PQisBusy(d->conn)) {
		if (poll(&fd, 1, TICK) > 0 && !PQconsumeInput(d->conn))
			break;
		if (!PQisBusy(d->conn) || !isatty(STDERR_FILENO))
			continue;
		fprintf(stderr, "\rthe database works on it: %d s",
			(int)((clock_ms() - start) / 1000));
		told = true;
	}
	if (told)
		fprintf(stderr, "\r\033[K");
}

/* The place of an error in text: its position counts characters. */
static void
say_place(const char *where, const char *text, long position)
{
	int line = 1, column = 1;

	for (; *text && position > 1; text++) {
		if (((unsigned char)text[1] & 0xc0) != 0x80)
			position--;
		if (((unsigned char)*text & 0xc0) != 0x80)
			column++;
		if (*text == '\n') {
			line++;
			column = 1;
		}
	}
	fprintf(stderr, "%s:%d:%d: ", where, line, column);
}

static int
say_error(const struct database *d, const char *where, const char *text,
	  const PGresult *r)
{
	static const int more[] = { PG_DIAG_MESSAGE_DETAIL,
				    PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT };
	const char *said = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *at = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);

	fprintf(stderr, "huiyin-admin: ");
	if (PQstatus(d->conn) != CONNECTION_OK) {
		fprintf(stderr,
			"the connection to the database was lost; "
			"whether it was done is not known: %s",
			PQerrorMessage(d->conn));
		return NOT_REACHABLE;
	}
	if (where && at)
		say_place(where, text, strtol(at, NULL, 10));
	else if (where)
		fprintf(stderr, "%s: ", where);
	fprintf(stderr, "%s\n", said ? said : PQresultErrorMessage(r));
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		if (PQresultErrorField(r, more[i]))
			fprintf(stderr, "  %s\n",
				PQresultErrorField(r, more[i]));
	return FAILED;
}

static bool
is_good(const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	       status == PGRES_EMPTY_QUERY;
}

/* Refused by a function of ours: the caller has better words for it. */
static bool
is_refusal(const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return state && strncmp(state, "YN", 2) == 0;
}

static bool
send_text(struct database *d, const char *text, const char *const *values)
{
	int n = 0;

	if (!values)
		return PQsendQuery(d->conn, text);
	while (n < MOST_VALUES && values[n])
		n++;
	return PQsendQueryParams(d->conn, text, n, NULL, values, NULL, NULL, 0);
}

int
database_run(struct database *d, const char *where, const char *text,
	     const char *const *values, PGresult **result)
{
	PGresult *last = NULL, *r;
	int code = DONE;

	if (!send_text(d, text, values))
		return say_error(d, where, text, NULL);
	for (;;) {
		wait_for_answer(d);
		r = PQgetResult(d->conn);
		if (!r)
			break;
		PQclear(last);
		last = r;
		if (code == DONE && !is_good(r))
			code = is_refusal(r) ? REFUSED :
					       say_error(d, where, text, r);
	}
	if (result && (code == DONE || code == REFUSED))
		*result = last;
	else
		PQclear(last);
	return code;
}

int
database_commit(struct database *d)
{
	int before = d->warnings, code;
	PGresult *r = NULL;

	code = database_run(d, NULL, "commit", NULL, &r);
	if (code == DONE &&
	    (strcmp(PQcmdStatus(r), "COMMIT") != 0 || d->warnings != before)) {
		fprintf(stderr,
			"huiyin-admin: the database did not say plainly "
			"that this was kept\n");
		code = FAILED;
	}
	PQclear(r);
	return code;
}
