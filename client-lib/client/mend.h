/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mend: rows that a damaged disk has changed. SQLite keeps no checksum of
 * them: one byte of a text may be another, and the file still counts as whole.
 * One such row must not stop those behind it. The caller holds the client's
 * lock.
 */
#ifndef CLIENT_MEND_H
#define CLIENT_MEND_H

#include "disk.h"
#include "outbox.h"
#include "refusal.h"

/*
 * Why a waiting act can never be sent: REFUSAL_none when it can; bad_json when
 * its row is damaged; unknown_act, too_large.
 */
enum refusal_id mend_judge(const struct outbox_act *act);
/*
 * The same as the error a server would have given, JSON text. Owned by the
 * caller (free()); NULL when memory is out.
 */
MUST_USE char *mend_error(enum refusal_id why, const char *lang);
/* A damaged ref names nothing: the act of that number gets this one. */
MUST_USE int mend_ref(struct disk *disk, int64_t number, const char *ref);
/*
 * At opening: an act whose end cannot be read waits again (under its ref the
 * server answers as it did), a notice that cannot be read is heard again with
 * all that is in force. *mended: how many rows. HY_OK or a code: then nothing
 * was changed.
 */
MUST_USE int mend_all(struct disk *disk, unsigned *mended);

#endif
