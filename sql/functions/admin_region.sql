-- SPDX-License-Identifier: Apache-2.0
-- The yearly list of regions, and which county this installation serves.

create or replace function huiyin.region_rows(params jsonb)
returns table (line int, code text, name text, level text, repeated boolean)
language sql
immutable
as $$
	select
		r.line,
		r.code,
		r.name,
		r.level,
		row_number() over (partition by r.code order by r.line) > 1
	from jsonb_to_recordset(params->'rows') as r(line int, code text, name text, level text)
$$;
comment on function huiyin.region_rows is 'the rows of a file, with those that repeat a code';

create or replace function huiyin.region_problem(
	code text,
	name text,
	level text,
	repeated boolean,
	county text)
returns text
language sql
immutable
as $$
	select case
		when code is null or huiyin.region_level(code) is null then 'code is not twelve digits of a region'
		when repeated then 'code was on an earlier line'
		when coalesce(name, '') = '' then 'name is empty'
		when name ~ '^\s|\s$|[[:cntrl:]]' then 'name has blanks around it or control characters in it'
		when level is distinct from huiyin.region_level(code) then
			'level is not that of the code, which is ' || huiyin.region_level(code)
		when not (code = any (huiyin.region_line(county))
			or county = any (huiyin.region_line(code))) then 'not in the county, nor above it'
	end
$$;
comment on function huiyin.region_problem is 'why a row is not taken; null: its form is good';

create or replace function huiyin.region_judged(params jsonb, county text)
returns table (line int, code text, name text, level text, problem text)
language sql
stable
as $$
	with formed as materialized (
		select r.line, r.code, r.name, r.level,
			huiyin.region_problem(r.code, r.name, r.level, r.repeated, county) as problem
		from huiyin.region_rows(params) as r
	),
	good as materialized (
		select f.code from formed f where f.problem is null
		union
		select r.code from huiyin.region r
	)
	select f.line, f.code, f.name, f.level,
		coalesce(f.problem, (
			select 'a region above it is missing: ' || min(u)
			from unnest(huiyin.region_line(f.code)) as u
			where u < f.code
				and huiyin.region_level(u) <> f.level
				and u not in (select g.code from good g)))
	from formed f
$$;
comment on function huiyin.region_judged is
	'every row with why it is not taken, the regions above it considered';

create or replace function huiyin.region_keep(params jsonb, county text, valid_from date)
returns jsonb
language sql
as $$
	with good as materialized (
		select j.line, j.code, j.name, j.level, r.name as was, r.code is null as fresh,
			r.valid_to is not null as ended
		from huiyin.region_judged(params, county) as j
		left join huiyin.region r on r.code = j.code
		where j.problem is null
	),
	kept as (
		insert into huiyin.region as r (code, name, level, parent, valid_from)
		select g.code, g.name, g.level, huiyin.region_parent(g.code), region_keep.valid_from
		from good g
		order by length(rtrim(g.code, '0')), g.code
		on conflict (code) do update
		set name = excluded.name, valid_to = null
		where r.name <> excluded.name or r.valid_to is not null
	)
	select jsonb_build_object(
		'imported', count(*) filter (where g.fresh or g.was <> g.name),
		'unchanged', count(*) filter (where g.was = g.name and not g.ended),
		'renamed', coalesce(jsonb_agg(jsonb_build_object(
			'line', g.line, 'code', g.code, 'from', g.was, 'to', g.name) order by g.line)
			filter (where g.was <> g.name), '[]'),
		'returned', coalesce(jsonb_agg(jsonb_build_object(
			'code', g.code, 'name', g.name) order by g.code)
			filter (where g.ended), '[]'))
	from good g
$$;
comment on function huiyin.region_keep is
	'keeps the good rows; says what was new, what was renamed and what is valid again';

create or replace function huiyin.region_retire(params jsonb, county text, valid_to date)
returns jsonb
language sql
as $$
	with retired as (
		update huiyin.region r
		set valid_to = region_retire.valid_to
		where r.valid_to is null
			and county = any (huiyin.region_line(r.code))
			and r.code not in (
				select p.code from huiyin.region_rows(params) as p where p.code is not null)
			and exists (
				select from huiyin.region_rows(params) as p where p.code = county)
			and not exists (
				select from huiyin.region_judged(params, county) as j where j.problem is not null)
		returning r.code, r.name
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'code', t.code, 'name', t.name) order by t.code), '[]')
	from retired t
$$;
comment on function huiyin.region_retire is
	'ends the validity of codes of the county that its list no longer names; they stay acceptable. A list of which a row was not taken may be anything: it ends nothing';

create or replace function huiyin.region_problems(params jsonb, county text)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'line', j.line,
		'code', j.code,
		'name', j.name,
		'problem', coalesce(j.problem, 'imported, but the name seems to have lost its last character'),
		'imported', j.problem is null) order by j.line), '[]')
	from huiyin.region_judged(params, county) as j
	where j.problem is not null
		or j.name like any (array['%村民委员', '%居民委员'])
$$;
comment on function huiyin.region_problems is
	'rows not taken, and rows taken that look wrong; nothing is mended';

create or replace function admin.region_import(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	whole text := rpad(params->>'county', 12, '0');
	day date := coalesce((params->>'valid_from')::date, current_date);
	problems jsonb;
	said jsonb;
begin
	if huiyin.region_level(whole) is distinct from 'county' then
		perform huiyin.refuse('bad_value', 'county');
	end if;
	problems := huiyin.region_problems(params, whole);
	said := huiyin.region_keep(params, whole, day)
		|| jsonb_build_object('retired', huiyin.region_retire(params, whole, day),
			'problems', problems);
	update huiyin.installation i
	set county = whole
	from huiyin.region r
	where i.county is null and r.code = whole;
	perform huiyin.audit(null, 'admin.region_import', null, whole,
		sha256(convert_to(params::text, 'UTF8')));
	return said;
end $$;
comment on function admin.region_import is
	'{county, valid_from?, rows: [{line, code, name, level}]} -> {imported, unchanged, renamed, returned, retired, problems}; the first county imported becomes the installation''s';

create or replace function admin.county_set(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	if not exists (select from huiyin.region r
			where r.code = params->>'region' and r.level = 'county') then
		perform huiyin.refuse('unknown_region', 'region');
	end if;
	update huiyin.installation
	set county = params->>'region', name = params->>'name',
		demo = demo or coalesce((params->>'demo')::boolean, false);
	perform huiyin.audit(null, 'admin.county_set', null, params->>'region', null);
	return '{}';
end $$;
comment on function admin.county_set is
	'{region, name?, demo?} -> {}: the county this installation serves; numbers begin with it';
