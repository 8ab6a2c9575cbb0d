/* SPDX-License-Identifier: Apache-2.0 */
/* pg_fixture: a PostgreSQL of one's own for a test program. */
#include "pg_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INITDB "/usr/lib/postgresql/15/bin/initdb"
#define POSTGRES "/usr/lib/postgresql/15/bin/postgres"
#define START_TRIES 1500 /* of 20 ms */

struct pg {
	char folder[80]; /* a socket's path has 107 bytes at the most */
	char conninfo[160];
	pid_t pid; /* of the postmaster; 0 when it is stopped */
};

static _Noreturn void
give_up(const struct pg *pg, const char *what)
{
	fprintf(stderr, "Bail out! %s: %s: %s\n", pg->folder, what,
		strerror(errno));
	if (pg->pid > 0)
		kill(pg->pid, SIGQUIT);
	exit(1);
}

/* initdb and postgres refuse root: in the child, be who may run them. */
static void
become_postgres(void)
{
	struct passwd *who;

	if (geteuid() != 0)
		return;
	who = getpwnam("postgres");
	if (!who || setgid(who->pw_gid) != 0 ||
	    initgroups(who->pw_name, who->pw_gid) != 0 ||
	    setuid(who->pw_uid) != 0)
		_exit(126);
}

static pid_t
run(const struct pg *pg, const char *const *argv)
{
	pid_t pid = fork();
	char log[96];
	int fd;

	if (pid != 0)
		return pid;
	become_postgres();
	(void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
	snprintf(log, sizeof log, "%s/log", pg->folder);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 ||
	    chdir(pg->folder) != 0)
		_exit(126);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void
create(struct pg *pg)
{
	const char *const argv[] = { INITDB,
				     "-D",
				     "data",
				     "--no-sync",
				     "-A",
				     "trust",
				     "-U",
				     "postgres",
				     "--encoding=UTF8",
				     "--locale=C.UTF-8",
				     NULL };
	struct passwd *who = getpwnam("postgres");
	const char *scratch = getenv("HUIYIN_SCRATCH");
	int status;

	/* there, tests/run clears away what a killed test has left behind */
	(void)snprintf(pg->folder, sizeof pg->folder, "%s/huiyin_pg_XXXXXX",
		       scratch && strlen(scratch) < 60 ? scratch : "/tmp");
	if (!mkdtemp(pg->folder) || chmod(pg->folder, 0755) != 0)
		give_up(pg, "no folder");
	if (geteuid() == 0 &&
	    (!who || chown(pg->folder, who->pw_uid, who->pw_gid) != 0))
		give_up(pg, "no user postgres");
	(void)snprintf(pg->conninfo, sizeof pg->conninfo,
		       "host=%s user=postgres dbname=postgres", pg->folder);
	if (waitpid(run(pg, argv), &status, 0) < 0 || status != 0)
		give_up(pg, "initdb failed; see its log");
}

static void
wait_a_bit(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
}

static bool
has_ended(struct pg *pg)
{
	if (waitpid(pg->pid, NULL, WNOHANG) != pg->pid)
		return false;
	pg->pid = 0;
	return true;
}

static void
launch(struct pg *pg, const char *setting)
{
	char socket_folder[128];
	const char *argv[] = { POSTGRES,
			       "-D",
			       "data",
			       "-c",
			       "listen_addresses=",
			       "-c",
			       socket_folder,
			       "-c",
			       "max_connections=40",
			       "-c",
			       "shared_buffers=32MB",
			       "-c",
			       "log_parameter_max_length_on_error=0",
			       setting ? "-c" : NULL,
			       setting,
			       NULL };

	snprintf(socket_folder, sizeof socket_folder,
		 "unix_socket_directories=%s", pg->folder);
	pg->pid = run(pg, argv);
	if (pg->pid < 0)
		give_up(pg, "fork");
}

/* Orphans of a killed postmaster may hold its memory for a moment. */
void
pg_start(struct pg *pg, const char *setting)
{
	launch(pg, setting);
	for (int i = 0; i < START_TRIES; i++) {
		if (PQping(pg->conninfo) == PQPING_OK)
			return;
		wait_a_bit();
		if (has_ended(pg))
			launch(pg, setting);
	}
	give_up(pg, "does not start; see its log");
}

void
pg_stop(struct pg *pg, int signal)
{
	if (pg->pid == 0)
		return;
	kill(pg->pid, signal);
	for (int i = 0; i < START_TRIES; i++) {
		if (has_ended(pg))
			return;
		wait_a_bit();
	}
	give_up(pg, "does not stop");
}

struct pg *
pg_new(void)
{
	struct pg *pg = calloc(1, sizeof *pg);

	if (!pg)
		exit(1);
	create(pg);
	pg_start(pg, NULL);
	return pg;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
pg_free(struct pg *pg)
{
	pg_stop(pg, SIGQUIT);
	(void)nftw(pg->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(pg);
}

pid_t
pg_pid(const struct pg *pg)
{
	return pg->pid;
}

const char *
pg_conninfo(const struct pg *pg)
{
	return pg->conninfo;
}

/* The answer of a connection of its own; the caller's. */
static PGresult *
ask(struct pg *pg, const char *sql)
{
	PGconn *conn = PQconnectdb(pg->conninfo);
	PGresult *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(conn));
		give_up(pg, "a statement failed");
	}
	PQfinish(conn);
	return result;
}

void
pg_run(struct pg *pg, const char *sql)
{
	PQclear(ask(pg, sql));
}

long
pg_number(struct pg *pg, const char *sql)
{
	PGresult *result = ask(pg, sql);
	long number = PQntuples(result) && !PQgetisnull(result, 0, 0) ?
			      strtol(PQgetvalue(result, 0, 0), NULL, 10) :
			      0;

	PQclear(result);
	return number;
}

void
pg_signal_backends(struct pg *pg, const char *application_name, int signal)
{
	char sql[256];
	PGresult *result;

	(void)snprintf(
		sql, sizeof sql,
		"select pid from pg_stat_activity where application_name = "
		"'%s'",
		application_name);
	result = ask(pg, sql);
	for (int i = 0; i < PQntuples(result); i++)
		kill((pid_t)strtol(PQgetvalue(result, i, 0), NULL, 10), signal);
	PQclear(result);
}
