/* SPDX-License-Identifier: Apache-2.0 */
/* clock: the two clocks and RFC 3339. */
#include "clock.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t
read_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

void
clock_text(int64_t wall_ms, char text[CLOCK_TEXT])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	char head[24];
	long minutes;

	localtime_r(&seconds, &tm);
	minutes = labs(tm.tm_gmtoff) / 60;
	strftime(head, sizeof head, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, CLOCK_TEXT, "%s%c%02ld:%02ld", head,
		 tm.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* Matches text with a form in which 0 stands for a digit. */
static bool
has_form(const char *text, const char *form)
{
	for (; *form; form++, text++) {
		bool digit = isdigit((unsigned char)*text) != 0;

		if (*form == '0' ? !digit : *form != *text)
			return false;
	}
	return true;
}

static int
two(const char *text)
{
	return (text[0] - '0') * 10 + text[1] - '0';
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
offset_is_good(const char *text)
{
	return (*text == '+' || *text == '-') && has_form(text + 1, "00:00") &&
	       text[6] == 0 && two(text + 1) < 15 && two(text + 4) < 60;
}

bool
clock_text_is_time(const char *text)
{
	int year, month, day;

	if (!has_form(text, "0000-00-00T00:00:00"))
		return false;
	year = two(text) * 100 + two(text + 2);
	month = two(text + 5);
	day = two(text + 8);
	if (year < 1 || month < 1 || month > 12 || day < 1 ||
	    day > days_of(year, month) || two(text + 11) > 23 ||
	    two(text + 14) > 59 || two(text + 17) > 60)
		return false;
	text += 19;
	if (*text == '.') {
		size_t digits = strspn(text + 1, "0123456789");

		if (digits < 1 || digits > 9)
			return false;
		text += 1 + digits;
	}
	return offset_is_good(text);
}
