-- SPDX-License-Identifier: Apache-2.0
-- What waits: feedback.queue for the coordinator, feedback.due for everybody.

create or replace function huiyin.queue_to_decide(me huiyin.identity, many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select f.*
	from huiyin.feedback f
	where f.waits and (f.against = me.department) is not true
	order by f.urgency, f.filed_at, f.id
	limit many
$$;
comment on function huiyin.queue_to_decide is 'what nobody leads yet, by class and age';

create or replace function huiyin.queue_to_revisit(me huiyin.identity, many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select f.*
	from huiyin.feedback f
	where f.state in ('answered', 'revisit')
		and f.revisit_by is not null
		and (f.against = me.department) is not true
	order by f.revisit_by, f.id
	limit many
$$;
comment on function huiyin.queue_to_revisit is 'what is to be revisited, the most urgent first';

create or replace function huiyin.queue_line(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select huiyin.feedback_line(f) || jsonb_build_object(
		'urgency', f.urgency,
		'level', f.level,
		'dispatch_by', huiyin.rfc3339(f.dispatch_by),
		'returns', f.returns,
		'department', huiyin.department_json(f.lead))
	|| jsonb_strip_nulls(jsonb_build_object('revisit_by', huiyin.rfc3339(f.revisit_by)))
$$;
comment on function huiyin.queue_line is 'a line of the queue';

create or replace function api.feedback_queue(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
	me huiyin.identity := huiyin.me(who, array['coordinator']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	items jsonb;
begin
	if not me.coordinating then
		perform huiyin.refuse('not_allowed');
	elsif params->>'for' = 'revisit' then
		select jsonb_agg(huiyin.queue_line(f) order by f.revisit_by, f.id) into items
		from huiyin.queue_to_revisit(me, many) as f;
	else
		select jsonb_agg(huiyin.queue_line(f) order by f.urgency, f.filed_at, f.id) into items
		from huiyin.queue_to_decide(me, many) as f;
	end if;
	return jsonb_build_object('items', coalesce(items, '[]'));
end $$;
comment on function api.feedback_queue is
	'{for?: decision|revisit, limit?} -> {items}: by class and age, or by when the revisit is due';

create or replace function huiyin.due_page(me huiyin.identity, least_level int, many int)
returns setof huiyin.feedback
language sql
stable
as $$
	with mine as (
		select d.id as lead from huiyin.department d
		where d.id = me.department or 'auditor' = any (me.roles)
			or ('coordinator' = any (me.roles) and me.coordinating)
	)
	select w.*
	from mine m,
		lateral (
			select f.*
			from huiyin.feedback f
			where f.lead = m.lead and f.level > 0 and f.level >= least_level
				and (f.against = me.department) is not true
			order by f.level desc, f.answer_by, f.id
			limit many
		) as w
	union
	(select f.*
	from huiyin.feedback f
	where f.lead is null and f.level > 0 and f.level >= least_level
		and me.roles && array['coordinator', 'auditor']
		and (f.against = me.department) is not true
	order by f.level desc, f.answer_by, f.id
	limit many)
	union
	select f.*
	from huiyin.feedback_party p
	join huiyin.feedback f on f.id = p.feedback
	where p.department = me.department and f.level > 0 and f.level >= least_level
		and (f.against = me.department) is not true
	limit 3 * many
$$;
comment on function huiyin.due_page is
	'the most pressing of what this person''s departments lead or have a part in, as the tick last saw it';

create or replace function api.feedback_due(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
	me huiyin.identity := huiyin.me(who,
		array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	items jsonb;
begin
	select jsonb_agg(huiyin.queue_line(x.f) || jsonb_build_object('clocks', (
			select jsonb_agg(jsonb_build_object(
				'clock', c.clock,
				'department', huiyin.department_json(c.department),
				'by', huiyin.rfc3339(c.by_at),
				'level', c.level) order by c.level desc, c.clock)
			from (
				select l.clock, l.department, l.by_at, max(l.level) as level
				from huiyin.clock_levels(x.f) as l
				where l.at <= now()
				group by l.clock, l.department, l.by_at
			) as c))
		order by (x.f).level desc, (x.f).answer_by, (x.f).id)
	into items
	from (
		select p as f
		from huiyin.due_page(me, coalesce((params->>'level')::int, 75), many) as p
		order by p.level desc, p.answer_by, p.id
		limit many
	) as x;
	return jsonb_build_object('items', coalesce(items, '[]'));
end $$;
comment on function api.feedback_due is
	'{level?, limit?} -> {items}: what has come to 75, 90, 100 % or beyond, each with its clocks; the most pressing first';
