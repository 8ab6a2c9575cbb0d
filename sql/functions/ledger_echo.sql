-- SPDX-License-Identifier: Apache-2.0
-- The echo: what a submitter is told of what a meeting decided on their feedback, and
-- of what came of it; as fields and as a sentence to be read aloud.

create or replace function huiyin.day_said(at timestamptz, lang text)
returns text
language sql
stable
as $$
	select case when lang ilike 'zh%' then
		to_char(at at time zone interval '8 hours', 'FMYYYY"年"FMMM"月"FMDD"日"')
	else
		to_char(at at time zone interval '8 hours', 'FMDD FMMonth FMYYYY')
	end
$$;
comment on function huiyin.day_said is 'a day as people say it: 2026年12月1日, or 1 December 2026';

create or replace function huiyin.decided_said(d jsonb, at timestamptz, lang text)
returns text
language sql
stable
as $$
	select case when lang ilike 'zh%' then
		concat(
			format('已在%s年第%s号会议纪要第%s项中决定,由%s办理', d->>'year', d->>'number', d->>'item', d->>'by'),
			',应于' || huiyin.day_said(at, lang) || '前完成',
			'。')
	else
		concat(
			format('It was decided in summary No. %s of %s, item %s: %s is to do it',
				d->>'number', d->>'year', d->>'item', d->>'by'),
			' by ' || huiyin.day_said(at, lang),
			'.')
	end
$$;
comment on function huiyin.decided_said is
	'that it was decided, where, who does it and by when; d: {year, number, item, by}, at: the date, null for none';

create or replace function huiyin.outcome_said(state text, late boolean, said text, lang text)
returns text
language sql
immutable
as $$
	select case when lang ilike 'zh%' then
		case
			when state = 'verified' then '已经办好,并经其他部门核实:' || said
			when state = 'cancelled' then '此事后来取消:' || coalesce(said, '纪要已更正,不再列入。')
			when late then '现已逾期,仍须办理。'
			when state = 'blocked' then '办理受阻,应对办法已发通知。'
		end
	else
		case
			when state = 'verified' then 'It is done, and another department has verified it: ' || said
			when state = 'cancelled' then 'It was cancelled: ' || coalesce(said, 'a correction of the summary took it out.')
			when late then 'It is late and still to be done.'
			when state = 'blocked' then 'Something is in the way; a notice says what is done about it.'
		end
	end
$$;
comment on function huiyin.outcome_said is
	'what came of it, in the words of who did or cancelled it; null: it is under way';

create or replace function huiyin.entry_result(e huiyin.ledger_entry)
returns text
language sql
stable
as $$
	select case e.state
		when 'verified' then e.said
		when 'cancelled' then (
			select h.said
			from huiyin.ledger_history h
			where h.entry = e.id and h.act = 'cancel')
	end
$$;
comment on function huiyin.entry_result is
	'what was done, once that is verified, or why it was cancelled; null before, and where a correction took it out';

create or replace function huiyin.decided_entries(f huiyin.feedback)
returns setof huiyin.ledger_entry
language sql
stable
as $$
	with mine as materialized (
		select distinct l.entry
		from (
			select f.id
			union
			select f.main
			union
			select d.id from huiyin.feedback d where d.main = coalesce(f.main, f.id)
		) as k(id)
		join huiyin.ledger_feedback l on l.feedback = k.id
	)
	select e.*
	from mine m
	join huiyin.ledger_entry e on e.id = m.entry
	where not exists (
		select
		from huiyin.ledger_entry n
		join mine x on x.entry = n.id
		where n.continues = e.id)
$$;
comment on function huiyin.decided_entries is
	'the entries it led to, or that what it is joined to led to; of those corrected the last';

create or replace function huiyin.decided_json(f huiyin.feedback, lang text)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('decided', jsonb_agg(
		jsonb_build_object('year', s.year, 'number', s.number, 'item', i.position,
			'department', huiyin.department_json(e.lead),
			'due', huiyin.rfc3339(e.due_at),
			'state', e.state,
			'overdue', huiyin.is_entry_late(e),
			'result', r.said,
			'closed_at', huiyin.rfc3339(e.closed_at),
			'sentence', concat_ws(case when l.lang ilike 'zh%' then '' else ' ' end,
				huiyin.decided_said(jsonb_build_object('year', s.year, 'number', s.number,
					'item', i.position, 'by', d.name), e.due_at, l.lang),
				huiyin.outcome_said(e.state, huiyin.is_entry_late(e), r.said, l.lang)))
		order by e.id))
	from huiyin.decided_entries(f) as e
	join huiyin.summary_issued s on s.summary = e.summary
	join huiyin.summary_item i on i.summary = e.summary and i.item = e.item
	join huiyin.department d on d.id = e.lead
	cross join lateral huiyin.entry_result(e) as r(said)
	cross join (select coalesce(decided_json.lang, 'zh-CN') as lang) as l
	having count(*) > 0
$$;
comment on function huiyin.decided_json is
	'what meetings decided on it, as a field to add; null: nothing. Nothing of what the summary says but its number';
