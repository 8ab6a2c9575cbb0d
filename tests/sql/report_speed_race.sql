-- SPDX-License-Identifier: Apache-2.0
-- The rates of a month among two years of feedback: 50,000, with --long 1,000,000.
-- Nothing races here: it commits and vacuums, as a county's database is.

begin;
\ir world.psql
\ir speed.psql
select * from no_plan();
\set long `[ -n "$HUIYIN_LONG" ] && echo true || echo false`
\set many `[ -n "$HUIYIN_LONG" ] && echo 1000000 || echo 50000`

select count(huiyin.partition_ahead(p, m::date))
from unnest(array['feedback', 'feedback_history', 'feedback_clock']) as p,
	generate_series(date_trunc('month', now()) - interval '25 months', now(), '1 month') as m \g /dev/null

-- every fiftieth is never answered, every seventh late; clocks are as acts leave them
create temp table past as
select
	i as id,
	now() - interval '730 days' * (:many - i) / :many as at,
	v.code as region,
	(array['need', 'question', 'complaint', 'report'])[1 + i % 4] as service,
	d.id as lead,
	interval '1 day' * (i % 7 + case when i % 7 = 0 then 9 else 0 end) as took
from generate_series(1, :many) as i
join (select r.code, row_number() over (order by r.code) - 1 as nth, count(*) over () as many
	from huiyin.region r where r.level = 'village') as v on v.nth = i * 7 % v.many
join (select c.id, row_number() over (order by c.id) - 1 as nth, count(*) over () as many
	from huiyin.department c where c.code <> 'hall') as d on d.nth = i % d.many;
insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous,
	lead, dispatch_by, sign_by, contact_by, answer_by, contacted_at, answered_at, closed_at)
select p.id, p.at, 'HY-' || p.id, gen_random_uuid(),
	case when done.at is null then 'dispatched' else 'closed_resolved' end, 1,
	p.region, p.service, '路塌了', false, p.lead, p.at + interval '1 day', p.at + interval '1 day',
	p.at + interval '1 day', p.at + interval '7 days', done.at, done.at, done.at
from past p
cross join lateral (select case when p.id % 50 <> 0 and p.at + p.took <= now() then p.at + p.took end as at) as done;
insert into huiyin.feedback_clock (feedback, at, clock, kind, round, old_by, new_by, department)
select f.id, f.answered_at, c.clock, 'met', 1, c.by_at, c.by_at, f.lead
from huiyin.feedback f
cross join lateral (values ('sign', f.sign_by), ('contact', f.contact_by), ('answer', f.answer_by)) as c(clock, by_at)
where f.answered_at is not null;
insert into huiyin.feedback_echo (feedback, number, at, round, source, reached, solved, grade)
select f.id, 1, f.answered_at, 1, 'submitter', true, case when f.id % 3 = 0 then 'no' else 'yes' end, 1 + f.id % 5
from huiyin.feedback f
where f.answered_at is not null and f.id % 2 = 0;
analyze huiyin.feedback;
analyze huiyin.feedback_clock;

-- what the tick would have gathered, in one statement; some of it is compared
insert into huiyin.report_due
select f.id, c.clock, 1, 1, f.lead, f.region, f.service, case when c.clock = 'answer' then f.filed_at end,
	c.by_at, c.by_at, f.answered_at, f.answered_at is not null, null, false, false, false,
	e.reached, e.solved = 'yes', e.grade, huiyin.due_facts(f.answered_at is not null, array[
		f.answered_at <= c.by_at, f.answered_at <= c.by_at, false, false, false, false,
		e.reached, not e.reached, e.solved = 'yes', e.grade is not null, e.grade >= 3], null)
from huiyin.feedback f
cross join lateral (values ('sign', f.sign_by), ('contact', f.contact_by), ('answer', f.answer_by)) as c(clock, by_at)
left join huiyin.feedback_echo e on c.clock = 'answer' and e.feedback = f.id;
insert into huiyin.report_day
select k.by, k.day, k.key, r.clock, r.facts, count(*)
from huiyin.report_due r
cross join lateral huiyin.report_kinds(r) as k
group by 1, 2, 3, 4, 5;
update huiyin.report_head set xid = pg_current_xact_id();
analyze huiyin.report_due;
create temp table sample as
select array_agg(distinct (random() * :many)::bigint) as ids from generate_series(1, 500);
select set_eq('select d.* from sample, huiyin.dues_of(sample.ids) as d',
	'select r.* from sample, huiyin.report_due r where r.feedback = any (sample.ids)', 'the tick would gather the same');
select t.measure('gathering 500', format('select huiyin.report_keep(array(select (%s - n)::bigint from generate_series(1, 500) as n))', :many)) \g /dev/null

commit;
vacuum analyze huiyin.report_due;
vacuum analyze huiyin.report_day;
vacuum analyze huiyin.feedback;

-- as a node asks: no plan walks a table
set enable_seqscan = off;
set jit = off;
create function t.month(ago int, by text, who text) returns text language sql as $$
	select format('select t.ask(''report_rates'', %L, %L)', who, jsonb_build_object('by', by,
		'from', to_char(date_trunc('month', now()) - make_interval(months => ago), 'YYYY-MM-DD'),
		'to', to_char(date_trunc('month', now()) - make_interval(months => ago - 1) - interval '1 day', 'YYYY-MM-DD')))
$$;
select t.measure(format('rates by %s, %s, of %s months ago', by, who, ago), t.month(ago, by, who))
from unnest(array['department', 'region', 'service']) as by,
	(values ('auditor', 3), ('auditor', 19), ('approver', 3)) as v(who, ago) \g /dev/null
select cmp_ok(min(k.ms), '<', 100::numeric, format('%s take %s ms', k.what, round(min(k.ms), 1)))
from took k where k.what like 'rates%' group by k.what order by k.what;
select t.plan('rates', t.month(3, 'region', 'auditor')) \g /dev/null
select is(t.walks(), '{}', 'no plan of theirs walks a table');
select t.tell_times();
\if :long
select t.tell_plans();
\endif
select ok(t.ask('report_rates', 'auditor', jsonb_build_object('by', 'service', 'from', to_char(now() - interval '300 days', 'YYYY-MM-DD')))->'items'->0->>'of' > '0',
	'and count something');
-- exactly what counting says
select is((select array_agg(c order by c.key, c.clock, c.facts)::text
	from huiyin.report_cells(by, date_trunc('month', now()) - interval '7 months', now(), null, '{}') as c),
	(select array_agg(row(k.key, k.clock, k.facts, k.many) order by k.key, k.clock, k.facts)::text
	from (
		select huiyin.report_key(by, r, huiyin.report_office()) as key, r.clock, r.facts, count(*) as many
		from huiyin.report_due r
		where r.due_by >= date_trunc('month', now()) - interval '7 months' and r.due_by < now()
		group by 1, 2, 3) as k), 'days add up to the rows by ' || by)
from unnest(array['department', 'region', 'service']) as by;

select * from finish();
