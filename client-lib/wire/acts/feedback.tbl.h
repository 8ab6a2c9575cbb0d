/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about feedback. Columns: see ../acts.tbl.h. */

ACT(feedback_submit, "feedback.submit",
    WHO_VISITOR | WHO_KIOSK | WHO_KEEPER | WHO_RELAY | WHO_CLERK |
	    WHO_APPROVER | WHO_COORDINATOR,
    AFTER_HELLO, WRITES, "feedback", LOCAL, 256, 65536,
    "Says what a person needs; answered with a receipt, a key and a due date.")
FIELD(feedback_submit, "region", REGION, MUST, 0, 0, PLAIN, NULL,
      "Where it happened or who is concerned.")
FIELD(feedback_submit, "service", TEXT, MUST, 1, 32, PLAIN,
      "complaint|suggestion|question|need|dispute|report|utility|danger",
      "What kind of feedback; a county may have more.")
FIELD(feedback_submit, "text", TEXT, MUST, 1, 4000, PERSONAL, NULL,
      "What the person says.")
FIELD(feedback_submit, "about", OBJECT, MAY, 0, 0, PLAIN, NULL,
      "What it is about.")
FIELD(feedback_submit, "about.notice", TEXT, MUST, 1, 64, PLAIN, NULL,
      "Identifier of a notice; its department will answer.")
FIELD(feedback_submit, "against", OBJECT, MAY, 0, 0, PERSONAL, NULL,
      "Whom it is against; they will never see it.")
FIELD(feedback_submit, "against.department", TEXT, MUST, 1, 32, PERSONAL, NULL,
      "Code of the department.")
FIELD(feedback_submit, "submitter", OBJECT, MAY, 0, 0, PERSONAL, NULL,
      "Whose voice it is.")
FIELD(feedback_submit, "submitter.kind", WORD, MUST, 0, 0, PLAIN,
      "farmer|enterprise|cooperative|other", "What kind of person.")
FIELD(feedback_submit, "submitter.name", TEXT, MAY, 1, 80, PERSONAL, NULL,
      "Name.")
FIELD(feedback_submit, "submitter.phone", TEXT, MAY, 3, 32, PERSONAL, NULL,
      "Telephone number.")
FIELD(feedback_submit, "filed_by", OBJECT, MAY, 0, 0, PERSONAL, NULL,
      "Who typed it, when somebody else did.")
FIELD(feedback_submit, "filed_by.name", TEXT, MUST, 1, 80, PERSONAL, NULL,
      "Name.")
FIELD(feedback_submit, "filed_by.relation", TEXT, MUST, 1, 40, PERSONAL, NULL,
      "What they are to the submitter.")
FIELD(feedback_submit, "filed_by.consent", BOOLEAN, MAY, 0, 0, PLAIN, NULL,
      "The submitter agreed that it is filed for them. Of staff who file for "
      "somebody, or name a submitter, it must be true.")
FIELD(feedback_submit, "anonymous", BOOLEAN, MAY, 0, 0, PLAIN, NULL,
      "Name and telephone number are sealed for the auditor; no department sees "
      "them.")
FIELD(feedback_submit, "at", TIME, MAY, 0, 0, PLAIN, NULL,
      "When it was said, by the kiosk's clock; recorded, not judged.")
RESULT(feedback_submit, "receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_submit, "key", DIGITS, NULL,
       "16 digits: with the receipt number they open the feedback.")
RESULT(feedback_submit, "state", TEXT, NULL, "Its state.")
RESULT(feedback_submit, "answer_by", TIME, NULL, "When an answer is due.")
RESULT(feedback_submit, "contact", WORD, "not_kept",
       "Only when anonymous where no auditor is: name and number were dropped.")

ACT(feedback_get, "feedback.get", WHO_ANYONE, AFTER_HELLO, READS, NULL, DESK, 0, 1024,
    "Shows a feedback to who holds its key and to the department that has it.")
FIELD(feedback_get, "receipt", TEXT, MUST, 1, 40, PLAIN, NULL,
      "Receipt number.")
FIELD(feedback_get, "key", TEXT, MAY, 1, 32, SECRET, NULL,
      "The 16 digits that came with it; blanks are ignored.")
RESULT(feedback_get, "receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_get, "state", TEXT, NULL, "Its state.")
RESULT(feedback_get, "answer_by", TIME, NULL, "When an answer is due.")
RESULT(feedback_get, "overdue", BOOLEAN, NULL, "Is the answer late now?")
RESULT(feedback_get, "region", REGION, NULL, "Where it happened.")
RESULT(feedback_get, "region_name", TEXT, NULL, "Its name.")
RESULT(feedback_get, "service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_get, "text", TEXT, NULL, "What was said.")
RESULT(feedback_get, "filed_at", TIME, NULL, "When it was filed.")
RESULT(feedback_get, "about", OBJECT, NULL,
       "The notice it is about: {notice, headline}; absent when about none.")
RESULT(feedback_get, "anonymous", BOOLEAN, NULL, "Is it?")
RESULT(feedback_get, "pseudonym", TEXT, NULL,
       "For its department: the same for all that this person says anonymously.")
RESULT(feedback_get, "submitter", OBJECT, NULL,
       "For its department: {kind, name, phone}, unless anonymous.")
RESULT(feedback_get, "filed_by", OBJECT, NULL,
       "For its department: {name, relation, consent?}, unless anonymous.")
RESULT(feedback_get, "department", OBJECT, NULL,
       "Who has it: {code, name}; null: nobody yet.")
RESULT(feedback_get, "history[]", OBJECT, NULL,
       "Each step: {at, state, by, note}; by: a department, note: a tag.")
RESULT(feedback_get, "answer", OBJECT, NULL,
       "The answer: {text, outcome, at, department, measure?, planned?, "
       "plain?}; null before.")
RESULT(feedback_get, "asked", TEXT, NULL,
       "What is asked of the submitter; absent when nothing is.")
RESULT(feedback_get, "assisting[]", OBJECT, NULL,
       "For departments: who assists: {department, task, by, signed_at, text}.")
RESULT(feedback_get, "supplied[]", OBJECT, NULL,
       "For departments: what the submitter supplied: {asked, text}.")
RESULT(feedback_get, "extension", OBJECT, NULL,
       "For departments: the one that waits for a word: {until, reason, plan, "
       "department}; absent when none does.")
RESULT(feedback_get, "main", TEXT, NULL,
       "For departments: receipt number of the one it is joined to, if it is.")
RESULT(feedback_get, "decided[]", OBJECT, NULL,
       "What meetings decided on it, also for who filed it: {year, number, item, "
       "department, due, state, overdue, result, closed_at, sentence}; sentence: "
       "the same to be read aloud, in the language of hello; result: what was "
       "done, once verified, or why it was cancelled. Absent when nothing was.")

#define WHO_CLERKS (WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR)
#define ASSISTING(act)                                            \
	FIELD(act, "assisting", LIST, MAY, 1, 16, PLAIN, NULL,    \
	      "Departments that assist; nobody when absent.")     \
	FIELD(act, "assisting[]", TEXT, MUST, 1, 32, PLAIN, NULL, \
	      "Code of one of them.")                             \
	FIELD(act, "task", TEXT, MAY, 1, 500, PERSONAL, NULL,     \
	      "What they are asked to do.")
#define RECEIPT(act) \
	FIELD(act, "receipt", TEXT, MUST, 1, 40, PLAIN, NULL, "Receipt number.")
#define KEY(act)                                          \
	FIELD(act, "key", TEXT, MAY, 1, 32, SECRET, NULL, \
	      "The 16 digits that came with it; blanks are ignored.")
#define STATE(act) RESULT(act, "state", TEXT, NULL, "Its state now.")
#define PLACE(act)                                                             \
	RESULT(act, "items[].region_name", TEXT, NULL, "Name of that region.") \
	RESULT(act, "items[].township_name", TEXT, NULL,                       \
	       "Name of its township.")
#define ABOUT(act)                                                        \
	RESULT(act, "items[].about", OBJECT, NULL,                        \
	       "The notice it is about: {notice, headline}; absent when " \
	       "none.")
#define OVERDUE(act) \
	RESULT(act, "items[].overdue", BOOLEAN, NULL, "Is the answer late now?")
#define FILED_AT(act) \
	RESULT(act, "items[].filed_at", TIME, NULL, "When it was filed.")
#define ANSWER_BY(act) \
	RESULT(act, "items[].answer_by", TIME, NULL, "When an answer is due.")
#define WAITS(act)                                            \
	RESULT(act, "items[].returns", INTEGER, NULL,         \
	       "How often it was returned.")                  \
	RESULT(act, "items[].department", OBJECT, NULL,       \
	       "Who has it: {code, name}; null: nobody yet.") \
	RESULT(act, "items[].revisit_by", TIME, NULL,         \
	       "When the revisit is due; absent before it is answered.")

ACT(feedback_list, "feedback.list",
    WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR | WHO_AUDITOR, AFTER_HELLO,
    READS, NULL, DESK, 0, 1024,
    "Lists the feedback of one's department, newest first.")
FIELD(feedback_list, "state", TEXT, MAY, 1, 32, PLAIN,
      "received|triage|dispatched|accepted|in_progress|scheduled|"
      "waiting_submitter|returned|arbitration|answered|revisit|reopened|"
      "closed_resolved|closed_explained|closed_not_accepted|closed_duplicate|"
      "closed_incomplete|closed_withdrawn",
      "Only those in this state.")
FIELD(feedback_list, "part", WORD, MAY, 0, 0, PLAIN,
      "lead|assisting|escalated|superior",
      "What one's department has to do with it; lead when absent.")
FIELD(feedback_list, "after", TEXT, MAY, 1, 64, PLAIN, NULL,
      "Continue where the last page ended: its next, a receipt number.")
FIELD(feedback_list, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items of a page; 50 when absent.")
RESULT(feedback_list, "items[].receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_list, "items[].state", TEXT, NULL, "Its state.")
RESULT(feedback_list, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_list, "items[].region", REGION, NULL, "Where it happened.")
RESULT(feedback_list, "items[].answer_by", TIME, NULL, "When it is due.")
RESULT(feedback_list, "items[].text", TEXT, NULL, "What was said.")
RESULT(feedback_list, "next", TEXT, NULL, "For after; absent on the last page.")
PLACE(feedback_list)
OVERDUE(feedback_list)
FILED_AT(feedback_list)
ABOUT(feedback_list)

ACT(feedback_triage, "feedback.triage", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Takes a feedback into triage; or closes what is outside the law.")
RECEIPT(feedback_triage)
FIELD(feedback_triage, "note", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "For colleagues.")
FIELD(feedback_triage, "outside", OBJECT, MAY, 0, 0, PERSONAL, NULL,
      "It is outside the law: closed_not_accepted.")
FIELD(feedback_triage, "outside.reason", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "Why, by which law; the submitter reads it.")
FIELD(feedback_triage, "outside.where", TEXT, MUST, 1, 500, PERSONAL, NULL,
      "Where to go; the submitter reads it.")
STATE(feedback_triage)

ACT(feedback_dispatch, "feedback.dispatch", WHO_COORDINATOR, AFTER_HELLO,
    WRITES, "feedback", SETTLE, 1, 16384,
    "Names the department that leads and those that assist.")
RECEIPT(feedback_dispatch)
FIELD(feedback_dispatch, "lead", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of the department that leads.")
ASSISTING(feedback_dispatch)
FIELD(feedback_dispatch, "reason", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "Why them.")
STATE(feedback_dispatch)

ACT(feedback_arbitrate, "feedback.arbitrate", WHO_COORDINATOR, AFTER_HELLO,
    WRITES, "feedback", SETTLE, 1, 16384,
    "Decides who leads what was returned twice; it binds.")
RECEIPT(feedback_arbitrate)
FIELD(feedback_arbitrate, "lead", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of the department that leads.")
ASSISTING(feedback_arbitrate)
FIELD(feedback_arbitrate, "reason", TEXT, MUST, 1, 1000, PERSONAL, NULL,
      "Why them.")
STATE(feedback_arbitrate)

ACT(feedback_return, "feedback.return", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Says that a feedback is not one's department's: once, then it is "
    "arbitrated.")
RECEIPT(feedback_return)
FIELD(feedback_return, "reason", TEXT, MUST, 1, 1000, PERSONAL, NULL, "Why.")
FIELD(feedback_return, "suggestion", TEXT, MUST, 1, 32, PLAIN, NULL,
      "Code of the department whose it may be.")
STATE(feedback_return)

ACT(feedback_accept, "feedback.accept", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 1024, "Signs for a feedback.")
RECEIPT(feedback_accept)
STATE(feedback_accept)

ACT(feedback_contact, "feedback.contact", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Records that somebody spoke with the submitter, or mediated.")
RECEIPT(feedback_contact)
FIELD(feedback_contact, "how", WORD, MUST, 0, 0, PLAIN,
      "phone|visit|message|meeting|mediation", "How.")
FIELD(feedback_contact, "note", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "What was said; for colleagues.")
STATE(feedback_contact)

ACT(feedback_ask, "feedback.ask", WHO_CLERKS, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 16384,
    "Asks the submitter for something; the clocks pause, 15 days at most.")
RECEIPT(feedback_ask)
FIELD(feedback_ask, "text", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "What is needed, in words everybody understands.")
STATE(feedback_ask)

ACT(feedback_supply, "feedback.supply", WHO_ANYONE, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 65536,
    "Says what was asked: by its key, or who filed it.")
RECEIPT(feedback_supply)
KEY(feedback_supply)
FIELD(feedback_supply, "text", TEXT, MUST, 1, 4000, PERSONAL, NULL,
      "What the person says.")
STATE(feedback_supply)

ACT(feedback_assist, "feedback.assist", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 65536, "Signs the part of an assisting department.")
RECEIPT(feedback_assist)
FIELD(feedback_assist, "text", TEXT, MUST, 1, 4000, PERSONAL, NULL,
      "What was done or found; for the lead.")
STATE(feedback_assist)

ACT(feedback_extend, "feedback.extend", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Asks for more time before it is over, or decides on that as a superior.")
RECEIPT(feedback_extend)
FIELD(feedback_extend, "until", TIME, UNLESS, 0, 0, PLAIN, ";decision",
      "When it will be answered: within 21 days, unless there is a plan.")
FIELD(feedback_extend, "reason", TEXT, UNLESS, 1, 1000, PERSONAL, ";decision",
      "Why; granted, the submitter reads it as an interim reply.")
FIELD(feedback_extend, "plan", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "What is planned for then; it becomes scheduled.")
FIELD(feedback_extend, "decision", WORD, MAY, 0, 0, PLAIN, "approve|reject",
      "A superior's word on what was asked.")
FIELD(feedback_extend, "note", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "Why it is rejected.")
STATE(feedback_extend)
RESULT(feedback_extend, "asked", OBJECT, NULL, "Who decides: {code, name}.")
RESULT(feedback_extend, "answer_by", TIME, NULL, "The new date, when granted.")

ACT(feedback_answer, "feedback.answer",
    WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR, AFTER_HELLO, WRITES, "feedback", SETTLE, 1,
    65536, "Answers a feedback that one's department has.")
FIELD(feedback_answer, "receipt", TEXT, MUST, 1, 40, PLAIN, NULL,
      "Receipt number.")
FIELD(feedback_answer, "text", TEXT, MUST, 1, 4000, PERSONAL, NULL,
      "The answer, in words everybody understands.")
FIELD(feedback_answer, "outcome", WORD, MUST, 0, 0, PLAIN,
      "resolved|partly|explained|planned", "What came of it.")
FIELD(feedback_answer, "measure", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "What was done.")
FIELD(feedback_answer, "planned", TIME, MAY, 0, 0, PLAIN, NULL,
      "When it will be done; a must when the outcome is planned.")
FIELD(feedback_answer, "plain", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "The same in the plainest words, to be read aloud.")
FIELD(feedback_answer, "without", TEXT, MAY, 1, 1000, PERSONAL, NULL,
      "Why it is given before every assisting department has signed.")
RESULT(feedback_answer, "state", TEXT, NULL, "Its state: answered.")

ACT(feedback_revisit, "feedback.revisit", WHO_CLERKS, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Records that somebody other than the handler asked how it went.")
RECEIPT(feedback_revisit)
FIELD(feedback_revisit, "solved", WORD, MUST, 0, 0, PLAIN,
      "yes|partly|no|unreached",
      "Is it solved? Three times unreached, on different days: it rests.")
FIELD(feedback_revisit, "grade", INTEGER, MAY, 1, 5, PLAIN, NULL,
      "How content: 5 very, 1 not at all.")
FIELD(feedback_revisit, "text", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "What the person said.")
STATE(feedback_revisit)

ACT(feedback_rate, "feedback.rate", WHO_ANYONE, AFTER_HELLO, WRITES, "feedback",
    SETTLE, 1, 16384, "The submitter says whether it is solved; by its key.")
RECEIPT(feedback_rate)
KEY(feedback_rate)
FIELD(feedback_rate, "solved", WORD, MUST, 0, 0, PLAIN, "yes|partly|no",
      "Is it solved?")
FIELD(feedback_rate, "grade", INTEGER, MUST, 1, 5, PLAIN, NULL,
      "How content: 5 very, 1 not at all.")
FIELD(feedback_rate, "text", TEXT, MAY, 1, 2000, PERSONAL, NULL,
      "What the person says.")
STATE(feedback_rate)

ACT(feedback_reopen, "feedback.reopen", WHO_ANYONE, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "The submitter is not content, within 15 days; by its key.")
RECEIPT(feedback_reopen)
KEY(feedback_reopen)
FIELD(feedback_reopen, "reason", TEXT, MUST, 1, 2000, PERSONAL, NULL,
      "What is still wrong.")
STATE(feedback_reopen)

ACT(feedback_withdraw, "feedback.withdraw", WHO_ANYONE, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "The submitter takes it back, before it is answered; by its key.")
RECEIPT(feedback_withdraw)
KEY(feedback_withdraw)
FIELD(feedback_withdraw, "reason", TEXT, MAY, 1, 2000, PERSONAL, NULL, "Why.")
STATE(feedback_withdraw)

ACT(feedback_link, "feedback.link", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Joins a duplicate to the feedback whose answer it gets.")
RECEIPT(feedback_link)
FIELD(feedback_link, "main", TEXT, MUST, 1, 40, PLAIN, NULL,
      "Receipt number of the other one; both are against the same department, or "
      "against none.")
FIELD(feedback_link, "reason", TEXT, MAY, 1, 1000, PERSONAL, NULL, "Why.")
STATE(feedback_link)

ACT(feedback_unlink, "feedback.unlink", WHO_COORDINATOR, AFTER_HELLO, WRITES,
    "feedback", SETTLE, 1, 16384,
    "Undoes a link: it is where it was, its dates as they were.")
RECEIPT(feedback_unlink)
FIELD(feedback_unlink, "reason", TEXT, MAY, 1, 1000, PERSONAL, NULL, "Why.")
STATE(feedback_unlink)

ACT(feedback_history, "feedback.history", WHO_ANYONE, AFTER_HELLO, READS, NULL,
    DESK, 0, 1024,
    "Shows every step and clock, with who, when and why, as far as it is "
    "one's to see.")
RECEIPT(feedback_history)
KEY(feedback_history)
STATE(feedback_history)
RESULT(feedback_history, "ever_overdue", BOOLEAN, NULL,
       "Was its answer ever late?")
RESULT(feedback_history, "items[].at", TIME, NULL, "When.")
RESULT(feedback_history, "items[].state", TEXT, NULL, "The state it came to.")
RESULT(feedback_history, "items[].act", TEXT, NULL, "By which act.")
RESULT(feedback_history, "items[].clock", TEXT, NULL, "Or: which clock,")
RESULT(feedback_history, "items[].kind", TEXT, NULL,
       "what became of it: pause, resume, extend, met, breach, escalate...,")
RESULT(feedback_history, "items[].level", INTEGER, NULL, "at how many percent.")
RESULT(feedback_history, "items[].by", TEXT, NULL, "Which department.")
RESULT(feedback_history, "items[].who", TEXT, NULL,
       "Who; for departments and auditors.")
RESULT(feedback_history, "items[].reason", TEXT, NULL, "Why.")
RESULT(feedback_history, "items[].note", TEXT, NULL, "A tag: signed, phone...")
RESULT(feedback_history, "items[].old_by", TIME, NULL,
       "Of a clock: when it was due.")
RESULT(feedback_history, "items[].new_by", TIME, NULL,
       "And when it is due now.")
RESULT(feedback_history, "items[].detail", OBJECT, NULL,
       "For departments and auditors, of the act: {lead?, assisting?, "
       "suggestion?, until?, why?, reason?, where?, main?, entries?}.")
RESULT(feedback_history, "receipt", TEXT, NULL, "Receipt number.")

ACT(feedback_queue, "feedback.queue", WHO_COORDINATOR, AFTER_HELLO, READS, NULL,
    DESK, 0, 1024, "Lists what waits for the coordinator, by class and age.")
FIELD(feedback_queue, "for", WORD, MAY, 0, 0, PLAIN, "decision|revisit",
      "What it waits for; decision when absent.")
FIELD(feedback_queue, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items; 50 when absent.")
RESULT(feedback_queue, "items[].receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_queue, "items[].urgency", INTEGER, NULL,
       "Class: 1 danger to life .. 4.")
RESULT(feedback_queue, "items[].state", TEXT, NULL, "Its state.")
RESULT(feedback_queue, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_queue, "items[].region", REGION, NULL, "Where it happened.")
RESULT(feedback_queue, "items[].filed_at", TIME, NULL, "When it was filed.")
RESULT(feedback_queue, "items[].dispatch_by", TIME, NULL, "When it is due.")
RESULT(feedback_queue, "items[].text", TEXT, NULL, "What was said.")
PLACE(feedback_queue)
ANSWER_BY(feedback_queue)
OVERDUE(feedback_queue)
RESULT(feedback_queue, "items[].level", INTEGER, NULL, "Percent used up.")
WAITS(feedback_queue)
ABOUT(feedback_queue)

ACT(feedback_due, "feedback.due", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO, READS,
    NULL, DESK, 0, 1024,
    "Lists what has used up 75, 90 or 100 % of its time, or more.")
FIELD(feedback_due, "level", INTEGER, MAY, 75, 200, PLAIN, NULL,
      "Only from so many percent on; 75 when absent.")
FIELD(feedback_due, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items; 50 when absent.")
RESULT(feedback_due, "items[].receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_due, "items[].level", INTEGER, NULL, "Percent used up.")
RESULT(feedback_due, "items[].state", TEXT, NULL, "Its state.")
RESULT(feedback_due, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_due, "items[].answer_by", TIME, NULL, "When it is due.")
RESULT(feedback_due, "items[].clocks", LIST, NULL,
       "Which clocks: {clock, department, by, level}.")
RESULT(feedback_due, "items[].text", TEXT, NULL, "What was said.")
RESULT(feedback_due, "items[].region", REGION, NULL, "Where it happened.")
PLACE(feedback_due)
OVERDUE(feedback_due)
FILED_AT(feedback_due)
RESULT(feedback_due, "items[].urgency", INTEGER, NULL,
       "Class: 1 danger to life .. 4.")
RESULT(feedback_due, "items[].dispatch_by", TIME, NULL,
       "When somebody had to lead it.")
WAITS(feedback_due)
ABOUT(feedback_due)

ACT(feedback_search, "feedback.search", WHO_CLERKS | WHO_AUDITOR, AFTER_HELLO,
    READS, NULL, REPORTS, 0, 4096,
    "Finds feedback by words, or what resembles one; kept in the audit.")
FIELD(feedback_search, "text", TEXT, UNLESS, 1, 200, PERSONAL, ";similar",
      "Words that all occur in it.")
FIELD(feedback_search, "similar", TEXT, MAY, 1, 40, PLAIN, NULL,
      "Receipt number: what was said much alike nearby.")
FIELD(feedback_search, "limit", INTEGER, MAY, 1, 100, PLAIN, NULL,
      "Most items; 20 when absent.")
RESULT(feedback_search, "items[].receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_search, "items[].percent", INTEGER, NULL,
       "How much alike; for similar.")
RESULT(feedback_search, "items[].state", TEXT, NULL, "Its state.")
RESULT(feedback_search, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_search, "items[].region", REGION, NULL, "Where it happened.")
RESULT(feedback_search, "items[].text", TEXT, NULL, "What was said.")
PLACE(feedback_search)
ANSWER_BY(feedback_search)
OVERDUE(feedback_search)
FILED_AT(feedback_search)
ABOUT(feedback_search)

#undef WHO_CLERKS
#undef ASSISTING
#undef RECEIPT
#undef KEY
#undef STATE
#undef PLACE
#undef ABOUT
#undef OVERDUE
#undef FILED_AT
#undef ANSWER_BY
#undef WAITS
