/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk: the SQLite file of a client. Opens it so that a committed transaction
 * survives a power cut, keeps its prepared statements, and opens it anew after
 * an error of the device: what a failed fsync left behind is never trusted.
 * What stands in the tables is the business of outbox and shelf. One thread
 * at a time. All return HY_OK or a code of huiyin.h with fault set.
 */
#ifndef CLIENT_DISK_H
#define CLIENT_DISK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must.h"

struct disk;

/* One prepared statement each; the SQL is in sayings.tbl.h. */
enum saying {
#define SAYING(id, sql) SAY_##id,
#include "sayings.tbl.h"
	SAYINGS
};

/* What opening found out. */
struct disk_news {
	bool damaged;   /* the old file was set aside */
	bool gone;      /* and there was nothing in it, or none */
	unsigned saved; /* rows that could be read of it */
	char aside[64]; /* its new name in the folder */
};

/* folder NULL: in memory. On HY_OK *disk is to be closed. */
MUST_USE int disk_open(struct disk **disk, const char *folder,
		       struct disk_news *news);
void disk_close(struct disk *disk);

/*
 * The statement, reset and without bindings; NULL (fault is set) when it
 * cannot be prepared. Borrowed; texts of its row live until its next use.
 */
MUST_USE sqlite3_stmt *disk_say(struct disk *disk, enum saying saying);
/* Runs a statement that returns no row. */
MUST_USE int disk_run(struct disk *disk, sqlite3_stmt *said);
/* Steps to a row: 1, 0 at the end, or a negative code. */
MUST_USE int disk_row(struct disk *disk, sqlite3_stmt *said);
/* A statement without bindings that returns no row. */
MUST_USE int disk_say_run(struct disk *disk, enum saying saying);

/*
 * Ends all looks: what was borrowed is gone. While one lasts SQLite keeps its
 * log, with everything that was deleted since.
 */
void disk_rest(struct disk *disk);

MUST_USE int disk_begin(struct disk *disk);
/*
 * The same for what may be undone by a power cut (not by kill -9) until the
 * next commit or disk_scrub: it has no fsync of its own.
 */
MUST_USE int disk_begin_relaxed(struct disk *disk);
/*
 * HY_OK: on disk, under the store's name. Otherwise nothing of the transaction
 * is. Ends all looks:
 * while one lasts SQLite does not empty its log, which would grow and grow.
 */
MUST_USE int disk_commit(struct disk *disk);
void disk_rollback(struct disk *disk);
/*
 * Room for what was accepted to be settled and erased. HY_OK: it is there, or
 * could be had; else HY_ERR_DISK, and nothing new may be kept.
 */
MUST_USE int disk_keep_reserve(struct disk *disk);
/*
 * Was the file removed or replaced by somebody since this was last asked? What
 * was in it is lost; the next transaction begins another.
 */
bool disk_take_loss(struct disk *disk);
/* Was a full disk the reason why the last thing failed? */
bool disk_is_full(const struct disk *disk);
/*
 * For the room to be used now. False when there is none, or something other
 * than a full disk has failed.
 */
MUST_USE bool disk_spend_reserve(struct disk *disk);
/*
 * Should a failing device bring back the act of that ref, it is taken out
 * before the file is used again: its author was told that it is not kept.
 */
void disk_doom(struct disk *disk, const char *ref);

/* Number of this opening: another one each time. */
int64_t disk_run_number(const struct disk *disk);
/* Counts of bytes that outbox keeps here, since they live as long. */
uint64_t *disk_bytes(struct disk *disk);
/* Overwrites what was deleted also in the log of SQLite. */
void disk_scrub(struct disk *disk);

#endif
