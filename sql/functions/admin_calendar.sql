-- SPDX-License-Identifier: Apache-2.0
-- The yearly list of holidays and make-up workdays, and the hours of work.

create or replace function huiyin.is_day(day text)
returns boolean
language sql
immutable
as $$
	select case
		when day ~ '^20[2-6][0-9]-(0[1-9]|1[0-2])-[0-3][0-9]$' then
			right(day, 2)::int between 1 and extract(day from
				make_date(left(day, 4)::int, substr(day, 6, 2)::int, 1)
				+ interval '1 month' - interval '1 day')
		else false
	end
$$;
comment on function huiyin.is_day is 'a day there is, of those laid out, written as 2026-01-31';

create or replace function huiyin.hours_parts(hours text)
returns table (begins text, ends text)
language sql
immutable
as $$
	select split_part(p, '-', 1), substr(p, strpos(p, '-') + 1)
	from regexp_split_to_table(hours, ' ') as p
$$;
comment on function huiyin.hours_parts is 'the intervals of 08:30-12:00 14:30-17:30, not judged';

create or replace function huiyin.are_hours(hours text)
returns boolean
language sql
immutable
as $$
	select coalesce(bool_and(h.begins ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
		and h.ends ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
		and h.begins < h.ends
		and h.begins > h.ended), false)
	from (
		select p.begins collate "C" as begins, p.ends collate "C" as ends,
			lag(p.ends, 1, '') over () collate "C" as ended
		from huiyin.hours_parts(hours) as p
	) as h
$$;
comment on function huiyin.are_hours is
	'intervals of a day as 08:30-12:00 14:30-17:30, one after the other with time between';

create or replace function huiyin.calendar_problem(
	day text,
	kind text,
	name text,
	repeated boolean)
returns text
language sql
immutable
as $$
	select case
		when not coalesce(huiyin.is_day(day), false) then
			'date is not a day of 2020 to 2069, as 2026-01-31'
		when kind is null or kind not in ('holiday', 'workday', 'hours') then
			'kind is not holiday, workday or hours'
		when repeated then 'date was on an earlier line'
		when coalesce(name, '') = '' then 'name is empty'
		when name ~ '^\s|\s$|[[:cntrl:]]' then 'name has blanks around it or control characters in it'
		when kind = 'hours' and not huiyin.are_hours(name) then
			'hours are not as 08:30-12:00 14:30-17:30'
	end
$$;
comment on function huiyin.calendar_problem is 'why a row is not taken; null: it is good';

create or replace function huiyin.calendar_judged(params jsonb)
returns table (line int, date text, kind text, name text, problem text)
language sql
immutable
as $$
	select r.line, r.date, r.kind, r.name,
		huiyin.calendar_problem(r.date, r.kind, r.name, row_number() over (
			partition by r.date, r.kind = 'hours' order by r.line) > 1)
	from jsonb_to_recordset(params->'rows') as r(line int, date text, kind text, name text)
$$;
comment on function huiyin.calendar_judged is 'every row of a file with why it is not taken';

create or replace function huiyin.hours_since(since date)
returns text
language sql
stable
as $$
	select string_agg(concat(to_char(h.begins, 'HH24:MI'), '-', to_char(h.ends, 'HH24:MI')), ' '
		order by h.begins)
	from huiyin.working_hours h
	where h.since = hours_since.since
$$;
comment on function huiyin.hours_since is 'the hours which hold from that very day on; null: none do';

create or replace function huiyin.calendar_keep_days(params jsonb)
returns bigint
language sql
as $$
	with kept as (
		insert into huiyin.calendar_day as c (day, kind, name)
		select j.date::date, j.kind, j.name
		from huiyin.calendar_judged(params) as j
		where j.problem is null and j.kind <> 'hours'
		on conflict (day) do update
		set kind = excluded.kind, name = excluded.name
		where (c.kind, c.name) <> (excluded.kind, excluded.name)
		returning c.day
	)
	select count(*) from kept
$$;
comment on function huiyin.calendar_keep_days is
	'keeps the good rows of days, each instead of what was said of that day before; how many said something new';

create or replace function huiyin.calendar_keep_hours(params jsonb)
returns bigint
language plpgsql
as $$
declare
	one record;
	kept bigint := 0;
begin
	for one in
		select j.date::date as since, j.name as hours
		from huiyin.calendar_judged(params) as j
		where j.problem is null
			and j.kind = 'hours'
			and j.name is distinct from huiyin.hours_since(j.date::date)
	loop
		delete from huiyin.working_hours h where h.since = one.since;
		insert into huiyin.working_hours (since, begins, ends)
		select one.since, p.begins::time, p.ends::time
		from huiyin.hours_parts(one.hours) as p;
		kept := kept + 1;
	end loop;
	return kept;
end $$;
comment on function huiyin.calendar_keep_hours is
	'keeps the good rows of hours, each instead of those of that day; how many said something new';

create or replace function huiyin.calendar_named_until()
returns date
language sql
stable
as $$
	select make_date(extract(year from max(c.day))::int, 12, 31) from huiyin.calendar_day c
$$;
comment on function huiyin.calendar_named_until is
	'the end of the last year of which the calendar names a day, since it is published by years; null: none';

create or replace function admin.calendar_import(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	kept bigint;
	said jsonb;
begin
	lock table huiyin.calendar_day in exclusive mode;	-- one lays out at a time
	kept := huiyin.calendar_keep_days(params) + huiyin.calendar_keep_hours(params);
	perform huiyin.calendar_lay();
	select jsonb_build_object(
		'imported', kept,
		'unchanged', count(*) filter (where j.problem is null) - kept,
		'named_until', huiyin.calendar_named_until(),
		'problems', coalesce(jsonb_agg(jsonb_build_object(
			'line', j.line,
			'date', j.date,
			'kind', j.kind,
			'name', j.name,
			'problem', j.problem) order by j.line)
			filter (where j.problem is not null), '[]'))
	into said
	from huiyin.calendar_judged(params) as j;
	perform huiyin.audit(null, 'admin.calendar_import', null, said->>'named_until',
		sha256(convert_to(params::text, 'UTF8')));
	return said;
end $$;
comment on function admin.calendar_import is
	'{rows: [{line, date, kind, name}]} -> {imported, unchanged, named_until, problems}; kind is holiday, workday or hours, whose name is 08:30-12:00 14:30-17:30 and whose date is the first day they hold. Deadlines that were given stay';

create or replace function huiyin.calendar_page(year int)
returns table (day date, kind text, name text)
language sql
stable
as $$
	select c.day, c.kind, c.name
	from huiyin.calendar_day c
	where year is null or extract(year from c.day) = year
	union all
	select h.since, 'hours', huiyin.hours_since(h.since)
	from (
		select w.since, lead(w.since) over (order by w.since) as until
		from huiyin.working_hours w
		group by w.since
	) as h
	where year is null
		or (extract(year from h.since) <= year
			and (h.until is null or h.until > make_date(year, 1, 1)))
$$;
comment on function huiyin.calendar_page is
	'what is named in a year and the hours that hold in it; null: all';

create or replace function admin.calendar_list(params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	if params->>'year' !~ '^[0-9]{4}$' or params->>'year' = '0000' then
		perform huiyin.refuse('bad_value', 'year');
	end if;
	return jsonb_build_object('items', (
		select coalesce(jsonb_agg(jsonb_build_object(
			'date', p.day,
			'weekday', to_char(p.day, 'Dy'),
			'kind', p.kind,
			'name', p.name) order by p.day, p.kind), '[]')
		from huiyin.calendar_page((params->>'year')::int) as p));
end $$;
comment on function admin.calendar_list is
	'{year?} -> {items: [{date, weekday, kind, name}]}: holidays, make-up workdays and hours';
