-- SPDX-License-Identifier: Apache-2.0
-- The clock of an entry: when it is due, how much of its time has run (in working
-- time), and what the tick does about it. A plan or a refused verification moves no
-- date; what was late is in rows that nobody changes.

create or replace function huiyin.ledger_due(at timestamptz)
returns timestamptz
language sql
stable
strict
as $$
	select coalesce(
		(select ledger_due.at
		from huiyin.working_span w
		where w.starts <= ledger_due.at and w.ends >= ledger_due.at
		limit 1),
		(select huiyin.working_day_end(w.day)
		from huiyin.working_span w
		where w.starts >= ((ledger_due.at at time zone interval '8 hours')::date)::timestamp
			at time zone interval '8 hours'
		order by w.starts
		limit 1),
		ledger_due.at)
$$;
comment on function huiyin.ledger_due is
	'a date as the county works: a moment of working time is itself, any other the end of its working day, a day of rest the end of the next working day (Civil Code, article 203)';

create or replace function huiyin.working_day_end(day int)
returns timestamptz
language sql
stable
as $$
	select w.ends
	from huiyin.working_span w
	where w.day = working_day_end.day
	order by w.ends desc
	limit 1
$$;
comment on function huiyin.working_day_end is 'when a working day, by its number, is over';

create or replace function huiyin.is_entry_running(e huiyin.ledger_entry)
returns boolean
language sql
immutable
as $$
	select e.due_at is not null and e.state in ('open', 'doing', 'blocked')
$$;
comment on function huiyin.is_entry_running is
	'does its clock run? What is blocked is still due; what is said to be done is not, until that is refused';

create or replace function huiyin.is_entry_late(e huiyin.ledger_entry)
returns boolean
language sql
stable
as $$
	select huiyin.is_entry_running(e) and e.due_at < now()
$$;
comment on function huiyin.is_entry_late is 'is it overdue now?';

create or replace function huiyin.ledger_levels(e huiyin.ledger_entry)
returns table (level int, at timestamptz)
language sql
stable
as $$
	select l.level, huiyin.clock_reaches(e.from_at, e.due_at, l.level,
		e.due_at + (e.due_at - e.from_at) < '2069-01-01')	-- there the calendar ends
	from unnest(array[75, 90, 100, 150, 200]) as l(level)
	where huiyin.is_entry_running(e) and (l.level <= 100 or e.due_at > e.from_at)
$$;
comment on function huiyin.ledger_levels is
	'when its clock reaches 75, 90, 100, 150 and 200 %; none when it does not run';

create or replace function huiyin.ledger_tick_next(
	e huiyin.ledger_entry,
	out tick_at timestamptz,
	out level int)
language plpgsql
stable
as $$
begin
	select min(l.at) filter (where l.at > coalesce(e.ticked_at, '-infinity')),
		coalesce(max(l.level) filter (where l.at <= now()), 0)
	into tick_at, level
	from huiyin.ledger_levels(e) as l;
end $$;
comment on function huiyin.ledger_tick_next is
	'when the clock has to look at it again (null: never as it stands), and the highest level reached now';

create or replace function huiyin.ledger_note(
	e huiyin.ledger_entry,
	kind text,
	note jsonb default '{}')
returns void
language sql
as $$
	insert into huiyin.ledger_clock (entry, at, kind, old_by, new_by, level, principal,
		department, reason)
	values (e.id, now(), kind, coalesce((note->>'old_by')::timestamptz, e.due_at), e.due_at,
		(note->>'level')::smallint, (note->>'principal')::bigint,
		(note->>'department')::bigint, note->>'reason')
$$;
comment on function huiyin.ledger_note is
	'appends what became of its clock; note: old_by, level, principal, department, reason';

create or replace function huiyin.ledger_missed(e huiyin.ledger_entry)
returns void
language plpgsql
as $$
begin
	if e.due_at < now() and not exists (
			select
			from huiyin.ledger_clock c
			where c.entry = e.id and c.kind = 'breach' and c.new_by = e.due_at) then
		perform huiyin.ledger_note(e, 'breach', jsonb_build_object('level', 100, 'department', e.lead));
	end if;
end $$;
comment on function huiyin.ledger_missed is
	'writes down that its time has run out, once, whether a tick saw it or not';

create or replace function huiyin.ledger_clock_end(
	e huiyin.ledger_entry,
	me huiyin.identity,
	kind text default 'met',
	reason text default null)
returns void
language plpgsql
as $$
begin
	if huiyin.is_entry_running(e) then
		perform huiyin.ledger_missed(e);
		perform huiyin.ledger_note(e, kind, jsonb_build_object('principal', me.principal,
			'department', e.lead, 'reason', reason));
	end if;
end $$;
comment on function huiyin.ledger_clock_end is
	'ends its clock if it runs: met, or stopped for a reason; late is late';

create or replace function huiyin.ledger_before(e huiyin.ledger_entry)
returns setof bigint
language sql
stable
as $$
	with recursive line(id, continues) as (
		select e.id, e.continues
		union all
		select x.id, x.continues
		from line l
		join huiyin.ledger_entry x on x.id = l.continues
	)
	select l.id from line l
$$;
comment on function huiyin.ledger_before is 'the entry and those it continues';

create or replace function huiyin.ledger_ever_overdue(e huiyin.ledger_entry)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.ledger_before(e) as l(id)
		join huiyin.ledger_clock c on c.entry = l.id and c.kind = 'breach')
$$;
comment on function huiyin.ledger_ever_overdue is
	'was it ever late, before a correction too? From the rows of ledger_clock, which nothing can clear';

create or replace function huiyin.ledger_escalate(e huiyin.ledger_entry, level int)
returns void
language plpgsql
as $$
declare
	f huiyin.feedback;	-- what superiors asks for: who handles it, and who leads
	told record;
begin
	f.handler := e.handler;
	f.lead := e.lead;
	select s.principal, s.department into told
	from huiyin.superiors(f) as s
	where s.nth = case level when 100 then 1 when 150 then 2 else 3 end;
	if not found then
		select null::bigint as principal, huiyin.backstop(f, o.office, o.superior) as department
		into told
		from huiyin.office() as o;
	end if;
	perform huiyin.ledger_note(e, 'escalate', jsonb_build_object('level', level,
		'principal', told.principal, 'department', told.department));
	if told.department is distinct from e.lead and told.department is not null then
		insert into huiyin.ledger_party (entry, department, part)
		values (e.id, told.department, 'escalated')
		on conflict do nothing;
	end if;
end $$;
comment on function huiyin.ledger_escalate is
	'tells the first superior at 100 %, the second at 150, the third at 200, the office where the chain is shorter, as for feedback';

create or replace function huiyin.ledger_tick_one(e huiyin.ledger_entry)
returns int
language plpgsql
as $$
declare
	l record;
	many int := 0;
begin
	for l in
		select x.level
		from huiyin.ledger_levels(e) as x
		where x.at > coalesce(e.ticked_at, '-infinity') and x.at <= now()
		order by x.level
	loop
		many := many + 1;
		if l.level < 100 then
			perform huiyin.ledger_note(e, 'warn', jsonb_build_object('level', l.level, 'department', e.lead));
			continue;
		elsif l.level = 100 then
			perform huiyin.ledger_missed(e);
		end if;
		perform huiyin.ledger_escalate(e, l.level);
	end loop;
	e.ticked_at := now();
	perform huiyin.ledger_keep(e);
	return many;
end $$;
comment on function huiyin.ledger_tick_one is
	'what has come due of one locked entry; how many rows it took';

create or replace function huiyin.ledger_tick(most int, out seen int, out noted int)
language plpgsql
as $$
declare
	e huiyin.ledger_entry;
	first text;
	last text;
begin
	seen := 0;
	noted := 0;
	for e in
		select x.*
		from huiyin.ledger_entry x
		where x.tick_at <= now()
		order by x.tick_at
		limit most
		for update skip locked
	loop
		first := coalesce(first, e.entry);
		last := e.entry;
		seen := seen + 1;
		noted := noted + huiyin.ledger_tick_one(e);
	end loop;
	if noted > 0 then
		perform huiyin.audit(null, 'tick', null, concat_ws(' ', noted, first, last), null);
	end if;
end $$;
comment on function huiyin.ledger_tick is
	'the slice of huiyin.tick that is the ledger''s; audited last';
