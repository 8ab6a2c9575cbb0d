/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pg_fixture: a PostgreSQL of one's own for a test program: started as a
 * child that dies with it, socket only, with fsync on but a folder that was
 * never synced. A test that cannot have one fails; it is never skipped.
 */
#ifndef PG_FIXTURE_H
#define PG_FIXTURE_H

#include <stdbool.h>
#include <sys/types.h>

struct pg;

/* Creates and starts one; stops the program when that does not work. */
struct pg *pg_new(void);
/* Stops it at once and removes its folder. */
void pg_free(struct pg *pg);
/* Kills the postmaster with this signal and waits until it is gone. */
void pg_stop(struct pg *pg, int signal);
/* Starts it again, with a line like "fsync=off" when not NULL. */
void pg_start(struct pg *pg, const char *setting);
pid_t pg_pid(const struct pg *pg);
/* Conninfo of its superuser; borrowed. */
const char *pg_conninfo(const struct pg *pg);
/* Runs statements; stops the program when one fails. */
void pg_run(struct pg *pg, const char *sql);
/* The first field of the answer as a number. */
long pg_number(struct pg *pg, const char *sql);
/* Sends a signal to the backends of this application_name. */
void pg_signal_backends(struct pg *pg, const char *application_name,
			int signal);

#endif
