-- SPDX-License-Identifier: Apache-2.0
-- Meetings of departments and their summaries (MISSION, "Meetings and their
-- summaries"): what is worked on, and beside it what was issued, which nobody
-- changes.

set role huiyin_owner;

create table huiyin.meeting (
	id bigint generated always as identity primary key,
	title text not null,
	at timestamptz not null,
	place text not null,
	chair text not null,
	department bigint not null
		constraint meeting_is_convened_by_a_department references huiyin.department,
	state text not null default 'convened',
	revision int not null default 1,
	steps int not null default 0,
	constraint meeting_state_is_known check (state in (
		'convened', 'held', 'drafted', 'circulated', 'issued', 'cancelled'))
);
create index meeting_by_time on huiyin.meeting (at desc, id desc);
comment on table huiyin.meeting is
	'a meeting of departments; its heading, attendance and items are worked on until its summary is issued, and again for a correction';
comment on column huiyin.meeting.department is 'the office that convened it';
comment on column huiyin.meeting.revision is
	'one more each time heading, items or attendance change: who edits says which one they saw';
comment on column huiyin.meeting.steps is 'rows of meeting_history';

-- The state table.
create table huiyin.meeting_move (
	act text not null,
	was text not null,
	becomes text not null,
	part text not null,
	tells boolean not null default false,
	constraint meeting_move_is_said_once primary key (act, was, becomes),
	constraint meeting_move_part_is_known check (part in ('office', 'invited', 'signer'))
);
comment on table huiyin.meeting_move is
	'which act brings a meeting from which state to which, and whose it is; there is no other way';
comment on column huiyin.meeting_move.part is
	'coordinators of the office that convened it; an invited department; one whose signature the summary needs';
comment on column huiyin.meeting_move.tells is
	'the invited departments hear of it; of the rest only the office does';
insert into huiyin.meeting_move (act, was, becomes, part, tells)
select m.act, s.state, coalesce(m.becomes, s.state), m.part,
	m.act in ('meeting.change', 'meeting.hold', 'meeting.cancel', 'summary.circulate', 'summary.issue')
from (values
	('meeting.change', '{convened,held,drafted}', null, 'office'),
	('meeting.add', '{convened,held,drafted}', null, 'office'),
	('meeting.set', '{convened,held,drafted}', null, 'office'),
	('meeting.order', '{convened,held,drafted}', null, 'office'),
	('meeting.drop', '{convened,held,drafted}', null, 'office'),
	('meeting.reply', '{convened}', null, 'invited'),
	('meeting.hold', '{convened}', 'held', 'office'),
	('meeting.attend', '{held,drafted}', null, 'office'),
	('meeting.cancel', '{convened,held,drafted}', 'cancelled', 'office'),
	('meeting.cancel', '{drafted}', 'issued', 'office'),
	('summary.draft', '{held,circulated,issued}', 'drafted', 'office'),
	('summary.circulate', '{drafted}', 'circulated', 'office'),
	('summary.sign', '{circulated}', null, 'signer'),
	('summary.object', '{circulated}', null, 'signer'),
	('summary.answer', '{circulated}', null, 'office'),
	('summary.issue', '{circulated}', 'issued', 'office')
) as m(act, was, becomes, part),
unnest(m.was::text[]) as s(state);

create table huiyin.meeting_history (
	meeting bigint not null
		constraint meeting_history_is_of_a_meeting references huiyin.meeting,
	step int not null,
	at timestamptz not null default now(),
	act text not null,
	state text not null,
	revision int not null,
	edits boolean not null,
	principal bigint not null
		constraint meeting_history_is_by_staff references huiyin.staff,
	department bigint not null
		constraint meeting_history_is_of_a_department references huiyin.department,
	detail jsonb,
	xid xid8 not null default pg_current_xact_id(),
	constraint meeting_history_has_one_row_per_step primary key (meeting, step)
);
create index meeting_history_by_xid on huiyin.meeting_history (xid);
comment on table huiyin.meeting_history is
	'every step of a meeting and its summary, never changed; who edits what somebody else has changed since is told from these rows; nodes follow it by transaction';
comment on column huiyin.meeting_history.edits is 'it made that revision';
comment on column huiyin.meeting_history.detail is
	'what changed: item, fields with what they were and are, reason';

create table huiyin.meeting_party (
	meeting bigint not null
		constraint meeting_party_is_of_a_meeting references huiyin.meeting,
	department bigint not null
		constraint meeting_party_is_a_department references huiyin.department,
	part text not null default 'member',
	reply text not null default 'none',
	who text[] not null default '{}',
	reason text,
	replied_at timestamptz,
	came boolean,
	constraint meeting_party_is_invited_once primary key (meeting, department),
	constraint meeting_party_part_is_known check (part in ('member', 'sitting_in')),
	constraint meeting_party_reply_is_known check (reply in ('none', 'comes', 'leave'))
);
create index meeting_party_by_department on huiyin.meeting_party (department, meeting);
comment on table huiyin.meeting_party is 'departments invited to a meeting, what they said and whether they came';
comment on column huiyin.meeting_party.part is 'member; or sitting in (列席)';
comment on column huiyin.meeting_party.reply is 'leave: 请假';
comment on column huiyin.meeting_party.who is 'names of those who come, then of those who came';
comment on column huiyin.meeting_party.came is 'null: not held yet';

create table huiyin.meeting_item (
	id bigint generated always as identity primary key,
	meeting bigint not null
		constraint meeting_item_is_of_a_meeting references huiyin.meeting,
	position int,
	kind text not null default 'other',
	text text not null,
	decision text,
	lead bigint
		constraint meeting_item_lead_is_a_department references huiyin.department,
	responsible text,
	standard text,
	due_at timestamptz,
	constraint meeting_item_has_one_position unique (meeting, position) deferrable initially immediate,
	constraint meeting_item_position_counts check (position > 0),
	constraint meeting_item_kind_is_known check (kind in (
		'feedback', 'typical', 'ledger', 'notice', 'other')),
	constraint meeting_item_is_due_of_somebody check (due_at is null or lead is not null)
);
comment on table huiyin.meeting_item is
	'what a meeting speaks about and decides; its id stays through every edit, order and correction';
comment on column huiyin.meeting_item.position is 'from 1, without gaps; null: dropped';
comment on column huiyin.meeting_item.kind is 'from what it was drawn';
comment on column huiyin.meeting_item.text is 'what it is about; decision: what was decided';
comment on column huiyin.meeting_item.lead is 'null: nobody has to do anything';
comment on column huiyin.meeting_item.responsible is 'the person, in words';
comment on column huiyin.meeting_item.standard is 'by what it is judged as done';

create table huiyin.meeting_item_assist (
	item bigint not null
		constraint meeting_item_assist_is_of_an_item references huiyin.meeting_item,
	department bigint not null
		constraint meeting_item_assist_is_a_department references huiyin.department,
	constraint meeting_item_assist_is_said_once primary key (item, department)
);
comment on table huiyin.meeting_item_assist is 'departments that assist the lead of an item';

create table huiyin.meeting_item_feedback (
	item bigint not null
		constraint meeting_item_feedback_is_of_an_item references huiyin.meeting_item,
	feedback bigint not null,
	constraint meeting_item_feedback_is_said_once primary key (item, feedback)
);
create index meeting_item_feedback_by_feedback on huiyin.meeting_item_feedback (feedback);
comment on table huiyin.meeting_item_feedback is 'feedback that led to an item, by number';

create table huiyin.meeting_item_notice (
	item bigint not null
		constraint meeting_item_notice_is_of_an_item references huiyin.meeting_item,
	notice bigint not null
		constraint meeting_item_notice_is_a_notice references huiyin.notice,
	constraint meeting_item_notice_is_said_once primary key (item, notice)
);
create index meeting_item_notice_by_notice on huiyin.meeting_item_notice (notice);
comment on table huiyin.meeting_item_notice is 'notices an item is about';

create table huiyin.meeting_item_entry (
	item bigint not null
		constraint meeting_item_entry_is_of_an_item references huiyin.meeting_item,
	entry bigint not null,
	constraint meeting_item_entry_is_said_once primary key (item, entry)
);
comment on table huiyin.meeting_item_entry is 'entries of the ledger an item is about, by number';

create table huiyin.summary (
	id bigint generated always as identity primary key,
	meeting bigint not null
		constraint summary_is_of_a_meeting references huiyin.meeting,
	state text not null default 'draft',
	round int not null default 0,
	corrects bigint
		constraint summary_corrects_a_summary references huiyin.summary,
	reason text,
	sign_by timestamptz,
	constraint summary_state_is_known check (state in ('draft', 'circulated', 'issued', 'withdrawn')),
	constraint summary_correction_says_why check (corrects is null or reason is not null),
	constraint summary_circulated_has_a_deadline check (state <> 'circulated' or sign_by is not null)
);
create unique index summary_is_one_at_a_time on huiyin.summary (meeting)
	where state in ('draft', 'circulated');
create unique index summary_is_corrected_once on huiyin.summary (corrects)
	where state <> 'withdrawn';
create index summary_by_meeting on huiyin.summary (meeting, id);
comment on table huiyin.summary is
	'the minutes of a meeting (纪要) on their way; what was circulated is in summary_round, what was issued in summary_issued, summary_item and summary_party, and no act changes it there';
comment on column huiyin.summary.round is 'how often it was circulated';
comment on column huiyin.summary.corrects is 'the issued summary it takes the place of; null: none';
comment on column huiyin.summary.reason is 'what is corrected and why';

create table huiyin.summary_round (
	summary bigint not null
		constraint summary_round_is_of_a_summary references huiyin.summary,
	round int not null,
	at timestamptz not null default now(),
	sign_by timestamptz not null,
	revision int not null,
	content jsonb not null,
	content_hash bytea not null,
	constraint summary_round_is_circulated_once primary key (summary, round)
);
comment on table huiyin.summary_round is
	'what departments were asked to sign, each time it was circulated; never changed';

create table huiyin.summary_voice (
	summary bigint not null
		constraint summary_voice_is_about_a_summary references huiyin.summary,
	number int not null,
	round int not null,
	department bigint not null
		constraint summary_voice_is_of_a_department references huiyin.department,
	voice text not null,
	text text,
	at timestamptz not null default now(),
	principal bigint not null
		constraint summary_voice_is_by_staff references huiyin.staff,
	late boolean not null,
	answer text,
	noted boolean,
	answered_at timestamptz,
	answered_by bigint
		constraint summary_voice_is_answered_by_staff references huiyin.staff,
	constraint summary_voice_has_one_number primary key (summary, number),
	constraint summary_voice_is_known check (voice in ('signed', 'objected')),
	constraint summary_voice_objection_says_why check (voice <> 'objected' or text is not null),
	constraint summary_voice_answer_is_whole check (
		(answer is null) = (noted is null) and (answer is null) = (answered_at is null)
		and (answer is null) = (answered_by is null))
);
comment on table huiyin.summary_voice is
	'what departments said of what was circulated; of one department and round the last counts';
comment on column huiyin.summary_voice.noted is
	'the objection stands beside the summary; false: it was answered; null: neither yet';

create table huiyin.summary_counter (
	year int primary key,
	last int not null,
	constraint summary_counter_counts_from_one check (last > 0)
);
comment on table huiyin.summary_counter is
	'the last number given in a year; locked by who issues until commit, so that there are no gaps';

create table huiyin.summary_issued (
	summary bigint primary key
		constraint summary_issued_is_a_summary references huiyin.summary,
	meeting bigint not null
		constraint summary_issued_is_of_a_meeting references huiyin.meeting,
	year int not null,
	number int not null,
	at timestamptz not null,
	principal bigint not null
		constraint summary_issued_is_by_staff references huiyin.staff,
	department bigint not null
		constraint summary_issued_is_of_an_office references huiyin.department,
	corrects bigint,
	content jsonb not null,
	content_hash bytea not null,
	constraint summary_issued_has_one_number unique (year, number),
	constraint summary_issued_is_corrected_once unique (corrects),
	constraint summary_issued_number_counts check (number > 0)
);
create index summary_issued_by_meeting on huiyin.summary_issued (meeting);
comment on table huiyin.summary_issued is
	'issued summaries, numbered in the county''s sequence of the year; never changed';
comment on column huiyin.summary_issued.content is 'all a page needs; see sql/README.md';
comment on column huiyin.summary_issued.content_hash is 'sha-256 of the content as text; its row of the audit has it too';

create table huiyin.summary_item (
	summary bigint not null
		constraint summary_item_is_of_a_summary references huiyin.summary,
	position int not null,
	item bigint not null
		constraint summary_item_is_an_item references huiyin.meeting_item,
	text text not null,
	decision text,
	lead bigint,
	assisting bigint[] not null,
	responsible text,
	standard text,
	due_at timestamptz,
	feedback bigint[] not null,
	notices bigint[] not null,
	entries bigint[] not null,
	constraint summary_item_has_one_position primary key (summary, position),
	constraint summary_item_is_there_once unique (summary, item)
);
comment on table huiyin.summary_item is
	'the items of an issued summary as they were decided, with what led to them; never changed. In a correction the same item has the same number of item';

create table huiyin.summary_party (
	summary bigint not null
		constraint summary_party_is_of_a_summary references huiyin.summary,
	department bigint not null,
	part text not null,
	reply text not null,
	came boolean not null,
	who text[] not null,
	constraint summary_party_is_there_once primary key (summary, department)
);
comment on table huiyin.summary_party is 'the attendance of an issued summary; never changed';

reset role;
