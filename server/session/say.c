/* SPDX-License-Identifier: Apache-2.0 */
/* say: what a session is told, and when it is read. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "clock.h"
#include "log.h"
#include "message.h"
#include "presence.h"
#include "session_body.h"
#include "stats.h"

/* A peer may use up this much of its allowance at once. */
#define BURST_US 1000000
/* A peer that errs all the time must not fill the disk with it. */
#define LOGGED_A_SECOND 5

void
session_pause(struct session *s, enum session_pause why, bool pause)
{
	unsigned before = s->paused;

	s->paused = pause ? before | why : before & ~(unsigned)why;
	if (!before != !s->paused)
		conn_pause(s->conn, s->paused != 0);
}

bool
session_is_paused(const struct session *s, enum session_pause why)
{
	return (s->paused & why) != 0;
}

bool
session_spend(struct session *s, int64_t now_ms)
{
	int64_t now = now_ms * 1000;

	if (s->allowance_us < now)
		s->allowance_us = now;
	s->allowance_us += 1000000 / s->all->settings.acts_per_second;
	if (s->allowance_us - now <= BURST_US || (s->paused & PAUSE_ALLOWANCE))
		return !(s->paused & PAUSE_ALLOWANCE);
	counters.throttled++;
	LIST_INSERT_HEAD(&s->all->throttled, s, in_throttled);
	session_pause(s, PAUSE_ALLOWANCE, true);
	return false;
}

void
sessions_tick(struct sessions *all, int64_t now_ms)
{
	struct session *s = LIST_FIRST(&all->throttled), *next;

	presence_flush(all->presence);
	for (; s; s = next) {
		next = LIST_NEXT(s, in_throttled);
		if (s->allowance_us - now_ms * 1000 > BURST_US / 2)
			continue;
		LIST_REMOVE(s, in_throttled);
		session_pause(s, PAUSE_ALLOWANCE, false);
	}
}

bool
session_may_log(struct session *s)
{
	int64_t second = clock_ms() / 1000;

	if (second != s->logged_second)
		s->logged = 0;
	s->logged_second = second;
	return s->logged++ < LOGGED_A_SECOND;
}

void
session_act_begins(struct session *s)
{
	s->waiting++;
	if (s->waiting >= s->all->settings.window)
		session_pause(s, PAUSE_WINDOW, true);
}

void
session_act_ends(struct session *s)
{
	must(s->waiting > 0);
	s->waiting--;
	if (s->waiting < s->all->settings.window)
		session_pause(s, PAUSE_WINDOW, false);
}

void
session_hold(struct session *s, const char *text, size_t len)
{
	size_t need = s->held_len + len + 1;
	char *held = need <= s->all->settings.max_frame + 1 ?
			     realloc(s->held, need) :
			     NULL;

	if (!held) {
		session_dismiss(s, "overloaded", 5, 1008);
		return;
	}
	memcpy(held + s->held_len, text, len);
	held[need - 1] = 0;
	s->held = held;
	s->held_len = need;
}

void
session_send(struct session *s, const char *text, size_t len)
{
	if (s->state == SESSION_LEAVING)
		return;
	if (conn_send(s->conn, text, len) == CONN_BLOCKED)
		session_pause(s, PAUSE_UNREAD, true);
}

void
session_refuse(struct session *s, const char *id, const struct refusal *why)
{
	struct bytes text;

	counters.refused[why->id]++;
	bytes_init(&text);
	message_refusal(&text, id, why, session_lang(s));
	if (text.failed) /* silence would be waited for */
		session_dismiss(s, "overloaded", 5, 1013);
	else
		session_send(s, text.data, text.len);
	bytes_fini(&text);
}

void
session_dismiss(struct session *s, const char *reason, int retry, int code)
{
	struct bytes params, text;

	if (s->state == SESSION_LEAVING)
		return;
	bytes_init(&params);
	bytes_init(&text);
	bytes_format(&params, "{\"reason\":\"%s\",\"retry\":%d}", reason,
		     retry);
	if (!params.failed)
		message_news(&text, NEWS_bye, params.data);
	if (text.len > 0 && !text.failed)
		(void)conn_send(s->conn, text.data, text.len);
	log_event(LOG_INFO, "session dismissed", "session", session_name(s),
		  "reason", reason, NULL);
	session_move(s, SESSION_LEAVING);
	conn_close(s->conn, code, reason);
	bytes_fini(&params);
	bytes_fini(&text);
}
