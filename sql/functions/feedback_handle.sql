-- SPDX-License-Identifier: Apache-2.0
-- What the lead and those who assist do between dispatch and answer: accept,
-- contact, ask (and the submitter's supply), assist.

create or replace function huiyin.do_feedback_accept(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'accept');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'accept');
begin
	f := huiyin.feedback_signed(f, me, 'accept');
	return huiyin.feedback_done(item, me, f, 'accept');
end $$;
comment on function huiyin.do_feedback_accept is 'the lead signs for it';

create or replace function huiyin.do_feedback_contact(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'contact');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'contact');
begin
	f := huiyin.feedback_signed(f, me, 'contact');
	f := huiyin.feedback_contacted(f, me);
	f.mediated := f.mediated or params->>'how' = 'mediation';
	f := huiyin.feedback_step(f, me, 'contact',
		case f.state when 'scheduled' then 'scheduled' else 'in_progress' end,
		jsonb_build_object('note', params->>'how', 'reason', params->>'note'));
	return huiyin.feedback_done(item, me, f, 'contact');
end $$;
comment on function huiyin.do_feedback_contact is
	'somebody spoke with the submitter, or mediated; signs for it where nobody has';

create or replace function huiyin.do_feedback_ask(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'ask');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'ask');
	c record;
begin
	f := huiyin.feedback_signed(f, me, 'ask');
	f := huiyin.feedback_contacted(f, me);
	insert into huiyin.feedback_request (feedback, number, asked, principal)
	select f.id, count(*) + 1, params->>'text', me.principal
	from huiyin.feedback_request r
	where r.feedback = f.id;
	for c in select r.clock, r.department, r.by_at from huiyin.feedback_clocks(f) as r loop
		perform huiyin.clock_breach(f, c.clock, c.department, c.by_at);
		perform huiyin.clock_note(f, c.clock, 'pause', jsonb_build_object('old_by', c.by_at,
			'new_by', c.by_at, 'principal', me.principal, 'department', c.department));
	end loop;
	f.paused_at := now();
	f := huiyin.feedback_step(f, me, 'ask', 'waiting_submitter',
		jsonb_build_object('reason', params->>'text'));
	return huiyin.feedback_done(item, me, f, 'ask');
end $$;
comment on function huiyin.do_feedback_ask is
	'needs something of the submitter: the one thing that pauses the clocks';

create or replace function huiyin.paused_until(
	f huiyin.feedback,
	clock text,
	by_at timestamptz)
returns timestamptz
language plpgsql
stable
as $$
declare
	works boolean;
	rest bigint;
begin
	if (by_at > f.paused_at) is not true then
		return by_at;	-- it was late before it was paused
	end if;
	select c.unit like 'working%' into works
	from huiyin.service_clock c
	where c.service = f.service and c.clock = paused_until.clock;
	rest := case when works then huiyin.working_minutes(f.paused_at, by_at) else 0 end;
	if rest < 1 then
		return by_at + (now() - f.paused_at);
	end if;
	return greatest(by_at, huiyin.deadline(now(), rest::int, 'working_minutes'));
end $$;
comment on function huiyin.paused_until is
	'a paused deadline, moved by as long as the pause was; what was late stays late';

create or replace function huiyin.feedback_resumed(
	f huiyin.feedback,
	me huiyin.identity)
returns huiyin.feedback
language plpgsql
as $$
declare
	c record;
	new_by timestamptz := huiyin.paused_until(f, 'answer', f.answer_by);
begin
	perform huiyin.clock_note(f, 'answer', 'resume', jsonb_build_object('old_by', f.answer_by,
		'new_by', new_by, 'principal', me.principal, 'department', f.lead));
	if new_by <> f.answer_by then
		f.answer_first_by := coalesce(f.answer_first_by, f.answer_by);
		f.answer_by := new_by;
	end if;
	for c in
		select a.department, a.by_at, huiyin.paused_until(f, 'assist', a.by_at) as new_by
		from huiyin.feedback_assist a
		where a.feedback = f.id and a.signed_at is null and a.released_at is null
	loop
		perform huiyin.clock_note(f, 'assist', 'resume', jsonb_build_object('old_by', c.by_at,
			'new_by', c.new_by, 'principal', me.principal, 'department', c.department));
		update huiyin.feedback_assist a
		set by_at = c.new_by
		where a.feedback = f.id and a.department = c.department;
	end loop;
	f.paused_at := null;
	return f;
end $$;
comment on function huiyin.feedback_resumed is 'the clocks go on';

create or replace function huiyin.feedback_not_waited(
	f huiyin.feedback,
	me huiyin.identity,
	act text)
returns huiyin.feedback
language plpgsql
as $$
begin
	f := huiyin.feedback_resumed(f, me);
	return huiyin.feedback_step(f, me, act, 'in_progress', '{"note": "not_waited"}');
end $$;
comment on function huiyin.feedback_not_waited is
	'it goes on without what was asked of the submitter';

create or replace function huiyin.do_feedback_supply(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'supply');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'supply');
begin
	update huiyin.feedback_request r
	set supplied_at = now(), supplied = params->>'text'
	where r.feedback = f.id and r.number = (	-- not those that were not waited for
		select max(x.number) from huiyin.feedback_request x where x.feedback = f.id);
	f := huiyin.feedback_resumed(f, me);
	f := huiyin.feedback_step(f, me, 'supply', 'in_progress',
		jsonb_build_object('reason', params->>'text'));
	return huiyin.feedback_done(item, me, f, 'supply');
end $$;
comment on function huiyin.do_feedback_supply is
	'the submitter, or the kiosk or person that filed it, says what was asked';

create or replace function huiyin.do_feedback_assist(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'assist');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'assist');
begin
	if not exists (select from huiyin.feedback_assist a
			where a.feedback = f.id and a.department = me.department and a.signed_at is null) then
		perform huiyin.refuse('already', 'receipt');
	end if;
	perform huiyin.clock_end(f, me, 'assist');
	update huiyin.feedback_assist a
	set signed_at = now(), principal = me.principal, said = params->>'text'
	where a.feedback = f.id and a.department = me.department;
	f := huiyin.feedback_step(f, me, 'assist', f.state, jsonb_build_object('reason', params->>'text'));
	return huiyin.feedback_done(item, me, f, 'assist');
end $$;
comment on function huiyin.do_feedback_assist is 'an assisting department signs its part';

create or replace function api.feedback_accept(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.accept') as s
$$;
comment on function api.feedback_accept is 'params {receipt} -> {state}';

create or replace function api.feedback_contact(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.contact') as s
$$;
comment on function api.feedback_contact is 'params {receipt, how, note?} -> {state}';

create or replace function api.feedback_ask(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.ask') as s
$$;
comment on function api.feedback_ask is 'params {receipt, text} -> {state}';

create or replace function api.feedback_supply(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.supply') as s
$$;
comment on function api.feedback_supply is 'params {receipt, proved?, text} -> {state}';

create or replace function api.feedback_assist(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.assist') as s
$$;
comment on function api.feedback_assist is 'params {receipt, text} -> {state}';
