-- SPDX-License-Identifier: Apache-2.0
-- The ledger's figures for report.rates, by department: of what was due in a time,
-- what was done by then, and what is verified. Late and unfinished stay in N, and so
-- does what was late when it was cancelled or corrected.

create or replace function huiyin.ledger_left_out(e huiyin.ledger_entry)
returns text
language sql
stable
as $$
	select case when h.corrected and not h.cancelled then 'corrected' else 'cancelled' end
	from (
		select coalesce(bool_or(x.act = 'correct'), false) as corrected,
			coalesce(bool_or(x.act = 'cancel'), false) as cancelled
		from huiyin.ledger_history x
		where x.entry = e.id
	) as h
	where e.state = 'cancelled' and not exists (
		select
		from huiyin.ledger_before(e) as l(id)
		join huiyin.ledger_clock c on c.entry = l.id
		where c.kind = 'breach' and c.new_by = e.due_at)
$$;
comment on function huiyin.ledger_left_out is
	'why something not done is not counted; null when it was late before it was closed';

create or replace function huiyin.ledger_dues(from_at timestamptz, until_at timestamptz, own bigint)
returns table (lead bigint, in_time boolean, verified boolean, left_out text)
language sql
stable
as $$
	select
		e.lead,
		e.state in ('done', 'verified') and e.done_at <= e.due_at,
		e.state = 'verified',
		huiyin.ledger_left_out(e)
	from huiyin.ledger_entry e
	left join huiyin.ledger_entry n on n.continues = e.id
	where e.due_at >= ledger_dues.from_at and e.due_at < ledger_dues.until_at
		and (n.due_at, n.lead) is distinct from (e.due_at, e.lead)
		and (own is null or own = e.lead)
$$;
comment on function huiyin.ledger_dues is
	'the entries that were due in a time; of those that a correction left as they were, with who leads and when, the last';

create or replace function huiyin.report_ledger(from_at timestamptz, until_at timestamptz, own bigint)
returns table (key text, rate text, n bigint, total bigint, excluded bigint, why text)
language sql
stable
as $$
	with due as materialized (
		select d.* from huiyin.ledger_dues(report_ledger.from_at, report_ledger.until_at, report_ledger.own) as d
	),
	omitted as (
		select x.lead, sum(x.many) as many, string_agg(concat(x.left_out, ' ', x.many), ', ' order by x.left_out) as why
		from (
			select d.lead, d.left_out, count(*) as many
			from due d
			where d.left_out is not null
			group by d.lead, d.left_out
		) as x
		group by x.lead
	)
	select d.lead::text, r.rate,
		count(*) filter (where d.left_out is null and case r.rate when 'ledger' then d.in_time else d.verified end),
		count(*) filter (where d.left_out is null),
		coalesce(o.many, 0)::bigint,
		o.why
	from due d
	cross join unnest(array['ledger', 'ledger_verified']) as r(rate)
	left join omitted o on o.lead = d.lead
	group by d.lead, r.rate, o.many, o.why
$$;
comment on function huiyin.report_ledger is
	'ledger: done by the date, verified or still to be / due; ledger_verified: verified, however late / due';
