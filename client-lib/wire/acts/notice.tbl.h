/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about notices. Columns: see ../acts.tbl.h. */

#define NOTICE_KINDS                                                          \
	"policy|project|market|risk|meeting|approval|station|exchange|"       \
	"recognition"
#define NOTICE_ROLES                                                          \
	"visitor|kiosk|clerk|approver|coordinator|keeper|relay|auditor|admin"

ACT(notice_publish, "notice.publish", WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR,
    AFTER_HELLO, WRITES, "notice", SETTLE, 64, 65536,
    "Publishes a notice to the kiosks and people of its audience.")
FIELD(notice_publish, "notice", TEXT, MAY, 1, 64, PLAIN, NULL,
      "A draft of a colleague, to publish it instead of a text of one's own.")
FIELD(notice_publish, "kind", WORD, UNLESS, 0, 0, PLAIN,
      NOTICE_KINDS ";notice", "What it is about.")
FIELD(notice_publish, "headline", TEXT, UNLESS, 1, 60, PLAIN, ";notice",
      "One line that says it all.")
FIELD(notice_publish, "description", TEXT, UNLESS, 1, 2000, PLAIN, ";notice",
      "The text, in words everybody understands.")
FIELD(notice_publish, "instruction", TEXT, MAY, 1, 500, PLAIN, NULL,
      "What to do, where, by when, with what papers.")
FIELD(notice_publish, "lang", TEXT, MAY, 2, 16, PLAIN, NULL,
      "Language of the text (RFC 5646); zh-CN when absent.")
FIELD(notice_publish, "audience", OBJECT, UNLESS, 0, 0, PLAIN, ";notice",
      "Who is addressed.")
FIELD(notice_publish, "audience.regions", LIST, MUST, 1, 64, PLAIN, NULL,
      "Regions, each with everything below it.")
FIELD(notice_publish, "audience.regions[]", REGION, MUST, 0, 0, PLAIN, NULL,
      "A region of 12 digits.")
FIELD(notice_publish, "audience.roles", LIST, MAY, 1, 9, PLAIN, NULL,
      "Only these roles; everybody when absent.")
FIELD(notice_publish, "audience.roles[]", WORD, MUST, 0, 0, PLAIN,
      NOTICE_ROLES, "A role.")
FIELD(notice_publish, "expires", TIME, MAY, 0, 0, PLAIN, NULL,
      "Until when it is in force; for ever when absent.")
FIELD(notice_publish, "ack", WORD, MAY, 0, 0, PLAIN, "none|read|understood",
      "What is asked of the reader; none when absent.")
RESULT(notice_publish, "notice", TEXT, NULL, "Identifier of the notice.")
RESULT(notice_publish, "seq", INTEGER, NULL, "Its number in the feed.")

ACT(notice_draft, "notice.draft", WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR,
    AFTER_HELLO, WRITES, NULL, SETTLE, 1, 65536,
    "Keeps a notice for an approver of the department to publish.")
FIELD(notice_draft, "kind", WORD, MUST, 0, 0, PLAIN, NOTICE_KINDS,
      "What it is about.")
FIELD(notice_draft, "headline", TEXT, MUST, 1, 60, PLAIN, NULL,
      "One line that says it all.")
FIELD(notice_draft, "description", TEXT, MUST, 1, 2000, PLAIN, NULL,
      "The text, in words everybody understands.")
FIELD(notice_draft, "instruction", TEXT, MAY, 1, 500, PLAIN, NULL,
      "What to do, where, by when, with what papers.")
FIELD(notice_draft, "lang", TEXT, MAY, 2, 16, PLAIN, NULL,
      "Language of the text (RFC 5646); zh-CN when absent.")
FIELD(notice_draft, "audience", OBJECT, MUST, 0, 0, PLAIN, NULL,
      "Who is addressed.")
FIELD(notice_draft, "audience.regions", LIST, MUST, 1, 64, PLAIN, NULL,
      "Regions, each with everything below it.")
FIELD(notice_draft, "audience.regions[]", REGION, MUST, 0, 0, PLAIN, NULL,
      "A region of 12 digits.")
FIELD(notice_draft, "audience.roles", LIST, MAY, 1, 9, PLAIN, NULL,
      "Only these roles; everybody when absent.")
FIELD(notice_draft, "audience.roles[]", WORD, MUST, 0, 0, PLAIN, NOTICE_ROLES,
      "A role.")
FIELD(notice_draft, "expires", TIME, MAY, 0, 0, PLAIN, NULL,
      "Until when it is in force; for ever when absent.")
FIELD(notice_draft, "ack", WORD, MAY, 0, 0, PLAIN, "none|read|understood",
      "What is asked of the reader; none when absent.")
RESULT(notice_draft, "notice", TEXT, NULL, "Identifier of the draft.")
RESULT(notice_draft, "state", TEXT, NULL, "in_review")

ACT(notice_drafts, "notice.drafts", WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR,
    AFTER_HELLO, READS, NULL, DESK, 0, 1024,
    "Lists the drafts of one's department that wait for approval.")
RESULT(notice_drafts, "items[].notice", TEXT, NULL, "Identifier of the draft.")
RESULT(notice_drafts, "items[].kind", TEXT, NULL, "What it is about.")
RESULT(notice_drafts, "items[].headline", TEXT, NULL, "Its headline.")
RESULT(notice_drafts, "items[].author", TEXT, NULL, "Login of its author.")
RESULT(notice_drafts, "items[].state", TEXT, NULL, "in_review")
RESULT(notice_drafts, "items[].own", BOOLEAN, NULL,
       "Is it one's own? Where approval is asked, somebody else gives it.")
RESULT(notice_drafts, "items[].description", TEXT, NULL, "Its text.")
RESULT(notice_drafts, "items[].instruction", TEXT, NULL,
       "What to do; null when it does not say.")
RESULT(notice_drafts, "items[].lang", TEXT, NULL, "Language of the text.")
RESULT(notice_drafts, "items[].audience", OBJECT, NULL,
       "Who is addressed: {regions, roles?}.")
RESULT(notice_drafts, "items[].expires", TIME, NULL,
       "Until when it will be in force; null for ever.")
RESULT(notice_drafts, "items[].ack", TEXT, NULL, "What is asked of the reader.")
RESULT(notice_drafts, "items[].drafted_at", TIME, NULL, "When it was kept.")

ACT(notice_receipt, "notice.receipt", WHO_KIOSK, AFTER_HELLO, WRITES, NULL, SETTLE,
    64, 65536, "Says how far notices have come at this kiosk.")
FIELD(notice_receipt, "items", LIST, MAY, 1, 256, PLAIN, NULL,
      "Several at once, instead of the three fields below.")
FIELD(notice_receipt, "items[]", OBJECT, MUST, 0, 0, PLAIN, NULL,
      "One of them.")
FIELD(notice_receipt, "items[].notice", TEXT, MUST, 1, 64, PLAIN, NULL,
      "Identifier of the notice.")
FIELD(notice_receipt, "items[].state", WORD, MUST, 0, 0, PLAIN,
      "delivered|shown|read|understood|misunderstood", "How far it has come.")
FIELD(notice_receipt, "items[].at", TIME, MUST, 0, 0, PLAIN, NULL,
      "When, by the kiosk's clock; recorded, not judged.")
FIELD(notice_receipt, "notice", TEXT, UNLESS, 1, 64, PLAIN, ";items",
      "Identifier of the notice.")
FIELD(notice_receipt, "state", WORD, UNLESS, 0, 0, PLAIN,
      "delivered|shown|read|understood|misunderstood;items",
      "How far it has come.")
FIELD(notice_receipt, "at", TIME, UNLESS, 0, 0, PLAIN, ";items",
      "When, by the kiosk's clock; recorded, not judged.")

ACT(notice_reach, "notice.reach", WHO_STAFF, AFTER_HELLO, READS, NULL, REPORTS, 0,
    1024, "Counts whom a notice has reached, with the denominator.")
FIELD(notice_reach, "notice", TEXT, MUST, 1, 64, PLAIN, NULL,
      "Identifier of the notice.")
RESULT(notice_reach, "notice", TEXT, NULL, "Identifier of the notice.")
RESULT(notice_reach, "addressed", INTEGER, NULL,
       "Active enrolled kiosks of the audience at publication.")
RESULT(notice_reach, "delivered", INTEGER, NULL, "On the kiosk's disk.")
RESULT(notice_reach, "shown", INTEGER, NULL, "Shown on its screen.")
RESULT(notice_reach, "read", INTEGER, NULL, "Read by an explicit act.")
RESULT(notice_reach, "understood", INTEGER, NULL, "Said to be understood.")
RESULT(notice_reach, "misunderstood", INTEGER, NULL,
       "Said not to be understood.")
RESULT(notice_reach, "by[].region", REGION, NULL, "A township.")
RESULT(notice_reach, "by[].name", TEXT, NULL, "Its name.")
RESULT(notice_reach, "by[].addressed", INTEGER, NULL, "As above, of it.")
RESULT(notice_reach, "by[].delivered", INTEGER, NULL, "As above, of it.")
RESULT(notice_reach, "by[].shown", INTEGER, NULL, "As above, of it.")
RESULT(notice_reach, "by[].read", INTEGER, NULL, "As above, of it.")
RESULT(notice_reach, "by[].understood", INTEGER, NULL, "As above, of it.")
RESULT(notice_reach, "by[].misunderstood", INTEGER, NULL, "As above, of it.")
