/* SPDX-License-Identifier: Apache-2.0 */
/* traffic: rows of table traffic. */
#include "traffic.h"

#include "clock.h"
#include "fault.h"
#include "huiyin.h"

#define DAY 86400
#define EAST 28800       /* China has one time, and no other in summer */
#define DUE_MS 600000    /* so long it is only in memory at most, */
#define DUE_BYTES 65536u /* or, when it is so much, */
#define MANY_MS 1000     /* so long */

int64_t
traffic_day(int64_t seconds)
{
	return (seconds + EAST) / DAY;
}

static int
read_row(struct disk *disk, int64_t day, struct meter *row)
{
	sqlite3_stmt *said = disk_say(disk, SAY_traffic_get);
	int rows;

	*row = (struct meter){ 0 };
	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, day);
	rows = disk_row(disk, said);
	if (rows == 1) {
		row->sent = (uint64_t)sqlite3_column_int64(said, 0);
		row->received = (uint64_t)sqlite3_column_int64(said, 1);
	}
	(void)sqlite3_reset(said);
	return rows < 0 ? rows : HY_OK;
}

static int
write_row(struct disk *disk, int64_t day, const struct meter *row)
{
	sqlite3_stmt *said = disk_say(disk, SAY_traffic_put);
	int code;

	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, day);
	sqlite3_bind_int64(said, 2, (sqlite3_int64)row->sent);
	sqlite3_bind_int64(said, 3, (sqlite3_int64)row->received);
	code = disk_run(disk, said);
	if (code != HY_OK)
		return code;
	said = disk_say(disk, SAY_traffic_forget);
	if (!said)
		return hy_last_error()->code;
	sqlite3_bind_int64(said, 1, TRAFFIC_DAYS);
	return disk_run(disk, said);
}

static struct meter
sum_of(const struct traffic *t)
{
	return (struct meter){ t->kept.sent + t->fresh.sent,
			       t->kept.received + t->fresh.received };
}

void
traffic_flush(struct traffic *t, struct disk *disk)
{
	struct meter sum = sum_of(t);
	int code;

	if (t->since == 0)
		return;
	/* Not again at once where the disk is full or broken. */
	t->since = clock_ms();
	code = disk_begin_relaxed(disk);
	if (code == HY_OK)
		code = write_row(disk, t->day, &sum);
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK) {
		disk_rollback(disk);
		return;
	}
	t->kept = sum;
	t->fresh = (struct meter){ 0 };
	t->since = 0;
}

/* What cannot be read is taken for nothing. */
static void
turn_over(struct traffic *t, struct disk *disk, int64_t day)
{
	traffic_flush(t, disk);
	*t = (struct traffic){ .day = day };
	if (read_row(disk, day, &t->kept) != HY_OK)
		t->kept = (struct meter){ 0 };
}

void
traffic_add(struct traffic *t, struct disk *disk, int64_t day,
	    const struct meter *more)
{
	if (day != t->day)
		turn_over(t, disk, day);
	if (more->sent + more->received == 0)
		return;
	t->fresh.sent += more->sent;
	t->fresh.received += more->received;
	if (t->since == 0)
		t->since = clock_ms();
}

bool
traffic_is_due(const struct traffic *t, int64_t now)
{
	bool many = t->fresh.sent + t->fresh.received >= DUE_BYTES;

	return t->since > 0 && now - t->since >= (many ? MANY_MS : DUE_MS);
}

uint64_t
traffic_today(const struct traffic *t)
{
	struct meter sum = sum_of(t);

	return sum.sent + sum.received;
}

int
traffic_of(const struct traffic *t, struct disk *disk, int64_t day,
	   struct meter *sum)
{
	if (day != t->day)
		return read_row(disk, day, sum);
	*sum = sum_of(t);
	return HY_OK;
}
