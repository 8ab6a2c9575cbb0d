/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of acts: whatever a peer may ask. One file per noun. Before the
 * include define what is wanted of:
 *
 * ACT(id, name, who, when, does, wakes, lane, batch, size, help)
 *   id      ACT_id; an identifier
 *   name    on the wire; "a.b" is decided by the SQL function api.a_b
 *   who     roles that may say it (a mask of WHO_*)
 *   when    BEFORE_HELLO or AFTER_HELLO
 *   does    READS or WRITES; the id of a writing act is its ref (UUIDv7)
 *   wakes   the feed that grows when it is settled: NULL, "notice", "feedback"
 *   lane    LOCAL (C has a handler handle_ID), DESK, REPORTS or SETTLE
 *   batch   most acts that settle in one call of SQL
 *   size    most bytes of its frame
 *   help    one sentence
 * FIELD(act, path, type, need, min, max, privacy, words, help)
 *   path    "a", "a.b" inside an object, "a[]" each item of a list
 *   type    TEXT, WORD, INTEGER, BOOLEAN, OBJECT, LIST, REGION, REF, TIME,
 *           DIGITS; min and max are characters, items, value or digits
 *   need    MUST, MAY, or UNLESS: a must unless the field named in words
 *           (for WORD: after a ';') is there, and forbidden when it is
 *   privacy PLAIN, PERSONAL or SECRET: what logs may show
 *   words   for WORD the allowed ones, separated by '|'; for TEXT those that
 *           are usual (help and completion name them, anything else passes)
 * RESULT(act, path, type, words, help): what comes back, for documents and
 *   for the columns of the command line.
 */
#ifndef ACT
#define ACT(id, name, who, when, does, wakes, lane, batch, size, help)
#endif
#ifndef FIELD
#define FIELD(act, path, type, need, min, max, privacy, words, help)
#endif
#ifndef RESULT
#define RESULT(act, path, type, words, help)
#endif

#include "acts/session.tbl.h"
#include "acts/notice.tbl.h"
#include "acts/feedback.tbl.h"
#include "acts/station.tbl.h"
#include "acts/report.tbl.h"
#include "acts/meeting.tbl.h"
#include "acts/summary.tbl.h"
#include "acts/ledger.tbl.h"

#undef ACT
#undef FIELD
#undef RESULT
