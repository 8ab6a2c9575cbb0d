-- SPDX-License-Identifier: Apache-2.0
-- The import of a year's holidays and of hours; the calendar that is shipped.

begin;
\ir world.psql
select * from no_plan();

create function t.import(rows jsonb) returns jsonb language sql as $$
	select admin.calendar_import(jsonb_build_object('rows', rows))
$$;
create function t.problems(one jsonb) returns text[] language sql as $$
	select array_agg(concat_ws(' ', p->>'line', p->>'problem') order by (p->>'line')::int)
	from jsonb_array_elements(t.import(one)->'problems') as p
$$;
create function t.row(line int, date text, kind text, name text) returns jsonb language sql as $$
	select jsonb_strip_nulls(jsonb_build_object('line', line, 'date', date, 'kind', kind, 'name', name))
$$;

select is(t.problems(jsonb_build_array(t.row(7, d, k, n))), array['7 ' || p],
	concat_ws(' ', 'reported:', d, k, n))
from (values
	('2026-02-29', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2026-2-1', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2026-13-01', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2026-01-00', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2019-12-31', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2070-01-01', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('0000-01-01', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('', 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	(null, 'holiday', 'x', 'date is not a day of 2020 to 2069, as 2026-01-31'),
	('2026-01-01', 'Holiday', 'x', 'kind is not holiday, workday or hours'),
	('2026-01-01', null, 'x', 'kind is not holiday, workday or hours'),
	('2026-01-01', 'holiday', '', 'name is empty'),
	('2026-01-01', 'holiday', null, 'name is empty'),
	('2026-01-01', 'holiday', ' x', 'name has blanks around it or control characters in it'),
	('2026-01-01', 'hours', '8:30-12:00', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-24:01', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '12:00-08:30', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-08:30', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-12:00  14:30-17:30', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-12:00 11:30-17:30', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-12:00 12:00-17:30', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', '08:30-12:00-13:00', 'hours are not as 08:30-12:00 14:30-17:30'),
	('2026-01-01', 'hours', 'morning', 'hours are not as 08:30-12:00 14:30-17:30')
) as v(d, k, n, p);
select is((select count(*) from huiyin.calendar_day), 0::bigint, 'no bad row was imported');
select is((select count(*) from huiyin.working_hours), 2::bigint, 'nor bad hours');

select is(t.import(jsonb_build_array(
		t.row(2, '2026-10-01', 'holiday', '国庆节'),
		t.row(3, '2026-10-01', 'workday', '国庆节'),
		t.row(4, '2026-10-01', 'hours', '09:00-12:00'),
		t.row(5, '2026-10-01', 'hours', '09:00-13:00'))),
	'{"imported": 2, "unchanged": 0, "named_until": "2026-12-31", "problems": [
		{"line": 3, "date": "2026-10-01", "kind": "workday", "name": "国庆节", "problem": "date was on an earlier line"},
		{"line": 5, "date": "2026-10-01", "kind": "hours", "name": "09:00-13:00", "problem": "date was on an earlier line"}]}',
	'a day may be named once, and hours once');
select is(t.import(jsonb_build_array(t.row(2, '2026-10-01', 'holiday', '国庆节'),
		t.row(4, '2026-10-01', 'hours', '09:00-12:00'))),
	'{"imported": 0, "unchanged": 2, "named_until": "2026-12-31", "problems": []}',
	'the same again changes nothing');
select is(huiyin.calendar_lay(), 0::bigint, 'what was imported was laid out');
select is(huiyin.deadline('2026-09-30 12:00+08', 60, 'working_minutes'), '2026-09-30 15:30+08', 'the old hours hold before');
select is(huiyin.deadline('2026-09-30 12:00+08', 181, 'working_minutes'), '2026-10-02 09:01+08', 'and the new ones from their day on');
select is(t.import(jsonb_build_array(t.row(2, '2026-10-01', 'workday', '不放假')))->>'imported', '1',
	'a day may be said to be otherwise');
select is(huiyin.deadline('2026-09-30 12:00+08', 181, 'working_minutes'), '2026-10-01 09:01+08', 'and then is');
select is(t.import(jsonb_build_array(t.row(2, '2026-10-01', 'hours', '08:30-12:00 14:30-17:30')))->>'imported', '1',
	'so may hours');
select is((select a.subject from huiyin.audit a where a.act = 'admin.calendar_import' order by a.seq desc limit 1),
	'2026-12-31', 'an import is in the audit chain');

select is(t.admin('calendar_list', '{"year": "2026"}')->'items', '[
	{"date": "2020-01-01", "weekday": "Wed", "kind": "hours", "name": "08:30-12:00 14:30-17:30"},
	{"date": "2026-10-01", "weekday": "Thu", "kind": "hours", "name": "08:30-12:00 14:30-17:30"},
	{"date": "2026-10-01", "weekday": "Thu", "kind": "workday", "name": "不放假"}]',
	'a year is listed with the hours that hold in it');
select is(t.admin('calendar_list', '{"year": "2027"}')->'items', '[
	{"date": "2026-10-01", "weekday": "Thu", "kind": "hours", "name": "08:30-12:00 14:30-17:30"}]',
	'hours hold until others do');
select is(jsonb_array_length(t.admin('calendar_list', '{}')->'items'), 3, 'without a year all is listed');
select is(t.admin('calendar_list', jsonb_build_object('year', y)), '{"refused": "bad_value year"}', 'no year: ' || y)
from unnest(array['26', '0000', 'x', '']) as y;

-- The shipped file, counted against the text of the notice.
create table t.shipped (line serial, cells text);
\set shipped `cat "$HUIYIN_SQL/data/calendar-cn-2026.csv"`
insert into t.shipped (cells) select c from regexp_split_to_table(rtrim(:'shipped', E'\n'), E'\n') as c;
select is((select s.cells from t.shipped s where s.line = 1), 'date,kind,name', 'the shipped calendar has a header');
select is(t.import((select jsonb_agg(t.row(s.line, split_part(s.cells, ',', 1),
		split_part(s.cells, ',', 2), split_part(s.cells, ',', 3)))
	from t.shipped s where s.line > 1))->'problems', '[]', 'the shipped calendar has no bad row');
select is(array(select concat_ws(' ', min(c.day), max(c.day), count(*))
	from huiyin.calendar_day c where c.kind = 'holiday' group by c.name order by min(c.day)),
	array['2026-01-01 2026-01-03 3', '2026-02-15 2026-02-23 9', '2026-04-04 2026-04-06 3',
		'2026-05-01 2026-05-05 5', '2026-06-19 2026-06-21 3', '2026-09-25 2026-09-27 3',
		'2026-10-01 2026-10-07 7'], 'its holidays are those of the notice, without gaps');
select is(array(select to_char(c.day, 'MM-DD Dy') from huiyin.calendar_day c where c.kind = 'workday' order by c.day),
	array['01-04 Sun', '02-14 Sat', '02-28 Sat', '05-09 Sat', '09-20 Sun', '10-10 Sat'],
	'its make-up workdays are those of the notice');
select is((select count(distinct w.day) from huiyin.working_span w
	where w.starts >= '2026-01-01 00:00+08' and w.starts < '2027-01-01 00:00+08'), 248::bigint,
	'2026 has 248 working days');

select * from finish();
rollback;
