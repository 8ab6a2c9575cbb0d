-- SPDX-License-Identifier: Apache-2.0
-- The state machine of meetings: who has what part in one, which act its state
-- allows them (huiyin.meeting_move), one way to take a step, and no lost update.

create or replace function huiyin.is_office_of(me huiyin.identity, m huiyin.meeting)
returns boolean
language sql
stable
as $$
	select 'coordinator' = any (me.roles) and (m.department = me.department
		or (me.coordinating and exists (
			select from huiyin.department d where d.id = m.department and not d.active)))
$$;
comment on function huiyin.is_office_of is
	'a coordinator of the office that convened it, or of the one that took over when that was disabled';

create or replace function huiyin.summary_signers(m huiyin.meeting)
returns bigint[]
language sql
stable
as $$
	select array(
		select p.department
		from huiyin.meeting_party p
		where p.meeting = m.id and p.department <> m.department
			and (p.part = 'member' or exists (
				select
				from huiyin.meeting_item i
				left join huiyin.meeting_item_assist a on a.item = i.id
				where i.meeting = m.id and i.position is not null
					and p.department in (i.lead, a.department)))
		order by p.department)
$$;
comment on function huiyin.summary_signers is
	'whose signature its summary needs: members, and who sits in but has something to do; the office issues instead';

create or replace function huiyin.meeting_parts(me huiyin.identity, m huiyin.meeting)
returns text[]
language sql
stable
as $$
	select array_remove(array[
		case when huiyin.is_office_of(me, m) then 'office' end,
		case when huiyin.is_clerkish(me) and exists (
			select
			from huiyin.meeting_party p
			where p.meeting = m.id and p.department = me.department) then 'invited' end,
		case when huiyin.is_clerkish(me)
			and me.department = any (huiyin.summary_signers(m)) then 'signer' end,
		case when 'auditor' = any (me.roles) then 'auditor' end], null)
$$;
comment on function huiyin.meeting_parts is
	'what this person has to do with a meeting; nothing: it is not there for them';

create or replace function huiyin.person_named(principal bigint, department bigint)
returns text
language sql
stable
as $$
	select concat_ws(' ', d.name, left(coalesce(s.display_name, p.name), 40))
	from huiyin.principal p
	left join huiyin.staff s on s.principal = p.id
	left join huiyin.department d on d.id = person_named.department
	where p.id = person_named.principal
$$;
comment on function huiyin.person_named is 'a colleague and their department, as refusals and histories name them';

create or replace function huiyin.refuse_meeting(m huiyin.meeting)
returns void
language plpgsql
as $$
declare
	now_so jsonb;
begin
	select jsonb_build_object(
		'state', m.state,
		'by', huiyin.person_named(h.principal, h.department),
		'at', huiyin.rfc3339(h.at),
		'acts', coalesce((
			select jsonb_agg(distinct v.act)
			from huiyin.meeting_move v
			where v.was = m.state), '[]'))
	into now_so
	from huiyin.meeting_history h
	where h.meeting = m.id and h.step <= m.steps and h.state = m.state
	order by h.step desc
	limit 1;
	raise exception using errcode = 'YN001', message = 'wrong_state', detail = 'meeting',
		column = coalesce(now_so::text, '');
end $$;
comment on function huiyin.refuse_meeting is
	'wrong_state, with the state it is in, who acted last and when, and which acts that state allows';

create or replace function huiyin.refuse_revision(m huiyin.meeting, seen int)
returns void
language plpgsql
as $$
declare
	now_so jsonb;
begin
	select jsonb_build_object('revision', m.revision,
		'changes', coalesce(jsonb_agg(c.line order by c.revision), '[]'))
	into now_so
	from (
		select h.revision, h.line,
			sum(octet_length(h.line::text) + 2) over (order by h.revision desc) as bytes
		from (
			select x.revision, jsonb_strip_nulls(jsonb_build_object(
				'revision', x.revision,
				'act', x.act,
				'item', x.detail->'item',
				'by', left(huiyin.person_named(x.principal, x.department), 60),
				'at', huiyin.rfc3339(x.at))) as line
			from huiyin.meeting_history x
			where x.meeting = m.id and x.revision > seen and x.edits
		) as h
	) as c
	where c.bytes <= 560;
	raise exception using errcode = 'YN001', message = 'changed', detail = 'revision',
		column = now_so::text;
end $$;
comment on function huiyin.refuse_revision is
	'changed, with the revision it is at and the last changes since the one that was seen: act, item, by whom; as many as a refusal carries, meeting.get tells all';

create or replace function huiyin.meeting_at(me huiyin.identity, item jsonb, act text)
returns huiyin.meeting
language plpgsql
as $$
declare
	params jsonb := item->'params';
	m huiyin.meeting;
	parts text[];
begin
	select x.* into m
	from huiyin.meeting x
	where x.id = (params->>'meeting')::bigint
	for update;
	parts := huiyin.meeting_parts(me, m);
	if m.id is null or parts = '{}' then
		perform huiyin.refuse('not_found', 'meeting');
	elsif not exists (select from huiyin.meeting_move v
			where v.act = meeting_at.act and v.part = any (parts)) then
		perform huiyin.refuse('not_allowed');
	elsif not exists (select from huiyin.meeting_move v
			where v.act = meeting_at.act and v.part = any (parts) and v.was = m.state) then
		perform huiyin.refuse_meeting(m);
	elsif (params->>'revision')::int <> m.revision then
		perform huiyin.refuse_revision(m, (params->>'revision')::int);
	end if;
	return m;
end $$;
comment on function huiyin.meeting_at is
	'the meeting, locked, if this act is theirs, its state allows it and nobody has changed what they saw';

create or replace function huiyin.meeting_step(
	m huiyin.meeting,
	me huiyin.identity,
	act text,
	becomes text,
	edits boolean default false,
	detail jsonb default null)
returns huiyin.meeting
language plpgsql
as $$
begin
	if act <> 'meeting.convene' and not exists (
			select
			from huiyin.meeting_move v
			where v.act = meeting_step.act and v.was = m.state and v.becomes = meeting_step.becomes) then
		raise exception 'no % leads from % to %', act, m.state, becomes;
	end if;
	m.steps := m.steps + 1;
	m.state := becomes;
	if edits then
		m.revision := m.revision + 1;
	end if;
	insert into huiyin.meeting_history (meeting, step, act, state, revision, edits, principal,
		department, detail)
	values (m.id, m.steps, act, becomes, m.revision, edits, me.principal, me.department,
		nullif(jsonb_strip_nulls(detail), '{}'));
	return m;
end $$;
comment on function huiyin.meeting_step is
	'one step of a locked meeting, a row of history that never changes; edits: there is something new to read';

create or replace function huiyin.meeting_done(
	item jsonb,
	me huiyin.identity,
	m huiyin.meeting,
	act text,
	content_hash bytea default null)
returns jsonb
language plpgsql
as $$
begin
	update huiyin.meeting x
	set title = m.title,
		at = m.at,
		place = m.place,
		chair = m.chair,
		state = m.state,
		revision = m.revision,
		steps = m.steps
	where x.id = m.id;
	perform huiyin.audit(me.principal, act, (item->>'ref')::uuid, 'meeting ' || m.id,
		coalesce(content_hash, decode(item->>'hash', 'hex')));
	return jsonb_build_object('meeting', m.id, 'state', m.state, 'revision', m.revision);
end $$;
comment on function huiyin.meeting_done is
	'the end of an act: kept, in the audit, answered with its state and revision; content_hash: of what was fixed by it';

create or replace function huiyin.department_named(code text, path text)
returns bigint
language plpgsql
stable
as $$
declare
	found_id bigint;
begin
	select d.id into found_id from huiyin.department d where d.code = department_named.code and d.active;
	if not found then
		perform huiyin.refuse('unknown_department', path);
	end if;
	return found_id;
end $$;
comment on function huiyin.department_named is 'an active department by its code';
