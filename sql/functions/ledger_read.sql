-- SPDX-License-Identifier: Apache-2.0
-- ledger.get and ledger.list: who may see what.

create or replace function huiyin.ledger_line(e huiyin.ledger_entry)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'entry', e.entry,
		'state', e.state,
		'overdue', huiyin.is_entry_late(e),
		'due', huiyin.rfc3339(e.due_at),
		'progress', e.progress,
		'level', e.level,
		'department', huiyin.department_json(e.lead),
		'text', coalesce(i.decision, i.text),
		'year', s.year,
		'number', s.number,
		'item', i.position)
	from huiyin.summary_item i
	join huiyin.summary_issued s on s.summary = i.summary
	where i.summary = e.summary and i.item = e.item
$$;
comment on function huiyin.ledger_line is 'an entry as lists show it';

create or replace function huiyin.ledger_steps_json(me huiyin.identity, e huiyin.ledger_entry)
returns jsonb
language sql
stable
as $$
	select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
		'at', huiyin.rfc3339(h.at),
		'state', h.state,
		'act', h.act,
		'by', d.name,
		'who', coalesce(s.display_name, p.name),
		'text', h.said,
		'progress', (h.detail->>'progress')::int,
		'receipt', case when huiyin.may_see(me, huiyin.feedback_numbered(h.detail->>'receipt'))
			then h.detail->>'receipt' end,
		'media', h.detail->>'media',
		'notice', h.detail->>'notice',
		'decision', h.detail->>'decision')) order by h.step)
	from huiyin.ledger_history h
	left join huiyin.department d on d.id = h.department
	left join huiyin.principal p on p.id = h.principal
	left join huiyin.staff s on s.principal = h.principal
	where h.entry = e.id
$$;
comment on function huiyin.ledger_steps_json is
	'every step; a receipt only to who may see that feedback';

create or replace function huiyin.ledger_clocks_json(e huiyin.ledger_entry)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
		'at', huiyin.rfc3339(c.at),
		'kind', c.kind,
		'level', c.level,
		'old_by', huiyin.rfc3339(c.old_by),
		'new_by', huiyin.rfc3339(c.new_by),
		'by', d.name,
		'reason', c.reason))
		order by c.at, array_position(array['start', 'warn', 'breach', 'escalate', 'met', 'stop'], c.kind), c.level), '[]')
	from huiyin.ledger_clock c
	left join huiyin.department d on d.id = c.department
	where c.entry = e.id
$$;
comment on function huiyin.ledger_clocks_json is 'what became of its clock';

create or replace function huiyin.ledger_receipts(me huiyin.identity, e huiyin.ledger_entry)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(f.receipt order by f.id), '[]')
	from huiyin.ledger_feedback l
	join huiyin.feedback f on f.id = l.feedback
	where l.entry = e.id and huiyin.may_see(me, f)
$$;
comment on function huiyin.ledger_receipts is
	'the feedback that led to it, as far as it is theirs to see; that there is other is not said';

create or replace function huiyin.ledger_json(me huiyin.identity, e huiyin.ledger_entry)
returns jsonb
language sql
stable
as $$
	select huiyin.ledger_line(e)
		|| jsonb_build_object(
			'ever_overdue', huiyin.ledger_ever_overdue(e),
			'opened_at', huiyin.rfc3339(e.opened_at),
			'assisting', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'department', huiyin.department_json(p.department),
					'progress', coalesce(p.progress, 0)) order by p.department), '[]')
				from huiyin.ledger_party p
				where p.entry = e.id and p.part = 'assisting'),
			'feedback', huiyin.ledger_receipts(me, e),
			'history', huiyin.ledger_steps_json(me, e),
			'clocks', huiyin.ledger_clocks_json(e))
		|| jsonb_strip_nulls(jsonb_build_object(
			'responsible', i.responsible,
			'standard', i.standard,
			'done_at', huiyin.rfc3339(e.done_at),
			'closed_at', huiyin.rfc3339(e.closed_at),
			'result', e.said,
			'notice', (select n.notice from huiyin.notice n where n.id = e.notice),
			'continues', (select o.entry from huiyin.ledger_entry o where o.id = e.continues),
			'continued_by', (select n.entry from huiyin.ledger_entry n where n.continues = e.id)))
	from huiyin.summary_item i
	where i.summary = e.summary and i.item = e.item
$$;
comment on function huiyin.ledger_json is 'an entry in full, as far as it is theirs';

create or replace function api.ledger_get(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	e huiyin.ledger_entry := huiyin.ledger_numbered(params->>'entry');
begin
	if e.id is null or huiyin.may_see_entry(me, e) is not true then
		perform huiyin.refuse('not_found', 'entry');
	end if;
	return huiyin.ledger_json(me, e);
end $$;
comment on function api.ledger_get is
	'{entry} -> in full to the departments that lead, assist, have to verify or were told, to the coordinator and auditors; not_found to others';

create or replace function huiyin.ledger_page(
	me huiyin.identity,
	params jsonb,
	past huiyin.ledger_entry,
	many int)
returns setof huiyin.ledger_entry
language sql
stable
as $$
	select e.*
	from huiyin.ledger_entry e
	where (coalesce(e.due_at, 'infinity'), e.id)
			> (coalesce(past.due_at, case when past.id is null then '-infinity' else 'infinity' end::timestamptz),
				coalesce(past.id, 0))
		and (not params ? 'state' or e.state = params->>'state')
		and (not params ? 'department' or e.lead = (
			select d.id from huiyin.department d where d.code = params->>'department'))
		and (not coalesce((params->>'late')::boolean, false) or huiyin.is_entry_late(e))
		and (huiyin.sees_all_ledger(me) or e.id in (
			select p.entry from huiyin.ledger_party p where p.department = me.department))
	order by coalesce(e.due_at, 'infinity'), e.id
	limit many
$$;
comment on function huiyin.ledger_page is
	'what is due first, after another, of those this person may see';

create or replace function huiyin.ledger_page_check(me huiyin.identity, params jsonb)
returns huiyin.ledger_entry
language plpgsql
stable
as $$
declare
	past huiyin.ledger_entry := huiyin.ledger_numbered(params->>'after');
begin
	if params ? 'state' and not exists (
			select from huiyin.ledger_move m where params->>'state' in (m.was, m.becomes)) then
		perform huiyin.refuse('bad_value', 'state');
	elsif params ? 'department' and not exists (
			select from huiyin.department d where d.code = params->>'department') then
		perform huiyin.refuse('unknown_department', 'department');
	elsif params ? 'after' and (past.id is null or huiyin.may_see_entry(me, past) is not true) then
		perform huiyin.refuse('bad_value', 'after');
	end if;
	return past;
end $$;
comment on function huiyin.ledger_page_check is
	'where a page begins; refuses a state or department there is not and what is the next of no page';

create or replace function api.ledger_list(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	past huiyin.ledger_entry := huiyin.ledger_page_check(me, params);
	items jsonb;
	last text;
begin
	select jsonb_agg(huiyin.ledger_line(p) order by coalesce(p.due_at, 'infinity'), p.id),
		(array_agg(p.entry order by coalesce(p.due_at, 'infinity') desc, p.id desc))[1]
	into items, last
	from huiyin.ledger_page(me, params, past, many) as p;
	return jsonb_build_object('items', coalesce(items, '[]'))
		|| case when jsonb_array_length(items) = many
			then jsonb_build_object('next', last) else '{}' end;
end $$;
comment on function api.ledger_list is
	'{department?, state?, late?, after?, limit?} -> {items, next?}: what is due first; after is the next of the page before';

create or replace function huiyin.ledger_changes(since xid8)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'news', 'ledger.changed',
		'entry', e.entry,
		'state', e.state,
		'level', e.level,
		'departments', t.departments,
		'deciders', case when o.office = any (t.departments) then '[]' else jsonb_build_array(o.office) end)
		order by e.id), '[]')
	from (
		select h.entry
		from huiyin.ledger_history h
		where h.xid >= since and h.xid < huiyin.settled_before()
		union
		select c.entry
		from huiyin.ledger_clock c
		where c.xid >= since and c.xid < huiyin.settled_before()
	) as x
	join huiyin.ledger_entry e on e.id = x.entry
	cross join lateral (
		select coalesce(array_agg(distinct p.department), '{}') as departments
		from huiyin.ledger_party p
		where p.entry = e.id
	) as t
	cross join huiyin.office() as o
$$;
comment on function huiyin.ledger_changes is
	'entries that changed in transactions since, each once, and whose consoles hear of it: those who see it; of the office its coordinators';
