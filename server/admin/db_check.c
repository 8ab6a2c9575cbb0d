/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_check: asks the database whether it is what it should be. verify.sql returns
 * a row for everything that is wrong; the room 'warning' has what will be.
 */
#include "errands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "exits.h"
#include "show.h"
#include "sql_files.h"

/* The columns of a row in one line; to be freed, NULL when memory is out. */
static char *
fault_text(const PGresult *r, int row)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return NULL;
	for (int i = 0; i < PQnfields(r); i++)
		fprintf(to, "%s%s", i ? ": " : "", PQgetvalue(r, row, i));
	return fclose(to) == 0 ? text : NULL;
}

static bool
is_warning(const PGresult *r, int row)
{
	return strcmp(PQgetvalue(r, row, 0), "warning") == 0;
}

/* Appends what is wrong, or only will be, and says it to people. */
static void
report_row(const struct wish *w, const PGresult *r, int row, json_t *list)
{
	char *text = fault_text(r, row);

	json_array_append_new(list, json_string(text));
	if (!w->json)
		printf("%s\n", text ? text : "");
	free(text);
}

static int
report(const struct wish *w, const PGresult *r)
{
	json_t *faults = json_array(), *warnings = json_array();
	json_t *result;
	bool ok;

	for (int i = 0; i < PQntuples(r); i++)
		report_row(w, r, i, is_warning(r, i) ? warnings : faults);
	ok = json_array_size(faults) == 0;
	result = json_pack("{sbsoso}", "ok", ok, "faults", faults, "warnings",
			   warnings);
	if (w->json)
		show(w, result);
	else if (ok)
		printf("the database is what it should be\n");
	json_decref(result);
	return ok ? DONE : FAILED;
}

int
run_check(struct wish *w)
{
	struct sql_files f = { .count = 0 };
	const char *folder = sql_folder(w->sql);
	struct database d;
	PGresult *r = NULL;
	int code = FAILED;

	if (!folder || !sql_files_add(&f, folder, "verify.sql")) {
		sql_files_fini(&f);
		return FAILED;
	}
	code = database_open(&d, w->db);
	if (code == DONE) {
		code = database_run(&d, f.files[0].path, f.files[0].text, NULL,
				    &r);
		if (code == DONE)
			code = report(w, r);
		PQclear(r);
		database_close(&d);
	}
	sql_files_fini(&f);
	return code;
}
