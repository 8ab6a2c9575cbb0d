/* SPDX-License-Identifier: Apache-2.0 */
/* link_bed: a link on a loop, and what was heard of its calls. */
#ifndef LINK_BED_H
#define LINK_BED_H

#include <stdbool.h>
#include <uv.h>

#include "link.h"

#define SOON 20                     /* seconds: the bound of every wait */
#define LINE_NAME "link under test" /* its application_name */

struct line {
	uv_loop_t loop;
	struct link *link;
	bool ready, closed;
	int readies, losses, notified;
	char heard[64]; /* the channel last notified */
};

/* How a call was answered. */
struct heard {
	bool told;
	enum link_outcome outcome;
	char text[64], tag[32], path[32], sqlstate[8];
	int after, rows;
	int order; /* how many were told before */
};

/* "select $1::text" */
extern const char echo_sql[];

void line_open(struct line *line, const char *conninfo, int timeout_seconds);
/* Waits until it is ready. */
void line_ready(struct line *line);
void line_close(struct line *line);
/* The same in two steps, for callbacks. */
void line_begin_close(struct line *line);
void line_end_close(struct line *line);
/* Calls sql with param, or with none when it is NULL. */
void line_call(struct line *line, const char *sql, const char *param,
	       struct heard *h);
/* Waits for the answer. */
void line_answered(struct line *line, struct heard *h);
/* Waits until words are in the link's trouble. */
void line_troubled(struct line *line, const char *words);
/* Waits until *is has come to wanted. */
void line_counted(struct line *line, const int *is, int wanted);

#endif
