-- SPDX-License-Identifier: Apache-2.0
-- Extension: once per level, before expiry, with a reason the submitter is told,
-- approved by a superior (MISSION, rule 6); never beyond 21 days but for what is
-- put on a dated plan (rule 4).

create or replace function huiyin.departments_above(lead bigint, against bigint)
returns table (nth int, department bigint)
language sql
stable
as $$
	with recursive above(id, nth, path) as (
		select d.superior, 1, array[d.id]
		from huiyin.department d
		where d.id = departments_above.lead and d.superior is not null
		union all
		select d.superior, a.nth + 1, a.path || d.id
		from above a
		join huiyin.department d on d.id = a.id
		where d.superior is not null and d.superior <> all (a.path || d.id)
	)
	select a.nth, a.id
	from above a
	join huiyin.department d on d.id = a.id and d.active
	where (a.id = against) is not true
$$;
comment on function huiyin.departments_above is
	'the superiors of a department, the next one first, without the one a feedback is against; ends where it would go in a circle';

create or replace function huiyin.has_approver(department bigint, but bigint)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.staff s
		join huiyin.principal p on p.id = s.principal and p.active
		where s.department = has_approver.department
			and s.roles && array['approver', 'coordinator']
			and not s.vacant
			and s.principal <> but)
$$;
comment on function huiyin.has_approver is 'is there anybody else who can approve?';

create or replace function huiyin.extension_level(
	f huiyin.feedback,
	me huiyin.identity,
	out level int,
	out department bigint)
language sql
stable
as $$
	select l.nth, l.department
	from (
		select 0 as nth, f.lead as department
		union all
		select a.nth, a.department from huiyin.departments_above(f.lead, f.against) as a
	) as l
	where huiyin.has_approver(l.department, me.principal)
		and not exists (
			select from huiyin.feedback_extension e
			where e.feedback = f.id and e.round = f.round and e.level = l.nth and e.granted)
	order by l.nth
	limit 1
$$;
comment on function huiyin.extension_level is
	'the lowest level that has not granted one yet in this round, and the department that decides there; null: none is left';

create or replace function huiyin.extension_check(f huiyin.feedback, until timestamptz, plan text)
returns void
language plpgsql
as $$
declare
	ceiling timestamptz := coalesce(f.answer_from, f.filed_at) + interval '21 days';
begin
	if f.answer_by <= now() then
		perform huiyin.refuse('too_late', 'receipt');
	elsif until <= f.answer_by then
		perform huiyin.refuse('out_of_bounds', 'until');
	elsif plan is null and until > ceiling + (
			select coalesce(sum(c.new_by - c.old_by), interval '0')
			from huiyin.feedback_clock c
			where c.feedback = f.id and c.at >= f.filed_at and c.round = f.round
				and c.clock = 'answer' and c.kind = 'resume') then
		perform huiyin.refuse('out_of_bounds', 'until');
	end if;
end $$;
comment on function huiyin.extension_check is
	'refuses one after expiry, one that is none, and one beyond 21 days without a plan; pauses do not count';

create or replace function huiyin.extension_ask(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'extend');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'extend');
	nth int;
	decider bigint;
begin
	perform huiyin.extension_check(f, (params->>'until')::timestamptz, params->>'plan');
	select l.level, l.department into nth, decider
	from huiyin.extension_level(f, me) as l;
	if decider is null or exists (select from huiyin.feedback_extension e
			where e.feedback = f.id and e.decided_at is null) then
		perform huiyin.refuse('already', 'receipt');
	end if;
	insert into huiyin.feedback_extension (feedback, number, round, level, department,
		asked_by, until, reason, plan)
	select f.id, count(*) + 1, f.round, nth, decider, me.principal,
		(params->>'until')::timestamptz, params->>'reason', params->>'plan'
	from huiyin.feedback_extension e
	where e.feedback = f.id;
	if decider <> f.lead then
		insert into huiyin.feedback_party (feedback, department, part)
		values (f.id, decider, 'superior')
		on conflict do nothing;
	end if;
	f := huiyin.feedback_step(f, me, 'extend', f.state, jsonb_build_object('note', 'asked',
		'detail', jsonb_build_object('until', params->>'until', 'why', params->>'reason')));
	return huiyin.feedback_done(item, me, f, 'extend')
		|| jsonb_build_object('asked', huiyin.department_json(decider));
end $$;
comment on function huiyin.extension_ask is 'asks the next level for an extension';

create or replace function huiyin.extension_decide(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'approve');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'approve');
	grants boolean := params->>'decision' = 'approve';
	e huiyin.feedback_extension;
begin
	select x.* into e
	from huiyin.feedback_extension x
	where x.feedback = f.id and x.decided_at is null;
	if e.asked_by = me.principal then
		perform huiyin.refuse('own_answer', 'receipt');
	elsif grants then
		perform huiyin.extension_check(f, e.until, e.plan);
	end if;
	update huiyin.feedback_extension x
	set decided_at = now(), decided_by = me.principal, granted = grants
	where x.feedback = f.id and x.number = e.number;
	if not grants then
		f := huiyin.feedback_step(f, me, 'approve', f.state, jsonb_build_object('note', 'refused',
			'detail', jsonb_build_object('why', params->>'note')));
		return huiyin.feedback_done(item, me, f, 'extend');
	end if;
	perform huiyin.clock_note(f, 'answer', 'extend', jsonb_build_object('old_by', f.answer_by,
		'new_by', e.until, 'principal', me.principal, 'department', me.department, 'reason', e.reason));
	f.answer_first_by := coalesce(f.answer_first_by, f.answer_by);
	f.answer_by := e.until;
	f := huiyin.feedback_step(f, me, 'approve',
		case when e.plan is null then f.state else 'scheduled' end,
		jsonb_build_object('note', 'granted', 'reason', concat_ws(E'\n', e.reason, e.plan),
			'detail', jsonb_build_object('until', huiyin.rfc3339(e.until))));
	return huiyin.feedback_done(item, me, f, 'extend')
		|| jsonb_build_object('answer_by', huiyin.rfc3339(f.answer_by));
end $$;
comment on function huiyin.extension_decide is
	'a superior''s word; granted, the submitter is told the reason and the new date';

create or replace function huiyin.extension_drop(f huiyin.feedback)
returns void
language sql
as $$
	update huiyin.feedback_extension x
	set decided_at = now(), granted = false
	where x.feedback = f.id and x.decided_at is null
$$;
comment on function huiyin.extension_drop is 'what was asked for is not needed any more';

create or replace function huiyin.do_feedback_extend(item jsonb)
returns jsonb
language sql
as $$
	select case when item->'params' ? 'decision' then huiyin.extension_decide(item)
		else huiyin.extension_ask(item) end
$$;
comment on function huiyin.do_feedback_extend is 'asks for an extension, or decides on one';

create or replace function api.feedback_extend(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.extend') as s
$$;
comment on function api.feedback_extend is
	'params {receipt, until, reason, plan?} -> {state, asked}, or {receipt, decision: approve|reject, note?} -> {state, answer_by?}';
