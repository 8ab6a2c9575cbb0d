/* SPDX-License-Identifier: Apache-2.0 */
/* pump: what is to be said, inside the window: questions, acts, a ping. */
#ifndef CLIENT_PUMP_H
#define CLIENT_PUMP_H

#include <stdbool.h>
#include <stdint.h>

struct line;

#define PUMP_PING "ping" /* id of pings; no ref looks so */

/* Says as much as the window and the line take. */
void pump_run(struct line *line, int64_t now);
/* Says ping when nothing was said for long enough. */
void pump_keepalive(struct line *line, int64_t now);
/* Copies of settled acts are looked at, from the first. */
void pump_copies(struct line *line);
/* The line is gone: questions get no answer any more. */
void pump_lost(struct line *line);

#endif
