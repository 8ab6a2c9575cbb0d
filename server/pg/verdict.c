/* SPDX-License-Identifier: Apache-2.0 */
/* verdict: an error by its SQLSTATE: a refusal, the datum's, or weather. */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

#define AFTER_MAX 86400
#define MESSAGE_TEXT 200

/* Classes and codes that say nothing about the datum. */
static const char *const weather[] = {
	"08",    /* connection exception */
	"25006", /* read-only: failed over, or set so */
	"26",    /* the statement is gone: it is prepared again */
	"40",    /* rolled back: serialization, deadlock */
	"53",    /* no room, no memory, no connections */
	"55",    /* locked, not in the right state */
	"57",    /* shut down, cancelled */
	"58",    /* the machine's files */
};

static bool
is_weather(const char *sqlstate)
{
	for (size_t i = 0; i < sizeof weather / sizeof *weather; i++)
		if (strncmp(sqlstate, weather[i], strlen(weather[i])) == 0)
			return true;
	return false;
}

/* A function was replaced by one of another shape: a new connection helps. */
static bool
is_stale_plan(const PGresult *result, const char *sqlstate)
{
	const char *where = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

	return strcmp(sqlstate, "0A000") == 0 && where &&
	       strcmp(where, "RevalidateCachedQuery") == 0;
}

static int
read_after(const PGresult *result)
{
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	long after = hint ? strtol(hint, NULL, 10) : 0;

	return after < 0 ? 0 : after > AFTER_MAX ? AFTER_MAX : (int)after;
}

static void
refused(const PGresult *result, struct link_answer *answer)
{
	answer->outcome = LINK_REFUSED;
	answer->tag = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (!answer->tag)
		answer->tag = "";
	answer->path = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	answer->after = read_after(result);
}

bool
verdict(const struct call *call, struct link_answer *answer)
{
	const PGresult *result = call->result;
	const char *sqlstate;

	if (PQresultStatus(result) == PGRES_TUPLES_OK ||
	    PQresultStatus(result) == PGRES_COMMAND_OK) {
		answer->outcome = LINK_DONE;
		return false;
	}
	sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	answer->sqlstate = sqlstate;
	if (!sqlstate) { /* libpq's own: it has lost the server */
		answer->outcome = LINK_WEATHER;
		return true;
	}
	if (strcmp(sqlstate, "YN001") == 0) {
		refused(result, answer);
		return false;
	}
	if (is_stale_plan(result, sqlstate)) {
		answer->outcome = LINK_WEATHER;
		return true;
	}
	if (strcmp(sqlstate, "42P05") == 0) { /* prepared, but we missed it */
		answer->outcome = LINK_WEATHER;
		return true;
	}
	/* A statement that cannot be prepared is not the datum's fault: the
	 * database is being upgraded, or is another one. */
	answer->outcome = call->unprepared || is_weather(sqlstate) ?
				  LINK_WEATHER :
				  LINK_FAILED;
	return strcmp(sqlstate, "25006") == 0;
}

/* Messages of class 22 quote the value; those of other classes do not. */
void
verdict_log(const struct link *link, const struct call *call)
{
	const PGresult *result = call->result;
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char first[MESSAGE_TEXT] = "";

	if (said && sqlstate && strncmp(sqlstate, "22", 2) != 0) {
		size_t len = strcspn(said, "\r\n");

		if (len >= sizeof first)
			len = sizeof first - 1;
		memcpy(first, said, len);
		first[len] = 0;
	}
	log_event(
		LOG_BAD, "the database answered with an error", "link",
		link->name, "sqlstate", sqlstate, "said",
		first[0] ? first : NULL, "constraint",
		PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME), "function",
		PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION),
		"statement",
		call->statement < 0 ? NULL : link->statements[call->statement],
		NULL);
}
