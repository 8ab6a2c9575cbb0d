-- SPDX-License-Identifier: Apache-2.0
-- What was due, one row for each: from it every rate is counted. It follows from
-- the rows of feedback and its clocks and can be made again from them.

set role huiyin_owner;

create table huiyin.report_due (
	feedback bigint not null,
	clock text collate "C" not null,
	round smallint not null,
	nth smallint not null,
	department bigint,
	region text collate "C" not null,
	service text collate "C" not null,
	from_at timestamptz,
	first_by timestamptz not null,
	due_by timestamptz not null,
	ended_at timestamptz,
	met boolean not null,
	left_out text,
	extended boolean not null,
	returned boolean not null,
	reopened boolean not null,
	heard boolean,
	solved boolean,
	grade smallint,
	facts int not null,
	constraint report_due_is_counted_once primary key (feedback, clock, round, nth),
	constraint report_due_clock_is_of_a_rate check (clock in ('sign', 'contact', 'answer'))
);
create index report_due_by_due on huiyin.report_due (due_by)
	include (clock, department, region, service, facts, feedback);
create index report_due_moved on huiyin.report_due (first_by)
	where clock = 'answer' and first_by <> due_by;
create index report_due_open on huiyin.report_due ((coalesce(ended_at, 'infinity')))
	include (ended_at, from_at, due_by, department, region, service, left_out, clock, feedback)
	where clock = 'answer';
comment on table huiyin.report_due is
	'what was due of whom: to sign, to make contact, to answer. Made from feedback, feedback_clock, feedback_history and feedback_echo by huiyin.report_gather, and from nothing else';
comment on column huiyin.report_due.nth is
	'of those of one clock and round: given to another department, it is due of that one too';
comment on column huiyin.report_due.first_by is 'the original deadline; due_by: the one that held';
comment on column huiyin.report_due.ended_at is
	'null: still due; met false: stopped, not done';
comment on column huiyin.report_due.left_out is
	'why it is not counted: what stopped it, lawfully and in time; null: it is counted';
comment on column huiyin.report_due.heard is
	'somebody was asked what came of the answer and was reached; false: three times not; null: nobody asked yet';

comment on column huiyin.report_due.facts is
	'the same in bits, so that a hundred thousand rows are counted in one pass: huiyin.due_facts';

create table huiyin.report_head (
	one boolean primary key default true,
	xid xid8 not null default '0',
	constraint report_head_is_one_row check (one)
);
comment on table huiyin.report_head is
	'the last transaction of feedback_history whose feedback is in report_due as it is';
insert into huiyin.report_head default values;

reset role;
