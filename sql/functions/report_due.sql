-- SPDX-License-Identifier: Apache-2.0
-- What was due, gathered from the rows of feedback: see huiyin.report_due.

create or replace function huiyin.dues_ended(clocks huiyin.feedback_clock[])
returns table (clock text, round smallint, department bigint, first_by timestamptz,
	due_by timestamptz, ended_at timestamptz, met boolean, reason text)
language sql
immutable
as $$
	select c.clock, c.round, c.department, c.old_by, c.new_by, c.at, c.kind = 'met',
		case when c.reason in ('dispatch', 'arbitrate') then 'reassigned' else c.reason end
	from (
		select k.*,
			row_number() over (
				partition by k.clock, k.round, k.kind, k.reason order by k.at desc) as nth_last,
			count(*) filter (where k.kind = 'stop' and k.reason = 'duplicate') over joined
				- count(*) filter (where k.kind = 'start' and k.reason = 'unlinked') over joined as standing
		from unnest(clocks) as k
		window joined as (partition by k.clock, k.round)
	) as c
	where c.kind = 'met'
		or (c.kind = 'stop' and (c.reason = 'duplicate' and c.nth_last > c.standing) is not true)
$$;
comment on function huiyin.dues_ended is
	'clocks that ended; what was stopped as a duplicate and goes on since it is none has not';

create or replace function huiyin.dues_left(f huiyin.feedback, clocks huiyin.feedback_clock[])
returns table (clock text, round smallint, department bigint, first_by timestamptz,
	due_by timestamptz, ended_at timestamptz, met boolean, reason text)
language sql
stable
as $$
	select c.clock, c.round, f.lead, c.first_by, c.due_by,
		coalesce(c.done_at, f.closed_at), c.done_at is not null, case f.state
			when 'waiting_submitter' then 'waiting'
			else substr(f.state, length('closed_') + 1)
		end
	from (values
		('contact', 1::smallint, f.contact_by, f.contact_by, f.contacted_at),
		('answer', f.round, coalesce(f.answer_first_by, f.answer_by), f.answer_by,
			coalesce(f.answered_at, (
				select max(a.at)
				from huiyin.feedback_answer a
				where a.feedback = f.id and a.round = f.round)))
	) as c(clock, round, first_by, due_by, done_at)
	where c.due_by is not null
		and not exists (select from huiyin.feedback_clocks(f) as r where r.clock = c.clock)
		and not exists (
			select
			from huiyin.dues_ended(clocks) as e
			where e.clock = c.clock and (c.clock = 'contact' or e.round = c.round))
$$;
comment on function huiyin.dues_left is
	'clocks that neither run nor have ended: paused, closed while paused, or older than the rows of clocks. Nothing that was due drops out';

create or replace function huiyin.dues_all(f huiyin.feedback, clocks huiyin.feedback_clock[])
returns table (clock text, round smallint, department bigint, first_by timestamptz,
	due_by timestamptz, ended_at timestamptz, met boolean, reason text)
language sql
stable
as $$
	select e.clock, e.round, e.department, e.first_by, e.due_by, e.ended_at, e.met, e.reason
	from huiyin.dues_ended(clocks) as e
	union all
	select r.clock, f.round, r.department,
		case r.clock when 'answer' then coalesce(f.answer_first_by, r.by_at) else r.by_at end,
		r.by_at, null, false, null
	from huiyin.feedback_clocks(f) as r
	where r.clock in ('sign', 'contact', 'answer')
	union all
	select l.clock, l.round, l.department, l.first_by, l.due_by, l.ended_at, l.met, l.reason
	from huiyin.dues_left(f, clocks) as l
$$;
comment on function huiyin.dues_all is 'clocks that ended, run or rest';

create or replace function huiyin.due_from(
	f huiyin.feedback,
	clocks huiyin.feedback_clock[],
	clock text,
	round smallint)
returns timestamptz
language sql
immutable
as $$
	select case
		when clock <> 'answer' then null
		when round = 1 then f.filed_at
		else (
			select max(s.at)
			from unnest(clocks) as s
			where s.clock = 'answer'
				and s.kind = 'start'
				and s.round = due_from.round
				and s.reason = 'reopened')
	end
$$;
comment on function huiyin.due_from is 'since when an answer was due; null for other clocks';

create or replace function huiyin.due_echo(
	feedback bigint,
	round smallint,
	out heard boolean,
	out solved boolean,
	out grade smallint)
language sql
stable
as $$
	select
		case when bool_or(e.reached) then true when count(*) >= 3 then false end,
		(array_agg(e.solved = 'yes' order by e.number desc) filter (where e.solved is not null))[1],
		(array_agg(e.grade order by e.number desc) filter (where e.grade is not null))[1]
	from huiyin.feedback_echo e
	where e.feedback = due_echo.feedback and e.round = due_echo.round
$$;
comment on function huiyin.due_echo is
	'what came back on the answer of a round, in the last words: solved, and how content';

create or replace function huiyin.due_left_out(
	f huiyin.feedback,
	answers boolean,
	due_by timestamptz,
	ended_at timestamptz,
	reason text)
returns text
language sql
immutable
as $$
	select case
		when answers and f.paused_at is not null then
			case when f.paused_at <= due_by then reason end
		when ended_at <= due_by then reason
	end
$$;
comment on function huiyin.due_left_out is
	'why something not done is not counted; null when it was late before it was stopped, or paused for an answer of this round';

create or replace function huiyin.due_reasons()
returns text[]
language sql
immutable
as $$
	select array['duplicate', 'incomplete', 'not_accepted', 'reassigned', 'returned', 'waiting', 'withdrawn']
$$;
comment on function huiyin.due_reasons is 'why something due may be left out';

create or replace function huiyin.due_facts(met boolean, facts boolean[], left_out text)
returns int
language sql
immutable
as $$
	select met::int
		+ coalesce((select sum(1 << i) from generate_subscripts(facts, 1) as i where facts[i]), 0)::int
		+ case when left_out is null then 0 else
			4096 * coalesce(array_position(huiyin.due_reasons(), left_out), 8) end
$$;
comment on function huiyin.due_facts is
	'bits: 0 met; 1 in time, 2 in the first time, 3 the deadline was moved, 4 extended, 5 returned, 6 reopened, 7 heard, 8 unreached, 9 solved, 10 rated, 11 content; from 12 on why it is left out';

create or replace function huiyin.was_returned(
	f huiyin.feedback,
	department bigint,
	from_at timestamptz,
	until_at timestamptz)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.feedback_history h
		where h.feedback = f.id and h.act = 'return' and h.department = was_returned.department
			and h.at >= from_at and h.at < until_at)
$$;
comment on function huiyin.was_returned is 'did that department return it in that time?';

create or replace function huiyin.dues_of(ids bigint[])
returns setof huiyin.report_due
language plpgsql
stable
set plan_cache_mode = force_generic_plan	-- planned once: it looks into every month
set enable_hashjoin = off	-- and not into all of each
set enable_mergejoin = off
as $$
begin
	if ids = '{}' then
		return;
	end if;
	return query
	select x.*, huiyin.due_facts(x.met, array[
		x.met and x.ended_at <= x.due_by,
		x.met and x.ended_at <= x.first_by,
		x.first_by <> x.due_by,
		x.extended,
		x.returned,
		x.reopened,
		x.heard,
		not x.heard,
		x.solved,
		x.grade is not null,
		x.grade >= 3], x.left_out)
	from (
		select
			(d.f).id,
			d.clock,
			d.round,
			row_number() over (partition by (d.f).id, d.clock, d.round order by d.ended_at)::smallint,
			d.department,
			(d.f).region,
			(d.f).service,
			huiyin.due_from(d.f, d.clocks, d.clock, d.round),
			d.first_by,
			d.due_by,
			d.ended_at,
			d.met,
			case when not d.met then
				huiyin.due_left_out(d.f, d.clock = 'answer' and d.round = (d.f).round,
					d.due_by, d.ended_at, d.reason) end as left_out,
			d.clock = 'answer' and exists (
				select from unnest(d.clocks) as k where k.kind = 'extend' and k.round = d.round) as extended,
			(d.f).returns > 0 and d.clock = 'sign' and d.ended_at is not null
				and huiyin.was_returned(d.f, d.department, d.ended_at, d.next_at) as returned,
			d.clock = 'answer' and d.met and (d.f).round > d.round as reopened,
			e.heard,
			e.solved,
			e.grade
		from (
			select f, k.clocks, a.*, lead(a.ended_at, 1, 'infinity') over (
				partition by f.id, a.clock, a.department order by a.ended_at) as next_at
			from huiyin.feedback f
			cross join lateral (
				select coalesce(array_agg(c), '{}') as clocks
				from huiyin.feedback_clock c
				where c.feedback = f.id
					and c.at >= f.filed_at
					and c.clock in ('sign', 'contact', 'answer')
					and c.kind in ('met', 'stop', 'start', 'extend')
			) as k
			cross join lateral huiyin.dues_all(f, k.clocks) as a
			where f.id = any (ids)
		) as d
		left join lateral huiyin.due_echo((d.f).id, d.round) as e on d.clock = 'answer' and d.met
	) as x;
end $$;
comment on function huiyin.dues_of is
	'all that was or is due of these feedbacks';

create or replace function huiyin.report_touched()
returns setof bigint
language sql
stable
as $$
	select distinct h.feedback
	from huiyin.feedback_history h
	where h.xid > (select r.xid from huiyin.report_head r)
$$;
comment on function huiyin.report_touched is
	'feedback with a step that report_due does not know yet';

create or replace function huiyin.report_kinds(d huiyin.report_due)
returns table (by text, day date, key text)
language sql
stable
as $$
	select k.by, huiyin.day_of(d.due_by), k.key
	from (values
		('department', coalesce(d.department::text, '')),
		('region', huiyin.region_township(d.region)),
		('service', d.service)
	) as k(by, key)
$$;
comment on function huiyin.report_kinds is 'where report_day counts it';

create or replace function huiyin.report_tally(was huiyin.report_due[], becomes huiyin.report_due[])
returns void
language sql
as $$
	insert into huiyin.report_day as r (by, day, key, clock, facts, many)
	select k.by, k.day, k.key, c.clock, c.facts, sum(c.many)
	from (
		select w as d, w.clock, w.facts, -1 as many from unnest(was) as w
		union all
		select b, b.clock, b.facts, 1 from unnest(becomes) as b
	) as c
	cross join lateral huiyin.report_kinds(c.d) as k
	group by 1, 2, 3, 4, 5
	having sum(c.many) <> 0
	on conflict on constraint report_day_counts_each_kind_once
	do update set many = r.many + excluded.many
$$;
comment on function huiyin.report_tally is 'counts what has changed of report_due';

create or replace function huiyin.report_keep(ids bigint[])
returns void
language plpgsql
as $$
declare
	was huiyin.report_due[] := array(
		select r from huiyin.report_due r where r.feedback = any (ids));
	becomes huiyin.report_due[] := array(select d from huiyin.dues_of(ids) as d);
begin
	delete from huiyin.report_due r
	where r.feedback = any (ids)
		and not exists (
			select
			from unnest(becomes) as d
			where (d.feedback, d.clock, d.round, d.nth) = (r.feedback, r.clock, r.round, r.nth));
	insert into huiyin.report_due as r
	select d.* from unnest(becomes) as d
	on conflict on constraint report_due_is_counted_once do update
	set department = excluded.department,
		from_at = excluded.from_at,
		first_by = excluded.first_by,
		due_by = excluded.due_by,
		ended_at = excluded.ended_at,
		met = excluded.met,
		left_out = excluded.left_out,
		extended = excluded.extended,
		returned = excluded.returned,
		reopened = excluded.reopened,
		heard = excluded.heard,
		solved = excluded.solved,
		grade = excluded.grade,
		facts = excluded.facts
	where r is distinct from excluded;
	perform huiyin.report_tally(was, becomes);
end $$;
comment on function huiyin.report_keep is 'makes what was due of these feedbacks anew, and the tallies of its days';

create or replace function huiyin.report_gather(most int default 2000)
returns int
language plpgsql
as $$
declare
	head xid8;
	last xid8;
	ids bigint[];
begin
	select r.xid into head from huiyin.report_head r for update skip locked;
	select max(x.xid::text::numeric)::text::xid8 into last
	from (	-- whole transactions, so that the next slice begins after them
		select h.xid
		from huiyin.feedback_history h
		where h.xid > head and h.xid < huiyin.settled_before()
		order by h.xid
		limit most
	) as x;
	if last is null then
		return 0;
	end if;
	ids := array(
		select distinct h.feedback
		from huiyin.feedback_history h
		where h.xid > head and h.xid <= last
		order by h.feedback);
	perform huiyin.report_keep(ids);
	update huiyin.report_head r set xid = last where r.one;
	return cardinality(ids);
end $$;
comment on function huiyin.report_gather is
	'a slice of what was due since last time; how many feedbacks. Follows transactions, so that none is missed; what it has not come to yet the reports count by themselves';
