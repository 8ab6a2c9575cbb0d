-- SPDX-License-Identifier: Apache-2.0
-- The state machine: who has what part in a feedback, which act its state allows
-- them (huiyin.feedback_move), and one way to take a step.

create or replace function huiyin.is_clerkish(me huiyin.identity)
returns boolean
language sql
immutable
as $$
	select me.roles && array['clerk', 'approver', 'coordinator']
$$;
comment on function huiyin.is_clerkish is 'does this person act for a department?';

create or replace function huiyin.has_party(f huiyin.feedback, department bigint, part text)
returns boolean
language plpgsql
stable
as $$
begin
	return exists (
		select
		from huiyin.feedback_party p
		where p.feedback = f.id and p.department = has_party.department
			and (has_party.part is null or p.part = has_party.part));
end $$;
comment on function huiyin.has_party is 'has this department that part in it (null: any)?';

create or replace function huiyin.may_decide(me huiyin.identity, f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select 'coordinator' = any (me.roles) and (
		f.lead is null
		or f.state in ('received', 'triage', 'returned', 'arbitration')
		or f.state = 'closed_duplicate'
		or exists (select from huiyin.department d
			where d.id = f.lead and (d.coordinating or not d.active)))
$$;
comment on function huiyin.may_decide is
	'may this coordinator say who leads? What an active department has is its own until it returns it';

create or replace function huiyin.approves(me huiyin.identity, f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select me.roles && array['approver', 'coordinator'] and exists (
		select
		from huiyin.feedback_extension e
		where e.feedback = f.id and e.decided_at is null
			and e.department = me.department)
$$;
comment on function huiyin.approves is 'does an extension wait for this person''s word?';

create or replace function huiyin.feedback_parts(
	me huiyin.identity,
	f huiyin.feedback,
	proved boolean)
returns text[]
language sql
stable
as $$
	select array_remove(array[
		case when 'coordinator' = any (me.roles) and (me.coordinating or huiyin.may_decide(me, f))
			then 'coordinator' end,
		case when huiyin.is_clerkish(me) and (f.lead = me.department
			or (f.lead is null and 'coordinator' = any (me.roles))) then 'lead' end,
		case when huiyin.is_clerkish(me) and huiyin.has_party(f, me.department, 'assisting')
			then 'assisting' end,
		case when huiyin.approves(me, f) then 'superior' end,
		case when huiyin.is_clerkish(me) and (f.lead = me.department
			or ('coordinator' = any (me.roles) and me.coordinating)) then 'other' end,
		case when proved then 'submitter' end,
		case when proved or f.author = me.principal then 'filer' end], null)
$$;
comment on function huiyin.feedback_parts is 'the parts of feedback_move this person has in it';

create or replace function huiyin.act_roles(act text)
returns text[]
language plpgsql
stable
as $$
begin
	return (
		select case
			when bool_or(m.part in ('submitter', 'filer')) then null
			when bool_and(m.part in ('coordinator', 'clock')) then array['coordinator']
			when bool_and(m.part = 'superior') then array['approver', 'coordinator']
			else array['clerk', 'approver', 'coordinator']
		end
		from huiyin.feedback_move m
		where m.act = act_roles.act);
end $$;
comment on function huiyin.act_roles is
	'the roles that may have such a part at all; null: a submitter, who may be anybody';

create or replace function huiyin.feedback_actor(item jsonb, act text)
returns huiyin.identity
language plpgsql
stable
as $$
declare
	roles text[] := huiyin.act_roles(act);
	me huiyin.identity;
begin
	if roles is not null then
		return huiyin.me(item->'who', roles);
	end if;
	select i.* into me
	from huiyin.identity i
	where i.principal = (item->'who'->>'principal')::bigint;
	if me.active is false then
		perform huiyin.refuse('disabled');
	end if;
	return me;
end $$;
comment on function huiyin.feedback_actor is
	'who acts; refuses whoever cannot have a part in such an act; all null for a visitor';

create or replace function huiyin.refuse_state(
	f huiyin.feedback,
	me huiyin.identity,
	path text default 'receipt')
returns void
language plpgsql
as $$
declare
	now_so jsonb;
begin
	select jsonb_build_object(
		'state', f.state,
		'by', concat_ws(' ', d.name, case
			when me.kind = 'staff' and h.principal is distinct from f.author
				then coalesce(s.display_name, p.name) end),
		'at', huiyin.rfc3339(h.at),
		'acts', coalesce((
			select jsonb_agg(distinct 'feedback.' || case m.act when 'approve' then 'extend' else m.act end)
			from huiyin.feedback_move m
			where m.was = f.state and m.part <> 'clock'), '[]'))
	into now_so
	from huiyin.feedback_history h
	left join huiyin.department d on d.id = h.department
	left join huiyin.principal p on p.id = h.principal
	left join huiyin.staff s on s.principal = h.principal
	where h.feedback = f.id and h.at >= f.filed_at and h.step = f.steps;
	raise exception using errcode = 'YN001', message = 'wrong_state', detail = path,
		column = coalesce(now_so::text, '');
end $$;
comment on function huiyin.refuse_state is
	'wrong_state, with the state it is in, who brought it there and when, and which acts that state allows';

create or replace function huiyin.feedback_locked(receipt text, path text default 'receipt')
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
	if f.id is null then
		perform huiyin.refuse('not_found', path);
	end if;
	return f;
end $$;
comment on function huiyin.feedback_locked is 'the feedback, locked; refuses a number nobody has';

create or replace function huiyin.feedback_at(
	me huiyin.identity,
	item jsonb,
	act text,
	path text default 'receipt')
returns huiyin.feedback
language plpgsql
as $$
declare
	proved boolean := path = 'receipt' and coalesce((item->'params'->>'proved')::boolean, false);
	f huiyin.feedback := huiyin.feedback_locked(item->'params'->>path, path);
	parts text[] := huiyin.feedback_parts(me, f, proved);
	decides boolean := huiyin.act_roles(act) = array['coordinator'];
begin
	if (f.against = me.department) is true
			or (proved or huiyin.may_see(me, f) or parts && array['filer', 'superior']
				or (decides and parts && array['coordinator'])
				or (act = 'revisit' and parts && array['other'])) is not true then
		perform huiyin.refuse('not_found', path);
	elsif not exists (select from huiyin.feedback_move m
			where m.act = feedback_at.act and m.part = any (parts)) then
		perform huiyin.refuse('not_allowed');
	elsif not exists (select from huiyin.feedback_move m
			where m.act = feedback_at.act and m.part = any (parts) and m.was = f.state)
			or (decides and act <> 'link' and not huiyin.may_decide(me, f)) then
		perform huiyin.refuse_state(f, me, path);
	end if;
	return f;
end $$;
comment on function huiyin.feedback_at is
	'the feedback, locked, if this act is theirs and its state allows it';

create or replace function huiyin.feedback_step(
	f huiyin.feedback,
	me huiyin.identity,
	act text,
	becomes text,
	said jsonb default '{}')
returns huiyin.feedback
language plpgsql
as $$
declare
	move huiyin.feedback_move;
begin
	select m.* into move
	from huiyin.feedback_move m
	where m.act = feedback_step.act and m.was = f.state and m.becomes = feedback_step.becomes;
	if not found then
		raise exception 'no % leads from % to %', act, f.state, becomes;
	end if;
	f.steps := f.steps + 1;
	f.state := becomes;
	insert into huiyin.feedback_history (feedback, step, at, state, principal, department,
		note, act, tells)
	values (f.id, f.steps, now(), becomes, me.principal, me.department,
		said->>'note', act, move.tells);
	insert into huiyin.feedback_reason (feedback, step, said, detail)
	select f.id, f.steps, said->>'reason', said->'detail'
	where said->>'reason' is not null or said ? 'detail';
	return f;
end $$;
comment on function huiyin.feedback_step is
	'one step of a locked feedback, a row of history that never changes; said: note (a tag), reason (words), detail. feedback_keep writes the rest';

create or replace function huiyin.waits_for_decision(f huiyin.feedback)
returns boolean
language plpgsql
stable
as $$
begin
	return f.state in ('received', 'triage', 'returned', 'arbitration')
		or (f.state in ('dispatched', 'accepted', 'in_progress', 'scheduled', 'waiting_submitter',
				'reopened')
			and exists (
				select from huiyin.department d
				where d.id = f.lead
					and (not d.active or (d.coordinating and f.state = 'dispatched'))));
end $$;
comment on function huiyin.waits_for_decision is 'has the coordinator to decide who leads?';

create or replace function huiyin.feedback_keep(f huiyin.feedback)
returns void
language plpgsql
as $$
declare
	n record;
begin
	select t.tick_at, t.level into n from huiyin.tick_next(f) as t;
	update huiyin.feedback h
	set state = f.state,
		steps = f.steps,
		lead = f.lead,
		waits = huiyin.waits_for_decision(f),
		sign_by = f.sign_by,
		contact_by = f.contact_by,
		answer_by = f.answer_by,
		dispatched_at = f.dispatched_at,
		contacted_at = f.contacted_at,
		answer_from = f.answer_from,
		answer_first_by = f.answer_first_by,
		paused_at = f.paused_at,
		answered_at = f.answered_at,
		revisit_by = f.revisit_by,
		closed_at = f.closed_at,
		handler = f.handler,
		returns = f.returns,
		bound = f.bound,
		mediated = f.mediated,
		round = f.round,
		main = f.main,
		ticked_at = f.ticked_at,
		tick_at = n.tick_at,
		level = n.level
	where h.id = f.id and h.filed_at = f.filed_at;
end $$;
comment on function huiyin.feedback_keep is
	'writes a locked feedback back, and when the clock has to look at it next';

create or replace function huiyin.feedback_done(item jsonb, me huiyin.identity, f huiyin.feedback, act text)
returns jsonb
language plpgsql
as $$
begin
	perform huiyin.feedback_keep(f);
	perform huiyin.audit(me.principal, 'feedback.' || act, (item->>'ref')::uuid,
		f.receipt, decode(item->>'hash', 'hex'));
	return jsonb_build_object('state', f.state);
end $$;
comment on function huiyin.feedback_done is 'the end of an act: kept, in the audit, answered with its state';

create or replace function huiyin.feedback_signed(f huiyin.feedback, me huiyin.identity, act text)
returns huiyin.feedback
language plpgsql
as $$
begin
	if f.state = 'dispatched' then
		perform huiyin.clock_end(f, me, 'sign');
		f.handler := me.principal;
		f := huiyin.feedback_step(f, me, act, 'accepted', '{"note": "signed"}');
	end if;
	return f;
end $$;
comment on function huiyin.feedback_signed is 'signs for what is only dispatched';

create or replace function huiyin.feedback_contacted(f huiyin.feedback, me huiyin.identity)
returns huiyin.feedback
language plpgsql
as $$
begin
	if f.contacted_at is null then
		perform huiyin.clock_end(f, me, 'contact');
		f.contacted_at := now();
	end if;
	return f;
end $$;
comment on function huiyin.feedback_contacted is 'the first human contact ends that clock';
