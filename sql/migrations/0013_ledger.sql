-- SPDX-License-Identifier: Apache-2.0
-- The ledger (台账): what issued summaries decided, who is responsible, by when, and
-- whether it was done. What was decided stays in summary_item; here is what came of it.

set role huiyin_owner;

create sequence huiyin.ledger_number;
comment on sequence huiyin.ledger_number is 'numbers of entries; moved on by admin.restored';

-- The state table.
create table huiyin.ledger_move (
	act text not null,
	was text not null,
	becomes text not null,
	part text not null,
	constraint ledger_move_is_said_once primary key (act, was, becomes, part),
	constraint ledger_move_part_is_known check (part in (
		'coordinator', 'lead', 'assisting', 'verifier', 'summary'))
);
comment on table huiyin.ledger_move is
	'which act brings an entry from which state to which, and whose it is; there is no other way. Overdue is no state: it is computed';
comment on column huiyin.ledger_move.part is
	'the coordinator; the department that leads; one that assists; somebody of another department than the doer; a summary that corrects the one that decided it';
insert into huiyin.ledger_move (act, was, becomes, part)
select m.act, s.state, coalesce(m.becomes, s.state), m.part
from (values
	('progress', '{open,doing,blocked}', 'doing', 'lead'),
	('progress', '{open}', 'doing', 'assisting'),
	('progress', '{doing,blocked}', null, 'assisting'),
	('done', '{open,doing,blocked}', 'done', 'lead'),
	('verify', '{done}', 'verified', 'verifier'),
	('verify', '{done}', 'doing', 'verifier'),
	('block', '{open,doing}', 'blocked', 'lead'),
	('cancel', '{open,doing,done,blocked}', 'cancelled', 'coordinator'),
	('correct', '{open,doing,done,blocked}', 'cancelled', 'summary'),
	('correct', '{verified,cancelled}', null, 'summary')
) as m(act, was, becomes, part),
unnest(m.was::text[]) as s(state);

create table huiyin.ledger_entry (
	id bigint primary key,
	entry text collate "C" not null
		constraint ledger_entry_is_named_once unique,
	summary bigint not null
		constraint ledger_entry_is_of_a_summary references huiyin.summary,
	item bigint not null
		constraint ledger_entry_is_of_an_item references huiyin.meeting_item,
	lead bigint not null
		constraint ledger_entry_is_led_by_a_department references huiyin.department,
	state text not null,
	steps int not null,
	opened_at timestamptz not null,
	from_at timestamptz not null,
	due_at timestamptz,
	progress smallint not null default 0,
	handler bigint
		constraint ledger_entry_is_handled_by_staff references huiyin.staff,
	doer bigint
		constraint ledger_entry_is_done_by_a_department references huiyin.department,
	said text,
	done_at timestamptz,
	closed_at timestamptz,
	notice bigint
		constraint ledger_entry_plan_is_a_notice references huiyin.notice,
	continues bigint
		constraint ledger_entry_continues_an_entry references huiyin.ledger_entry
		constraint ledger_entry_is_continued_once unique,
	tick_at timestamptz,
	ticked_at timestamptz,
	level smallint not null default 0,
	constraint ledger_entry_is_decided_once unique (summary, item),
	constraint ledger_entry_state_is_known check (state in (
		'open', 'doing', 'done', 'verified', 'blocked', 'cancelled')),
	constraint ledger_entry_progress_is_a_percentage check (progress between 0 and 100),
	constraint ledger_entry_done_says_what check (state not in ('done', 'verified')
		or (said is not null and done_at is not null and doer is not null)),
	constraint ledger_entry_blocked_has_a_plan check (state <> 'blocked' or notice is not null)
);
create index ledger_entry_by_due on huiyin.ledger_entry (coalesce(due_at, 'infinity'), id);
create index ledger_entry_by_tick on huiyin.ledger_entry (tick_at) where tick_at is not null;
comment on table huiyin.ledger_entry is
	'an item of an issued summary that somebody has to do, and how far it has come; what was decided is its row of summary_item';
comment on column huiyin.ledger_entry.from_at is
	'since when its time runs: since it was decided, however often that was corrected';
comment on column huiyin.ledger_entry.due_at is 'null: no time limit was set';
comment on column huiyin.ledger_entry.progress is 'per cent, as the lead says';
comment on column huiyin.ledger_entry.handler is 'principal that spoke for the lead last';
comment on column huiyin.ledger_entry.doer is 'department that says it is done: it cannot verify that';
comment on column huiyin.ledger_entry.said is 'what was done, for those whose feedback led to it';
comment on column huiyin.ledger_entry.notice is 'the plan, while it is blocked or since it was';
comment on column huiyin.ledger_entry.continues is
	'the entry of the summary that its own corrects; null: none';
comment on column huiyin.ledger_entry.tick_at is 'when its clock reaches 75, 90, 100, 150 or 200 %; null: it does not run';
comment on column huiyin.ledger_entry.level is 'the highest of those it has reached, as last seen';

create table huiyin.ledger_party (
	entry bigint not null
		constraint ledger_party_is_of_an_entry references huiyin.ledger_entry,
	department bigint not null
		constraint ledger_party_is_a_department references huiyin.department,
	part text not null,
	since timestamptz not null default now(),
	progress smallint,
	constraint ledger_party_is_there_once primary key (entry, department, part),
	constraint ledger_party_part_is_known check (part in ('lead', 'assisting', 'verifying', 'escalated'))
);
create index ledger_party_by_department on huiyin.ledger_party (department, part, entry);
comment on table huiyin.ledger_party is
	'departments that see an entry and hear of it, and why; beside them only the coordinating office and auditors do';
comment on column huiyin.ledger_party.progress is 'of one that assists: per cent of its part, as it says';

create table huiyin.ledger_history (
	entry bigint not null,
	step int not null,
	at timestamptz not null,
	act text not null,
	state text not null,
	principal bigint,
	department bigint,
	said text,
	detail jsonb not null default '{}',
	xid xid8 not null default pg_current_xact_id(),
	constraint ledger_history_has_one_row_per_step primary key (entry, step)
);
create index ledger_history_by_xid on huiyin.ledger_history (xid);
comment on table huiyin.ledger_history is
	'every step of an entry, appended and never changed; nodes follow it by transaction';
comment on column huiyin.ledger_history.detail is
	'progress; proof: receipt, media; notice; which entry continues it';

create table huiyin.ledger_clock (
	entry bigint not null,
	at timestamptz not null,
	kind text not null,
	old_by timestamptz,
	new_by timestamptz,
	level smallint,
	principal bigint,
	department bigint,
	reason text,
	xid xid8 not null default pg_current_xact_id(),
	constraint ledger_clock_kind_is_known check (kind in (
		'start', 'met', 'stop', 'warn', 'breach', 'escalate')),
	constraint ledger_clock_level_is_known check (level in (75, 90, 100, 150, 200))
);
create index ledger_clock_by_entry on huiyin.ledger_clock (entry, at);
create index ledger_clock_by_xid on huiyin.ledger_clock (xid);
comment on table huiyin.ledger_clock is
	'every change of an entry''s clock, appended and never changed; what was late is counted from these rows and nothing else';

create table huiyin.ledger_feedback (
	entry bigint not null,
	feedback bigint not null,
	constraint ledger_feedback_is_said_once primary key (entry, feedback)
);
create index ledger_feedback_by_feedback on huiyin.ledger_feedback (feedback);
comment on table huiyin.ledger_feedback is
	'feedback that led to an entry, by number: its submitter hears of the decision and of what came of it; never changed';

-- What the ledger says to whose feedback led to it is a step of that, in whatever state.
insert into huiyin.feedback_move (act, was, becomes, part, tells)
select 'decide', s.state, s.state, 'clock', true
from unnest(array['received', 'triage', 'dispatched', 'accepted', 'in_progress', 'scheduled',
	'waiting_submitter', 'returned', 'arbitration', 'answered', 'revisit', 'reopened',
	'closed_resolved', 'closed_explained', 'closed_not_accepted', 'closed_duplicate',
	'closed_withdrawn', 'closed_incomplete']) as s(state);

reset role;
