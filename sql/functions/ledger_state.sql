-- SPDX-License-Identifier: Apache-2.0
-- An entry of the ledger on its way: who has what part in it, which act its state
-- allows them (huiyin.ledger_move), and one way to take a step.

create or replace function huiyin.ledger_numbered(entry text)
returns huiyin.ledger_entry
language plpgsql	-- whose plans are kept; that of an SQL function would be made each time
stable
as $$
declare
	e huiyin.ledger_entry;
begin
	select x.* into e from huiyin.ledger_entry x where x.entry = ledger_numbered.entry;
	return e;
end $$;
comment on function huiyin.ledger_numbered is 'by the number people read';

create or replace function huiyin.sees_all_ledger(me huiyin.identity)
returns boolean
language sql
immutable
as $$
	select 'auditor' = any (me.roles) or ('coordinator' = any (me.roles) and me.coordinating)
$$;
comment on function huiyin.sees_all_ledger is 'the coordinator and auditors';

create or replace function huiyin.has_ledger_part(e huiyin.ledger_entry, department bigint, part text)
returns boolean
language plpgsql
stable
as $$
begin
	return exists (
		select
		from huiyin.ledger_party p
		where p.entry = e.id and p.department = has_ledger_part.department
			and (has_ledger_part.part is null or p.part = has_ledger_part.part));
end $$;
comment on function huiyin.has_ledger_part is 'has this department that part in it (null: any)?';

create or replace function huiyin.may_see_entry(me huiyin.identity, e huiyin.ledger_entry)
returns boolean
language sql
stable
as $$
	select huiyin.sees_all_ledger(me)
		or (huiyin.is_clerkish(me) and huiyin.has_ledger_part(e, me.department, null))
$$;
comment on function huiyin.may_see_entry is
	'the departments that lead, assist, have to verify or were told of lateness; the coordinator; auditors; nobody else';

create or replace function huiyin.leads_entry(me huiyin.identity, e huiyin.ledger_entry)
returns boolean
language sql
stable
as $$
	select huiyin.is_clerkish(me) and (
		e.lead = me.department
		or ('coordinator' = any (me.roles) and me.coordinating
			and not (select d.active from huiyin.department d where d.id = e.lead)))
$$;
comment on function huiyin.leads_entry is
	'does this person act for the lead? Where that is no more, the coordinating office does';

create or replace function huiyin.ledger_parts(me huiyin.identity, e huiyin.ledger_entry)
returns text[]
language sql
stable
as $$
	select array_remove(array[
		case when 'coordinator' = any (me.roles) and me.coordinating then 'coordinator' end,
		case when huiyin.leads_entry(me, e) then 'lead' end,
		case when huiyin.is_clerkish(me) and huiyin.has_ledger_part(e, me.department, 'assisting')
			then 'assisting' end,
		case when huiyin.is_clerkish(me) and huiyin.may_see_entry(me, e) then 'verifier' end], null)
$$;
comment on function huiyin.ledger_parts is
	'the parts of ledger_move this person has in it; of which department a verifier is, verifying asks';

create or replace function huiyin.refuse_entry_state(e huiyin.ledger_entry)
returns void
language plpgsql
as $$
declare
	now_so jsonb;
begin
	select jsonb_build_object(
		'state', e.state,
		'by', concat_ws(' ', d.name, coalesce(s.display_name, p.name)),
		'at', huiyin.rfc3339(h.at),
		'acts', coalesce((
			select jsonb_agg(distinct 'ledger.' || m.act)
			from huiyin.ledger_move m
			where m.was = e.state and m.part <> 'summary'), '[]'))
	into now_so
	from huiyin.ledger_history h
	left join huiyin.department d on d.id = h.department
	left join huiyin.principal p on p.id = h.principal
	left join huiyin.staff s on s.principal = h.principal
	where h.entry = e.id and h.step = e.steps;
	raise exception using errcode = 'YN001', message = 'wrong_state', detail = 'entry',
		column = coalesce(now_so::text, '');
end $$;
comment on function huiyin.refuse_entry_state is
	'wrong_state, with the state it is in, who brought it there and when, and which acts that state allows';

create or replace function huiyin.ledger_at(me huiyin.identity, item jsonb, act text)
returns huiyin.ledger_entry
language plpgsql
as $$
declare
	e huiyin.ledger_entry;
	parts text[];
begin
	select x.* into e
	from huiyin.ledger_entry x
	where x.entry = ledger_at.item->'params'->>'entry'
	for update;
	parts := huiyin.ledger_parts(me, e);
	if e.id is null or huiyin.may_see_entry(me, e) is not true then
		perform huiyin.refuse('not_found', 'entry');
	elsif not exists (select from huiyin.ledger_move m
			where m.act = ledger_at.act and m.part = any (parts)) then
		perform huiyin.refuse('not_allowed');
	elsif not exists (select from huiyin.ledger_move m
			where m.act = ledger_at.act and m.part = any (parts) and m.was = e.state) then
		perform huiyin.refuse_entry_state(e);
	end if;
	return e;
end $$;
comment on function huiyin.ledger_at is
	'the entry, locked, if this act is theirs and its state allows it';

create or replace function huiyin.ledger_step(
	e huiyin.ledger_entry,
	me huiyin.identity,
	act text,
	becomes text,
	said text default null,
	detail jsonb default '{}')
returns huiyin.ledger_entry
language plpgsql
as $$
begin
	if not exists (
			select
			from huiyin.ledger_move m
			where m.act = ledger_step.act and m.was = e.state and m.becomes = ledger_step.becomes) then
		raise exception 'no % leads from % to %', act, e.state, becomes;
	end if;
	e.steps := e.steps + 1;
	e.state := becomes;
	insert into huiyin.ledger_history (entry, step, at, act, state, principal, department, said, detail)
	values (e.id, e.steps, now(), act, becomes, me.principal, me.department, said,
		jsonb_strip_nulls(detail));
	return e;
end $$;
comment on function huiyin.ledger_step is
	'one step of a locked entry, a row of history that never changes. ledger_keep writes the rest';

create or replace function huiyin.ledger_keep(e huiyin.ledger_entry)
returns void
language plpgsql
as $$
declare
	n record;
begin
	select t.tick_at, t.level into n from huiyin.ledger_tick_next(e) as t;
	update huiyin.ledger_entry x
	set state = e.state,
		steps = e.steps,
		progress = e.progress,
		handler = e.handler,
		doer = e.doer,
		said = e.said,
		done_at = e.done_at,
		closed_at = e.closed_at,
		notice = e.notice,
		ticked_at = e.ticked_at,
		tick_at = n.tick_at,
		level = n.level
	where x.id = e.id;
end $$;
comment on function huiyin.ledger_keep is
	'writes a locked entry back, and when the clock has to look at it next';

create or replace function huiyin.ledger_done(item jsonb, me huiyin.identity, e huiyin.ledger_entry, act text)
returns jsonb
language plpgsql
as $$
begin
	perform huiyin.ledger_keep(e);
	perform huiyin.audit(me.principal, 'ledger.' || act, (item->>'ref')::uuid,
		e.entry, decode(item->>'hash', 'hex'));
	return jsonb_build_object('state', e.state, 'progress', e.progress);
end $$;
comment on function huiyin.ledger_done is
	'the end of an act: kept, in the audit, answered with its state and progress';
