/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about feedback. Columns: see ../acts.tbl.h. */

ACT(feedback_submit, "feedback.submit",
    WHO_VISITOR | WHO_KIOSK | WHO_KEEPER | WHO_RELAY | WHO_CLERK |
	    WHO_APPROVER | WHO_COORDINATOR,
    AFTER_HELLO, WRITES, "feedback", LOCAL, 256, 65536,
    "Says what a person needs; answered with a receipt, a key and a due date.")
FIELD(feedback_submit, "region", REGION, MUST, 0, 0, PLAIN, NULL,
      "Where it happened or who is concerned.")
FIELD(feedback_submit, "service", TEXT, MUST, 1, 32, PLAIN, NULL,
      "complaint, suggestion, question, need, dispute or report.")
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
FIELD(feedback_submit, "anonymous", BOOLEAN, MAY, 0, 0, PLAIN, NULL,
      "Hides name and telephone number from the department.")
FIELD(feedback_submit, "at", TIME, MAY, 0, 0, PLAIN, NULL,
      "When it was said, by the kiosk's clock; recorded, not judged.")
RESULT(feedback_submit, "receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_submit, "key", DIGITS, NULL,
       "16 digits: with the receipt number they open the feedback.")
RESULT(feedback_submit, "state", TEXT, NULL, "Its state.")
RESULT(feedback_submit, "answer_by", TIME, NULL, "When an answer is due.")

ACT(feedback_get, "feedback.get", WHO_ANYONE, AFTER_HELLO, READS, NULL, LOCAL, 0, 1024,
    "Shows a feedback to who holds its key and to the department that has it.")
FIELD(feedback_get, "receipt", TEXT, MUST, 1, 40, PLAIN, NULL,
      "Receipt number.")
FIELD(feedback_get, "key", TEXT, MAY, 1, 32, SECRET, NULL,
      "The 16 digits that came with it; blanks are ignored.")
RESULT(feedback_get, "receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_get, "state", TEXT, NULL, "Its state.")
RESULT(feedback_get, "answer_by", TIME, NULL, "When an answer is due.")
RESULT(feedback_get, "region", REGION, NULL, "Where it happened.")
RESULT(feedback_get, "service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_get, "text", TEXT, NULL, "What was said.")
RESULT(feedback_get, "department", OBJECT, NULL, "Who has it: {code, name}.")
RESULT(feedback_get, "history[]", OBJECT, NULL, "Each step: {at, state, by}.")
RESULT(feedback_get, "answer", OBJECT, NULL,
       "The answer: {text, outcome, at, department}; null before.")

ACT(feedback_list, "feedback.list", WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR |
    WHO_AUDITOR, AFTER_HELLO, READS, NULL, DESK, 0, 1024,
    "Lists the feedback of one's department, newest first.")
FIELD(feedback_list, "state", TEXT, MAY, 1, 32, PLAIN, NULL,
      "Only those in this state.")
FIELD(feedback_list, "after", TEXT, MAY, 1, 64, PLAIN, NULL,
      "Continue where the last page ended: its next.")
FIELD(feedback_list, "limit", INTEGER, MAY, 1, 200, PLAIN, NULL,
      "Most items of a page; 50 when absent.")
RESULT(feedback_list, "items[].receipt", TEXT, NULL, "Receipt number.")
RESULT(feedback_list, "items[].state", TEXT, NULL, "Its state.")
RESULT(feedback_list, "items[].service", TEXT, NULL, "What kind of feedback.")
RESULT(feedback_list, "items[].region", REGION, NULL, "Where it happened.")
RESULT(feedback_list, "items[].answer_by", TIME, NULL, "When it is due.")
RESULT(feedback_list, "items[].text", TEXT, NULL, "What was said.")
RESULT(feedback_list, "next", TEXT, NULL, "For after; absent on the last page.")

ACT(feedback_answer, "feedback.answer",
    WHO_CLERK | WHO_APPROVER | WHO_COORDINATOR, AFTER_HELLO, WRITES, "feedback", SETTLE, 1,
    65536, "Answers a feedback that one's department has.")
FIELD(feedback_answer, "receipt", TEXT, MUST, 1, 40, PLAIN, NULL,
      "Receipt number.")
FIELD(feedback_answer, "text", TEXT, MUST, 1, 4000, PERSONAL, NULL,
      "The answer, in words everybody understands.")
FIELD(feedback_answer, "outcome", WORD, MUST, 0, 0, PLAIN,
      "resolved|partly|explained|planned", "What came of it.")
RESULT(feedback_answer, "state", TEXT, NULL, "Its state: answered.")
