/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log: one line an event on stderr, as text with a "<N>" priority (sd-daemon(3))
 * or as one JSON object. What is personal or secret never gets here: callers
 * pass only fields which the table of acts calls plain.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "must.h"

enum log_level {
	LOG_BAD = 3,
	LOG_WARN = 4,
	LOG_NOTE = 5,
	LOG_INFO = 6,
	LOG_DEBUG = 7
};

/* Called once before anything logs; name is borrowed for ever. */
void log_init(const char *name, bool json, enum log_level most);
/*
 * event is a short sentence; then pairs key, value (both char *), then NULL:
 *   log_event(LOG_INFO, "act refused", "tag", tag, "act", name, NULL);
 * A NULL value drops its pair. Bytes below space and DEL are escaped.
 */
void log_event(enum log_level level, const char *event, ...)
	__attribute__((sentinel));
/* Formats into one of a few static buffers: for a value of log_event. */
const char *log_number(long long value);

#endif
