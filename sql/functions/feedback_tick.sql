-- SPDX-License-Identifier: Apache-2.0
-- The tick: what time does by itself. It reads the feedback whose tick_at has
-- come, in that order and in slices, appends warnings, breaches and escalations,
-- and moves nobody's deadline.

create or replace function huiyin.superiors(f huiyin.feedback)
returns table (nth bigint, principal bigint, department bigint)
language sql
stable
as $$
	with recursive people(principal, nth, path) as (
		select s.superior, 1, array[s.principal, s.superior]
		from huiyin.staff s
		where s.principal = f.handler and s.superior is not null
		union all
		select s.superior, p.nth + 1, p.path || s.superior
		from people p
		join huiyin.staff s on s.principal = p.principal
		where s.superior is not null and s.superior <> all (p.path)
	),
	posts as (
		select 1 as way, p.nth, p.principal, s.department
		from people p
		join huiyin.staff s on s.principal = p.principal and not s.vacant
		join huiyin.principal i on i.id = p.principal and i.active
		where s.department is not null
		union all
		select 2, a.nth, null, a.department
		from huiyin.departments_above(f.lead, f.against) as a
		where exists (
			select
			from huiyin.staff s
			join huiyin.principal i on i.id = s.principal and i.active
			where s.department = a.department and not s.vacant)
	)
	select row_number() over (order by o.way, o.nth), o.principal, o.department
	from (
		select distinct on (p.department) p.way, p.nth, p.principal, p.department
		from posts p
		where (p.department = f.against) is not true
		order by p.department, p.way, p.nth
	) as o
$$;
comment on function huiyin.superiors is
	'whom to tell, the next one first: the superiors of who handles it, then those of the department that leads; vacant posts and whom it is against left out, nobody twice';

create or replace function huiyin.backstop(f huiyin.feedback, office bigint, superior bigint)
returns bigint
language sql
immutable
as $$
	select coalesce(nullif(office, f.against), case when office = f.against then superior end)
$$;
comment on function huiyin.backstop is
	'where every chain ends: the coordinating office, or its superior when it is against the office';

create or replace function huiyin.clock_escalate(
	f huiyin.feedback,
	clock text,
	by_at timestamptz,
	level int)
returns void
language plpgsql
as $$
declare
	o record;
	told record;
begin
	select x.office, huiyin.backstop(f, x.office, x.superior) as last into o
	from huiyin.office() as x;
	select s.principal, s.department into told
	from huiyin.superiors(f) as s
	where s.nth = case level when 100 then 1 when 150 then 2 else 3 end;
	if not found then
		select null::bigint as principal, o.last as department into told;
	end if;
	perform huiyin.clock_note(f, clock, 'escalate', jsonb_build_object(
		'old_by', by_at, 'new_by', by_at, 'level', level,
		'principal', told.principal, 'department', told.department));
	if told.department is not null and told.department is distinct from f.lead then
		insert into huiyin.feedback_party (feedback, department, part)
		values (f.id, told.department, 'escalated')
		on conflict do nothing;
	end if;
end $$;
comment on function huiyin.clock_escalate is
	'tells the first superior at 100 %, the second at 150, the third at 200, the office where the chain is shorter';

create or replace function huiyin.feedback_reminded(f huiyin.feedback)
returns huiyin.feedback
language plpgsql
as $$
declare
	nobody huiyin.identity := huiyin.system_identity();
	seen timestamptz := coalesce(f.ticked_at, f.filed_at);
	day int;
begin
	select max(d) into day
	from unnest(array[7, 12, 15]) as d
	where f.paused_at + make_interval(days => d) > seen
		and f.paused_at + make_interval(days => d) <= now();
	if day is null then
		return f;
	elsif day < 15 then
		return huiyin.feedback_step(f, nobody, 'remind', f.state,
			jsonb_build_object('note', 'day_' || day));
	end if;
	f.closed_at := now();
	perform huiyin.clock_end(f, nobody, 'answer', 'stop', 'incomplete');
	f := huiyin.feedback_step(f, nobody, 'remind', 'closed_incomplete',
		'{"note": "day_15"}');
	perform huiyin.duplicates_freed(f);
	return f;
end $$;
comment on function huiyin.feedback_reminded is
	'reminds on days 7 and 12 of waiting for the submitter; on day 15 what was never completed is closed';

create or replace function huiyin.feedback_tick(f huiyin.feedback)
returns int
language plpgsql
as $$
declare
	l record;
	many int := 0;
begin
	for l in
		select x.clock, x.department, x.by_at, x.level
		from huiyin.clock_levels(f) as x
		where x.at > coalesce(f.ticked_at, f.filed_at) and x.at <= now()
		order by x.at, x.level
	loop
		many := many + 1;
		if l.level < 100 then
			perform huiyin.clock_note(f, l.clock, 'warn', jsonb_build_object('old_by', l.by_at,
				'new_by', l.by_at, 'level', l.level, 'department', l.department));
			continue;
		elsif l.level = 100 then
			perform huiyin.clock_missed(f, l.clock, l.department, l.by_at);
		end if;
		perform huiyin.clock_escalate(f, l.clock, l.by_at, l.level);
	end loop;
	if f.state = 'waiting_submitter' then
		f := huiyin.feedback_reminded(f);
	end if;
	f.ticked_at := now();
	perform huiyin.feedback_keep(f);
	return many;
end $$;
comment on function huiyin.feedback_tick is
	'what has come due of one locked feedback; how many rows it took';

create or replace function huiyin.tick(most int default 500)
returns jsonb
language plpgsql
as $$
declare
	f huiyin.feedback;
	seen int := 0;
	noted int := 0;
	first text;
	last text;
	words int;
	figures int;
	ledger record;
begin
	if not pg_try_advisory_xact_lock(hashtext('huiyin.tick')) then
		return '{"busy": true, "seen": 0, "noted": 0, "words": 0, "figures": 0, "more": false}';
	end if;
	for f in
		select t.*
		from huiyin.feedback t
		where t.tick_at <= now()
		order by t.tick_at
		limit most
		for update skip locked
	loop
		first := coalesce(first, f.receipt);
		last := f.receipt;
		seen := seen + 1;
		noted := noted + huiyin.feedback_tick(f);
	end loop;
	words := huiyin.words_gather(4 * most);
	figures := huiyin.report_gather(most);
	select t.seen, t.noted into ledger from huiyin.ledger_tick(most) as t;
	if noted > 0 then
		perform huiyin.audit(null, 'tick', null, concat_ws(' ', noted, first, last), null);
	end if;
	return jsonb_build_object('busy', false, 'seen', seen + ledger.seen, 'noted', noted + ledger.noted,
		'words', words, 'figures', figures,
		'more', seen = most or ledger.seen = most or words = 4 * most or figures >= most);
end $$;
comment on function huiyin.tick is
	'one slice of what is due now: exactly one at a time in all the county; more: ask again at once';

create or replace function api.tick(who jsonb, params jsonb)
returns jsonb
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
set enable_seqscan = off
as $$
	select huiyin.tick()
$$;
comment on function api.tick is
	'{} -> {busy, seen, noted, words, figures, more}: nodes say it every few seconds';

create or replace function admin.tick(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	said jsonb;
	noted int := 0;
begin
	for i in 1..200 loop
		said := huiyin.tick();
		noted := noted + (said->>'noted')::int;
		exit when not (said->>'more')::boolean;
	end loop;
	if noted > 0 then
		perform pg_notify('huiyin_feedback', '');
	end if;
	return said || jsonb_build_object('noted', noted);
end $$;
comment on function admin.tick is
	'{} -> as api.tick: the same by hand or by a timer, up to 100,000 in one transaction';
