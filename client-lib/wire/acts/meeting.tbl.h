/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about meetings of departments (会议). Columns: see ../acts.tbl.h. */

#define WHO_CLERKS (WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR)
#define MEETING(act)                                                  \
	FIELD(act, "meeting", INTEGER, MUST, 1, WIRE_NUMBER_MAX, PLAIN, \
	      NULL, "Number of the meeting.")
#define REVISION(act)                                                   \
	FIELD(act, "revision", INTEGER, MUST, 1, 1000000, PLAIN, NULL,   \
	      "The revision one has read; refused when there is another.")
#define INVITED(act, need)                                                \
	FIELD(act, "departments", LIST, need, 1, 64, PLAIN, NULL,          \
	      "Departments that are invited as members.")                  \
	FIELD(act, "departments[]", TEXT, MUST, 1, 32, PLAIN, NULL,        \
	      "Code of one of them.")                                      \
	FIELD(act, "sitting_in", LIST, MAY, 1, 64, PLAIN, NULL,            \
	      "Departments that are invited to sit in (列席).")        \
	FIELD(act, "sitting_in[]", TEXT, MUST, 1, 32, PLAIN, NULL,         \
	      "Code of one of them.")
#define NAMES(act, help)                                               \
	FIELD(act, "names", LIST, MAY, 1, 16, PERSONAL, NULL, help)     \
	FIELD(act, "names[]", TEXT, MUST, 1, 80, PERSONAL, NULL,        \
	      "Name and post of one of them.")
#define ITEM(act, need)                                                      \
	FIELD(act, "text", TEXT, need, 1, 1000, PERSONAL, NULL,               \
	      "What it is about.")                                            \
	FIELD(act, "kind", WORD, MAY, 0, 0, PLAIN,                            \
	      "feedback|typical|ledger|notice|other",                         \
	      "From what it was drawn; other when absent.")                   \
	FIELD(act, "decision", TEXT, MAY, 1, 4000, PERSONAL, NULL,            \
	      "What was decided.")                                            \
	FIELD(act, "lead", TEXT, MAY, 1, 32, PLAIN, NULL,                     \
	      "Code of the department that leads what was decided.")          \
	FIELD(act, "assisting", LIST, MAY, 1, 16, PLAIN, NULL,                \
	      "Departments that assist.")                                     \
	FIELD(act, "assisting[]", TEXT, MUST, 1, 32, PLAIN, NULL,             \
	      "Code of one of them.")                                         \
	FIELD(act, "responsible", TEXT, MAY, 1, 80, PERSONAL, NULL,           \
	      "The person responsible.")                                      \
	FIELD(act, "standard", TEXT, MAY, 1, 1000, PLAIN, NULL,               \
	      "By what it is judged as done.")                                \
	FIELD(act, "due", TIME, MAY, 0, 0, PLAIN, NULL, "By when.")           \
	FIELD(act, "feedback", LIST, MAY, 1, 200, PLAIN, NULL,                \
	      "Feedback that led to it.")                                     \
	FIELD(act, "feedback[]", TEXT, MUST, 1, 40, PLAIN, NULL,              \
	      "Receipt number of one of them.")                               \
	FIELD(act, "notices", LIST, MAY, 1, 32, PLAIN, NULL,                  \
	      "Notices it is about.")                                         \
	FIELD(act, "notices[]", TEXT, MUST, 1, 64, PLAIN, NULL,               \
	      "Identifier of one of them.")                                   \
	FIELD(act, "entries", LIST, MAY, 1, 32, PLAIN, NULL,                  \
	      "Entries of the ledger it is about.")                           \
	FIELD(act, "entries[]", TEXT, MUST, 1, 40, PLAIN, NULL,               \
	      "Number of one of them.")
#define STATE(act)                                                       \
	RESULT(act, "meeting", INTEGER, NULL, "Number of the meeting.")   \
	RESULT(act, "state", TEXT, NULL, "Its state now.")                \
	RESULT(act, "revision", INTEGER, NULL, "Its revision now.")

ACT(meeting_convene, "meeting.convene", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Convenes a meeting of departments; those invited hear of it.")
FIELD(meeting_convene, "title", TEXT, MUST, 1, 120, PLAIN, NULL,
      "What it is called.")
FIELD(meeting_convene, "at", TIME, MUST, 0, 0, PLAIN, NULL, "When it begins.")
FIELD(meeting_convene, "place", TEXT, MUST, 1, 120, PLAIN, NULL, "Where.")
FIELD(meeting_convene, "chair", TEXT, MUST, 1, 80, PLAIN, NULL,
      "Who presides: name and post.")
INVITED(meeting_convene, MUST)
STATE(meeting_convene)

ACT(meeting_change, "meeting.change", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Changes the heading of a meeting, or invites more departments.")
MEETING(meeting_change)
REVISION(meeting_change)
FIELD(meeting_change, "title", TEXT, MAY, 1, 120, PLAIN, NULL,
      "What it is called.")
FIELD(meeting_change, "at", TIME, MAY, 0, 0, PLAIN, NULL, "When it begins.")
FIELD(meeting_change, "place", TEXT, MAY, 1, 120, PLAIN, NULL, "Where.")
FIELD(meeting_change, "chair", TEXT, MAY, 1, 80, PLAIN, NULL,
      "Who presides: name and post.")
INVITED(meeting_change, MAY)
STATE(meeting_change)

ACT(meeting_cancel, "meeting.cancel", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 4096,
    "Calls a meeting off before its summary is circulated; of an issued one, "
    "gives its correction up.")
MEETING(meeting_cancel)
FIELD(meeting_cancel, "reason", TEXT, MUST, 1, 1000, PLAIN, NULL, "Why.")
STATE(meeting_cancel)

ACT(meeting_reply, "meeting.reply", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 4096,
    "Says for an invited department that it comes and who, sends leave "
    "(请假), or sits in (列席).")
MEETING(meeting_reply)
FIELD(meeting_reply, "reply", WORD, MUST, 0, 0, PLAIN, "comes|leave|sits_in",
      "What it says.")
NAMES(meeting_reply, "Who comes; a must unless it sends leave.")
FIELD(meeting_reply, "reason", TEXT, MAY, 1, 500, PERSONAL, NULL,
      "Why it does not come; for the office.")
STATE(meeting_reply)

ACT(meeting_hold, "meeting.hold", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 4096, "Records that it was held, and who came.")
MEETING(meeting_hold)
REVISION(meeting_hold)
FIELD(meeting_hold, "came", LIST, MAY, 1, 64, PLAIN, NULL,
      "The departments that came; those that said so when absent.")
FIELD(meeting_hold, "came[]", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of one of them.")
STATE(meeting_hold)

ACT(meeting_attend, "meeting.attend", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 4096,
    "Puts right how one department attended, as it was.")
MEETING(meeting_attend)
REVISION(meeting_attend)
FIELD(meeting_attend, "department", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of the department.")
FIELD(meeting_attend, "how", WORD, MUST, 0, 0, PLAIN,
      "came|sat_in|leave|absent", "How it attended.")
NAMES(meeting_attend, "Who was there; as it was when absent.")
STATE(meeting_attend)

ACT(meeting_propose, "meeting.propose", WHO_COORDINATOR, AFTER_HELLO, READS,
    NULL, REPORTS, 0, 1024,
    "Proposes an agenda: late and reopened feedback, what many say alike, late "
    "entries of the ledger, notices understood least.")
FIELD(meeting_propose, "meeting", INTEGER, MAY, 1, WIRE_NUMBER_MAX, PLAIN, NULL,
      "For this meeting: without groups of what is said against those invited.")
FIELD(meeting_propose, "from", TIME, MAY, 0, 0, PLAIN, NULL,
      "Since when; 30 days ago when absent.")
FIELD(meeting_propose, "limit", INTEGER, MAY, 1, 50, PLAIN, NULL,
      "Most of each kind; 10 when absent.")
RESULT(meeting_propose, "items[].kind", TEXT, NULL,
       "feedback, typical, ledger or notice.")
RESULT(meeting_propose, "items[].why", TEXT, NULL,
       "overdue or reopened; of what many say: rising, steady or falling; late; "
       "understood.")
RESULT(meeting_propose, "items[].n", INTEGER, NULL,
       "How many; of a notice how many were asked.")
RESULT(meeting_propose, "items[].before", INTEGER, NULL,
       "How many in as long a time before.")
RESULT(meeting_propose, "items[].open", INTEGER, NULL,
       "How many of them are not closed.")
RESULT(meeting_propose, "items[].understood", INTEGER, NULL,
       "How many understood it.")
RESULT(meeting_propose, "items[].level", INTEGER, NULL,
       "Of a feedback or an entry: percent of its time used up.")
RESULT(meeting_propose, "items[].state", TEXT, NULL, "Its state.")
RESULT(meeting_propose, "items[].overdue", BOOLEAN, NULL, "Is it late now?")
RESULT(meeting_propose, "items[].receipt", TEXT, NULL, "The feedback.")
RESULT(meeting_propose, "items[].filed_at", TIME, NULL, "When it was filed.")
RESULT(meeting_propose, "items[].answer_by", TIME, NULL,
       "When an answer is due.")
RESULT(meeting_propose, "items[].about", OBJECT, NULL,
       "The notice it is about: {notice, headline}; absent when none.")
RESULT(meeting_propose, "items[].entry", TEXT, NULL, "The entry of the ledger.")
RESULT(meeting_propose, "items[].due", TIME, NULL, "By when it had to be done.")
RESULT(meeting_propose, "items[].progress", INTEGER, NULL,
       "How far it is, in per cent.")
RESULT(meeting_propose, "items[].year", INTEGER, NULL,
       "Of the summary that decided it.")
RESULT(meeting_propose, "items[].number", INTEGER, NULL,
       "Number of that summary.")
RESULT(meeting_propose, "items[].item", INTEGER, NULL, "Item of that summary.")
RESULT(meeting_propose, "items[].notice", TEXT, NULL, "The notice.")
RESULT(meeting_propose, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(meeting_propose, "items[].region", REGION, NULL, "Where.")
RESULT(meeting_propose, "items[].region_name", TEXT, NULL,
       "Name of that region.")
RESULT(meeting_propose, "items[].township_name", TEXT, NULL,
       "Name of its township.")
RESULT(meeting_propose, "items[].department", OBJECT, NULL,
       "Who has it: {code, name}.")
RESULT(meeting_propose, "items[].text", TEXT, NULL,
       "What was said, of several an example.")
RESULT(meeting_propose, "items[].feedback[]", OBJECT, NULL,
       "Those that say alike, 50 at most: {receipt, state, text}.")

ACT(meeting_add, "meeting.add", WHO_COORDINATOR, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 32768, "Adds an item to a meeting, before it or after.")
MEETING(meeting_add)
REVISION(meeting_add)
ITEM(meeting_add, MUST)
FIELD(meeting_add, "position", INTEGER, MAY, 1, 1000, PLAIN, NULL,
      "Where; last when absent.")
STATE(meeting_add)
RESULT(meeting_add, "item", INTEGER, NULL,
       "Number of the item; it stays whatever its position.")

ACT(meeting_set, "meeting.set", WHO_COORDINATOR, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 32768,
    "Changes what is said of an item; what is not named stays.")
MEETING(meeting_set)
REVISION(meeting_set)
FIELD(meeting_set, "item", INTEGER, MUST, 1, WIRE_NUMBER_MAX, PLAIN, NULL,
      "Number of the item.")
ITEM(meeting_set, MAY)
FIELD(meeting_set, "clear", LIST, MAY, 1, 5, PLAIN, NULL,
      "What is to be said no more.")
FIELD(meeting_set, "clear[]", WORD, MUST, 0, 0, PLAIN,
      "decision|lead|responsible|standard|due", "One of them.")
STATE(meeting_set)
RESULT(meeting_set, "item", INTEGER, NULL, "Number of the item.")

ACT(meeting_order, "meeting.order", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384, "Puts the items of a meeting in order.")
MEETING(meeting_order)
REVISION(meeting_order)
FIELD(meeting_order, "items", LIST, MUST, 1, 1000, PLAIN, NULL,
      "All items, each once, in their new order.")
FIELD(meeting_order, "items[]", INTEGER, MUST, 1, WIRE_NUMBER_MAX, PLAIN, NULL,
      "Number of an item.")
STATE(meeting_order)

ACT(meeting_drop, "meeting.drop", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 1024, "Takes an item out of a meeting.")
MEETING(meeting_drop)
REVISION(meeting_drop)
FIELD(meeting_drop, "item", INTEGER, MUST, 1, WIRE_NUMBER_MAX, PLAIN, NULL,
      "Number of the item.")
STATE(meeting_drop)
RESULT(meeting_drop, "item", INTEGER, NULL, "Number of the item.")

ACT(meeting_get, "meeting.get", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Shows a meeting to the office, the departments invited and auditors.")
MEETING(meeting_get)
FIELD(meeting_get, "since", INTEGER, MAY, 0, 1000000, PLAIN, NULL,
      "For the office: with what was edited after this revision.")
RESULT(meeting_get, "meeting", INTEGER, NULL, "Number of the meeting.")
RESULT(meeting_get, "title", TEXT, NULL, "What it is called.")
RESULT(meeting_get, "at", TIME, NULL, "When it begins.")
RESULT(meeting_get, "place", TEXT, NULL, "Where.")
RESULT(meeting_get, "chair", TEXT, NULL, "Who presides.")
RESULT(meeting_get, "department", OBJECT, NULL,
       "The office that convened it: {code, name}.")
RESULT(meeting_get, "state", TEXT, NULL,
       "convened, held, drafted, circulated, issued or cancelled.")
RESULT(meeting_get, "revision", INTEGER, NULL,
       "One more each time there is something new to read.")
RESULT(meeting_get, "summary", OBJECT, NULL,
       "The last issued summary: {year, number}; absent when there is none.")
RESULT(meeting_get, "parties[].department", OBJECT, NULL, "{code, name}.")
RESULT(meeting_get, "parties[].part", WORD, "member|sitting_in", "As what.")
RESULT(meeting_get, "parties[].reply", WORD, "none|comes|leave",
       "What it said.")
RESULT(meeting_get, "parties[].came", BOOLEAN, NULL,
       "Did it come? Absent before it was held.")
RESULT(meeting_get, "parties[].names", LIST, NULL, "Who comes, or came.")
RESULT(meeting_get, "parties[].reason", TEXT, NULL,
       "For the office: why it does not come.")
RESULT(meeting_get, "agenda[].position", INTEGER, NULL, "From 1, no gaps.")
RESULT(meeting_get, "agenda[].item", INTEGER, NULL, "Number of the item.")
RESULT(meeting_get, "agenda[].kind", TEXT, NULL, "From what it was drawn.")
RESULT(meeting_get, "agenda[].text", TEXT, NULL, "What it is about.")
RESULT(meeting_get, "agenda[].lead", OBJECT, NULL, "Who leads: {code, name}.")
RESULT(meeting_get, "agenda[].assisting[]", OBJECT, NULL,
       "Who assists: {code, name}.")
RESULT(meeting_get, "agenda[].decision", TEXT, NULL,
       "What was decided; to departments once it is circulated, as the next "
       "three.")
RESULT(meeting_get, "agenda[].responsible", TEXT, NULL, "The person responsible.")
RESULT(meeting_get, "agenda[].standard", TEXT, NULL,
       "By what it is judged as done.")
RESULT(meeting_get, "agenda[].due", TIME, NULL, "By when.")
RESULT(meeting_get, "agenda[].feedback[]", OBJECT, NULL,
       "Feedback that led to it, as far as one may see it: {receipt, state}.")
RESULT(meeting_get, "agenda[].notices[]", OBJECT, NULL,
       "Notices it is about: {notice, headline}.")
RESULT(meeting_get, "changes[]", OBJECT, NULL,
       "What was edited: {revision, act, by, at, item?, position?, text?, "
       "fields?, was?, is?, invited?, department?, how?, reason?}; fields: of "
       "each that was changed what it was and is.")

ACT(meeting_list, "meeting.list", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Lists the meetings one's department is invited to or has convened, the "
    "latest first.")
FIELD(meeting_list, "state", WORD, MAY, 0, 0, PLAIN,
      "convened|held|drafted|circulated|issued|cancelled",
      "Only those in this state.")
FIELD(meeting_list, "after", TEXT, MAY, 1, 20, PLAIN, NULL,
      "Continue where the last page ended: its next.")
FIELD(meeting_list, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items of a page; 50 when absent.")
RESULT(meeting_list, "items[].meeting", INTEGER, NULL, "Number of the meeting.")
RESULT(meeting_list, "items[].state", TEXT, NULL, "Its state.")
RESULT(meeting_list, "items[].at", TIME, NULL, "When it begins.")
RESULT(meeting_list, "items[].place", TEXT, NULL, "Where.")
RESULT(meeting_list, "items[].department", OBJECT, NULL,
       "The office that convened it: {code, name}.")
RESULT(meeting_list, "items[].part", TEXT, NULL,
       "One's own part: member or sitting_in; absent when not invited.")
RESULT(meeting_list, "items[].reply", TEXT, NULL,
       "What one's department said: none, comes or leave.")
RESULT(meeting_list, "items[].title", TEXT, NULL, "What it is called.")
RESULT(meeting_list, "next", TEXT, NULL,
       "For after; absent on the last page.")

#undef WHO_CLERKS
#undef MEETING
#undef REVISION
#undef INVITED
#undef NAMES
#undef ITEM
#undef STATE
