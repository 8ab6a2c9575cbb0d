/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server says unasked.
 * NEWS(id, name, help)
 * NEWS_FIELD(news, path, type, words, help)
 */
#ifndef NEWS
#define NEWS(id, name, help)
#endif
#ifndef NEWS_FIELD
#define NEWS_FIELD(news, path, type, words, help)
#endif

NEWS(notice, "notice", "A notice of the peer's audience.")
NEWS_FIELD(notice, "seq", INTEGER, NULL, "Its number; ascending.")
NEWS_FIELD(notice, "notice", TEXT, NULL, "Its identifier.")
NEWS_FIELD(notice, "kind", TEXT, NULL, "What it is about.")
NEWS_FIELD(notice, "department", OBJECT, NULL, "Who says it: {code, name}.")
NEWS_FIELD(notice, "headline", TEXT, NULL, "One line that says it all.")
NEWS_FIELD(notice, "description", TEXT, NULL, "The text.")
NEWS_FIELD(notice, "instruction", TEXT, NULL, "What to do; null when nothing.")
NEWS_FIELD(notice, "lang", TEXT, NULL, "Language of the text.")
NEWS_FIELD(notice, "audience", OBJECT, NULL, "Whom it addresses.")
NEWS_FIELD(notice, "sent", TIME, NULL, "When it was published.")
NEWS_FIELD(notice, "expires", TIME, NULL, "Until when; null: for ever.")
NEWS_FIELD(notice, "ack", WORD, "none|read|understood",
	   "What is asked of the reader.")

NEWS(caught_up, "caught_up", "All that was missed has been sent.")
NEWS_FIELD(caught_up, "cursor", INTEGER, NULL, "How far the peer has come.")

NEWS(feedback_changed, "feedback.changed",
     "To the filing kiosk: its feedback has changed.")
NEWS_FIELD(feedback_changed, "receipt", TEXT, NULL, "Receipt number.")
NEWS_FIELD(feedback_changed, "state", TEXT, NULL, "Its new state.")
NEWS_FIELD(feedback_changed, "answer_by", TIME, NULL, "When it is due.")

NEWS(inbox_changed, "inbox.changed",
     "To the department's consoles: a feedback is new or has changed.")
NEWS_FIELD(inbox_changed, "receipt", TEXT, NULL, "Receipt number.")
NEWS_FIELD(inbox_changed, "state", TEXT, NULL, "Its new state.")

NEWS(meeting_changed, "meeting.changed",
     "To the consoles of the office and of departments invited: a meeting or "
     "its summary has come further.")
NEWS_FIELD(meeting_changed, "meeting", INTEGER, NULL, "Number of the meeting.")
NEWS_FIELD(meeting_changed, "state", TEXT, NULL, "Its new state.")

NEWS(ledger_changed, "ledger.changed",
     "To the consoles of the departments that lead or assist, have to verify or "
     "were told of lateness, and of the office: an entry has come further, or its "
     "time runs out.")
NEWS_FIELD(ledger_changed, "entry", TEXT, NULL, "Number of the entry.")
NEWS_FIELD(ledger_changed, "state", TEXT, NULL, "Its new state.")
NEWS_FIELD(ledger_changed, "level", INTEGER, NULL,
	   "Per cent of its time that are used up: 0, 75, 90, 100, 150, 200.")

NEWS(bye, "bye", "The server is about to close this session.")
NEWS_FIELD(bye, "reason", TEXT, NULL, "Why, as a tag.")
NEWS_FIELD(bye, "retry", INTEGER, NULL,
	   "Seconds after which to come back; a random part of it at least.")

#undef NEWS
#undef NEWS_FIELD
