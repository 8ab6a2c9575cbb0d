-- SPDX-License-Identifier: Apache-2.0
-- feedback.answer, and what nodes follow to tell submitters and consoles.

create or replace function huiyin.answer_check(f huiyin.feedback, params jsonb)
returns void
language plpgsql
as $$
begin
	if params->>'outcome' = 'planned' and params->>'planned' is null then
		perform huiyin.refuse('missing_field', 'planned');
	elsif (select s.mediation from huiyin.service s where s.code = f.service) and not f.mediated then
		perform huiyin.refuse('needs_mediation', 'receipt');
	elsif params->>'without' is null and exists (
			select from huiyin.feedback_assist a
			where a.feedback = f.id and a.signed_at is null and a.released_at is null) then
		perform huiyin.refuse('needs_assisting', 'without');
	end if;
end $$;
comment on function huiyin.answer_check is
	'a plan has a date; a dispute was mediated; every assisting department has signed, or the lead says why not';

create or replace function huiyin.do_feedback_answer(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'answer');
	params jsonb := item->'params';
	f huiyin.feedback := huiyin.feedback_at(me, item, 'answer');
begin
	perform huiyin.answer_check(f, params);
	insert into huiyin.feedback_answer (feedback, number, principal, department, said, outcome,
		round, measure, planned, plain, without)
	select f.id, count(*) + 1, me.principal, me.department,
		params->>'text', params->>'outcome', f.round, params->>'measure',
		(params->>'planned')::timestamptz, params->>'plain', params->>'without'
	from huiyin.feedback_answer a
	where a.feedback = f.id;
	f := huiyin.feedback_signed(f, me, 'answer');
	f := huiyin.feedback_contacted(f, me);
	if f.state = 'accepted' then
		f := huiyin.feedback_step(f, me, 'answer', 'in_progress', '{"note": "first_contact"}');
	elsif f.state = 'waiting_submitter' then
		f := huiyin.feedback_not_waited(f, me, 'answer');
	end if;
	perform huiyin.clock_end(f, me, 'answer');
	perform huiyin.clock_end(f, me, 'assist', 'stop', params->>'without');
	perform huiyin.extension_drop(f);
	f := huiyin.feedback_step(f, me, 'answer', 'answered',
		jsonb_build_object('reason', params->>'without'));
	f.answered_at := now();
	f.revisit_by := huiyin.clock_by(f.service, 'revisit', now());
	perform huiyin.duplicates_answered(f, me);
	return huiyin.feedback_done(item, me, f, 'answer');
end $$;
comment on function huiyin.do_feedback_answer is
	'answers; signs for a dispatched feedback and makes first contact in the same act';

create or replace function api.feedback_answer(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.answer') as s
$$;
comment on function api.feedback_answer is 'params {receipt, text, outcome, measure?, planned?, plain?, without?} -> {state}';

create or replace function huiyin.feedback_told(f huiyin.feedback, office bigint)
returns table (departments bigint[], deciders bigint[])
language sql
stable
as $$
	select d.departments,
		case when (f.lead is null or f.waits or f.state in ('answered', 'revisit'))
				and office is not null
				and (office = f.against) is not true
				and office <> all (d.departments)
			then array[office] else '{}' end
	from (
		select coalesce(array_agg(t.department) filter (where t.department is not null), '{}') as departments
		from (
			select nullif(f.lead, f.against) as department
			union
			select p.department
			from huiyin.feedback_party p
			where p.feedback = f.id and (p.department = f.against) is not true
		) as t
	) as d
$$;
comment on function huiyin.feedback_told is
	'whose consoles hear of it: the departments that lead, assist or were told of lateness; and the office, where its coordinators have to decide or to revisit, and its clerks nothing to do with it; never the one it is against. A function of FROM, which the planner takes apart';

create or replace function api.feedback_changes(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_custom_plan	-- of an empty partition any index looks as good
as $$
begin
	return (
		select jsonb_build_object(
			'xid', huiyin.settled_before()::text,
			'others', huiyin.meeting_changes((params->>'xid')::xid8)
				|| huiyin.ledger_changes((params->>'xid')::xid8),
			'items', coalesce(jsonb_agg(jsonb_build_object(
				'receipt', f.receipt,
				'state', f.state,
				'answer_by', huiyin.rfc3339(f.answer_by),
				'kiosk', case when c.stepped then f.author end,
				'departments', t.departments,
				'deciders', t.deciders)
				order by f.id), '[]'))
		from (
			select x.feedback, bool_or(x.stepped) as stepped
			from (
				select h.feedback, true as stepped
				from huiyin.feedback_history h
				where h.xid >= (params->>'xid')::xid8
					and h.xid < huiyin.settled_before()
				union all
				select k.feedback, false
				from huiyin.feedback_clock k
				where k.xid >= (params->>'xid')::xid8
					and k.xid < huiyin.settled_before()
					and k.kind in ('warn', 'breach', 'escalate')
			) as x
			group by x.feedback
		) as c
		join huiyin.feedback f on f.id = c.feedback
		cross join huiyin.office() as o
		cross join lateral huiyin.feedback_told(f, o.office) as t);
end $$;
comment on function api.feedback_changes is
	'{xid} -> {xid, items: [{receipt, state, answer_by, kiosk, departments, deciders}], others: [{news, departments, deciders, ..}]}: what changed in transactions since, each once, as it is now; kiosk null where only a clock ran; others: by the name of their news; xid null: where it is now';
