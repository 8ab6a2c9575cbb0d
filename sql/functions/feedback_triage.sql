-- SPDX-License-Identifier: Apache-2.0
-- The coordinator's acts: triage, dispatch, arbitrate; and return, by which a
-- department says that something is not theirs.

create or replace function huiyin.department_to_lead(f huiyin.feedback, code text, path text)
returns bigint
language plpgsql
stable
as $$
declare
	d huiyin.department;
begin
	select t.* into d from huiyin.department t where t.code = department_to_lead.code and t.active;
	if not found then
		perform huiyin.refuse('unknown_department', path);
	elsif d.id = f.against then
		perform huiyin.refuse('bad_value', path);
	end if;
	return d.id;
end $$;
comment on function huiyin.department_to_lead is
	'an active department by its code, if it may have this feedback: never the one it is against';

create or replace function huiyin.assisting_set(f huiyin.feedback, assisting jsonb, task text)
returns void
language plpgsql
as $$
declare
	one record;
	chosen bigint[] := '{}';
	which bigint;
begin
	for one in select a.code, a.n - 1 as n
		from jsonb_array_elements_text(coalesce(assisting, '[]')) with ordinality as a(code, n)
	loop
		which := huiyin.department_to_lead(f, one.code, format('assisting[%s]', one.n));
		if which = f.lead or which = any (chosen) then
			perform huiyin.refuse('bad_value', format('assisting[%s]', one.n));
		end if;
		chosen := chosen || which;
		insert into huiyin.feedback_assist as a (feedback, department, from_at, by_at, task)
		values (f.id, which, now(),
			least(huiyin.clock_by(f.service, 'assist', now()), greatest(f.answer_by, now() + interval '1 minute')),
			assisting_set.task)
		on conflict on constraint feedback_assist_is_one_per_department
		do update set released_at = null, task = coalesce(excluded.task, a.task);
		insert into huiyin.feedback_party (feedback, department, part)
		values (f.id, which, 'assisting')
		on conflict do nothing;
	end loop;
	update huiyin.feedback_assist a
	set released_at = now()
	where a.feedback = f.id and a.signed_at is null and a.released_at is null
		and a.department <> all (chosen);
	delete from huiyin.feedback_party p
	where p.feedback = f.id and p.part = 'assisting' and p.department <> all (chosen)
		and not exists (select from huiyin.feedback_assist a
			where a.feedback = f.id and a.department = p.department and a.signed_at is not null);
end $$;
comment on function huiyin.assisting_set is
	'who assists from now on, each with a sub-clock that ends no later than the answer; who is not named any more is released';

create or replace function huiyin.feedback_lead(
	f huiyin.feedback,
	me huiyin.identity,
	params jsonb,
	act text)
returns huiyin.feedback
language plpgsql
as $$
declare
	new_lead bigint := huiyin.department_to_lead(f, params->>'lead', 'lead');
	was bigint := f.lead;
	was_by timestamptz := f.sign_by;
begin
	perform huiyin.clock_end(f, me, 'dispatch');
	perform huiyin.clock_end(f, me, 'sign assist', 'stop', act);
	perform huiyin.extension_drop(f);
	f.lead := new_lead;
	f.handler := null;
	f.dispatched_at := now();
	f.sign_by := huiyin.clock_by(f.service, 'sign', now());
	f.contact_by := coalesce(f.contact_by, huiyin.clock_by(f.service, 'contact', now()));
	perform huiyin.assisting_set(f, params->'assisting', params->>'task');
	f := huiyin.feedback_step(f, me, act, 'dispatched', jsonb_build_object(
		'reason', params->>'reason',
		'detail', jsonb_build_object('lead', params->>'lead', 'assisting', params->'assisting')));
	perform huiyin.clock_note(f, 'sign', case when was is null then 'start' else 'reassign' end,
		jsonb_build_object('old_by', was_by, 'new_by', f.sign_by, 'principal', me.principal,
			'department', f.lead, 'reason', params->>'reason'));
	return f;
end $$;
comment on function huiyin.feedback_lead is
	'gives it to a lead and those who assist; their clocks begin, the person''s go on as they were';

create or replace function huiyin.do_feedback_triage(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'triage');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'triage');
	outside jsonb := params->'outside';
begin
	if outside is null then
		if f.state not in ('received', 'returned') then
			perform huiyin.refuse_state(f, me);
		end if;
		f := huiyin.feedback_step(f, me, 'triage', 'triage', jsonb_build_object('reason', params->>'note'));
		return huiyin.feedback_done(item, me, f, 'triage');
	end if;
	insert into huiyin.feedback_answer (feedback, number, principal, department, said, outcome, round)
	select f.id, count(*) + 1, me.principal, me.department,
		concat(outside->>'reason', E'\n', outside->>'where'), 'not_accepted', f.round
	from huiyin.feedback_answer a
	where a.feedback = f.id;
	perform huiyin.clock_end(f, me, 'answer');
	perform huiyin.clock_end(f, me, 'dispatch sign contact assist', 'stop', 'not_accepted');
	perform huiyin.extension_drop(f);
	f.closed_at := now();
	f := huiyin.feedback_step(f, me, 'triage', 'closed_not_accepted', jsonb_build_object(
		'reason', outside->>'reason', 'detail', outside));
	return huiyin.feedback_done(item, me, f, 'triage');
end $$;
comment on function huiyin.do_feedback_triage is
	'takes it into triage; or, outside the law, closes it with the reason and where to go';

create or replace function huiyin.do_feedback_dispatch(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'dispatch');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'dispatch');
begin
	if f.state = 'waiting_submitter' then
		f := huiyin.feedback_not_waited(f, me, 'dispatch');
	end if;
	f := huiyin.feedback_lead(f, me, item->'params', 'dispatch');
	return huiyin.feedback_done(item, me, f, 'dispatch');
end $$;
comment on function huiyin.do_feedback_dispatch is
	'names the lead and those who assist; what waited for the submitter waits no more, and the new lead asks again if it must';

create or replace function huiyin.do_feedback_arbitrate(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'arbitrate');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'arbitrate');
begin
	f.bound := true;
	f := huiyin.feedback_lead(f, me, item->'params', 'arbitrate');
	return huiyin.feedback_done(item, me, f, 'arbitrate');
end $$;
comment on function huiyin.do_feedback_arbitrate is
	'the coordinator''s word: whom it names cannot return it';

create or replace function huiyin.do_feedback_return(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'return');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'return');
	suggested bigint := huiyin.department_to_lead(f, params->>'suggestion', 'suggestion');
begin
	if f.bound then
		perform huiyin.refuse('bound', 'receipt');
	elsif suggested = me.department then
		perform huiyin.refuse('bad_value', 'suggestion');
	end if;
	perform huiyin.clock_end(f, me, 'sign', 'stop', 'returned');
	f.returns := f.returns + 1;
	f := huiyin.feedback_step(f, me, 'return',
		case when f.returns = 1 then 'returned' else 'arbitration' end,
		jsonb_build_object('reason', params->>'reason',
			'detail', jsonb_build_object('suggestion', params->>'suggestion')));
	perform huiyin.clock_breach(f, 'dispatch', null, f.dispatch_by);
	return huiyin.feedback_done(item, me, f, 'return');
end $$;
comment on function huiyin.do_feedback_return is
	'not theirs, with the reason and whose it may be: once; the second time the coordinator arbitrates. The clock of dispatch is not reset';

create or replace function api.feedback_triage(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.triage') as s
$$;
comment on function api.feedback_triage is 'params {receipt, note?, outside?} -> {state}';

create or replace function api.feedback_dispatch(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.dispatch') as s
$$;
comment on function api.feedback_dispatch is 'params {receipt, lead, assisting?, task?, reason?} -> {state}';

create or replace function api.feedback_arbitrate(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.arbitrate') as s
$$;
comment on function api.feedback_arbitrate is 'params {receipt, lead, assisting?, task?, reason} -> {state}';

create or replace function api.feedback_return(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.return') as s
$$;
comment on function api.feedback_return is 'params {receipt, reason, suggestion} -> {state}';
