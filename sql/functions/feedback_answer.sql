-- SPDX-License-Identifier: Apache-2.0
-- feedback.answer, and what nodes follow to tell submitters and consoles.

create or replace function huiyin.feedback_step(
	f huiyin.feedback,
	state text,
	me huiyin.identity,
	note text default null)
returns void
language plpgsql
as $$
begin
	insert into huiyin.feedback_history (feedback, step, at, state, principal, department, note)
	select f.id, h.steps + 1, now(), feedback_step.state, me.principal, me.department,
		feedback_step.note
	from huiyin.feedback h
	where h.id = f.id and h.filed_at = f.filed_at;
	update huiyin.feedback h
	set state = feedback_step.state, steps = h.steps + 1
	where h.id = f.id and h.filed_at = f.filed_at;
end $$;
comment on function huiyin.feedback_step is
	'one step of a locked feedback: its new state and the row of history that never changes';

create or replace function huiyin.feedback_to_answer(me huiyin.identity, receipt text)
returns huiyin.feedback
language plpgsql
as $$
declare
	seen huiyin.feedback := huiyin.feedback_numbered(receipt);
	f huiyin.feedback;
begin
	select h.* into f
	from huiyin.feedback h
	where h.id = seen.id and h.filed_at = seen.filed_at
	for update;
	if f.id is null or huiyin.may_see(me, f) is not true then
		perform huiyin.refuse('not_found', 'receipt');
	elsif f.lead is null then
		perform huiyin.refuse('wrong_state', 'receipt');
	elsif f.lead is distinct from me.department then
		perform huiyin.refuse('not_allowed');
	elsif f.state not in ('dispatched', 'accepted', 'in_progress', 'scheduled',
			'waiting_submitter', 'reopened') then
		perform huiyin.refuse('wrong_state', 'receipt');
	end if;
	return f;
end $$;
comment on function huiyin.feedback_to_answer is
	'the feedback, locked, if this person may answer it now';

create or replace function huiyin.do_feedback_answer(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	params jsonb := item->'params';
	f huiyin.feedback := huiyin.feedback_to_answer(me, params->>'receipt');
begin
	insert into huiyin.feedback_answer (feedback, number, principal, department, said, outcome)
	select f.id, count(*) + 1, me.principal, me.department,
		params->>'text', params->>'outcome'
	from huiyin.feedback_answer a
	where a.feedback = f.id;
	if f.state = 'dispatched' then
		perform huiyin.feedback_step(f, 'accepted', me, 'signed');
	end if;
	if f.state in ('dispatched', 'accepted') then
		perform huiyin.feedback_step(f, 'in_progress', me, 'first_contact');
	end if;
	perform huiyin.feedback_step(f, 'answered', me);
	perform huiyin.audit(me.principal, 'feedback.answer', (item->>'ref')::uuid,
		f.receipt, decode(item->>'hash', 'hex'));
	return jsonb_build_object('state', 'answered');
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
comment on function api.feedback_answer is 'params {receipt, text, outcome} -> {state}';

create or replace function huiyin.feedback_told(lead bigint, against bigint, office bigint)
returns bigint[]
language sql
immutable
as $$
	select array_remove(array[nullif(coalesce(lead, office), against)], null)
$$;
comment on function huiyin.feedback_told is
	'the departments whose consoles hear of it: its lead, or the coordinating office; never the one it is against';

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
			'items', coalesce(jsonb_agg(jsonb_build_object(
				'receipt', f.receipt,
				'state', f.state,
				'answer_by', huiyin.rfc3339(f.answer_by),
				'kiosk', f.author,
				'departments', huiyin.feedback_told(f.lead, f.against, o.office))
				order by f.id), '[]'))
		from (
			select distinct h.feedback
			from huiyin.feedback_history h
			where h.xid >= (params->>'xid')::xid8
				and h.xid < huiyin.settled_before()
		) as c
		join huiyin.feedback f on f.id = c.feedback
		cross join huiyin.office() as o);
end $$;
comment on function api.feedback_changes is
	'{xid} -> {xid, items: [{receipt, state, answer_by, kiosk, departments}]}: what changed in transactions since, each once, as it is now; xid null: where it is now';
