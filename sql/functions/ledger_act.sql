-- SPDX-License-Identifier: Apache-2.0
-- What is done to an entry: progress, done, verify, block, cancel.

create or replace function huiyin.ledger_proof(me huiyin.identity, params jsonb)
returns jsonb
language plpgsql
as $$
declare
	f huiyin.feedback := huiyin.feedback_numbered(params->>'receipt');
begin
	if not params ?| array['text', 'receipt', 'media'] then
		perform huiyin.refuse('missing_field', 'text');
	elsif params ? 'receipt' and (f.id is null or huiyin.may_see(me, f) is not true) then
		perform huiyin.refuse('not_found', 'receipt');
	end if;
	return jsonb_build_object('receipt', f.receipt, 'media', params->>'media',
		'progress', (params->>'percent')::int);
end $$;
comment on function huiyin.ledger_proof is
	'how far, and what proves it: words, a feedback one may see, or a reference to media; refuses none';

create or replace function huiyin.do_ledger_progress(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	e huiyin.ledger_entry := huiyin.ledger_at(me, item, 'progress');
	proof jsonb := huiyin.ledger_proof(me, params);
	leads boolean := huiyin.leads_entry(me, e);
begin
	if leads then
		e.progress := (params->>'percent')::smallint;
		e.handler := me.principal;
	else
		update huiyin.ledger_party p
		set progress = (params->>'percent')::smallint
		where p.entry = e.id and p.department = me.department and p.part = 'assisting';
	end if;
	e := huiyin.ledger_step(e, me, 'progress',
		case when leads or e.state = 'open' then 'doing' else e.state end,
		params->>'text', proof);
	return huiyin.ledger_done(item, me, e, 'progress');
end $$;
comment on function huiyin.do_ledger_progress is
	'how far the lead has come, or one that assists with its part; what was blocked goes on when the lead does';

create or replace function huiyin.ledger_verifier(e huiyin.ledger_entry)
returns void
language sql
as $$
	insert into huiyin.ledger_party (entry, department, part)
	select e.id, o.superior, 'verifying'
	from huiyin.office() as o
	where e.doer = o.office and o.superior is not null
	on conflict do nothing
$$;
comment on function huiyin.ledger_verifier is
	'what the office itself has done its superior may verify; anything else the office';

create or replace function huiyin.do_ledger_done(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	e huiyin.ledger_entry := huiyin.ledger_at(me, item, 'done');
	proof jsonb := huiyin.ledger_proof(me, params);
begin
	perform huiyin.ledger_clock_end(e, me);
	e.progress := 100;
	e.handler := me.principal;
	e.doer := me.department;
	e.said := params->>'text';
	e.done_at := now();
	perform huiyin.ledger_verifier(e);
	e := huiyin.ledger_step(e, me, 'done', 'done', params->>'text', proof || '{"progress": 100}');
	return huiyin.ledger_done(item, me, e, 'done');
end $$;
comment on function huiyin.do_ledger_done is
	'the lead says that it is done, and what: in words those read whose feedback led to it, once it is verified';

create or replace function huiyin.has_worked_on(e huiyin.ledger_entry, me huiyin.identity)
returns boolean
language sql
stable
as $$
	select e.doer = me.department or exists (
		select
		from huiyin.ledger_history h
		where h.entry = e.id and h.principal = me.principal and h.act in ('progress', 'done'))
$$;
comment on function huiyin.has_worked_on is
	'is it of the department that did it, or did this person work on it elsewhere?';

create or replace function huiyin.ledger_refused(
	e huiyin.ledger_entry,
	me huiyin.identity,
	reason text)
returns huiyin.ledger_entry
language plpgsql
as $$
begin
	e.progress := coalesce((
		select (h.detail->>'progress')::smallint
		from huiyin.ledger_history h
		where h.entry = e.id and h.act = 'progress' and h.department = e.doer
		order by h.step desc
		limit 1), 0);
	e.doer := null;
	e.said := null;
	e.done_at := null;
	e := huiyin.ledger_step(e, me, 'verify', 'doing', reason, '{"decision": "refused"}');
	if huiyin.is_entry_running(e) then
		perform huiyin.ledger_note(e, 'start', jsonb_build_object('principal', me.principal,
			'department', e.lead, 'reason', 'refused'));
		perform huiyin.ledger_missed(e);
	end if;
	return e;
end $$;
comment on function huiyin.ledger_refused is
	'it is not done: as far as it was before, and due when it was; what ran out meanwhile is late';

create or replace function huiyin.do_ledger_verify(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	e huiyin.ledger_entry := huiyin.ledger_at(me, item, 'verify');
begin
	if huiyin.has_worked_on(e, me) then
		perform huiyin.refuse('own_work', 'entry');
	elsif params->>'decision' = 'refused' then
		if params->>'reason' is null then
			perform huiyin.refuse('missing_field', 'reason');
		end if;
		e := huiyin.ledger_refused(e, me, params->>'reason');
		return huiyin.ledger_done(item, me, e, 'verify');
	end if;
	e.closed_at := now();
	e := huiyin.ledger_step(e, me, 'verify', 'verified', params->>'reason', '{"decision": "verified"}');
	perform huiyin.ledger_tell(array[e.id], me, 'verified');
	return huiyin.ledger_done(item, me, e, 'verify');
end $$;
comment on function huiyin.do_ledger_verify is
	'somebody of another department than the doer says that it is done, or that it is not and why; done, everyone whose feedback led to it hears';

create or replace function huiyin.ledger_regions(e huiyin.ledger_entry, me huiyin.identity)
returns jsonb
language sql
stable
as $$
	select coalesce(
		(select jsonb_agg(r.township order by r.township)
		from (
			select distinct huiyin.region_township(f.region) as township
			from huiyin.ledger_kin(array[e.id]) as k
			join huiyin.feedback f on f.id = k.feedback
			where (f.against = me.department) is not true
		) as r
		where me.region = any (huiyin.region_line(r.township))),
		jsonb_build_array(me.region))
$$;
comment on function huiyin.ledger_regions is
	'whom a plan concerns when nobody says: the townships the feedback came from, as far as they are the department''s, else all its region; nothing of what is against it';

create or replace function huiyin.ledger_plan(
	e huiyin.ledger_entry,
	me huiyin.identity,
	params jsonb)
returns jsonb
language sql
stable
as $$
	select case when params ? 'notice' then jsonb_build_object('notice', params->>'notice')
		else jsonb_strip_nulls(jsonb_build_object(
			'kind', 'project',
			'headline', params->>'headline',
			'description', params->>'plan',
			'expires', params->>'expires',
			'audience', coalesce(params->'audience',
				jsonb_build_object('regions', huiyin.ledger_regions(e, me)))))
	end
$$;
comment on function huiyin.ledger_plan is 'the notice a plan becomes, as notice.publish takes it';

create or replace function huiyin.do_ledger_block(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	e huiyin.ledger_entry := huiyin.ledger_at(me, item, 'block');
	plan huiyin.notice := huiyin.notice_to_publish(me, huiyin.ledger_plan(e, me, params));
	done jsonb;
begin
	e.handler := me.principal;
	e.notice := plan.id;
	e := huiyin.ledger_step(e, me, 'block', 'blocked', params->>'reason',
		jsonb_build_object('notice', plan.notice));
	done := huiyin.ledger_done(item, me, e, 'block');
	perform huiyin.audit(me.principal, 'notice.publish', (item->>'ref')::uuid, plan.notice,
		decode(item->>'hash', 'hex'));
	return done || jsonb_build_object('notice', plan.notice,
		'seq', huiyin.notice_number(plan.id, me.principal));
end $$;
comment on function huiyin.do_ledger_block is
	'what is in the way, and the plan: a notice to those it concerns, published in the same transaction. The clock runs on';

create or replace function huiyin.do_ledger_cancel(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	e huiyin.ledger_entry := huiyin.ledger_at(me, item, 'cancel');
begin
	perform huiyin.ledger_clock_end(e, me, 'stop', 'cancelled');
	e.closed_at := now();
	e := huiyin.ledger_step(e, me, 'cancel', 'cancelled', item->'params'->>'reason');
	perform huiyin.ledger_tell(array[e.id], me, 'cancelled');
	return huiyin.ledger_done(item, me, e, 'cancel');
end $$;
comment on function huiyin.do_ledger_cancel is
	'the coordinator takes it back, with the reason; late it stays late';

create or replace function api.ledger_progress(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'ledger.progress') as s
$$;
comment on function api.ledger_progress is 'params {entry, percent, text?, receipt?, media?} -> {state, progress}';

create or replace function api.ledger_done(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'ledger.done') as s
$$;
comment on function api.ledger_done is 'params {entry, text, receipt?, media?} -> {state, progress}';

create or replace function api.ledger_verify(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'ledger.verify') as s
$$;
comment on function api.ledger_verify is 'params {entry, decision: verified|refused, reason?} -> {state, progress}';

create or replace function api.ledger_block(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'ledger.block') as s
$$;
comment on function api.ledger_block is
	'params {entry, reason, notice} or {entry, reason, headline, plan, audience?, expires?} -> {state, progress, notice, seq}';

create or replace function api.ledger_cancel(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'ledger.cancel') as s
$$;
comment on function api.ledger_cancel is 'params {entry, reason} -> {state, progress}';
