/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about the summaries of meetings (纪要). Columns: see ../acts.tbl.h. */

#define WHO_CLERKS (WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR)
#define MEETING(act)                                                  \
	FIELD(act, "meeting", INTEGER, MUST, 1, WIRE_NUMBER_MAX, PLAIN, \
	      NULL, "Number of the meeting.")
#define REVISION(act)                                                   \
	FIELD(act, "revision", INTEGER, MUST, 1, 1000000, PLAIN, NULL,   \
	      "The revision one has read; refused when there is another.")
#define STATE(act)                                                       \
	RESULT(act, "meeting", INTEGER, NULL, "Number of the meeting.")   \
	RESULT(act, "state", TEXT, NULL, "Its state now.")                \
	RESULT(act, "revision", INTEGER, NULL, "Its revision now.")
#define HEADING(act, at, corrects)                                           \
	RESULT(act, at "meeting", INTEGER, NULL, "Number of the meeting.")    \
	RESULT(act, at "state", TEXT, NULL, "draft, circulated or issued.")   \
	RESULT(act, at "year", INTEGER, NULL, "Year of its number.")          \
	RESULT(act, at "number", INTEGER, NULL,                               \
	       "Its number in that year; absent until it is issued.")         \
	RESULT(act, at "issued_at", TIME, NULL, "When it was issued.")        \
	RESULT(act, at "sign_by", TIME, NULL,                                 \
	       "Until when departments sign or object; while circulated.")    \
	RESULT(act, at "corrects", OBJECT, NULL, corrects)                    \
	RESULT(act, at "corrected_by", OBJECT, NULL,                          \
	       "What corrects it: {year, number}.")                           \
	RESULT(act, at "reason", TEXT, NULL, "What is corrected and why.")

ACT(summary_draft, "summary.draft", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 4096,
    "Begins the summary of a meeting, takes a circulated one back to be "
    "changed, or begins the correction of an issued one.")
MEETING(summary_draft)
FIELD(summary_draft, "reason", TEXT, MAY, 1, 1000, PLAIN, NULL,
      "Why it is taken back, or what is corrected; then a must.")
STATE(summary_draft)

ACT(summary_circulate, "summary.circulate", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 1024,
    "Asks the departments to sign or object within two working days.")
MEETING(summary_circulate)
REVISION(summary_circulate)
STATE(summary_circulate)
RESULT(summary_circulate, "sign_by", TIME, NULL, "Until when.")

ACT(summary_sign, "summary.sign", WHO_CLERKS, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 1024, "Signs a circulated summary for one's department.")
MEETING(summary_sign)
REVISION(summary_sign)
STATE(summary_sign)

ACT(summary_object, "summary.object", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Objects to a circulated summary for one's department.")
MEETING(summary_object)
REVISION(summary_object)
FIELD(summary_object, "text", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "To what, and why.")
STATE(summary_object)

ACT(summary_answer, "summary.answer", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Answers the objection of a department, or notes it.")
MEETING(summary_answer)
FIELD(summary_answer, "department", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of the department that objects.")
FIELD(summary_answer, "outcome", WORD, MUST, 0, 0, PLAIN, "answered|noted",
      "Noted: it stands beside what is issued.")
FIELD(summary_answer, "text", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "What is said to it.")
STATE(summary_answer)

ACT(summary_issue, "summary.issue", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 1024,
    "Issues a summary: numbered, never changed, its decisions in the ledger.")
MEETING(summary_issue)
REVISION(summary_issue)
STATE(summary_issue)
RESULT(summary_issue, "year", INTEGER, NULL, "Year of its number.")
RESULT(summary_issue, "number", INTEGER, NULL, "Its number in that year.")

ACT(summary_get, "summary.get", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Shows the summary of a meeting: issued, circulated, or to the office its "
    "draft.")
MEETING(summary_get)
FIELD(summary_get, "number", INTEGER, MAY, 1, 1000000, PLAIN, NULL,
      "The issued one of this number; the last one when absent.")
FIELD(summary_get, "year", INTEGER, MAY, 2000, 9999, PLAIN, NULL,
      "Year of that number.")
HEADING(summary_get, "",
	"What it corrects and why: {year, number, reason}.")
RESULT(summary_get, "revision", INTEGER, NULL,
       "What was circulated; for summary.sign and summary.object.")
RESULT(summary_get, "title", TEXT, NULL, "What the meeting was called.")
RESULT(summary_get, "office", OBJECT, NULL, "Whose summary it is: {code, name}.")
RESULT(summary_get, "at", TIME, NULL, "When the meeting was.")
RESULT(summary_get, "place", TEXT, NULL, "Where.")
RESULT(summary_get, "chair", TEXT, NULL, "Who presided.")
RESULT(summary_get, "attendance", OBJECT, NULL,
       "{came, leave, sitting_in, absent}, of each [{department, names}].")
RESULT(summary_get, "items[].item", INTEGER, NULL, "Number of the item.")
RESULT(summary_get, "items[].position", INTEGER, NULL, "From 1, no gaps.")
RESULT(summary_get, "items[].text", TEXT, NULL, "What it is about.")
RESULT(summary_get, "items[].decisions[]", OBJECT, NULL,
       "What was decided: {text, lead?, assisting?, responsible?, standard?, "
       "due?}.")
RESULT(summary_get, "items[].feedback", INTEGER, NULL,
       "How many feedbacks led to it; absent below 5.")
RESULT(summary_get, "items[].notices[]", OBJECT, NULL,
       "Notices it is about: {notice, headline}.")
RESULT(summary_get, "copies_to[]", OBJECT, NULL, "Who gets it: {code, name}.")
RESULT(summary_get, "voices", OBJECT, NULL,
       "Once it is issued: {signed, objected, silent}.")
RESULT(summary_get, "said[]", OBJECT, NULL,
       "To the office all that was said of it, to a department its own: "
       "{department, voice, round, at, late, text?, answer?, noted?}.")
RESULT(summary_get, "overdue", BOOLEAN, NULL,
       "While circulated: is the time to sign over?")
RESULT(summary_get, "silent[]", OBJECT, NULL,
       "While circulated: who has not spoken yet: {code, name}.")
RESULT(summary_get, "hash", TEXT, NULL,
       "SHA-256 of what was issued, as the audit has it.")

ACT(summary_list, "summary.list", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Lists the summaries of meetings one has a part in, the latest first.")
FIELD(summary_list, "state", WORD, MAY, 0, 0, PLAIN, "draft|circulated|issued",
      "Only those in this state.")
FIELD(summary_list, "year", INTEGER, MAY, 2000, 9999, PLAIN, NULL,
      "Only those issued in this year.")
FIELD(summary_list, "after", TEXT, MAY, 1, 20, PLAIN, NULL,
      "Continue where the last page ended: its next.")
FIELD(summary_list, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items of a page; 50 when absent.")
HEADING(summary_list, "items[].", "What it corrects: {year, number}.")
RESULT(summary_list, "items[].title", TEXT, NULL, "What the meeting was called.")
RESULT(summary_list, "next", TEXT, NULL, "For after; absent on the last page.")

#undef WHO_CLERKS
#undef MEETING
#undef REVISION
#undef STATE
#undef HEADING
