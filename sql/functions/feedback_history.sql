-- SPDX-License-Identifier: Apache-2.0
-- feedback.history: every step and every change of a clock, with who, when and
-- why, as the submitter, a department or an auditor may see it.

create or replace function huiyin.history_steps(f huiyin.feedback, view text)
returns table (at timestamptz, step int, line jsonb)
language sql
stable
as $$
	select h.at, h.step::int, jsonb_build_object(
		'at', huiyin.rfc3339(h.at),
		'state', h.state,
		'act', coalesce(h.act, 'submit'),
		'by', d.name,
		'note', h.note,
		'reason', case when h.tells or view <> 'submitter' then r.said end,
		'detail', case when view <> 'submitter' then r.detail end,
		'who', case
			when s.principal is null or view = 'submitter' then null
			when h.principal = f.author and (f.anonymous or h.step = 1) then null
			when view = 'auditor' then concat_ws(' ', p.name, s.display_name)
			else coalesce(s.display_name, p.name)
		end)
	from huiyin.feedback_history h
	left join huiyin.feedback_reason r on r.feedback = h.feedback and r.step = h.step
	left join huiyin.department d on d.id = h.department
	left join huiyin.principal p on p.id = h.principal
	left join huiyin.staff s on s.principal = h.principal
	where h.feedback = f.id and h.at >= f.filed_at
$$;
comment on function huiyin.history_steps is
	'the steps; a submitter reads departments and the reasons meant for them, nobody who filed it';

create or replace function huiyin.history_clocks(f huiyin.feedback, view text)
returns table (at timestamptz, step int, line jsonb)
language sql
stable
as $$
	select c.at, 10000, jsonb_build_object(
		'at', huiyin.rfc3339(c.at),
		'clock', c.clock,
		'kind', c.kind,
		'level', c.level,
		'old_by', huiyin.rfc3339(c.old_by),
		'new_by', huiyin.rfc3339(c.new_by),
		'by', d.name,
		'reason', case when view <> 'submitter' then c.reason end,
		'who', case
			when view = 'submitter' or (c.principal = f.author and f.anonymous) then null
			when view = 'auditor' then concat_ws(' ', p.name, s.display_name)
			else coalesce(s.display_name, p.name)
		end)
	from huiyin.feedback_clock c
	left join huiyin.department d on d.id = c.department
	left join huiyin.staff s on s.principal = c.principal
	left join huiyin.principal p on p.id = s.principal
	where c.feedback = f.id and c.at >= f.filed_at
		and (view <> 'submitter' or (c.clock = 'answer'
			and c.kind in ('pause', 'resume', 'extend', 'breach', 'start')))
$$;
comment on function huiyin.history_clocks is
	'what became of the clocks; a submitter reads that of the answer: paused, gone on, moved, missed';

create or replace function api.feedback_history(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	f huiyin.feedback := huiyin.feedback_numbered(params->>'receipt');
	me huiyin.identity;
	view text;
begin
	select i.* into me
	from huiyin.identity i
	where i.principal = (who->>'principal')::bigint;
	if f.id is not null and (f.against = me.department) is not true then
		view := case
			when me.active and me.kind = 'staff' and huiyin.may_see(me, f) then
				case when 'auditor' = any (me.roles) then 'auditor' else 'department' end
			when (params->>'proved')::boolean then 'submitter'
		end;
	end if;
	if view is null then
		perform huiyin.refuse('not_found', 'receipt');
	end if;
	return (
		select jsonb_build_object(
			'receipt', f.receipt,
			'state', f.state,
			'ever_overdue', huiyin.ever_overdue(f),
			'items', jsonb_agg(jsonb_strip_nulls(h.line) order by h.at, h.step))
		from (
			select s.at, s.step, s.line from huiyin.history_steps(f, view) as s
			union all
			select c.at, c.step, c.line from huiyin.history_clocks(f, view) as c
		) as h);
end $$;
comment on function api.feedback_history is
	'{receipt, proved?} -> {receipt, state, ever_overdue, items}: to who proved the key, to the departments that have it, to auditors; each as far as it is theirs';
