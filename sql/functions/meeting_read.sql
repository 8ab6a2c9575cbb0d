-- SPDX-License-Identifier: Apache-2.0
-- meeting.get and meeting.list: to the departments invited, the office and auditors,
-- each as far as it is theirs.

create or replace function huiyin.was_held(m huiyin.meeting)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.meeting_history h
		where h.meeting = m.id and h.act = 'meeting.hold')
$$;
comment on function huiyin.was_held is 'was it held, whatever became of it?';

create or replace function huiyin.is_about(item bigint, department bigint)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.meeting_item_feedback x
		join huiyin.feedback f on f.id = x.feedback
		where x.item = is_about.item and f.against = is_about.department)
$$;
comment on function huiyin.is_about is 'did something that is said against this department lead to it?';

create or replace function huiyin.receipts_seen(me huiyin.identity, feedback bigint[])
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object('receipt', f.receipt, 'state', f.state)
		order by f.id), '[]')
	from huiyin.feedback f
	where f.id = any (feedback) and huiyin.may_find(me, f)
$$;
comment on function huiyin.receipts_seen is
	'of these feedbacks those that this person may see, or as the office may find; that there are others is not said';

create or replace function huiyin.departments_json(departments bigint[])
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(huiyin.department_json(d) order by d), '[]')
	from unnest(departments) as d
$$;
comment on function huiyin.departments_json is 'departments as results name them';

create or replace function huiyin.item_json(
	me huiyin.identity,
	i huiyin.meeting_item,
	place int,
	decided boolean)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('item', i.id, 'position', place, 'kind', i.kind, 'text', i.text,
			'feedback', huiyin.receipts_seen(me, array(
				select x.feedback from huiyin.meeting_item_feedback x where x.item = i.id)))
		|| jsonb_strip_nulls(jsonb_build_object(
			'lead', huiyin.department_json(i.lead),
			'assisting', (
				select jsonb_agg(huiyin.department_json(a.department) order by a.department)
				from huiyin.meeting_item_assist a
				where a.item = i.id),
			'notices', (
				select jsonb_agg(jsonb_build_object('notice', n.notice, 'headline', n.headline) order by n.id)
				from huiyin.meeting_item_notice x
				join huiyin.notice n on n.id = x.notice
				where x.item = i.id)))
		|| case when decided then jsonb_strip_nulls(jsonb_build_object(
			'decision', i.decision,
			'responsible', i.responsible,
			'standard', i.standard,
			'due', huiyin.rfc3339(i.due_at))) else '{}' end
$$;
comment on function huiyin.item_json is
	'an item as this person may see it; decided: with what the draft says was decided';

create or replace function huiyin.items_json(me huiyin.identity, m huiyin.meeting, parts text[])
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(huiyin.item_json(me, i.item, i.place::int,
		m.state in ('circulated', 'issued') or parts && array['office', 'auditor'])
		order by i.place), '[]')
	from (
		select x as item, row_number() over (order by x.position) as place
		from huiyin.meeting_item x
		where x.meeting = m.id and x.position is not null
			and (huiyin.was_held(m) or not huiyin.is_about(x.id, me.department))
	) as i
$$;
comment on function huiyin.items_json is
	'the items; before the meeting without what is said against this person''s department, and counted without it';

create or replace function huiyin.parties_json(me huiyin.identity, m huiyin.meeting, parts text[])
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'department', huiyin.department_json(p.department),
			'part', p.part,
			'reply', p.reply)
		|| jsonb_strip_nulls(jsonb_build_object(
			'came', p.came,
			'names', nullif(to_jsonb(p.who), '[]'),
			'reason', case when p.department = me.department or parts && array['office', 'auditor']
				then p.reason end))
		order by p.part, p.department), '[]')
	from huiyin.meeting_party p
	where p.meeting = m.id
$$;
comment on function huiyin.parties_json is 'who is invited, what they said, who came; why not to the office';

create or replace function huiyin.changes_json(m huiyin.meeting, since int)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'revision', h.revision,
			'act', h.act,
			'by', huiyin.person_named(h.principal, h.department),
			'at', huiyin.rfc3339(h.at)))
		|| coalesce(h.detail, '{}') order by h.step), '[]')
	from huiyin.meeting_history h
	where h.meeting = m.id and h.edits and h.revision > since
$$;
comment on function huiyin.changes_json is 'every edit after a revision: by whom, what it was and what it is';

create or replace function api.meeting_get(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	m huiyin.meeting;
	parts text[];
begin
	select x.* into m from huiyin.meeting x where x.id = (params->>'meeting')::bigint;
	parts := huiyin.meeting_parts(me, m);
	if m.id is null or parts = '{}' then
		perform huiyin.refuse('not_found', 'meeting');
	end if;
	return jsonb_build_object(
			'meeting', m.id,
			'title', m.title,
			'at', huiyin.rfc3339(m.at),
			'place', m.place,
			'chair', m.chair,
			'department', huiyin.department_json(m.department),
			'state', m.state,
			'revision', m.revision,
			'parties', huiyin.parties_json(me, m, parts),
			'agenda', huiyin.items_json(me, m, parts))
		|| case when params ? 'since' and parts && array['office', 'auditor'] then
			jsonb_build_object('changes', huiyin.changes_json(m, (params->>'since')::int)) else '{}' end
		|| coalesce((
			select jsonb_build_object('summary', jsonb_build_object('year', s.year, 'number', s.number))
			from huiyin.summary_issued s
			where s.meeting = m.id
			order by s.summary desc
			limit 1), '{}');
end $$;
comment on function api.meeting_get is
	'{meeting, since?} -> the meeting, its parties and items; since: to the office what was edited after that revision';

create or replace function huiyin.meeting_line(me huiyin.identity, m huiyin.meeting)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
			'meeting', m.id,
			'title', m.title,
			'at', huiyin.rfc3339(m.at),
			'place', m.place,
			'department', huiyin.department_json(m.department),
			'state', m.state)
		|| coalesce((
			select jsonb_build_object('part', p.part, 'reply', p.reply)
			from huiyin.meeting_party p
			where p.meeting = m.id and p.department = me.department), '{}')
$$;
comment on function huiyin.meeting_line is 'a meeting as lists show it, with one''s own part in it';

create or replace function api.meeting_list(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	past huiyin.meeting;
	items jsonb;
begin
	select x.* into past
	from huiyin.meeting x
	where x.id = substring(params->>'after' from '^\d{1,18}$')::bigint;
	if params ? 'after' and (past.id is null or huiyin.meeting_parts(me, past) = '{}') then
		perform huiyin.refuse('bad_value', 'after');
	end if;
	select jsonb_agg(huiyin.meeting_line(me, p) order by p.at desc, p.id desc)
	into items
	from (
		select m.*
		from huiyin.meeting m
		where (past.id is null or (m.at, m.id) < (past.at, past.id))
			and (not params ? 'state' or m.state = params->>'state')
			and huiyin.meeting_parts(me, m) <> '{}'
		order by m.at desc, m.id desc
		limit many
	) as p;
	return jsonb_build_object('items', coalesce(items, '[]'))
		|| case when jsonb_array_length(items) = many
			then jsonb_build_object('next', items->-1->>'meeting') else '{}' end;
end $$;
comment on function api.meeting_list is
	'{state?, after?, limit?} -> {items, next?}: the latest first; of the office, of those invited, all to auditors';

create or replace function huiyin.meeting_changes(since xid8)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'news', 'meeting.changed',
		'meeting', m.id,
		'state', m.state,
		'departments', case when c.tells then (
			select coalesce(jsonb_agg(p.department), '[]')
			from huiyin.meeting_party p
			where p.meeting = m.id and p.department <> m.department) else '[]' end,
		'deciders', jsonb_build_array(case when d.active then d.id else (select o.office from huiyin.office() as o) end))
		order by m.id), '[]')
	from (
		select h.meeting, bool_or(h.act = 'meeting.convene' or coalesce(v.tells, false)) as tells
		from huiyin.meeting_history h
		left join huiyin.meeting_move v on v.act = h.act and v.becomes = h.state
		where h.xid >= since and h.xid < huiyin.settled_before()
		group by h.meeting
	) as c
	join huiyin.meeting m on m.id = c.meeting
	join huiyin.department d on d.id = m.department
$$;
comment on function huiyin.meeting_changes is
	'meetings that changed in transactions since, each once, and whose consoles hear of it: the office of every step, those invited of what brings it on';
