-- SPDX-License-Identifier: Apache-2.0
-- The county's working calendar: the hours of a day, the days of the week on
-- which nobody works, the days on which it is otherwise; and what follows from
-- these, laid out so that a deadline is two look-ups.

set role huiyin_owner;

create table huiyin.working_hours (
	since date not null,
	begins time not null,
	ends time not null,
	constraint working_hours_begin_once primary key (since, begins),
	constraint working_hours_end_after_they_begin check (ends > begins)
);
comment on table huiyin.working_hours is
	'intervals of a working day, from that day on until rows with a later day; before the first of them as with the first';
insert into huiyin.working_hours (since, begins, ends)
values
	('2020-01-01', '08:30', '12:00'),
	('2020-01-01', '14:30', '17:30');

create table huiyin.rest_weekday (
	isodow smallint primary key,
	constraint rest_weekday_is_of_the_week check (isodow between 1 and 7)
);
comment on table huiyin.rest_weekday is
	'days of the week on which nobody works; 1 is Monday (ISO 8601)';
insert into huiyin.rest_weekday (isodow)
values (6), (7);

create table huiyin.calendar_day (
	day date primary key,
	kind text not null,
	name text not null,
	constraint calendar_day_kind_is_known check (kind in ('holiday', 'workday')),
	constraint calendar_day_has_a_name check (name <> '')
);
comment on table huiyin.calendar_day is
	'days on which it is not as on other days of that weekday: public holidays and make-up workdays';

create table huiyin.working_span (
	starts timestamptz primary key,
	ends timestamptz not null,
	day int not null,
	before interval not null,
	until interval not null,
	constraint working_span_counts_its_length check (until - before = ends - starts)
);
create index working_span_by_day on huiyin.working_span (day, ends);
create index working_span_by_time on huiyin.working_span (until);
comment on table huiyin.working_span is
	'the working intervals of 2020 to 2069, made by huiyin.calendar_lay from the tables above and from nothing else';
comment on column huiyin.working_span.day is 'the how many-th working day it is';
comment on column huiyin.working_span.before is
	'working time up to its beginning, hours and below only; until: up to its end';

reset role;
