-- SPDX-License-Identifier: Apache-2.0
-- Deadlines in the county's working calendar, against days that can be counted on
-- a wall calendar, and against an obvious implementation on 10,000 random cases.

begin;
\ir world.psql
select * from no_plan();

insert into huiyin.calendar_day (day, kind, name)
values
	('2026-01-01', 'holiday', '元旦'), ('2026-01-02', 'holiday', '元旦'),
	('2026-01-03', 'holiday', '元旦'), ('2026-01-04', 'workday', '元旦调休'),
	('2026-09-20', 'workday', '国庆节调休'), ('2026-10-01', 'holiday', '国庆节'),
	('2026-10-02', 'holiday', '国庆节'), ('2026-10-03', 'holiday', '国庆节'),
	('2026-10-04', 'holiday', '国庆节'), ('2026-10-05', 'holiday', '国庆节'),
	('2026-10-06', 'holiday', '国庆节'), ('2026-10-07', 'holiday', '国庆节'),
	('2026-10-10', 'workday', '国庆节调休'), ('2028-02-29', 'holiday', '闰日'),
	('2028-03-04', 'workday', '调休');
select ok(huiyin.calendar_lay() > 0, 'what was changed is laid out');
select is(huiyin.calendar_lay(), 0::bigint, 'once');

create function t.by(from_at text, amount int, unit text) returns text language sql as $$
	select to_char(huiyin.deadline((from_at || '+08')::timestamptz, amount, unit)
		at time zone interval '8 hours', 'YYYY-MM-DD HH24:MI:SS')
$$;
select is(t.by(f, n, u), d, concat_ws(' ', n, u, 'from', f, said))
from (values
	('2026-11-27 17:00', 90, 'seconds', '2026-11-27 17:01:30', 'by the clock'),
	('2026-11-27 23:30', 60, 'minutes', '2026-11-28 00:30:00', 'by the clock'),
	('2026-11-25 09:00', 60, 'working_minutes', '2026-11-25 10:00:00', 'in one interval'),
	('2026-11-25 11:30', 30, 'working_minutes', '2026-11-25 12:00:00', 'to its very end'),
	('2026-11-25 11:30', 31, 'working_minutes', '2026-11-25 14:31:00', 'over noon'),
	('2026-11-25 12:00', 1, 'working_minutes', '2026-11-25 14:31:00', 'at noon'),
	('2026-11-25 13:00', 180, 'working_minutes', '2026-11-25 17:30:00', 'at lunch'),
	('2026-11-25 05:00', 390, 'working_minutes', '2026-11-25 17:30:00', 'a whole day'),
	('2026-11-25 17:30', 1, 'working_minutes', '2026-11-26 08:31:00', 'at the end of the day'),
	('2026-11-27 17:00', 60, 'working_minutes', '2026-11-30 09:00:00', 'over a weekend'),
	('2026-11-28 10:00', 60, 'working_minutes', '2026-11-30 09:30:00', 'on a Saturday'),
	('2026-09-30 17:00', 60, 'working_minutes', '2026-10-08 09:00:00', 'over the holidays'),
	('2026-10-10 10:00', 60, 'working_minutes', '2026-10-10 11:00:00', 'on a make-up Saturday'),
	('2026-11-25 09:00', 1, 'working_days', '2026-11-26 17:30:00', 'to the end of the next'),
	('2026-11-25 17:29', 1, 'working_days', '2026-11-26 17:30:00', 'from the last minute'),
	('2026-11-25 17:30', 1, 'working_days', '2026-11-27 17:30:00', 'after work it counts as the next'),
	('2026-11-25 12:30', 1, 'working_days', '2026-11-26 17:30:00', 'at lunch it is still that day'),
	('2026-11-25 03:00', 1, 'working_days', '2026-11-26 17:30:00', 'at night before work too'),
	('2026-11-27 09:00', 1, 'working_days', '2026-11-30 17:30:00', 'over a weekend'),
	('2026-11-28 09:00', 1, 'working_days', '2026-12-01 17:30:00', 'a Saturday counts as Monday'),
	('2026-09-18 09:00', 1, 'working_days', '2026-09-20 17:30:00', 'a make-up Sunday is one'),
	('2026-09-30 09:00', 1, 'working_days', '2026-10-08 17:30:00', 'holidays are none'),
	('2026-10-03 09:00', 3, 'working_days', '2026-10-12 17:30:00', 'from a holiday over a make-up Saturday'),
	('2025-12-31 09:00', 1, 'working_days', '2026-01-04 17:30:00', 'over the end of the year'),
	('2025-12-31 17:00', 31, 'working_minutes', '2026-01-04 08:31:00', 'over the end of the year'),
	('2028-02-28 09:00', 1, 'working_days', '2028-03-01 17:30:00', 'a holiday on a leap day'),
	('2024-02-28 09:00', 1, 'working_days', '2024-02-29 17:30:00', 'a leap day'),
	('2027-02-26 09:00', 1, 'working_days', '2027-03-01 17:30:00', 'no leap day'),
	('2028-03-03 09:00', 2, 'working_days', '2028-03-06 17:30:00', 'beyond what is named only weekends count')
) as v(f, n, u, d, said);
select is(t.by('2026-11-27 17:29:59.5', 1, 'working_minutes'), '2026-11-30 08:30:59', 'parts of a minute are kept');
select is(huiyin.deadline(null, 1, 'minutes'), null, 'of nothing there is no deadline');
select throws_like(format('select huiyin.deadline(now(), %s)', a), s, 'refused: ' || a)
from (values ('1, ''fortnights''', 'no unit of time: fortnights'), ('0, ''minutes''', '%0 minutes away'),
	('-1, ''working_days''', '%-1 working_days away'),
	('1000000, ''working_days''', 'the calendar ends before%')) as v(a, s);
select is(huiyin.deadline('1970-01-01 00:00+08', 1, 'working_days'), '2020-01-02 17:30+08',
	'before the calendar begins it counts from its beginning');

select is(huiyin.working_minutes(f::timestamptz, u::timestamptz), m::bigint, concat_ws(' ', 'from', f, 'to', u))
from (values
	('2026-11-25 09:00+08', '2026-11-25 10:00+08', 60),
	('2026-11-25 09:00+08', '2026-11-25 15:00+08', 210),
	('2026-11-25 12:00+08', '2026-11-25 14:30+08', 0),
	('2026-11-27 17:00+08', '2026-11-30 09:00+08', 60),
	('2026-09-30 00:00+08', '2026-10-12 00:00+08', 4 * 390),
	('2026-11-25 09:00:30+08', '2026-11-25 09:01:29+08', 0),
	('2026-11-25 10:00+08', '2026-11-25 09:00+08', -60)
) as v(f, u, m);

-- Hours that change with the season hold from their day on.
insert into huiyin.working_hours (since, begins, ends)
values ('2026-05-01', '08:00', '12:00'), ('2026-05-01', '15:00', '18:00'),
	('2026-10-01', '08:30', '12:00'), ('2026-10-01', '14:30', '17:30');
select ok(huiyin.calendar_lay() > 0, 'other hours are laid out');
select is(t.by('2026-04-30 16:30', 61, 'working_minutes'), '2026-05-01 08:01:00', 'summer hours begin on their day');
select is(t.by('2026-09-30 17:00', 61, 'working_minutes'), '2026-10-08 08:31:00', 'and end on the day of the next');
select is(t.by('2026-06-01 09:00', 1, 'working_days'), '2026-06-02 18:00:00', 'a working day ends when work ends');
insert into huiyin.rest_weekday values (5);
select huiyin.calendar_lay() \g /dev/null
select is(t.by('2026-11-26 09:00', 1, 'working_days'), '2026-11-30 17:30:00', 'Fridays may be free');
delete from huiyin.rest_weekday where isodow = 5;
select huiyin.calendar_lay() \g /dev/null

-- The obvious way: a year and a half, minute by minute and day by day.
create table t.day as
select
	d::date as day,
	coalesce(c.kind = 'workday', to_char(d, 'Dy') not in ('Sat', 'Sun')) as works,
	d >= '2026-05-01' and d < '2026-10-01' as summer
from generate_series(timestamp '2025-11-01', '2027-05-31', '1 day') as d
left join huiyin.calendar_day c on c.day = d::date;
create table t.minute as
select day, m as at, works and case
	when summer then m::time >= '08:00' and m::time < '12:00' or m::time >= '15:00' and m::time < '18:00'
	else m::time >= '08:30' and m::time < '12:00' or m::time >= '14:30' and m::time < '17:30' end as works
from t.day, lateral generate_series(day + time '00:00', day + time '23:59', '1 minute') as m;
create index on t.minute (at, day) where works;
create index on t.minute (day, at) where works;
analyze t.minute;
create table t.try as
select
	timestamp '2025-11-15' + make_interval(mins => (random() * 500 * 1440)::int) as at,
	1 + (random() * 25)::int as days,
	1 + (random() * 900)::int as minutes
from generate_series(1, 10000);

create function t.slow_minutes(from_at timestamp, amount int) returns timestamp language sql as $$
	select m.at + interval '1 minute' from t.minute m
	where m.works and m.at >= from_at order by m.at offset amount - 1 limit 1
$$;
create function t.slow_days(from_at timestamp, amount int) returns timestamp language sql as $$
	select max(m.at) + interval '1 minute' from t.minute m
	where m.works and m.day = (
		select d.day from t.day d
		where d.works and d.day > (
			select m.day from t.minute m where m.works and m.at >= from_at order by m.at limit 1)
		order by d.day offset amount - 1 limit 1)
$$;
select is((select count(*) from t.try), 10000::bigint, 'there are 10,000 cases');
select is(array(select y.at || ' + ' || y.minutes from t.try y
	where huiyin.deadline(y.at at time zone interval '8 hours', y.minutes, 'working_minutes')
		is distinct from t.slow_minutes(y.at, y.minutes) at time zone interval '8 hours'), '{}',
	'working minutes are those counted one by one');
select is(array(select y.at || ' + ' || y.days from t.try y
	where huiyin.deadline(y.at at time zone interval '8 hours', y.days, 'working_days')
		is distinct from t.slow_days(y.at, y.days) at time zone interval '8 hours'), '{}',
	'working days are those counted one by one');
select is(array(select y.at || ' + ' || y.minutes from t.try y
	where huiyin.working_minutes(y.at at time zone interval '8 hours',
			(y.at + make_interval(mins => y.minutes * 9)) at time zone interval '8 hours')
		<> (select count(*) from t.minute m
			where m.works and m.at >= y.at and m.at < y.at + make_interval(mins => y.minutes * 9))), '{}',
	'so are the minutes between two moments');

-- Several thousand in a statement, as a batch of entries needs them.
create table t.took (at timestamptz);
insert into t.took values (clock_timestamp());
select count(huiyin.deadline(y.at at time zone interval '8 hours', y.days, 'working_days')) from t.try y \g /dev/null
select cmp_ok(extract(epoch from clock_timestamp() - (select k.at from t.took k)), '<', 1::numeric,
	'10,000 deadlines take less than 0.1 ms each');

select * from finish();
rollback;
