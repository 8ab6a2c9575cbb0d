-- SPDX-License-Identifier: Apache-2.0
-- feedback.get and feedback.list: who may see what.

create or replace function huiyin.feedback_numbered(receipt text)
returns huiyin.feedback
language plpgsql	-- whose plans are kept; that of an SQL function would be made each time
stable
as $$
declare
	m text[] := regexp_match(receipt, '^HY-(?:\d{6}-)?(\d\d)-(\d{6,18})$');
	f huiyin.feedback;
begin
	select x.* into f
	from huiyin.feedback x
	where x.id = m[2]::bigint
		and x.filed_at >= make_timestamptz(2000 + m[1]::int, 1, 1, 0, 0, 0, '+08')
		and x.filed_at < make_timestamptz(2001 + m[1]::int, 1, 1, 0, 0, 0, '+08')
		and x.receipt = feedback_numbered.receipt;
	return f;
end $$;
comment on function huiyin.feedback_numbered is
	'by receipt number; looks only into that year''s partitions';

create or replace function huiyin.may_see(me huiyin.identity, f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select (f.against = me.department) is not true and (
		'auditor' = any (me.roles)
		or (me.roles && array['clerk', 'approver', 'coordinator']
			and (f.lead = me.department or huiyin.has_party(f, me.department, null)))
		or ('coordinator' = any (me.roles) and (
			f.lead is null
			or exists (select from huiyin.department d
				where d.id = f.lead and (d.coordinating or not d.active))
			or (me.coordinating and (f.waits or f.level > 0
				or f.state in ('answered', 'revisit', 'closed_duplicate'))))))
$$;
comment on function huiyin.may_see is
	'the department that has it and those that have a part in it; the coordinator what nobody else has, what waits for a decision or a revisit, is late or soon will be, or is joined to another; auditors; never the department it is against';

create or replace function huiyin.is_overdue(f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select f.answer_by < coalesce(f.paused_at, now()) and f.state not in ('answered', 'revisit')
		and f.state not like 'closed%'
$$;
comment on function huiyin.is_overdue is 'is the answer late now?';

create or replace function huiyin.history_json(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select jsonb_agg(jsonb_build_object(
		'at', huiyin.rfc3339(h.at),
		'state', h.state,
		'by', d.name,
		'note', h.note) order by h.step)
	from (
		select 0 as step, f.filed_at as at, 'received' as state,
			null::bigint as department, null as note
		union all
		select h.step, h.at, h.state, h.department, h.note
		from huiyin.feedback_history h
		where h.feedback = f.id and h.at >= f.filed_at
			and (h.step > 1 or h.state <> 'received')
	) as h
	left join huiyin.department d on d.id = h.department
$$;
comment on function huiyin.history_json is
	'every step, the first being that it was received; by names a department, never a person';

create or replace function huiyin.answer_json(feedback bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'text', a.said,
		'outcome', a.outcome,
		'at', huiyin.rfc3339(a.at),
		'department', huiyin.department_json(a.department))
		|| jsonb_strip_nulls(jsonb_build_object(
			'measure', a.measure,
			'planned', huiyin.rfc3339(a.planned),
			'plain', a.plain))
	from huiyin.feedback_answer a
	where a.feedback = answer_json.feedback
	order by a.number desc
	limit 1
$$;
comment on function huiyin.answer_json is 'the last answer; null: none yet';

create or replace function huiyin.feedback_json(f huiyin.feedback, shows_person boolean)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
			'receipt', f.receipt,
			'state', f.state,
			'answer_by', huiyin.rfc3339(f.answer_by),
			'overdue', huiyin.is_overdue(f),
			'region', f.region,
			'region_name', huiyin.region_name(f.region),
			'service', f.service,
			'text', f.said,
			'filed_at', huiyin.rfc3339(f.filed_at),
			'department', huiyin.department_json(f.lead),
			'history', huiyin.history_json(f),
			'answer', huiyin.answer_json(coalesce(f.main, f.id)),
			'anonymous', f.anonymous)
		|| coalesce(huiyin.about_json(f.about), '{}')
		|| coalesce(huiyin.asked_json(f), '{}')
		|| case when shows_person then huiyin.parts_json(f) else '{}' end
		|| case when shows_person then coalesce(huiyin.person_json(f), '{}') else '{}' end
$$;
comment on function huiyin.feedback_json is 'a feedback in full';

create or replace function huiyin.asked_json(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('asked', r.asked)
	from huiyin.feedback_request r
	where r.feedback = f.id and r.supplied_at is null and f.state = 'waiting_submitter'
	order by r.number desc
	limit 1
$$;
comment on function huiyin.asked_json is 'what is asked of the submitter, as a field to add; null: nothing';

create or replace function huiyin.parts_json(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select jsonb_strip_nulls(jsonb_build_object(
		'main', (select m.receipt from huiyin.feedback m where m.id = f.main),
		'assisting', (
			select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
				'department', huiyin.department_json(a.department),
				'task', a.task,
				'by', huiyin.rfc3339(a.by_at),
				'signed_at', huiyin.rfc3339(a.signed_at),
				'text', a.said)) order by a.department)
			from huiyin.feedback_assist a
			where a.feedback = f.id and a.released_at is null),
		'supplied', (
			select jsonb_agg(jsonb_build_object('asked', r.asked, 'text', r.supplied) order by r.number)
			from huiyin.feedback_request r
			where r.feedback = f.id and r.supplied is not null),
		'extension', (
			select jsonb_build_object('until', huiyin.rfc3339(e.until), 'reason', e.reason,
				'plan', e.plan, 'department', huiyin.department_json(e.department))
			from huiyin.feedback_extension e
			where e.feedback = f.id and e.decided_at is null)))
$$;
comment on function huiyin.parts_json is
	'what departments see beside it: who assists, what was supplied, which extension waits, which feedback it is joined to';

create or replace function huiyin.about_json(notice bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('about', jsonb_build_object(
		'notice', n.notice, 'headline', n.headline))
	from huiyin.notice n
	where n.id = about_json.notice
$$;
comment on function huiyin.about_json is 'the notice it is about, as a field to add; null: none';

create or replace function api.feedback_get(who jsonb, params jsonb)
returns jsonb
language plpgsql	-- volatile: reading who somebody is leaves a row
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	f huiyin.feedback := huiyin.feedback_numbered(params->>'receipt');
	me huiyin.identity;
	decided jsonb := coalesce(huiyin.decided_json(f, who->>'lang'), '{}');
	said jsonb;
begin
	select i.* into me
	from huiyin.identity i
	where i.principal = (who->>'principal')::bigint;
	-- Whom it is against is not shown it, even with the key in hand.
	if f.id is not null and (params->>'proved')::boolean
			and (f.against = me.department) is not true then
		return huiyin.feedback_json(f, false) || decided;
	end if;
	if f.id is not null and me.active and me.kind = 'staff' and huiyin.may_see(me, f) then
		said := huiyin.feedback_json(f, true);
		perform huiyin.person_shown(f, me, said);
		return said || decided;
	elsif f.id is not null and me.active and f.author = me.principal
			and (f.against = me.department) is not true then
		return huiyin.receipt_json(f.receipt, f.state, f.answer_by) || decided;
	end if;
	perform huiyin.refuse('not_found', 'receipt');
end $$;
comment on function api.feedback_get is
	'{receipt, proved?} -> in full to who proved the key or may see it, {receipt, state, answer_by, decided?} to who filed it, not_found to everybody else';

create or replace function huiyin.feedback_line(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
			'receipt', f.receipt,
			'state', f.state,
			'service', f.service,
			'region', f.region,
			'region_name', huiyin.region_name(f.region),
			'township_name', huiyin.region_name(huiyin.region_township(f.region)),
			'text', f.said,
			'answer_by', huiyin.rfc3339(f.answer_by),
			'overdue', huiyin.is_overdue(f),
			'filed_at', huiyin.rfc3339(f.filed_at))
		|| coalesce(huiyin.about_json(f.about), '{}')
$$;
comment on function huiyin.feedback_line is 'a feedback as lists show it';

create or replace function huiyin.leads_seen(me huiyin.identity)
returns bigint[]
language sql
stable
as $$
	select array_agg(d.id)
	from huiyin.department d
	where d.id = me.department
		or 'auditor' = any (me.roles)
		or ('coordinator' = any (me.roles) and (d.coordinating or not d.active))
$$;
comment on function huiyin.leads_seen is 'the departments whose feedback this person may list';

create or replace function huiyin.feedback_page(
	me huiyin.identity,
	state text,
	before bigint,
	many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select p.*
	from (
		select (w.f).*
		from unnest(huiyin.leads_seen(me)) as l(lead),
			lateral (
				select f
				from huiyin.feedback f
				where f.lead = l.lead
					and f.id < before
					and (feedback_page.state is null or f.state = feedback_page.state)
					and (f.against = me.department) is not true
				order by f.id desc
				limit many
			) as w(f)
		union all
		(select f.*
		from huiyin.feedback f
		where f.lead is null
			and me.roles && array['coordinator', 'auditor']
			and f.id < before
			and (feedback_page.state is null or f.state = feedback_page.state)
			and (f.against = me.department) is not true
		order by f.id desc
		limit many)
	) as p
	order by p.id desc
	limit many
$$;
comment on function huiyin.feedback_page is
	'the newest below a number, of every lead this person may list; each by its own index';

create or replace function huiyin.feedback_page_of_part(
	me huiyin.identity,
	part text,
	state text,
	before bigint,
	many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select f.*
	from huiyin.feedback_party p
	join huiyin.feedback f on f.id = p.feedback
	where p.department = me.department
		and p.part = feedback_page_of_part.part
		and p.feedback < before
		and (feedback_page_of_part.state is null or f.state = feedback_page_of_part.state)
		and (f.against = me.department) is not true
	order by p.feedback desc
	limit many
$$;
comment on function huiyin.feedback_page_of_part is
	'the newest below a number in which this person''s department has that part';

create or replace function huiyin.page_check(params jsonb)
returns void
language plpgsql
stable
as $$
begin
	if params ? 'state' and not exists (
			select from huiyin.feedback_move m where params->>'state' in (m.was, m.becomes)) then
		perform huiyin.refuse('bad_value', 'state');
	elsif params->>'after' !~ '^HY-(\d{6}-)?\d\d-\d{6,18}$' then
		perform huiyin.refuse('bad_value', 'after');
	end if;
end $$;
comment on function huiyin.page_check is
	'refuses a state there is not and what is the next of no page: an empty list would say that there is nothing';

create or replace function api.feedback_list(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_custom_plan	-- of an empty partition any index looks as good
as $$
declare
	me huiyin.identity := huiyin.me(who,
		array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	before bigint := coalesce(substring(params->>'after' from '(\d{1,18})$')::bigint,
		9223372036854775807);
	items jsonb;
	last text;
begin
	perform huiyin.page_check(params);
	select
		jsonb_agg(huiyin.feedback_line(p) order by p.id desc),
		(array_agg(p.receipt order by p.id))[1]
	into items, last
	from (
		select l.* from huiyin.feedback_page(me, params->>'state', before, many) as l
		where coalesce(params->>'part', 'lead') = 'lead'
		union all
		select o.* from huiyin.feedback_page_of_part(me, params->>'part', params->>'state', before, many) as o
		where params->>'part' <> 'lead'
	) as p;
	return jsonb_build_object('items', coalesce(items, '[]'))
		|| case when jsonb_array_length(items) = many
			then jsonb_build_object('next', last) else '{}' end;
end $$;
comment on function api.feedback_list is
	'{state?, part?, after?, limit?} -> {items, next?}: newest first; after is the next of the page before';
