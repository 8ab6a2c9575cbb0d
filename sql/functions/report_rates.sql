-- SPDX-License-Identifier: Apache-2.0
-- report.rates: the rates of MISSION ("Rates"), in cohorts by the day on which
-- something was due, so that what was never done cannot drop out of them.

create or replace function huiyin.wilson(n bigint, total bigint)
returns double precision
language sql
immutable
as $$
	select case when total > 0 then
		(share + 1.959964 ^ 2 / (2 * total)
			- 1.959964 * sqrt(share * (1 - share) / total + (1.959964 / (2 * total)) ^ 2))
		/ (1 + 1.959964 ^ 2 / total) end
	from (select n::double precision / nullif(total, 0) as share) as s
$$;
comment on function huiyin.wilson is
	'lower end of the 95 % score interval of n out of total (E. B. Wilson, 1927); null: of none';

create or replace function huiyin.report_rows(touched bigint[])
returns setof huiyin.report_due
language sql
stable
as $$
	select r.* from huiyin.report_due r where r.feedback <> all (touched)
	union all
	select d.* from huiyin.dues_of(touched) as d
$$;
comment on function huiyin.report_rows is
	'report_due as it will be when it knows of the last step too; touched: whose last step it does not know';

create or replace function huiyin.report_office()
returns bigint
language sql
stable
as $$
	select o.office from huiyin.office() as o
$$;
comment on function huiyin.report_office is 'whose it is what nobody leads';

-- The next two are taken apart by the planner: no look into a table stands in them.
create or replace function huiyin.report_key(
	by text,
	r huiyin.report_due,
	office bigint)
returns text
language sql
immutable
as $$
	select case by
		when 'department' then coalesce(r.department, office)::text
		when 'region' then huiyin.region_township(r.region)
		else r.service
	end
$$;
comment on function huiyin.report_key is
	'which group it is in, by department, region (townships) or service';

create or replace function huiyin.report_whose(own bigint, department bigint, office bigint)
returns boolean
language sql
immutable
as $$
	select own is null or own = coalesce(department, office)
$$;
comment on function huiyin.report_whose is 'is it that department''s? null: of all';

create or replace function huiyin.report_days(by text, from_day date, until_day date)
returns table (key text, clock text, facts int, many bigint)
language sql
stable
as $$
	select
		case when d.key = '' then (select huiyin.report_office())::text else d.key end,
		d.clock,
		d.facts,
		sum(d.many)
	from huiyin.report_day d
	where d.by = report_days.by
		and d.day >= from_day
		and d.day < until_day
	group by 1, 2, 3
$$;
comment on function huiyin.report_days is 'how many there are of each kind, of what was due on whole days';

create or replace function huiyin.report_parts(from_at timestamptz, until_at timestamptz, has_days boolean)
returns table (from_at timestamptz, until_at timestamptz)
language sql
stable
as $$
	select p.from_at, p.until_at
	from (values
		(report_parts.from_at, case when has_days
			then least(huiyin.day_first(report_parts.from_at), report_parts.until_at)
			else report_parts.until_at end),
		(greatest(huiyin.day_first(report_parts.from_at), huiyin.day_start(report_parts.until_at)),
			case when has_days then report_parts.until_at end)
	) as p(from_at, until_at)
$$;
comment on function huiyin.report_parts is
	'what of a time is not in its whole days: before the first and after the last; all of it where days are of no use';

create or replace function huiyin.report_cells(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, clock text, facts int, many bigint)
language sql
stable
as $$
	select c.key, c.clock, c.facts, sum(c.many)::bigint
	from (
		select d.*
		from huiyin.report_days(by, huiyin.day_of(huiyin.day_first(report_cells.from_at)), huiyin.day_of(report_cells.until_at)) as d
		where own is null
		union all	-- less what is not any more what it is there
		select huiyin.report_key(by, r, (select huiyin.report_office())), r.clock, r.facts, -1
		from huiyin.report_due r
		where own is null
			and r.feedback = any (touched)
			and r.due_by >= huiyin.day_first(report_cells.from_at)
			and r.due_by < huiyin.day_start(report_cells.until_at)
		union all	-- and what no whole day has, or only of one department
		select huiyin.report_key(by, r, (select huiyin.report_office())), r.clock, r.facts, count(*)
		from huiyin.report_parts(report_cells.from_at, report_cells.until_at, own is null) as p
		join huiyin.report_due r on r.due_by >= p.from_at and r.due_by < p.until_at
		where r.feedback <> all (touched) and huiyin.report_whose(own, r.department, (select huiyin.report_office()))
		group by 1, 2, 3
		union all	-- and what it is now
		select huiyin.report_key(by, r, (select huiyin.report_office())), r.clock, r.facts, 1
		from huiyin.dues_of(touched) as r
		where r.due_by >= report_cells.from_at
			and r.due_by < report_cells.until_at
			and huiyin.report_whose(own, r.department, (select huiyin.report_office()))
	) as c
	group by 1, 2, 3
	having sum(c.many) > 0
$$;
comment on function huiyin.report_cells is
	'how many there are of each kind, of what was due in that time, by department, region (townships) or service; own: of this department only';

create or replace function huiyin.report_moved(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, clock text, facts int, many bigint)
language sql
stable
as $$
	select
		huiyin.report_key(by, r, (select huiyin.report_office())),
		'moved',
		r.facts,
		count(*)
	from huiyin.report_rows(touched) as r
	where r.clock = 'answer'
		and r.first_by <> r.due_by
		and r.first_by >= report_moved.from_at
		and r.first_by < report_moved.until_at
		and huiyin.report_whose(own, r.department, (select huiyin.report_office()))
	group by 1, 3
$$;
comment on function huiyin.report_moved is
	'the answers whose deadline was moved, where they were due at first';

create or replace function huiyin.report_counted(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, rate text, n bigint, total bigint, excluded bigint, why text)
language sql
stable
as $$
	with cell as materialized (
		select c.key, c.clock, c.many, c.clock = 'answer' as answers,
			b.bits[1] as met, b.bits[2] as in_time, b.bits[3] as in_first, b.bits[4] as moved,
			b.bits[5] as extended, b.bits[6] as returned, b.bits[7] as reopened, b.bits[8] as heard,
			b.bits[9] as unreached, b.bits[10] as solved, b.bits[11] as rated, b.bits[12] as content,
			c.facts < 4096 as counts,
			case when c.facts >= 4096 then
				coalesce((huiyin.due_reasons())[c.facts / 4096], 'closed') end as left_out
		from (
			select c.* from huiyin.report_cells(by, from_at, until_at, own, touched) as c
			union all
			select m.* from huiyin.report_moved(by, from_at, until_at, own, touched) as m
		) as c
		cross join lateral (
			select array_agg(c.facts & (1 << i) > 0 order by i) as bits
			from generate_series(0, 11) as i
		) as b
	),
	omitted as (
		select x.key, x.rate, sum(x.many) as many,
			string_agg(concat(x.left_out, ' ', x.many), ', ' order by x.left_out) as why
		from (
			select c.key, r.rate, c.left_out, sum(c.many) as many
			from cell c
			cross join lateral (values
				('sign', c.clock = 'sign'),
				('response', c.clock = 'contact'),
				('on_time', c.answers),
				('strict', (c.answers and not c.moved) or (c.clock = 'moved' and not c.extended)),
				('echo', c.answers),
				('extended', c.answers)
			) as r(rate, omits)
			where r.omits and c.left_out is not null
			group by c.key, r.rate, c.left_out
		) as x
		group by x.key, x.rate
	),
	counted as (
		select c.key, r.rate, sum(c.many) as total,
			coalesce(sum(c.many) filter (where r.hits), 0) as n
		from cell c
		cross join lateral (values
			('sign', c.clock = 'sign' and c.counts, c.in_time),
			('response', c.clock = 'contact' and c.counts, c.in_time),
			('on_time', c.answers and c.counts, c.in_time),
			('strict', (c.answers and not c.moved and c.counts)
				or (c.clock = 'moved' and (c.counts or c.extended)), c.in_first),
			('echo', c.answers and c.counts, c.met),
			('resolution', c.answers and c.met and c.heard, c.solved),
			('resolution_strict', c.answers and c.met, c.solved),
			('satisfaction', c.answers and c.rated, c.content),
			('unreached', c.answers and c.met, c.unreached),
			('reopened', c.answers and c.met, c.reopened),
			('returned', c.clock = 'sign', c.returned),
			('extended', c.answers and c.counts, c.extended)
		) as r(rate, counts, hits)
		where r.counts
		group by c.key, r.rate
	)
	select key, rate, coalesce(c.n, 0)::bigint, coalesce(c.total, 0)::bigint,
		coalesce(o.many, 0)::bigint, o.why
	from counted c
	full join omitted o using (key, rate)
$$;
comment on function huiyin.report_counted is
	'n and N of every rate, and what was left out of N and why';

create or replace function huiyin.report_owed(at timestamptz, touched bigint[])
returns setof huiyin.report_due
language sql
stable
as $$
	select r.*	-- most take less than 20 days: so far back one has to look
	from huiyin.report_due r
	where r.clock = 'answer'
		and r.ended_at - r.from_at <= interval '480:00:00'
		and r.from_at >= report_owed.at - interval '480:00:00'
		and r.from_at < report_owed.at
		and r.ended_at >= report_owed.at
		and r.feedback <> all (touched)
	union all
	select r.*
	from huiyin.report_due r
	where r.clock = 'answer'
		and (r.ended_at - r.from_at <= interval '480:00:00') is not true
		and coalesce(r.ended_at, 'infinity') >= report_owed.at
		and r.from_at < report_owed.at
		and r.feedback <> all (touched)
	union all
	select d.*
	from huiyin.dues_of(touched) as d
	where d.clock = 'answer'
		and coalesce(d.ended_at, 'infinity') >= report_owed.at
		and d.from_at < report_owed.at
$$;
comment on function huiyin.report_owed is
	'the answers that were owed then, long after it or not; as fast of any time';

create or replace function huiyin.report_overdue(
	by text,
	at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, n bigint, total bigint, age_p50 int, age_p90 int)
language sql
stable
as $$
	select
		s.key,
		count(s.age),
		count(*),
		floor(percentile_disc(0.5) within group (order by s.age))::int,
		floor(percentile_disc(0.9) within group (order by s.age))::int
	from (
		select
			huiyin.report_key(by, r, (select huiyin.report_office())) as key,
			case when r.due_by < at then extract(epoch from at - r.due_by) / 3600 end as age
		from huiyin.report_owed(at, touched) as r
		where r.left_out is distinct from 'waiting'
			and huiyin.report_whose(own, r.department, (select huiyin.report_office()))
	) as s
	group by s.key
$$;
comment on function huiyin.report_overdue is
	'of the answers that were owed then, those that were late, and by how many hours half and nine tenths of them are late at most';

create or replace function huiyin.report_voice(from_at timestamptz, until_at timestamptz)
returns table (key text, n bigint, total bigint)
language sql
stable
as $$
	select v.parent, count(s.region), count(*)
	from huiyin.region v
	left join (
		select distinct f.region
		from huiyin.feedback f
		where f.filed_at >= from_at and f.filed_at < until_at
	) as s on s.region = v.code
	where v.level = 'village' and v.valid_to is null
	group by v.parent
$$;
comment on function huiyin.report_voice is
	'of the villages of each township, those from which anything was heard';

create or replace function huiyin.report_names(by text)
returns table (key text, code text, name text)
language sql
stable
as $$
	select d.id::text, d.code, d.name from huiyin.department d where by = 'department'
	union all
	select r.code, r.code, r.name from huiyin.region r where by = 'region'
	union all
	select s.code, s.code, s.name from huiyin.service s where by = 'service'
$$;
comment on function huiyin.report_names is 'the groups by the names people know them by';

create or replace function huiyin.report_figures(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, rate text, n bigint, total bigint, excluded bigint, why text,
	age_p50 int, age_p90 int)
language sql
stable
as $$
	select c.key, c.rate, c.n, c.total, c.excluded, c.why, null::int, null::int
	from huiyin.report_counted(by, from_at, until_at, own, touched) as c
	union all
	select o.key, 'overdue', o.n, o.total, 0, null, o.age_p50, o.age_p90
	from huiyin.report_overdue(by, until_at, own, touched) as o
	union all
	select v.key, 'voice', v.n, v.total, 0, null, null, null
	from huiyin.report_voice(from_at, until_at) as v
	where by = 'region' and own is null
	union all
	select l.key, l.rate, l.n, l.total, l.excluded, l.why, null, null
	from huiyin.report_ledger(from_at, until_at, own) as l
	where by = 'department'
$$;
comment on function huiyin.report_figures is 'all figures of a time, nothing suppressed yet';

create or replace function huiyin.percent(share double precision)
returns text
language sql
immutable
as $$
	select round(share::numeric * 100, 1)::text
$$;
comment on function huiyin.percent is 'a share as 83.3';

create or replace function huiyin.report_shown(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint,
	touched bigint[])
returns table (key text, rate text, few boolean, n bigint, total bigint, share double precision,
	low double precision, excluded bigint, why text, rank bigint, gap double precision,
	age_p50 int, age_p90 int)
language sql
stable
as $$
	with shown as (
		select f.*,
			f.total between 1 and 4 as few,
			case when f.total >= 5 then f.n::double precision / f.total end as share,
			case when f.total >= 5 then huiyin.wilson(f.n, f.total) end as low,
			f.total >= 20 and f.rate in ('sign', 'response', 'on_time', 'strict', 'echo',
				'resolution', 'resolution_strict', 'satisfaction', 'voice', 'ledger', 'ledger_verified') as ranked
		from huiyin.report_figures(by, from_at, until_at, own, touched) as f
	)
	select
		s.key,
		s.rate,
		s.few,
		case when not s.few then s.n end,
		case when not s.few then s.total end,
		s.share,
		s.low,
		case when not s.few then s.excluded end,
		case when not s.few then s.why end,
		case when s.ranked then rank() over (
			partition by s.rate, s.ranked order by s.low desc) end,
		s.share - case when by = 'region' and s.rate in ('voice', 'echo') then m.median end,
		case when not s.few then s.age_p50 end,
		case when not s.few then s.age_p90 end
	from shown s
	join (
		select x.rate, percentile_cont(0.5) within group (order by x.share) as median
		from shown x
		group by x.rate
	) as m using (rate)
$$;
comment on function huiyin.report_shown is
	'the same as it may be shown: groups below 5 suppressed, none below 20 ranked; rank goes by the lower end, gap is to the median of the townships';

create or replace function huiyin.report_items(
	by text,
	from_at timestamptz,
	until_at timestamptz,
	own bigint)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan	-- a month and a year are different plans
set enable_sort = off	-- groups are few: hashing beats sorting all that was due
as $$
declare
	touched bigint[] := array(select t from huiyin.report_touched() as t);
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'code', g.code,
			'name', g.name,
			'rate', s.rate,
			'n', s.n,
			'of', s.total,
			'percent', huiyin.percent(s.share),
			'low', huiyin.percent(s.low),
			'few', s.few,
			'excluded', s.excluded,
			'why', s.why,
			'rank', s.rank,
			'gap', to_char(round(s.gap::numeric * 100, 1), 'FMSG9990.0'),
			'age_p50', s.age_p50,
			'age_p90', s.age_p90)
			order by g.code, array_position(array['sign', 'response', 'on_time', 'strict',
				'resolution', 'resolution_strict', 'satisfaction', 'unreached', 'reopened',
				'returned', 'extended', 'overdue', 'voice', 'echo', 'ledger', 'ledger_verified'], s.rate)), '[]')
		from huiyin.report_shown(by, from_at, until_at, own, touched) as s
		join huiyin.report_names(by) as g on g.key = s.key);
end $$;
comment on function huiyin.report_items is 'the figures as the act says them';

create or replace function huiyin.report_day(params jsonb, path text)
returns timestamptz
language plpgsql
stable
as $$
declare
	day text := coalesce(params->>path, to_char(now() at time zone interval '8 hours', 'YYYY-MM-DD'));
begin
	if not huiyin.is_day(day) then
		perform huiyin.refuse('bad_value', path);
	end if;
	return day::timestamp at time zone interval '8 hours';
end $$;
comment on function huiyin.report_day is 'the beginning of a day said as 2026-01-31; today when absent';

create or replace function api.report_rates(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set jit = off
as $$
declare
	me huiyin.identity := huiyin.me(who, array['coordinator', 'auditor', 'approver']);
	from_at timestamptz := huiyin.report_day(params, 'from');
	until_at timestamptz := huiyin.report_day(params, 'to') + interval '1 day';
	own bigint;
begin
	if until_at <= from_at or until_at > from_at + interval '366 days' then
		perform huiyin.refuse('out_of_bounds', 'to');
	end if;
	if not ('auditor' = any (me.roles) or ('coordinator' = any (me.roles) and me.coordinating)) then
		own := coalesce(me.department, 0);
	end if;
	until_at := least(until_at, now());
	return jsonb_build_object(
		'from', huiyin.rfc3339(from_at),
		'until', huiyin.rfc3339(until_at),
		'items', huiyin.report_items(params->>'by', from_at, until_at, own));
end $$;
comment on function api.report_rates is
	'{by, from, to?} -> {from, until, items: [{code, name, rate, n, of, percent, low, few, excluded, why, rank, gap, age_p50, age_p90}]}; the auditor and the coordinating office see all, others what their own department had to do';
