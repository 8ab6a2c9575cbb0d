/* SPDX-License-Identifier: Apache-2.0 */
/* reach: counts with bars, in all and by township. */
#include "reach.h"

#include <stdio.h>
#include <string.h>

#include "width.h"

#define BAR 20    /* columns */
#define COLUMN 13 /* of a state: as wide as "misunderstood" */

static const char *const states[] = { "delivered", "shown", "read",
				      "understood", "misunderstood" };

static long long
count_of(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static void
put_bar(long long part, long long whole)
{
	/* A bar is full only when all were reached, empty when none was. */
	long long full = whole > 0 ? part * BAR / whole : 0;

	if (part > 0 && full == 0)
		full = 1;
	for (long long i = 0; i < BAR; i++)
		fputs(i < full ? "█" : "░", stdout);
}

static void
put_state(const json_t *row, const char *state)
{
	long long part = count_of(row, state);
	long long whole = count_of(row, "addressed");

	printf("%-13s %6lld/%-6lld ", state, part, whole);
	if (whole > 0)
		printf("%3lld %%  ", part * 100 / whole);
	else
		printf("  - %%  ");
	put_bar(part, whole);
	putchar('\n');
}

static void
put_township(const json_t *row, size_t width)
{
	const char *name = json_string_value(json_object_get(row, "name"));
	char cell[48];

	width_put(name ? name : "-", 0, width);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		snprintf(cell, sizeof cell, "%lld/%lld",
			 count_of(row, states[i]), count_of(row, "addressed"));
		printf("  %*s", COLUMN, cell);
	}
	putchar('\n');
}

static void
put_townships(const json_t *by)
{
	size_t width = 8, i;
	json_t *row;

	json_array_foreach(by, i, row) {
		const char *name =
			json_string_value(json_object_get(row, "name"));

		if (name && width_of(name) > width)
			width = width_of(name);
	}
	putchar('\n');
	width_put("TOWNSHIP", 0, width);
	for (i = 0; i < sizeof states / sizeof *states; i++)
		printf("  %*s", COLUMN, states[i]);
	putchar('\n');
	json_array_foreach(by, i, row) {
		put_township(row, width);
	}
}

void
reach_print(const json_t *reach)
{
	const json_t *by = json_object_get(reach, "by");

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		put_state(reach, states[i]);
	if (json_array_size(by) > 0)
		put_townships(by);
}
