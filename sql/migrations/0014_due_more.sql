-- SPDX-License-Identifier: Apache-2.0
-- The due response, what came later: what waits for the submitter can be given to
-- another department (one that is no more cannot be waited for); who reads whose
-- name leaves a row; and figures that are as fast of any month.

set role huiyin_owner;

insert into huiyin.feedback_move (act, was, becomes, part, tells)
values ('dispatch', 'waiting_submitter', 'in_progress', 'coordinator', false);

alter table huiyin.person_access
	drop constraint person_access_kind_is_known,
	add constraint person_access_kind_is_known check (
		kind in ('read', 'unseal', 'export', 'correct', 'erase', 'seal', 'expire'));
comment on column huiyin.person_access.kind is
	'read: at a desk, by the department that has it or an auditor; a row for each person, feedback and day';

-- report_due is gathered anew, so that every row of it is tallied
delete from huiyin.report_due;
update huiyin.report_head set xid = '0';
create table huiyin.report_day (
	by text collate "C" not null,
	day date not null,
	key text collate "C" not null,
	clock text collate "C" not null,
	facts int not null,
	many int not null,
	constraint report_day_counts_each_kind_once primary key (by, day, key, clock, facts)
		include (many),
	constraint report_day_by_is_known check (by in ('department', 'region', 'service'))
);
comment on table huiyin.report_day is
	'how many rows of report_due there are of each kind, by the day they are due: kept in the transaction that changes those, so that a month is counted from days';
comment on column huiyin.report_day.key is
	'department (empty: nobody''s, the office answers for it), township, or service';
comment on column huiyin.report_day.many is 'may be 0, where there were some';

drop index huiyin.report_due_open;
create index report_due_short on huiyin.report_due (from_at)
	include (ended_at, due_by, department, region, service, left_out, clock, feedback)
	where clock = 'answer' and ended_at - from_at <= interval '480:00:00';
create index report_due_long on huiyin.report_due ((coalesce(ended_at, 'infinity')))
	include (ended_at, from_at, due_by, department, region, service, left_out, clock, feedback)
	where clock = 'answer' and (ended_at - from_at <= interval '480:00:00') is not true;

reset role;
