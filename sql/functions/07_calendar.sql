-- SPDX-License-Identifier: Apache-2.0
-- Deadlines and working time. What the days are is data (admin_calendar.sql);
-- here it is laid out on the line of time and looked up.

create or replace function huiyin.calendar_days(from_day date, to_day date)
returns table (day date, since date)
language sql
stable
as $$
	select d.day, coalesce(
		(select max(h.since) from huiyin.working_hours h where h.since <= d.day),
		(select min(h.since) from huiyin.working_hours h))
	from (
		select from_day + i as day
		from generate_series(0, to_day - from_day) as i
	) as d
	left join huiyin.calendar_day c on c.day = d.day
	left join huiyin.rest_weekday w on w.isodow = extract(isodow from d.day)
	where c.kind = 'workday' or (c.kind is null and w.isodow is null)
$$;
comment on function huiyin.calendar_days is
	'the working days among these, both included, and which hours hold on each';

create or replace function huiyin.calendar_spans(from_day date, to_day date)
returns setof huiyin.working_span
language sql
stable
as $$
	select
		s.starts,
		s.ends,
		s.day::int,
		s.until - (s.ends - s.starts),
		s.until
	from (
		select
			x.starts,
			x.ends,
			dense_rank() over (order by d.day) as day,
			sum(x.ends - x.starts) over (order by x.starts) as until
		from huiyin.calendar_days(from_day, to_day) as d
		join huiyin.working_hours h on h.since = d.since
		cross join lateral (select
			(d.day + h.begins) at time zone interval '8 hours' as starts,
			(d.day + h.ends) at time zone interval '8 hours' as ends) as x
	) as s
$$;
comment on function huiyin.calendar_spans is
	'the working intervals of these days, counted from the first of them';

create or replace function huiyin.calendar_lay()
returns bigint
language sql
as $$
	with laid as materialized (
		select s.starts, s.ends, s.day, s.before, s.until
		from huiyin.calendar_spans('2020-01-01', '2069-12-31') as s
	),
	gone as (
		delete from huiyin.working_span w
		where not exists (select from laid l where l.starts = w.starts)
		returning w.starts
	),
	made as (
		insert into huiyin.working_span as w (starts, ends, day, before, until)
		select l.starts, l.ends, l.day, l.before, l.until
		from laid l
		on conflict (starts) do update
		set ends = excluded.ends,
			day = excluded.day,
			before = excluded.before,
			until = excluded.until
		where (w.ends, w.day, w.before)
			is distinct from (excluded.ends, excluded.day, excluded.before)
		returning w.starts
	)
	select (select count(*) from gone) + (select count(*) from made)
$$;
comment on function huiyin.calendar_lay is
	'makes working_span follow from the calendar again; how many rows had to change. Deadlines that were given stay';

create or replace function huiyin.working_time(at timestamptz)
returns interval
language plpgsql
stable
strict
as $$
declare
	s record;
begin
	select w.starts, w.ends, w.before, w.until into s
	from huiyin.working_span w
	where w.starts <= working_time.at
	order by w.starts desc
	limit 1;
	if not found then
		return interval '0';
	elsif s.ends <= at then
		return s.until;
	end if;
	return s.before + (at - s.starts);
end $$;
comment on function huiyin.working_time is
	'working time from 2020 until then; differences of it are working time between two moments';

create or replace function huiyin.working_minutes(from_at timestamptz, to_at timestamptz)
returns bigint
language sql
stable
strict
as $$
	select floor(extract(epoch from
		huiyin.working_time(to_at) - huiyin.working_time(from_at)) / 60)::bigint
$$;
comment on function huiyin.working_minutes is
	'whole minutes of working time between two moments; negative when to_at is before from_at';

create or replace function huiyin.deadline_by_days(from_at timestamptz, amount int)
returns timestamptz
language plpgsql
stable
as $$
declare
	first int;
	found_at timestamptz;
begin
	select w.day into first
	from huiyin.working_span w
	where w.starts > from_at - interval '1 day' and w.ends > from_at
	order by w.starts
	limit 1;
	select w.ends into found_at
	from huiyin.working_span w
	where w.day = first + amount
	order by w.ends desc
	limit 1;
	return found_at;
end $$;
comment on function huiyin.deadline_by_days is
	'the end of the n-th working day after the one in which from_at, or the next working moment, falls';

create or replace function huiyin.deadline_by_minutes(from_at timestamptz, amount int)
returns timestamptz
language plpgsql
stable
as $$
declare
	target interval := huiyin.working_time(from_at) + make_interval(mins => amount);
	found_at timestamptz;
begin
	select w.ends - (w.until - target) into found_at
	from huiyin.working_span w
	where w.until >= target
	order by w.until
	limit 1;
	return found_at;
end $$;
comment on function huiyin.deadline_by_minutes is
	'the first moment at which so much working time has passed; at noon rather than after lunch';

create or replace function huiyin.deadline(from_at timestamptz, amount int, unit text)
returns timestamptz
language plpgsql
stable
strict
as $$
declare
	found_at timestamptz;
begin
	if amount < 1 then
		raise exception 'a deadline % % away', amount, unit;
	end if;
	case unit
		when 'seconds' then found_at := from_at + make_interval(secs => amount);
		when 'minutes' then found_at := from_at + make_interval(mins => amount);
		when 'working_minutes' then found_at := huiyin.deadline_by_minutes(from_at, amount);
		when 'working_days' then found_at := huiyin.deadline_by_days(from_at, amount);
		else raise exception 'no unit of time: %', unit;
	end case;
	if found_at is null then
		raise exception 'the calendar ends before % % from %', amount, unit, from_at;
	end if;
	return found_at;
end $$;
comment on function huiyin.deadline is
	'when so much time has passed (MISSION, rule 3): seconds and minutes of the clock, working_minutes, or working_days, which end with the last working minute of the day. From outside working time it counts from the next working moment';

select huiyin.calendar_lay();
