-- SPDX-License-Identifier: Apache-2.0
-- An issued summary becomes entries; a correction continues those of the summary it
-- corrects. And what whose feedback led to it hears: a step of that feedback.

create or replace function huiyin.ledger_kin(entries bigint[])
returns table (feedback bigint, entry text)
language sql
stable
as $$
	with root as materialized (
		select distinct coalesce(f.main, f.id) as id, e.entry
		from huiyin.ledger_feedback l
		join huiyin.ledger_entry e on e.id = l.entry
		join huiyin.feedback f on f.id = l.feedback
		where l.entry = any (entries)
	)
	select r.id, r.entry from root r
	union
	select f.id, r.entry
	from root r
	join huiyin.feedback f on f.main = r.id
$$;
comment on function huiyin.ledger_kin is
	'the feedback that led to these entries, with what it is joined to and what is joined to that: they say the same and hear the same';

create or replace function huiyin.ledger_tell(
	entries bigint[],
	me huiyin.identity,
	note text)
returns void
language plpgsql
set plan_cache_mode = force_custom_plan	-- of an empty partition any index looks as good
as $$
declare
	k record;
	f huiyin.feedback;
begin
	for k in
		select x.feedback, jsonb_agg(x.entry order by x.entry) as entries
		from huiyin.ledger_kin(ledger_tell.entries) as x
		group by x.feedback
		order by x.feedback
	loop
		f := huiyin.feedback_by_id(k.feedback);
		f := huiyin.feedback_step(f, me, 'decide', f.state, jsonb_build_object(
			'note', note, 'detail', jsonb_build_object('entries', k.entries)));
		perform huiyin.feedback_keep(f);
	end loop;
end $$;
comment on function huiyin.ledger_tell is
	'the echo: everyone whose feedback led to these entries hears that they were decided, verified or cancelled; its own state and clocks stay as they are. Locks in the order of numbers';

create or replace function huiyin.ledger_parties(e huiyin.ledger_entry, assisting bigint[])
returns void
language sql
as $$
	insert into huiyin.ledger_party (entry, department, part)
	select e.id, e.lead, 'lead'
	union
	select e.id, a, 'assisting'
	from unnest(assisting) as a
	where a <> e.lead
$$;
comment on function huiyin.ledger_parties is 'the lead and those who assist, from the beginning';

create or replace function huiyin.ledger_goes_on(
	e huiyin.ledger_entry,
	old huiyin.ledger_entry)
returns huiyin.ledger_entry
language plpgsql
as $$
begin
	e.continues := old.id;
	if old.due_at is not distinct from e.due_at then
		e.from_at := old.from_at;
		e.ticked_at := old.ticked_at;
	end if;
	if not exists (
			select
			from huiyin.summary_item n
			join huiyin.summary_item o on o.summary = old.summary and o.item = old.item
			where n.summary = e.summary and n.item = e.item
				and (n.text, coalesce(n.decision, ''), n.lead, coalesce(n.standard, ''))
					= (o.text, coalesce(o.decision, ''), o.lead, coalesce(o.standard, ''))
				and (old.state <> 'cancelled'
					or huiyin.ledger_due(old.due_at) is not distinct from e.due_at)) then
		return e;
	end if;
	e.state := old.state;
	e.progress := old.progress;
	e.handler := old.handler;
	e.doer := old.doer;
	e.said := old.said;
	e.done_at := old.done_at;
	e.closed_at := old.closed_at;
	e.notice := old.notice;
	return e;
end $$;
comment on function huiyin.ledger_goes_on is
	'a new entry where the one before it was, if the same is still to be done by the same; what is decided anew begins anew, but its clock, unless its date is another. What was cancelled is decided anew by another date too';

create or replace function huiyin.ledger_escalated(e huiyin.ledger_entry)
returns void
language sql
as $$
	insert into huiyin.ledger_party (entry, department, part, progress)
	select e.id, p.department, p.part, p.progress
	from huiyin.ledger_party p
	where p.entry = e.continues and p.part in ('assisting', 'verifying', 'escalated')
		and (p.part <> 'assisting' or huiyin.has_ledger_part(e, p.department, 'assisting'))
	on conflict on constraint ledger_party_is_there_once do update
	set progress = excluded.progress
$$;
comment on function huiyin.ledger_escalated is
	'who was told of the entry before, or has to verify it, stays so; how far those who assist have come too';

create or replace function huiyin.ledger_new(
	i huiyin.summary_item,
	old huiyin.ledger_entry,
	me huiyin.identity)
returns huiyin.ledger_entry
language plpgsql
as $$
declare
	e huiyin.ledger_entry;
begin
	e.id := nextval('huiyin.ledger_number');
	e.entry := huiyin.numbered(huiyin.number_stem('L'), e.id);
	e.summary := i.summary;
	e.item := i.item;
	e.lead := i.lead;
	e.state := 'open';
	e.steps := 1;
	e.opened_at := now();
	e.from_at := now();
	e.due_at := huiyin.ledger_due(i.due_at);
	e.progress := 0;
	e.level := 0;
	if old.id is not null then
		e := huiyin.ledger_goes_on(e, old);
	end if;
	insert into huiyin.ledger_entry select e.*;
	perform huiyin.ledger_parties(e, i.assisting);
	perform huiyin.ledger_escalated(e);
	insert into huiyin.ledger_feedback (entry, feedback)
	select distinct e.id, f from unnest(i.feedback) as f;
	insert into huiyin.ledger_history (entry, step, at, act, state, principal, department, detail)
	values (e.id, 1, now(), 'open', e.state, me.principal, me.department,
		jsonb_strip_nulls(jsonb_build_object('continues', old.entry)));
	if huiyin.is_entry_running(e) then
		perform huiyin.ledger_note(e, 'start', jsonb_build_object('old_by', coalesce(old.due_at, e.due_at),
			'principal', me.principal, 'department', e.lead));
	end if;
	perform huiyin.ledger_keep(e);
	return e;
end $$;
comment on function huiyin.ledger_new is 'the entry of an item, with its parties, its first step and its clock';

create or replace function huiyin.ledger_corrected(
	old huiyin.ledger_entry,
	me huiyin.identity,
	by_entry text)
returns void
language plpgsql
as $$
begin
	perform huiyin.ledger_clock_end(old, me, 'stop', 'corrected');
	old.closed_at := coalesce(old.closed_at, now());
	old := huiyin.ledger_step(old, me, 'correct',
		case old.state when 'verified' then 'verified' else 'cancelled' end, null,
		jsonb_build_object('entry', by_entry));
	perform huiyin.ledger_keep(old);
end $$;
comment on function huiyin.ledger_corrected is
	'closes an entry whose summary is corrected, with a reference to the one that continues it (null: none does); nothing of it is erased';

create or replace function huiyin.ledger_open(the_summary bigint, me huiyin.identity)
returns void
language plpgsql
as $$
declare
	i huiyin.summary_item;
	old huiyin.ledger_entry;
	e huiyin.ledger_entry;
	corrected bigint := (select s.corrects from huiyin.summary s where s.id = the_summary);
	opened bigint[] := '{}';
	dropped bigint[] := '{}';
begin
	perform from huiyin.ledger_entry x where x.summary = corrected order by x.id for update;
	for i in
		select x.* from huiyin.summary_item x
		where x.summary = the_summary and x.lead is not null
		order by x.position
	loop
		select x.* into old
		from huiyin.ledger_entry x
		where x.summary = corrected and x.item = i.item;
		e := huiyin.ledger_new(i, old, me);
		if e.state <> 'cancelled' then
			opened := opened || e.id;
		end if;
	end loop;
	for old in
		select x.* from huiyin.ledger_entry x where x.summary = corrected order by x.id
	loop
		select n.* into e from huiyin.ledger_entry n where n.continues = old.id;
		perform huiyin.ledger_corrected(old, me, e.entry);
		if e.id is null and old.state not in ('verified', 'cancelled') then
			dropped := dropped || old.id;
		end if;
	end loop;
	perform huiyin.feedback_by_id(k.feedback)
	from (
		select distinct x.feedback from huiyin.ledger_kin(opened || dropped) as x order by x.feedback
	) as k;
	perform huiyin.ledger_tell(opened, me, 'decided');
	perform huiyin.ledger_tell(dropped, me, 'cancelled');
end $$;
comment on function huiyin.ledger_open is
	'one entry for each item of an issued summary that somebody leads; called by who issues, in the same transaction, once its summary_item are written and before the audit. In a correction each continues the one of the same item, and what nothing continues is cancelled';
