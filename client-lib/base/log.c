/* SPDX-License-Identifier: Apache-2.0 */
/* log: one line an event on stderr. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"

static const char *log_name = "huiyin";
static bool log_json;
static enum log_level log_most = LOG_INFO;

void
log_init(const char *name, bool json, enum log_level most)
{
	log_name = name;
	log_json = json;
	log_most = most;
}

/* May it stand in a text line without quotes? */
static bool
is_plain(const char *value)
{
	if (!value[0] || strpbrk(value, "\"\\="))
		return false;
	for (; *value; value++)
		if ((unsigned char)*value <= ' ' || *value == 0x7f)
			return false;
	return true;
}

static void
add_pair(struct bytes *line, const char *key, const char *value)
{
	if (log_json) {
		bytes_format(line, ",\"%s\":", key);
		bytes_json(line, value);
		return;
	}
	bytes_format(line, " %s=", key);
	if (is_plain(value))
		bytes_text(line, value);
	else
		bytes_json(line, value);
}

static void
begin_line(struct bytes *line, enum log_level level, const char *event)
{
	char now[CLOCK_TEXT];

	clock_text(clock_wall_ms(), now);
	if (log_json) {
		bytes_format(line, "{\"at\":\"%s\",\"level\":%d,\"node\":", now,
			     (int)level);
		bytes_json(line, log_name);
		bytes_text(line, ",\"event\":");
		bytes_json(line, event);
	} else {
		bytes_format(line, "<%d>%s %s: %s", (int)level, now, log_name,
			     event);
	}
}

/* A log that cannot be written must not stop the work. */
static void
put_line(const struct bytes *line)
{
	ssize_t n;

	if (line->failed)
		return;
	do
		n = write(STDERR_FILENO, line->data, line->len);
	while (n < 0 && errno == EINTR);
}

void
log_event(enum log_level level, const char *event, ...)
{
	struct bytes line;
	const char *key, *value;
	va_list args;

	if (level > log_most)
		return;
	bytes_init(&line);
	begin_line(&line, level, event);
	va_start(args, event);
	while ((key = va_arg(args, const char *)) != NULL) {
		value = va_arg(args, const char *);
		if (value)
			add_pair(&line, key, value);
	}
	va_end(args);
	bytes_text(&line, log_json ? "}\n" : "\n");
	put_line(&line);
	bytes_fini(&line);
}

const char *
log_number(long long value)
{
	static _Thread_local char text[8][24];
	static _Thread_local unsigned next;
	char *p = text[next++ % 8];

	snprintf(p, sizeof text[0], "%lld", value);
	return p;
}
