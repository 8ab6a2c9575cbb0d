/* SPDX-License-Identifier: Apache-2.0 */
/* minutes: a meeting and its summary, as one would read them. */
#include "minutes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "width.h"

#define LABEL 12 /* columns: as wide as "responsible" and a colon */

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void
put_label(const char *label, size_t indent)
{
	printf("%*s%s%c%*s", (int)indent, "", label, *label ? ':' : ' ',
	       (int)(LABEL - strlen(label)), "");
}

/* Nothing for what is not there. */
static void
put_text(const char *label, const char *text, size_t indent)
{
	if (!*text)
		return;
	put_label(label, indent);
	width_put_lines(text, indent + LABEL + 1);
}

/* What has one line: a newline in it is a blank. */
static void
put_line(const char *label, const char *text, size_t indent)
{
	if (!*text)
		return;
	put_label(label, indent);
	width_put(text, 0, 0);
	putchar('\n');
}

/* "2026-11-29T09:00:00+08:00" without seconds and offset. */
static void
put_time(const char *label, const char *time, size_t indent)
{
	char text[32];

	snprintf(text, sizeof text, "%.10s %.5s", time,
		 strlen(time) > 11 ? time + 11 : "");
	put_line(label, *time ? text : "", indent);
}

static void
put_names(const json_t *names)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		fputs(i == 0 ? " (" : ", ", stdout);
		width_put(json_string_value(name) ? json_string_value(name) :
						    "-",
			  0, 0);
	}
	if (json_array_size(names) > 0)
		putchar(')');
}

/* {code, name}, or {department: {code, name}, names}. */
static void
put_department(const json_t *one)
{
	const json_t *department = json_object_get(one, "department");
	char text[2048];

	width_put(table_text(department ? department : one, text), 0, 0);
	put_names(json_object_get(one, "names"));
}

static void
put_departments(const char *label, const json_t *list, size_t indent)
{
	json_t *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	put_label(label, indent);
	json_array_foreach(list, i, one) {
		fputs(i == 0 ? "" : ", ", stdout);
		put_department(one);
	}
	putchar('\n');
}

/* key: under what the words of the decision stand. */
static void
put_decision(const json_t *decision, const char *key)
{
	const json_t *lead = json_object_get(decision, "lead");

	put_text("decided", text_of(decision, key), 4);
	put_line("lead", text_of(lead, "name"), 4);
	put_departments("assisting", json_object_get(decision, "assisting"), 4);
	put_line("responsible", text_of(decision, "responsible"), 4);
	put_text("standard", text_of(decision, "standard"), 4);
	put_time("due", text_of(decision, "due"), 4);
}

static void
put_item(const json_t *item)
{
	const json_t *position = json_object_get(item, "position");

	printf("\n%2d. ", (int)json_integer_value(position));
	width_put_lines(text_of(item, "text"), 4 + LABEL + 1);
}

static void
put_notices(const json_t *item)
{
	const json_t *list = json_object_get(item, "notices");
	json_t *notice;
	size_t i;

	json_array_foreach(list, i, notice) {
		put_line("notice", text_of(notice, "headline"), 4);
	}
}

static void
put_heading(const json_t *of, const json_t *office)
{
	width_put(text_of(of, "title"), 0, 0);
	putchar('\n');
	put_line("office", text_of(office, "name"), 0);
	put_time("at", text_of(of, "at"), 0);
	put_line("place", text_of(of, "place"), 0);
	put_line("chair", text_of(of, "chair"), 0);
}

/* Before the meeting what departments said, after it how it was. */
static const char *
standing(const json_t *party)
{
	const json_t *came = json_object_get(party, "came");
	bool leave = strcmp(text_of(party, "reply"), "leave") == 0;

	if (leave && !json_is_true(came))
		return "leave";
	if (!came && strcmp(text_of(party, "reply"), "none") == 0)
		return "invited";
	if (json_is_false(came))
		return "absent";
	if (strcmp(text_of(party, "part"), "sitting_in") == 0)
		return "sitting in";
	return came ? "came" : "comes";
}

static void
put_parties(const json_t *parties)
{
	json_t *party;
	size_t i;

	json_array_foreach(parties, i, party) {
		put_label(standing(party), 0);
		put_department(party);
		putchar('\n');
	}
}

static void
put_receipts(const json_t *item)
{
	const json_t *list = json_object_get(item, "feedback");
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		put_line("feedback", text_of(one, "receipt"), 4);
	}
}

static void
put_number(const json_t *of, const char *before)
{
	const json_t *number = json_object_get(of, "number");

	if (number)
		printf("%sNo. %d of %d", before,
		       (int)json_integer_value(number),
		       (int)json_integer_value(json_object_get(of, "year")));
}

/* What meeting.set, summary.sign and their like are to name. */
static void
put_revision(const json_t *of)
{
	const json_t *revision = json_object_get(of, "revision");

	if (revision)
		printf(", revision %d", (int)json_integer_value(revision));
	putchar('\n');
}

void
minutes_print_meeting(const json_t *meeting)
{
	const json_t *agenda = json_object_get(meeting, "agenda");
	const json_t *changes = json_object_get(meeting, "changes");
	json_t *item;
	size_t i;

	printf("Meeting %d, ",
	       (int)json_integer_value(json_object_get(meeting, "meeting")));
	width_put(text_of(meeting, "state"), 0, 0);
	put_number(json_object_get(meeting, "summary"), ", summary ");
	put_revision(meeting);
	put_heading(meeting, json_object_get(meeting, "department"));
	put_parties(json_object_get(meeting, "parties"));
	json_array_foreach(agenda, i, item) {
		put_item(item);
		printf("    item:%*s%d\n", LABEL - 4, "",
		       (int)json_integer_value(json_object_get(item, "item")));
		put_decision(item, "decision");
		put_receipts(item);
		put_notices(item);
	}
	json_array_foreach(changes, i, item) {
		fputs(i == 0 ? "\nchanged:\n  " : "  ", stdout);
		width_put(text_of(item, "act"), 0, 0);
		putchar('\n');
		put_line("by", text_of(item, "by"), 4);
	}
}

static void
put_attendance(const json_t *attendance)
{
	put_departments("came", json_object_get(attendance, "came"), 0);
	put_departments("leave", json_object_get(attendance, "leave"), 0);
	put_departments("sitting in", json_object_get(attendance, "sitting_in"),
			0);
	put_departments("absent", json_object_get(attendance, "absent"), 0);
}

static void
put_decided(const json_t *item)
{
	const json_t *decisions = json_object_get(item, "decisions");
	const json_t *feedback = json_object_get(item, "feedback");
	json_t *decision;
	size_t i;

	put_item(item);
	json_array_foreach(decisions, i, decision) {
		put_decision(decision, "text");
	}
	if (feedback)
		printf("    feedback:%*s%d led to it\n", LABEL - 8, "",
		       (int)json_integer_value(feedback));
	put_notices(item);
}

/* objections: {department, text, answer?, noted?}. */
static void
put_objections(const json_t *objections)
{
	json_t *one;
	size_t i;

	json_array_foreach(objections, i, one) {
		bool noted = json_is_true(json_object_get(one, "noted"));

		if (!*text_of(one, "text"))
			continue;
		put_line("objected",
			 text_of(json_object_get(one, "department"), "name"),
			 0);
		put_text("", text_of(one, "text"), 0);
		put_text(noted ? "noted" : "answered", text_of(one, "answer"),
			 0);
	}
}

static void
put_corrections(const json_t *summary)
{
	put_number(json_object_get(summary, "corrects"), ", corrects ");
	put_number(json_object_get(summary, "corrected_by"), ", corrected by ");
	put_revision(summary);
	put_text("correction",
		 text_of(json_object_get(summary, "corrects"), "reason"), 0);
}

void
minutes_print_summary(const json_t *summary)
{
	const json_t *voices = json_object_get(summary, "voices");
	const json_t *items = json_object_get(summary, "items");
	json_t *item;
	size_t i;

	fputs("Summary", stdout);
	put_number(summary, " ");
	fputs(", ", stdout);
	width_put(text_of(summary, "state"), 0, 0);
	put_corrections(summary);
	put_heading(summary, json_object_get(summary, "office"));
	put_time("issued", text_of(summary, "issued_at"), 0);
	put_time("sign by", text_of(summary, "sign_by"), 0);
	put_attendance(json_object_get(summary, "attendance"));
	json_array_foreach(items, i, item) {
		put_decided(item);
	}
	putchar('\n');
	put_departments("signed", json_object_get(voices, "signed"), 0);
	put_objections(voices ? json_object_get(voices, "objected") :
				json_object_get(summary, "said"));
	put_departments("silent",
			voices ? json_object_get(voices, "silent") :
				 json_object_get(summary, "silent"),
			0);
	put_departments("copies to", json_object_get(summary, "copies_to"), 0);
}
