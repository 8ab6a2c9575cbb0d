/* SPDX-License-Identifier: Apache-2.0 */
/* mark: generation and number in table meta. */
#include "mark.h"

#include <stdio.h>
#include <sys/random.h>

#include "fault.h"
#include "huiyin.h"
#include "meta.h"

#define TAKEN "takes_mark"

static int
make_generation(struct disk *disk, char text[MARK_GENERATION])
{
	unsigned char bytes[(MARK_GENERATION - 1) / 2];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return fault(HY_ERR_SYSTEM, NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return meta_set_text(disk, "generation", text);
}

static int
end(struct disk *disk, int code)
{
	if (code == HY_OK)
		code = disk_commit(disk);
	if (code != HY_OK)
		disk_rollback(disk);
	return code;
}

static int
take_next(struct disk *disk, struct mark *mark)
{
	int code = meta_get_text(disk, "generation", mark->generation,
				 sizeof mark->generation);

	if (code == HY_OK && !mark->generation[0])
		code = make_generation(disk, mark->generation);
	if (code == HY_OK)
		code = mark_grow(disk);
	if (code == HY_OK)
		code = meta_get_number(disk, "mark", &mark->number);
	return code;
}

int
mark_next(struct disk *disk, struct mark *mark)
{
	int64_t taken = 0;
	int code = disk_begin(disk);

	if (code == HY_OK)
		code = meta_get_number(disk, TAKEN, &taken);
	if (code == HY_OK && taken)
		code = take_next(disk, mark);
	code = end(disk, code);
	return code == HY_OK ? taken != 0 : code;
}

int
mark_grow(struct disk *disk)
{
	int64_t number;
	int code = meta_get_number(disk, "mark", &number);

	return code == HY_OK ? meta_set_number(disk, "mark", number + 1) : code;
}

int
mark_taken(struct disk *disk, bool taken)
{
	int64_t before;
	int code = meta_get_number(disk, TAKEN, &before);

	if (code != HY_OK || (before != 0) == taken)
		return code;
	code = disk_begin(disk);
	if (code == HY_OK)
		code = meta_set_number(disk, TAKEN, taken);
	return end(disk, code);
}

int
mark_renew(struct disk *disk)
{
	char text[MARK_GENERATION];
	int code = disk_begin(disk);

	if (code == HY_OK)
		code = make_generation(disk, text);
	if (code == HY_OK)
		code = meta_set_number(disk, "mark", 0);
	return end(disk, code);
}
