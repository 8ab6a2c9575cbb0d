-- SPDX-License-Identifier: Apache-2.0
-- The due response: the state table, clocks as data, every change of a clock as
-- a row, and what departments and submitters say between receipt and answer.

set role huiyin_owner;

alter table huiyin.installation
	add column demo boolean not null default false;
comment on column huiyin.installation.demo is
	'a county to try things in: its clocks may run in seconds';

alter table huiyin.service
	add column urgency smallint not null default 4,
	add column mediation boolean not null default false,
	add constraint service_urgency_is_a_class check (urgency between 1 and 4);
comment on column huiyin.service.urgency is
	'class of MISSION, rule 4: 1 danger to life, 2 water, power, gas or heating, 3 and 4 what is due later';
comment on column huiyin.service.mediation is
	'no answer before somebody mediated (rule 14)';
insert into huiyin.service (code, name, name_en, urgency,
	dispatch_within, sign_within, contact_within, answer_within)
values
	('danger', '危及生命', 'danger to life', 1, '1 hour', '1 hour', '1 hour', '2 hours'),
	('utility', '水电气暖', 'water, power, gas or heating', 2, '2 hours', '4 hours', '4 hours', '24 hours')
on conflict do nothing;
update huiyin.service set urgency = 3 where code in ('question', 'need');
update huiyin.service set mediation = true where code = 'dispute';

create table huiyin.service_clock (
	service text collate "C" not null
		constraint service_clock_is_of_a_service references huiyin.service,
	clock text not null,
	amount int not null,
	unit text not null,
	constraint service_clock_is_one_of_each primary key (service, clock),
	constraint service_clock_is_known check (clock in (
		'dispatch', 'sign', 'contact', 'answer', 'assist', 'revisit')),
	constraint service_clock_runs_forward check (amount > 0),
	constraint service_clock_unit_is_known check (unit in (
		'seconds', 'minutes', 'working_minutes', 'working_days'))
);
comment on table huiyin.service_clock is
	'how long each step may take; units are those of huiyin.deadline, seconds for a demo county only';
insert into huiyin.service_clock (service, clock, amount, unit)
select s.code, c.clock, c.amount, c.unit
from huiyin.service s
join (values
	(1, 'dispatch', 60, 'minutes'),
	(1, 'sign', 60, 'minutes'),
	(1, 'contact', 60, 'minutes'),
	(1, 'answer', 120, 'minutes'),
	(1, 'assist', 60, 'minutes'),
	(2, 'dispatch', 120, 'minutes'),
	(2, 'sign', 240, 'minutes'),
	(2, 'contact', 240, 'minutes'),
	(2, 'answer', 1440, 'minutes'),
	(2, 'assist', 720, 'minutes'),
	(3, 'dispatch', 1440, 'minutes'),
	(3, 'sign', 1, 'working_days'),
	(3, 'contact', 1440, 'minutes'),
	(3, 'answer', 10080, 'minutes'),
	(3, 'assist', 3, 'working_days'),
	(4, 'dispatch', 1440, 'minutes'),
	(4, 'sign', 1, 'working_days'),
	(4, 'contact', 1440, 'minutes'),
	(4, 'answer', 21600, 'minutes'),
	(4, 'assist', 5, 'working_days')
) as c(urgency, clock, amount, unit) using (urgency)
union all
select s.code, 'revisit', 5, 'working_days'
from huiyin.service s;

-- The state table (MISSION, "Feedback: states, clocks, rules").
create table huiyin.feedback_move (
	act text not null,
	was text not null,
	becomes text not null,
	part text not null,
	tells boolean not null default false,
	constraint feedback_move_is_said_once primary key (act, was, becomes),
	constraint feedback_move_part_is_known check (part in (
		'coordinator', 'lead', 'assisting', 'superior', 'other', 'submitter', 'filer', 'clock'))
);
comment on table huiyin.feedback_move is
	'which act brings a feedback from which state to which, and whose it is; there is no other way';
comment on column huiyin.feedback_move.part is
	'the coordinator; the department that leads; one that assists; who approves; somebody other than the handler; the submitter; who filed it, the submitter included; nobody but time';
comment on column huiyin.feedback_move.tells is
	'the reason given is for the submitter to read';
insert into huiyin.feedback_move (act, was, becomes, part, tells)
select m.act, s.state, coalesce(m.becomes, s.state), m.part, m.tells
from (values
	('triage', '{received,returned}', 'triage', 'coordinator', false),
	('triage', '{received,triage,returned,dispatched,accepted,in_progress}', 'closed_not_accepted', 'coordinator', true),
	('dispatch', '{received,triage,returned,dispatched,accepted,in_progress,scheduled,reopened}', 'dispatched', 'coordinator', false),
	('accept', '{dispatched}', 'accepted', 'lead', false),
	('contact', '{dispatched}', 'accepted', 'lead', false),
	('contact', '{accepted,in_progress,reopened}', 'in_progress', 'lead', false),
	('contact', '{scheduled}', null, 'lead', false),
	('ask', '{dispatched}', 'accepted', 'lead', false),
	('ask', '{accepted,in_progress,scheduled,reopened}', 'waiting_submitter', 'lead', true),
	('supply', '{waiting_submitter}', 'in_progress', 'filer', true),
	('extend', '{accepted,in_progress,scheduled,reopened}', null, 'lead', true),
	('approve', '{accepted,in_progress,scheduled,reopened}', null, 'superior', true),
	('approve', '{accepted,in_progress,reopened}', 'scheduled', 'superior', true),
	('return', '{dispatched,accepted}', 'returned', 'lead', false),
	('return', '{dispatched,accepted}', 'arbitration', 'lead', false),
	('arbitrate', '{arbitration}', 'dispatched', 'coordinator', false),
	('assist', '{dispatched,accepted,in_progress,scheduled,waiting_submitter,reopened}', null, 'assisting', false),
	('answer', '{dispatched}', 'accepted', 'lead', false),
	('answer', '{accepted,waiting_submitter}', 'in_progress', 'lead', false),
	('answer', '{in_progress,scheduled,reopened}', 'answered', 'lead', false),
	('answer', '{closed_duplicate}', null, 'clock', false),
	('revisit', '{answered,revisit}', 'revisit', 'other', false),
	('revisit', '{answered,revisit}', 'closed_resolved', 'other', false),
	('revisit', '{answered,revisit}', 'closed_explained', 'other', false),
	('revisit', '{answered,revisit}', 'reopened', 'other', false),
	('rate', '{answered,revisit,closed_resolved,closed_explained}', null, 'submitter', true),
	('rate', '{answered,revisit}', 'closed_resolved', 'submitter', true),
	('reopen', '{answered,revisit,closed_resolved,closed_explained}', 'reopened', 'submitter', true),
	('withdraw', '{received,triage,dispatched,accepted,in_progress,scheduled,waiting_submitter,returned,arbitration,reopened}',
		'closed_withdrawn', 'submitter', true),
	('link', '{received,triage,dispatched,accepted,in_progress,scheduled,waiting_submitter,returned,arbitration,reopened}',
		'closed_duplicate', 'coordinator', false),
	('remind', '{waiting_submitter}', null, 'clock', true),
	('remind', '{waiting_submitter}', 'closed_incomplete', 'clock', true)
) as m(act, was, becomes, part, tells),
unnest(m.was::text[]) as s(state)
union all
select 'unlink', 'closed_duplicate', s.state, 'coordinator', false
from unnest(array['received', 'triage', 'dispatched', 'accepted', 'in_progress', 'scheduled',
	'waiting_submitter', 'returned', 'arbitration', 'reopened']) as s(state);

alter table huiyin.feedback
	add column urgency smallint not null default 4,
	add column station bigint,
	add column waits boolean not null default false,
	add column dispatched_at timestamptz,
	add column contacted_at timestamptz,
	add column answer_from timestamptz,
	add column answer_first_by timestamptz,
	add column paused_at timestamptz,
	add column answered_at timestamptz,
	add column revisit_by timestamptz,
	add column closed_at timestamptz,
	add column handler bigint,
	add column returns smallint not null default 0,
	add column bound boolean not null default false,
	add column mediated boolean not null default false,
	add column round smallint not null default 1,
	add column main bigint,
	add column tick_at timestamptz,
	add column ticked_at timestamptz,
	add column level smallint not null default 0;
comment on column huiyin.feedback.station is
	'of the kiosk that filed it, then';
comment on column huiyin.feedback.waits is
	'the coordinator has to decide who leads';
comment on column huiyin.feedback.dispatched_at is
	'null: when it was filed, if it was routed at once';
comment on column huiyin.feedback.answer_from is
	'when its answer clock began; null: when it was filed';
comment on column huiyin.feedback.answer_first_by is
	'the answer''s deadline before it was first moved; null: it never was';
comment on column huiyin.feedback.handler is
	'principal that signed for it';
comment on column huiyin.feedback.bound is
	'the coordinator has arbitrated: its lead cannot return it';
comment on column huiyin.feedback.round is
	'1, and one more each time it is reopened: a new answer clock, the old one kept';
comment on column huiyin.feedback.main is
	'number of the feedback it is joined to; null: none';
comment on column huiyin.feedback.tick_at is
	'when the next clock reaches 75, 90, 100, 150 or 200 %, or earlier; null: none runs';
comment on column huiyin.feedback.ticked_at is
	'up to when that was seen to; null: since it was filed';
comment on column huiyin.feedback.level is
	'the highest of those its running clocks have reached, as last seen';
-- What is there already: its next step is a look by the tick.
update huiyin.feedback f
set urgency = s.urgency,
	tick_at = case when f.state not like 'closed%' then now() end,
	waits = f.state = 'received' or (f.state = 'dispatched' and exists (
		select from huiyin.department d where d.id = f.lead and d.coordinating)),
	handler = (
		select h.principal
		from huiyin.feedback_history h
		where h.feedback = f.id and h.note = 'signed'
		limit 1)
from huiyin.service s
where s.code = f.service;
update huiyin.feedback f
set answered_at = a.at, revisit_by = a.at + interval '7 days', contacted_at = a.at
from (
	select x.feedback, max(x.at) as at
	from huiyin.feedback_answer x
	group by x.feedback
) as a
where a.feedback = f.id and f.state = 'answered';
create index feedback_by_tick on huiyin.feedback (tick_at) where tick_at is not null;
create index feedback_to_decide on huiyin.feedback (urgency, filed_at, id) where waits;
create index feedback_to_revisit on huiyin.feedback (revisit_by, id)
	where state in ('answered', 'revisit');
create index feedback_by_level on huiyin.feedback (lead, level desc, answer_by, id)
	where level > 0;
create index feedback_by_main on huiyin.feedback (main) where main is not null;

alter table huiyin.feedback_person
	add column consent boolean;
comment on column huiyin.feedback_person.consent is
	'the submitter agreed that somebody else files it; null: not said';

alter table huiyin.feedback_history
	add column act text,
	add column tells boolean not null default false;
comment on column huiyin.feedback_history.tells is
	'its reason is for the submitter too';

create table huiyin.feedback_reason (
	feedback bigint not null,
	step smallint not null,
	said text,
	detail jsonb,
	constraint feedback_reason_is_one_per_step primary key (feedback, step)
);
comment on table huiyin.feedback_reason is
	'why a step was taken, in the words of who took it; apart from the history, which never changes, since words are erased with the person';

alter table huiyin.feedback_answer
	add column round smallint not null default 1,
	add column measure text,
	add column planned timestamptz,
	add column plain text,
	add column without text,
	drop constraint feedback_answer_outcome_is_known,
	add constraint feedback_answer_outcome_is_known check (
		outcome in ('resolved', 'partly', 'explained', 'planned', 'not_accepted')),
	add constraint feedback_answer_plan_has_a_date check (outcome <> 'planned' or planned is not null) not valid;
comment on column huiyin.feedback_answer.without is
	'why it was given before every assisting department had signed its part';

create table huiyin.feedback_clock (
	feedback bigint not null,
	at timestamptz not null,
	clock text not null,
	kind text not null,
	round smallint not null,
	old_by timestamptz,
	new_by timestamptz,
	level smallint,
	principal bigint,
	department bigint,
	reason text,
	xid xid8 not null default pg_current_xact_id(),
	constraint feedback_clock_is_known check (clock in (
		'dispatch', 'sign', 'contact', 'answer', 'assist', 'revisit')),
	constraint feedback_clock_kind_is_known check (kind in ('start', 'pause', 'resume',
		'extend', 'reassign', 'met', 'stop', 'warn', 'breach', 'escalate')),
	constraint feedback_clock_level_is_known check (level in (75, 90, 100, 150, 200))
) partition by range (at);
create table huiyin.feedback_clock_default
	partition of huiyin.feedback_clock default;
create index feedback_clock_by_feedback on huiyin.feedback_clock (feedback, at);
create index feedback_clock_by_xid on huiyin.feedback_clock (xid);
comment on table huiyin.feedback_clock is
	'every change of a clock, appended and never changed; what was late is counted from these rows and nothing else. Clocks that start when it is filed have no row start';
comment on column huiyin.feedback_clock.kind is
	'met and stop end a clock: old_by is its first deadline, new_by the one that held';
comment on column huiyin.feedback_clock.department is
	'whose clock it is; of escalate: who is told, and principal the person there';

create table huiyin.feedback_party (
	feedback bigint not null,
	department bigint not null
		constraint feedback_party_is_a_department references huiyin.department,
	part text not null,
	since timestamptz not null default now(),
	constraint feedback_party_is_there_once primary key (feedback, department, part),
	constraint feedback_party_part_is_known check (part in ('assisting', 'escalated', 'superior'))
);
create index feedback_party_by_department on huiyin.feedback_party (department, part, feedback);
comment on table huiyin.feedback_party is
	'departments beside the lead that see a feedback and hear of it, and why; never the one it is against';

create table huiyin.feedback_assist (
	feedback bigint not null,
	department bigint not null
		constraint feedback_assist_is_of_a_department references huiyin.department,
	from_at timestamptz not null,
	by_at timestamptz not null,
	task text,
	signed_at timestamptz,
	principal bigint,
	said text,
	released_at timestamptz,
	constraint feedback_assist_is_one_per_department primary key (feedback, department)
);
comment on table huiyin.feedback_assist is
	'assisting departments, their sub-clock, and what they signed';

create table huiyin.feedback_request (
	feedback bigint not null,
	number smallint not null,
	at timestamptz not null default now(),
	asked text not null,
	principal bigint not null,
	supplied_at timestamptz,
	supplied text,
	constraint feedback_request_has_one_number primary key (feedback, number)
);
comment on table huiyin.feedback_request is
	'what was asked of the submitter, and what they said';

create table huiyin.feedback_extension (
	feedback bigint not null,
	number smallint not null,
	round smallint not null,
	level smallint not null,
	department bigint not null
		constraint feedback_extension_is_decided_by_a_department references huiyin.department,
	asked_at timestamptz not null default now(),
	asked_by bigint not null,
	until timestamptz not null,
	reason text not null,
	plan text,
	decided_at timestamptz,
	decided_by bigint,
	granted boolean,
	constraint feedback_extension_has_one_number primary key (feedback, number),
	constraint feedback_extension_is_decided_by_another check (decided_by <> asked_by)
);
create unique index feedback_extension_once_per_level
	on huiyin.feedback_extension (feedback, round, level) where granted;
create unique index feedback_extension_one_at_a_time
	on huiyin.feedback_extension (feedback) where decided_at is null;
comment on table huiyin.feedback_extension is
	'extensions asked for, and who approved: the lead''s own approver (level 0), then each superior once';

create table huiyin.feedback_link (
	feedback bigint not null,
	main bigint not null,
	at timestamptz not null default now(),
	principal bigint not null,
	was text not null,
	undone_at timestamptz,
	constraint feedback_link_joins_two check (feedback <> main)
);
create unique index feedback_link_is_to_one on huiyin.feedback_link (feedback)
	where undone_at is null;
comment on table huiyin.feedback_link is
	'duplicates: which was joined to which and from which state; reversible';

create table huiyin.feedback_echo (
	feedback bigint not null,
	number smallint not null,
	at timestamptz not null default now(),
	round smallint not null,
	source text not null,
	principal bigint,
	reached boolean not null,
	solved text,
	grade smallint,
	said text,
	constraint feedback_echo_has_one_number primary key (feedback, number),
	constraint feedback_echo_source_is_known check (source in ('revisit', 'submitter')),
	constraint feedback_echo_solved_is_known check (solved in ('yes', 'partly', 'no')),
	constraint feedback_echo_grade_is_one_of_five check (grade between 1 and 5),
	constraint feedback_echo_says_what_was_heard check (reached = (solved is not null))
);
comment on table huiyin.feedback_echo is
	'revisits, reached or not, and what submitters said of themselves; grade 5 is best. Three rows not reached in one round: unreached';

create table huiyin.feedback_words (
	feedback bigint primary key,
	filed_at timestamptz not null,
	township text collate "C" not null,
	words tsvector not null
);
create index feedback_words_by_word on huiyin.feedback_words using gin (words);
create index feedback_words_by_township on huiyin.feedback_words (township, filed_at);
comment on table huiyin.feedback_words is
	'bigrams of what was said, for search; made by the tick, so that submitting stays fast';
create table huiyin.feedback_words_head (
	one boolean primary key default true,
	xid xid8 not null default '0',
	constraint feedback_words_head_is_one_row check (one)
);
comment on table huiyin.feedback_words_head is 'transactions whose feedback is in feedback_words';
insert into huiyin.feedback_words_head default values;

alter table huiyin.staff
	add column superior bigint
		constraint staff_superior_is_staff references huiyin.staff,
	add column vacant boolean not null default false,
	add constraint staff_is_not_its_own_superior check (superior <> principal);
comment on column huiyin.staff.superior is 'who is told when what this person handles is late';
comment on column huiyin.staff.vacant is 'nobody is in that post now: it is skipped';

reset role;
