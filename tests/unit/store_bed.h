/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_bed: a store on a loop, with a database whose api functions are tiny
 * and may be put in a mood: to warn, to fail, to be slow.
 */
#ifndef STORE_BED_H
#define STORE_BED_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "pg_fixture.h"
#include "refusal.h"
#include "store.h"

#define SOON 20 /* seconds: the bound of every wait */

struct bed {
	uv_loop_t loop;
	struct store *store;
	bool up, closed;
	int ups, downs, roomies;
	int woken[3]; /* notice, feedback, identity */
};

/* What came back of one act. */
struct told {
	int times;
	struct refusal why;
	char result[400];
};

/* Makes the tiny api: once for a database. */
void bed_make_api(struct pg *pg);
/* Forgets what was settled and how moody it is. */
void bed_forget(struct pg *pg);
void bed_open(struct bed *bed, struct pg *pg, int queue);
void bed_open_with(struct bed *bed, const struct store_settings *settings);
/* The same, and waits until it is up. */
void bed_up(struct bed *bed, struct pg *pg);
void bed_close(struct bed *bed);

/* The ref of a number; neighbours do not sort as neighbours. */
void bed_ref(char ref[37], unsigned number);
/* Settles a feedback.submit of this number with this text. */
void bed_submit(struct bed *bed, unsigned number, const char *text,
		struct told *told);
/* For store calls that take an answer: context is a struct told. */
void bed_answered(void *context, const char *result, const struct refusal *why);
/* Turns until all of count have been told; each once. */
void bed_told(struct bed *bed, const struct told *told, unsigned count);
/* Turns until the database answers sql with at least this number. */
void bed_database_says(struct bed *bed, struct pg *pg, const char *sql,
		       long least);
/* Turns until *is has come to wanted. */
void bed_counted(struct bed *bed, const int *is, int wanted);

#endif
