-- SPDX-License-Identifier: Apache-2.0
-- Clocks: how long they are, which of them run, what became of them. Deadlines
-- are computed when a clock starts and stored; whatever moves one is a row of
-- feedback_clock. How much of a clock has run is counted in working time where
-- its length is.

create or replace function huiyin.clock_by(service text, clock text, from_at timestamptz)
returns timestamptz
language sql
stable
as $$
	select huiyin.deadline(clock_by.from_at, c.amount, c.unit)
	from huiyin.service_clock c
	where c.service = clock_by.service and c.clock = clock_by.clock
$$;
comment on function huiyin.clock_by is 'the deadline of a clock that starts then';

create or replace function huiyin.service_due(at timestamptz)
returns table (service text, dispatch_by timestamptz, sign_by timestamptz,
	contact_by timestamptz, answer_by timestamptz, tick_waiting timestamptz, tick_led timestamptz)
language sql
stable
as $$
	with length as materialized (
		select l.amount, l.unit,
			huiyin.deadline(service_due.at, l.amount, l.unit) as by_at
		from (
			select distinct c.amount, c.unit
			from huiyin.service_clock c
			where c.clock in ('dispatch', 'sign', 'contact', 'answer')
		) as l
	)
	select
		c.service,
		max(l.by_at) filter (where c.clock = 'dispatch'),
		max(l.by_at) filter (where c.clock = 'sign'),
		max(l.by_at) filter (where c.clock = 'contact'),
		max(l.by_at) filter (where c.clock = 'answer'),
		min(t.tick_at) filter (where c.clock in ('dispatch', 'answer')),
		min(t.tick_at) filter (where c.clock in ('sign', 'contact', 'answer'))
	from huiyin.service_clock c
	join length l using (amount, unit)
	cross join lateral (select service_due.at + case c.unit
		when 'working_days' then make_interval(hours => 3 * c.amount)
		when 'working_minutes' then make_interval(mins => c.amount) * 0.75
		else (l.by_at - service_due.at) * 0.75
	end as tick_at) as t
	group by c.service
$$;
comment on function huiyin.service_due is
	'for every service the deadlines of what is filed then, and when a clock may have come to 75 % at the earliest: three hours of each working day, whatever hours the county keeps';

create or replace function huiyin.clock_reaches(
	from_at timestamptz,
	by_at timestamptz,
	level int,
	works boolean)
returns timestamptz
language plpgsql
stable
as $$
declare
	work bigint := case when works and level <> 100
		then huiyin.working_minutes(from_at, by_at) else 0 end;
begin
	if level = 100 then
		return by_at;
	elsif work < 2 then
		return from_at + (by_at - from_at) * level / 100;
	elsif level < 100 then
		return huiyin.deadline(from_at, (work * level / 100)::int, 'working_minutes');
	end if;
	return huiyin.deadline(by_at, (work * (level - 100) / 100)::int, 'working_minutes');
end $$;
comment on function huiyin.clock_reaches is
	'when a clock has run to so many percent; works: counted in working time';

create or replace function huiyin.feedback_clocks(f huiyin.feedback)
returns table (clock text, department bigint, from_at timestamptz, by_at timestamptz)
language sql
stable
as $$
	select c.clock, c.department, c.from_at, c.by_at
	from (values
		('dispatch', null::bigint, f.filed_at, f.dispatch_by,
			f.state in ('received', 'triage', 'returned', 'arbitration')),
		('sign', f.lead, coalesce(f.dispatched_at, f.filed_at), f.sign_by,
			f.state = 'dispatched'),
		('contact', f.lead, f.filed_at, f.contact_by,
			f.contacted_at is null and f.state in ('triage', 'dispatched', 'accepted', 'returned', 'arbitration')),
		('answer', f.lead, coalesce(f.answer_from, f.filed_at), f.answer_by,
			f.state in ('received', 'triage', 'dispatched', 'accepted', 'in_progress', 'scheduled',
				'returned', 'arbitration', 'reopened')),
		('revisit', null, f.answered_at, f.revisit_by,
			f.state in ('answered', 'revisit'))
	) as c(clock, department, from_at, by_at, runs)
	where c.runs and c.by_at is not null and c.from_at is not null
	union all
	select 'assist', a.department, a.from_at, a.by_at
	from huiyin.feedback_assist a
	where a.feedback = f.id
		and a.signed_at is null
		and a.released_at is null
		and f.state in ('dispatched', 'accepted', 'in_progress', 'scheduled', 'reopened')
$$;
comment on function huiyin.feedback_clocks is
	'the clocks that run in its state, and whose they are; department null: the coordinator''s';

create or replace function huiyin.clock_levels(f huiyin.feedback)
returns table (clock text, department bigint, by_at timestamptz, level int, at timestamptz)
language sql
stable
as $$
	select c.clock, c.department, c.by_at, l.level,
		case when s.unit like 'working%'
			then huiyin.clock_reaches(c.from_at, c.by_at, l.level, true)
			else c.from_at + (c.by_at - c.from_at) * l.level / 100
		end
	from huiyin.feedback_clocks(f) as c
	join huiyin.service_clock s on s.service = f.service and s.clock = c.clock
	cross join unnest(array[75, 90, 100, 150, 200]) as l(level)
$$;
comment on function huiyin.clock_levels is 'when each running clock reaches 75, 90, 100, 150 and 200 %';

create or replace function huiyin.tick_next(
	f huiyin.feedback,
	out tick_at timestamptz,
	out level int)
language plpgsql	-- whose plans are kept; that of an SQL function would be made each time
stable
as $$
begin
	select min(t.at) filter (where t.at > coalesce(f.ticked_at, f.filed_at)),
		coalesce(max(t.level) filter (where t.at <= now()), 0)
	into tick_at, level
	from (
		select l.at, l.level from huiyin.clock_levels(f) as l
		union all
		select f.paused_at + make_interval(days => d), null
		from unnest(array[7, 12, 15]) as d
		where f.state = 'waiting_submitter'
	) as t;
end $$;
comment on function huiyin.tick_next is
	'when the clock has to look at it again (null: never as it stands), and the highest level reached now';

create or replace function huiyin.clock_note(
	f huiyin.feedback,
	clock text,
	kind text,
	note jsonb default '{}')
returns void
language plpgsql
as $$
begin
	insert into huiyin.feedback_clock (feedback, at, clock, kind, round, old_by, new_by, level,
		principal, department, reason)
	values (f.id, now(), clock, kind, f.round, (note->>'old_by')::timestamptz,
		(note->>'new_by')::timestamptz, (note->>'level')::smallint,
		(note->>'principal')::bigint, (note->>'department')::bigint, note->>'reason');
end $$;
comment on function huiyin.clock_note is
	'appends what became of a clock; note: old_by, new_by, level, principal, department, reason';

create or replace function huiyin.has_breached(
	f huiyin.feedback,
	clock text,
	department bigint,
	by_at timestamptz)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.feedback_clock c
		where c.feedback = f.id
			and c.at >= f.filed_at
			and c.clock = has_breached.clock
			and c.kind = 'breach'
			and c.new_by = has_breached.by_at
			and (c.clock <> 'assist' or c.department = has_breached.department))
$$;
comment on function huiyin.has_breached is 'is it written down that this deadline was missed?';

create or replace function huiyin.clock_missed(
	f huiyin.feedback,
	clock text,
	department bigint,
	by_at timestamptz)
returns void
language plpgsql
as $$
begin
	if not huiyin.has_breached(f, clock, department, by_at) then
		perform huiyin.clock_note(f, clock, 'breach', jsonb_build_object(
			'old_by', by_at, 'new_by', by_at, 'level', 100, 'department', department));
	end if;
end $$;
comment on function huiyin.clock_missed is 'writes down that a clock ran out, once';

create or replace function huiyin.clock_breach(
	f huiyin.feedback,
	clock text,
	department bigint,
	by_at timestamptz)
returns void
language plpgsql
as $$
begin
	if by_at < now() then
		perform huiyin.clock_missed(f, clock, department, by_at);
	end if;
end $$;
comment on function huiyin.clock_breach is
	'the same where its time is over; so what ends late is late also when no tick saw it';

create or replace function huiyin.clock_end(
	f huiyin.feedback,
	me huiyin.identity,
	clock text,
	kind text default 'met',
	reason text default null)
returns void
language plpgsql
as $$
declare
	c record;
begin
	for c in
		select r.clock, r.department, r.by_at, r.runs,
			case r.clock when 'answer' then coalesce(f.answer_first_by, r.by_at) else r.by_at end as first_by
		from (
			select k.clock, k.department, k.by_at, true as runs
			from huiyin.feedback_clocks(f) as k
			union all
			select 'answer', f.lead, huiyin.paused_until(f, 'answer', f.answer_by), false	-- late only if it was before the pause
			where f.state = 'waiting_submitter'
		) as r
		where r.clock = any (string_to_array(clock_end.clock, ' '))
			and (r.clock <> 'assist' or kind = 'stop' or r.department = me.department)
	loop
		if c.runs then
			perform huiyin.clock_breach(f, c.clock, c.department, c.by_at);
		end if;
		perform huiyin.clock_note(f, c.clock, kind, jsonb_build_object(
			'old_by', c.first_by, 'new_by', c.by_at, 'principal', me.principal,
			'department', coalesce(c.department, me.department), 'reason', reason));
	end loop;
end $$;
comment on function huiyin.clock_end is
	'ends those of the named clocks (separated by blanks) that run: met, or stopped for a reason; ran out before: that too is written';

create or replace function huiyin.ever_overdue(f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.feedback_clock c
		where c.feedback = f.id and c.at >= f.filed_at
			and c.clock = 'answer' and c.kind = 'breach')
$$;
comment on function huiyin.ever_overdue is
	'was its answer ever late? From the rows of feedback_clock, which nothing can clear';
