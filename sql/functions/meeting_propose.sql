-- SPDX-License-Identifier: Apache-2.0
-- meeting.propose: an agenda from the database. It proposes; the coordinator picks,
-- words, orders and adds.

create or replace function huiyin.is_on_agenda(feedback bigint)
returns boolean
language sql
stable
as $$
	select exists (
		select
		from huiyin.meeting_item_feedback x
		join huiyin.meeting_item i on i.id = x.item and i.position is not null
		join huiyin.meeting m on m.id = i.meeting
		where x.feedback = is_on_agenda.feedback
			and m.state in ('convened', 'held', 'drafted', 'circulated'))
$$;
comment on function huiyin.is_on_agenda is 'does a meeting that is not over speak about it?';

create or replace function huiyin.agenda_feedback(me huiyin.identity, many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select p.* from huiyin.due_page(me, 100, many) as p
	union
	select r.*
	from huiyin.feedback r
	where r.state = 'reopened' and r.tick_at is not null
$$;
comment on function huiyin.agenda_feedback is
	'what is overdue or was reopened, some of it perhaps not theirs to see';

create or replace function huiyin.propose_feedback(me huiyin.identity, many int)
returns setof jsonb
language sql
stable
as $$
	select huiyin.feedback_line(f) || jsonb_build_object(
		'kind', 'feedback',
		'why', case when f.state = 'reopened' then 'reopened' else 'overdue' end,
		'n', 1,
		'level', f.level,
		'department', huiyin.department_json(f.lead))
	from huiyin.agenda_feedback(me, many) as f
	where huiyin.may_find(me, f) and not huiyin.is_on_agenda(f.id)
	order by f.level desc, f.answer_by, f.id
	limit many
$$;
comment on function huiyin.propose_feedback is
	'what is overdue or was reopened and on no agenda yet, the most pressing first';

create or replace function huiyin.propose_typical(
	me huiyin.identity,
	from_at timestamptz,
	hide bigint[],
	many int)
returns setof jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'kind', 'typical',
		'why', t.trend,
		'service', t.service,
		'region', t.region,
		'region_name', huiyin.region_name(t.region),
		'n', t.n,
		'before', t.before,
		'open', t.open,
		'text', (select f.said from huiyin.feedback f where f.id = t.example[1] and huiyin.may_find(me, f)),
		'feedback', (
			select coalesce(jsonb_agg(jsonb_build_object('receipt', f.receipt, 'state', f.state,
				'text', f.said) order by f.id), '[]')
			from huiyin.feedback f
			where f.id = any (t.feedbacks[1:50]) and huiyin.may_find(me, f)))
	from huiyin.typical_problems(from_at, now(), many, hide) as t
	where not t.small
	order by t.n desc
$$;
comment on function huiyin.propose_typical is
	'what many say alike, with how many, before and now; nothing of what is against a department that will read it, no group below 5';

create or replace function huiyin.propose_ledger(me huiyin.identity, many int)
returns setof jsonb
language plpgsql
stable
as $$
begin
	return query
	select huiyin.ledger_line(e) || '{"kind": "ledger", "why": "late", "n": 1}'
	from huiyin.ledger_entry e
	where coalesce(e.due_at, 'infinity') < now() and huiyin.is_entry_late(e)
		and huiyin.may_see_entry(me, e)
		and not exists (
			select
			from huiyin.meeting_item_entry x
			join huiyin.meeting_item i on i.id = x.item and i.position is not null
			join huiyin.meeting m on m.id = i.meeting
			where x.entry = e.id and m.state in ('convened', 'held', 'drafted', 'circulated'))
	order by coalesce(e.due_at, 'infinity'), e.id
	limit many;
end $$;
comment on function huiyin.propose_ledger is 'entries of the ledger that are late and on no agenda yet, the latest first';

create or replace function huiyin.propose_notices(from_at timestamptz, many int)
returns setof jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'kind', 'notice',
		'why', 'understood',
		'notice', r.notice,
		'text', r.headline,
		'department', huiyin.department_json(r.department),
		'understood', r.understood,
		'n', r.asked)
	from (
		select n.notice, n.headline, n.department, n.id,
			sum(x.understood) as understood, sum(x.understood + x.misunderstood) as asked
		from (
			select a.*
			from huiyin.notice a
			where a.ack = 'understood' and a.seq is not null and a.sent >= from_at
			order by a.seq desc
			limit 200
		) as n
		cross join lateral huiyin.notice_reached(n.id, n.sent) as x
		group by n.notice, n.headline, n.department, n.id
	) as r
	where r.asked >= 5 and r.understood < r.asked
	order by r.understood::float8 / r.asked, r.id
	limit many
$$;
comment on function huiyin.propose_notices is
	'notices that asked whether they were understood and were not by many, the worst first; none that fewer than 5 were asked about';

create or replace function api.meeting_propose(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
	me huiyin.identity := huiyin.me(who, array['coordinator']);
	many int := least(coalesce((params->>'limit')::int, 10), 50);
	from_at timestamptz := coalesce((params->>'from')::timestamptz, now() - interval '30 days');
	m huiyin.meeting;
	hide bigint[];
begin
	if not me.coordinating then
		perform huiyin.refuse('not_allowed');
	elsif from_at >= now() then
		perform huiyin.refuse('bad_value', 'from');
	end if;
	select x.* into m from huiyin.meeting x where x.id = (params->>'meeting')::bigint;
	if params ? 'meeting' and (m.id is null or not huiyin.is_office_of(me, m)) then
		perform huiyin.refuse('not_found', 'meeting');
	end if;
	hide := me.department || array(
		select p.department from huiyin.meeting_party p where p.meeting = m.id);
	return jsonb_build_object('items', coalesce((
		select jsonb_agg(p.line order by p.source, p.place)
		from (
			select 1, f.* from huiyin.propose_feedback(me, many) with ordinality as f
			union all
			select 2, t.* from huiyin.propose_typical(me, from_at, hide, many) with ordinality as t
			union all
			select 3, l.* from huiyin.propose_ledger(me, many) with ordinality as l
			union all
			select 4, n.* from huiyin.propose_notices(from_at, many) with ordinality as n
		) as p(source, line, place)), '[]'));
end $$;
comment on function api.meeting_propose is
	'{meeting?, from?, limit?} -> {items}: late and reopened feedback, what many say alike, late entries of the ledger, notices understood least; at most so many of each';
