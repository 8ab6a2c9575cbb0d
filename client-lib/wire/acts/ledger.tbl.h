/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about the ledger (台账). Columns: see ../acts.tbl.h. */

#define WHO_CLERKS (WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR)
#define ENTRY(act)                                                  \
	FIELD(act, "entry", TEXT, MUST, 1, 40, PLAIN, NULL,          \
	      "Number of the entry.")
#define PROOF(act)                                                           \
	FIELD(act, "receipt", TEXT, MAY, 1, 40, PLAIN, NULL,                  \
	      "Or a feedback that proves it: its receipt number.")            \
	FIELD(act, "media", TEXT, MAY, 1, 200, PLAIN, NULL,                   \
	      "Or a reference to a picture or a paper.")
#define STATE(act)                                                           \
	RESULT(act, "state", TEXT, NULL, "Its state now.")                    \
	RESULT(act, "progress", INTEGER, NULL, "How far it is, in per cent.")
#define LINE(act, at)                                                        \
	RESULT(act, at "entry", TEXT, NULL, "Number of the entry.")           \
	RESULT(act, at "state", TEXT, NULL,                                   \
	       "open, doing, done, verified, blocked or cancelled.")          \
	RESULT(act, at "overdue", BOOLEAN, NULL, "Is it late now?")           \
	RESULT(act, at "due", TIME, NULL,                                     \
	       "By when, in the county's working time; null: no limit.")      \
	RESULT(act, at "progress", INTEGER, NULL,                             \
	       "How far it is, in per cent.")                                 \
	RESULT(act, at "level", INTEGER, NULL,                                \
	       "Per cent of its time that are used up: 0, 75, 90, 100, 150, " \
	       "200.")                                                        \
	RESULT(act, at "department", OBJECT, NULL,                            \
	       "Who leads it: {code, name}.")                                 \
	RESULT(act, at "year", INTEGER, NULL,                                 \
	       "Of the summary that decided it.")                             \
	RESULT(act, at "number", INTEGER, NULL, "Number of that summary.")    \
	RESULT(act, at "item", INTEGER, NULL, "Item of that summary.")        \
	RESULT(act, at "text", TEXT, NULL, "What was decided.")

ACT(ledger_list, "ledger.list", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Lists what meetings decided that one's department has to do with, what is "
    "due first.")
FIELD(ledger_list, "department", TEXT, MAY, 1, 32, PLAIN, NULL,
      "Only what this one leads: its code.")
FIELD(ledger_list, "state", TEXT, MAY, 1, 32, PLAIN, NULL,
      "Only those in this state: open, doing, done, verified, blocked or "
      "cancelled.")
FIELD(ledger_list, "late", BOOLEAN, MAY, 0, 0, PLAIN, NULL,
      "Only what is overdue.")
FIELD(ledger_list, "after", TEXT, MAY, 1, 40, PLAIN, NULL,
      "Continue where the last page ended: its next, the number of an entry.")
FIELD(ledger_list, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items of a page; 50 when absent.")
LINE(ledger_list, "items[].")
RESULT(ledger_list, "next", TEXT, NULL, "For after; absent on the last page.")

ACT(ledger_get, "ledger.get", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS, NULL,
    DESK, 0, 1024,
    "Shows an entry with every step to the departments that lead or assist, the "
    "coordinator and auditors.")
ENTRY(ledger_get)
LINE(ledger_get, "")
RESULT(ledger_get, "responsible", TEXT, NULL,
       "The person responsible; absent when nobody is named.")
RESULT(ledger_get, "standard", TEXT, NULL,
       "By what it is judged as done; absent when that is not said.")
RESULT(ledger_get, "assisting[]", OBJECT, NULL,
       "Who assists: {department, progress}.")
RESULT(ledger_get, "ever_overdue", BOOLEAN, NULL, "Was it ever late?")
RESULT(ledger_get, "opened_at", TIME, NULL, "When it was decided.")
RESULT(ledger_get, "done_at", TIME, NULL,
       "When it was said to be done; absent before.")
RESULT(ledger_get, "closed_at", TIME, NULL,
       "When it was verified or cancelled; absent before.")
RESULT(ledger_get, "result", TEXT, NULL, "What was done; absent before.")
RESULT(ledger_get, "notice", TEXT, NULL,
       "The plan for what is or was in the way: identifier of a notice; absent "
       "when nothing was.")
RESULT(ledger_get, "continues", TEXT, NULL,
       "Number of the entry it took the place of by a correction; absent else.")
RESULT(ledger_get, "continued_by", TEXT, NULL,
       "And of the one that took its place.")
RESULT(ledger_get, "feedback[]", TEXT, NULL,
       "Receipt numbers of what led to it, as far as one may see them.")
RESULT(ledger_get, "history[]", OBJECT, NULL,
       "Each step: {at, state, act, by, who, text?, progress?, receipt?, media?, "
       "notice?, decision?}.")
RESULT(ledger_get, "clocks[]", OBJECT, NULL,
       "What became of its clock: {at, kind, level?, old_by?, new_by?, by?, "
       "reason?}.")

ACT(ledger_progress, "ledger.progress", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Says how far an entry, or the part of who assists, has come, and what proves "
    "it.")
ENTRY(ledger_progress)
FIELD(ledger_progress, "percent", INTEGER, MUST, 0, 100, PLAIN, NULL,
      "How far.")
FIELD(ledger_progress, "text", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "What proves it, in words; one of these three is a must.")
PROOF(ledger_progress)
STATE(ledger_progress)

ACT(ledger_done, "ledger.done", WHO_CLERKS, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 16384,
    "Says that an entry one's department leads is done; another department "
    "verifies that.")
ENTRY(ledger_done)
FIELD(ledger_done, "text", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "What was done, in words everybody understands: once it is verified, "
      "whoever's feedback led to it reads it.")
PROOF(ledger_done)
STATE(ledger_done)

ACT(ledger_verify, "ledger.verify", WHO_CLERKS, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 16384,
    "Says that what another department has done is done, or is not.")
ENTRY(ledger_verify)
FIELD(ledger_verify, "decision", WORD, MUST, 0, 0, PLAIN, "verified|refused",
      "Refused, it is to be done still, and due when it was.")
FIELD(ledger_verify, "reason", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "What was seen; a must when it is refused.")
STATE(ledger_verify)

ACT(ledger_block, "ledger.block", WHO_CLERKS, AFTER_HELLO, WRITES, "notice",
    SETTLE, 1, 65536,
    "Says what is in the way of an entry, and tells those concerned by a notice "
    "what is done about it; its date stays.")
ENTRY(ledger_block)
FIELD(ledger_block, "reason", TEXT, MUST, 1, 1000, PERSONAL, NULL,
      "What is in the way; for departments.")
FIELD(ledger_block, "notice", TEXT, MAY, 1, 64, PLAIN, NULL,
      "The plan as a draft of a colleague, instead of the next two.")
FIELD(ledger_block, "headline", TEXT, UNLESS, 1, 60, PLAIN, ";notice",
      "Headline of the notice.")
FIELD(ledger_block, "plan", TEXT, UNLESS, 1, 2000, PLAIN, ";notice",
      "Its text: what is done and until when, in words everybody understands.")
FIELD(ledger_block, "audience", OBJECT, MAY, 0, 0, PLAIN, NULL,
      "Whom it concerns; when absent the townships the feedback came from, or "
      "all the department's region.")
FIELD(ledger_block, "audience.regions", LIST, MUST, 1, 64, PLAIN, NULL,
      "Regions, each with everything below it.")
FIELD(ledger_block, "audience.regions[]", REGION, MUST, 0, 0, PLAIN, NULL,
      "A region of 12 digits.")
FIELD(ledger_block, "expires", TIME, MAY, 0, 0, PLAIN, NULL,
      "Until when the notice is in force; for ever when absent.")
STATE(ledger_block)
RESULT(ledger_block, "notice", TEXT, NULL, "Identifier of the notice.")
RESULT(ledger_block, "seq", INTEGER, NULL, "Its number in the feed.")

ACT(ledger_cancel, "ledger.cancel", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Takes back what was decided; what was late stays late.")
ENTRY(ledger_cancel)
FIELD(ledger_cancel, "reason", TEXT, MUST, 1, 1000, PERSONAL, NULL,
      "Why; whoever's feedback led to it reads it.")
STATE(ledger_cancel)

#undef WHO_CLERKS
#undef ENTRY
#undef PROOF
#undef STATE
#undef LINE
