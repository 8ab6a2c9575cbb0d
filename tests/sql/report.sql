-- SPDX-License-Identifier: Apache-2.0
-- report.rates: a small county whose figures were counted by hand, who sees which,
-- and that nothing which was due drops out.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

-- the lower end of the 95 % interval, against a published table and its limits
select is(round(huiyin.wilson(n, total)::numeric, 4), low, format('of %s of %s', n, total))
from (values (0, 10, 0.0000), (1, 10, 0.0179), (5, 10, 0.2366), (9, 10, 0.5958), (10, 10, 0.7225),
	(81, 263, 0.2553), (1, 1, 0.2065)) as v(n, total, low);
select is(huiyin.wilson(0, 0), null, 'of nothing there is no lower end');


-- an act that must be done, as a state
create function t.did(act text, n int, who text, more jsonb default '{}') returns void language plpgsql as $$
declare
	said text := t.on(act, n, who, more);
begin
	if not exists (select from huiyin.feedback_move m where m.becomes = said) then
		raise exception '% of % by %: %', act, n, who, said;
	end if;
end $$;
create function t.answered(n int, who text default 'clerk', outcome text default 'resolved') returns void language sql as $$
	select t.did('answer', n, who, jsonb_build_object('text', '好', 'outcome', outcome))
$$;
create function t.rated(n int, solved text, grade int) returns void language sql as $$
	select t.did('rate', n, null, jsonb_build_object('proved', true, 'solved', solved, 'grade', grade))
$$;
create function t.unreached(n int) returns void language sql as $$
	select t.did('revisit', n, 'approver', '{"solved": "unreached"}')
$$;

-- Needs, all of them to be signed for in a working day, answered in 7 days.
select t.filed(n, 'commerce') from generate_series(1, 14) as n \g /dev/null
do $$ begin
	-- 1 to 5 are answered at once
	perform t.answered(n, 'clerk', case n when 2 then 'explained' else 'resolved' end) from generate_series(1, 5) as n;
	perform t.rated(1, 'yes', 5);
	perform t.did('revisit', 2, 'approver', '{"solved": "no", "grade": 2}');
	perform t.did('revisit', 3, 'approver', '{"solved": "partly", "grade": 3}');
	perform t.unreached(4);
	perform t.age(4, '1 day');
	perform t.unreached(4);
	perform t.age(4, '1 day');
	perform t.unreached(4);
	perform t.rated(5, 'yes', 4);
	-- 6 is answered late, 7 never
	perform t.age(6, '8 days');
	perform t.answered(6);
	-- 8 is withdrawn in time, 9 when it was late
	perform t.did('withdraw', 8, null, '{"proved": true}');
	perform t.age(9, '8 days');
	perform t.did('withdraw', 9, null, '{"proved": true}');
	-- 10 is extended from 7 to 10 days and answered on the ninth
	perform t.did('contact', 10, 'clerk', '{"how": "phone"}');
	perform t.did('extend', 10, 'clerk', jsonb_build_object('until', now() + interval '10 days', 'reason', '等材料'));
	perform t.did('extend', 10, 'approver', '{"decision": "approve"}');
	perform t.age(10, '9 days');
	perform t.answered(10);
	perform t.rated(10, 'yes', 4);
	-- 11 waits for its submitter
	perform t.did('ask', 11, 'clerk', '{"text": "?"}');
	-- 12 is returned, and answered by another department
	perform t.did('return', 12, 'clerk', '{"reason": "不归我们", "suggestion": "transport"}');
	perform t.did('dispatch', 12, 'coordinator', '{"lead": "transport"}');
	perform t.answered(12, 'driver');
	-- 13 is answered and reopened, 14 is a duplicate
	perform t.answered(13);
	perform t.did('reopen', 13, null, '{"proved": true, "reason": "没有"}');
	perform t.did('link', 14, 'coordinator', jsonb_build_object('main', t.receipt(1)));
end $$;
select t.age(n, case n when 13 then interval '12 days' else '20 days' end) from generate_series(1, 14) as n \g /dev/null

create function t.day(ago int) returns text language sql as $$
	select to_char((now() - make_interval(days => ago)) at time zone interval '8 hours', 'YYYY-MM-DD')
$$;
create function t.rates(who text, by text, more jsonb default '{}') returns jsonb language sql as $$
	select t.ask('report_rates', who, jsonb_build_object('by', by, 'from', t.day(60), 'to', t.day(0)) || more)
$$;
-- one figure as n/N, what was left out of it, and why
create function t.figure(who text, by text, code text, rate text) returns text language sql as $$
	select concat_ws(' ', coalesce(concat(i->>'n', '/', nullif(i->>'of', '')), 'nothing'),
		case when (i->>'few')::boolean then 'few' end, nullif(i->>'excluded', '0'), i->>'why')
	from (select) as one
	left join jsonb_array_elements(t.rates(who, by)->'items') as i
		on i->>'code' = $3 and i->>'rate' = $4
$$;

select is(t.figure('auditor', 'department', 'commerce', rate), figure, format('%s of commerce: %s', rate, figure))
from (values
	('sign', '8/11 3 duplicate 1, returned 1, withdrawn 1'),
	('response', '8/11 2 duplicate 1, withdrawn 1'),
	('on_time', '7/11 3 duplicate 1, waiting 1, withdrawn 1'),
	('strict', '6/11 3 duplicate 1, waiting 1, withdrawn 1'),
	('echo', '8/11 3 duplicate 1, waiting 1, withdrawn 1'),
	('resolution', '3/5'),
	('resolution_strict', '3/8'),
	('satisfaction', '4/5'),
	('unreached', '1/8'),
	('reopened', '1/8'),
	('returned', '1/14'),
	('extended', '1/11 3 duplicate 1, waiting 1, withdrawn 1'),
	('overdue', '/ few'),
	('voice', '/')
) as v(rate, figure);
select is(t.figure('auditor', 'department', 'transport', 'on_time'), '/ few', 'a group of one is suppressed');
select is(to_jsonb(o), jsonb_build_object('key', d.id::text, 'n', 2, 'total', 2, 'age_p50', 120, 'age_p90', 312),
	'what is late is late by 5 and by 13 days')
from huiyin.department d, huiyin.report_overdue('department', now(), d.id, array(select huiyin.report_touched())) as o where d.code = 'commerce';
select is(t.figure('auditor', 'region', '422802101000', 'on_time'), '8/12 3 duplicate 1, waiting 1, withdrawn 1', 'the township has both');
select is(t.figure('auditor', 'service', 'need', 'on_time'), '8/12 3 duplicate 1, waiting 1, withdrawn 1', 'so has the service');
select is(t.figure('auditor', 'region', '422802101000', 'voice'), '1/' || count(*), 'one village of the township was heard')
from huiyin.region r where r.parent = '422802101000';
select is(t.figure('auditor', 'region', '422802100000', 'voice'), '0/' || count(*), 'none of another')
from huiyin.region r where r.parent = '422802100000';

select is(i - '{excluded,why,rank,few,age_p50,age_p90}'::text[], '{"code": "commerce", "name": "商务局", "rate": "on_time",
	"n": 7, "of": 11, "percent": "63.6", "low": "35.4", "gap": null}', 'a rate comes with its lower end')
from jsonb_array_elements(t.rates('auditor', 'department')->'items') as i
where i->>'code' = 'commerce' and i->>'rate' = 'on_time';
select is(array(select distinct i->>'rank' from jsonb_array_elements(t.rates('auditor', 'department')->'items') as i),
	array[null::text], 'nobody is ranked by fewer than 20');
select ok(bool_and(i->'n' = 'null' and i->'of' = 'null' and i->'percent' = 'null' and i->'low' = 'null'
	and i->'excluded' = 'null' and i->'why' = 'null' and i->'age_p50' = 'null' and i->'age_p90' = 'null'), 'of a small group nothing is said')
from jsonb_array_elements(t.rates('auditor', 'department')->'items') as i where (i->>'few')::boolean;

-- who sees which
select is(array(select distinct i->>'code' from jsonb_array_elements(t.rates(who, by)->'items') as i order by 1), seen::text[],
	format('%s sees %s by %s', who, seen, by))
from (values
	('auditor', 'department', '{commerce,office,transport}'), ('coordinator', 'department', '{commerce,office,transport}'),
	('approver', 'department', '{commerce}'), ('chief', 'department', '{transport}'),
	('approver', 'region', '{422802101000}'), ('chief', 'service', '{need}')
) as v(who, by, seen);
select is(t.figure('approver', 'region', '422802101000', 'on_time'), '7/11 3 duplicate 1, waiting 1, withdrawn 1',
	'an approver sees of a township what the own department had to do');
select is(t.figure('approver', 'region', '422802101000', 'voice'), '/', 'and not who was heard');
select is(t.rates(who, 'department'), '{"refused": "not_allowed"}', coalesce(who, 'a visitor') || ' sees none')
from unnest(array['clerk', 'town', 'keeper', 'relay', 'admin', 'ka', null]) as who;
select is(t.rates('auditor', 'department', more::jsonb), refused::jsonb, 'refused: ' || more)
from (values
	('{"from": "2026-02-30"}', '{"refused": "bad_value from"}'),
	('{"to": "soon"}', '{"refused": "bad_value to"}'),
	('{"from": "2026-02-02", "to": "2026-02-01"}', '{"refused": "out_of_bounds to"}'),
	('{"from": "2024-02-02", "to": "2026-02-01"}', '{"refused": "out_of_bounds to"}')
) as v(more, refused);

-- cohorts: what was due is one answer of each feedback, one more of what was reopened
create function t.due(from_at timestamptz, until_at timestamptz, which text) returns bigint language sql as $$
	select coalesce(sum(c.total + c.excluded), 0)::bigint
	from huiyin.report_counted('department', from_at, until_at, null, array(select huiyin.report_touched())) as c where c.rate = which
$$;
select is(t.due(now() - interval '60 days', now(), 'on_time'), 15::bigint, 'all that was due is counted or left out for a reason');
select is(t.due(now() - interval '60 days', now(), 'strict'), 15::bigint, 'also by the original date');

-- the same when it was gathered as when it is counted from the rows of feedback
create temp table live on commit drop as select x.* from huiyin.dues_of(array(select f.id from huiyin.feedback f)) as x;
create temp table figures on commit drop as
select v.by, t.rates('auditor', v.by) as said from unnest(array['department', 'region', 'service']) as v(by);
select is((select count(*) from huiyin.report_due), 0::bigint, 'nothing was gathered yet');
select huiyin.report_keep(array(select f.id from huiyin.feedback f));
update huiyin.report_head set xid = pg_current_xact_id();
select is((select count(*) from huiyin.report_touched()), 0::bigint, 'now all of it');
select set_eq('table huiyin.report_due', 'table live', 'what is gathered is what is counted');
select is(t.rates('auditor', x.by), x.said, 'and says the same by ' || x.by) from figures x;
select huiyin.report_keep(array(select f.id from huiyin.feedback f));
select set_eq('table huiyin.report_due', 'table live', 'gathering twice changes nothing');

-- tallies: random times, by every group, some of it touched since, against counting
create function t.counted(by text, from_at timestamptz, until_at timestamptz) returns setof text language sql as $$
	select format('%s %s %s: %s', huiyin.report_key(by, r, huiyin.report_office()), r.clock, r.facts, count(*))
	from huiyin.dues_of(array(select f.id from huiyin.feedback f)) as r
	where r.due_by >= counted.from_at and r.due_by < counted.until_at
	group by by, huiyin.report_key(by, r, huiyin.report_office()), r.clock, r.facts
$$;
create function t.tallied(by text, from_at timestamptz, until_at timestamptz) returns setof text language sql as $$
	select format('%s %s %s: %s', c.key, c.clock, c.facts, c.many)
	from huiyin.report_cells(by, from_at, until_at, null, array(select x from huiyin.report_touched() as x)) as c
$$;
create function t.differs() returns bigint language sql as $$
	select count(*)
	from generate_series(1, 120) as i,
		lateral (select now() - interval '70 days' * random() * (i > 0)::int as at) as a,
		lateral (select a.at + interval '40 days' * random() ^ 2 as until) as u,
		lateral (select case when i % 2 = 0 then huiyin.day_start(a.at) else a.at end as from_at,
			case when i % 3 = 0 then huiyin.day_start(u.until) else u.until end as until_at,
			(array['department', 'region', 'service'])[1 + i / 40 % 3] as by) as q
	where array(select x from t.counted(q.by, q.from_at, q.until_at) as x order by 1)
		<> array(select x from t.tallied(q.by, q.from_at, q.until_at) as x order by 1)
$$;
select cmp_ok((select count(*) from t.tallied('service', '-infinity', now())), '>', 5::bigint, 'there is something to tally');
select is(t.differs(), 0::bigint, 'the days of report_day say what counting says');
savepoint tallies;
select t.on('contact', n, 'clerk', '{"how": "phone"}'), t.on('answer', n, 'clerk', '{"text": "x", "outcome": "resolved"}') from generate_series(1, 14) as n \g /dev/null
update huiyin.report_head set xid = '0';	-- as if none of them were known
select is(t.differs(), 0::bigint, 'also of what has gone on since');
select huiyin.report_keep(array(select f.id from huiyin.feedback f where f.id % 2 = 0)) \g /dev/null
select is(t.differs(), 0::bigint, 'also when only some of it was gathered');
select is((select count(*) from huiyin.report_day d where d.many < 0), 0::bigint, 'no day has less than none');
update huiyin.report_day d set many = d.many + 1 where d.by = 'region';
select cmp_ok(t.differs(), '>', 0::bigint, 'a tally that is wrong is seen');
rollback to tallies;

-- each day by itself
select is(sum(t.due(d, d + interval '1 day', r))::bigint, t.due(now() - interval '60 days', now() + interval '2 days', r),
	'the days of ' || r || ' add up')
from unnest(array['sign', 'response', 'on_time', 'strict']) as r,
	generate_series(now() - interval '60 days', now() + interval '1 day', '1 day') as d
group by r;

-- a link undone: what was left out is due again, late or not, and once
select t.on('unlink', 14, 'coordinator') \g /dev/null
update huiyin.report_head set xid = '0';
select is(t.figure('auditor', 'department', 'commerce', 'on_time'), '7/12 2 waiting 1, withdrawn 1', 'what is no duplicate is due again');
select is(t.due(now() - interval '60 days', now(), 'on_time'), 15::bigint, 'and counted once');
select t.on('link', 14, 'coordinator', jsonb_build_object('main', t.receipt(1))) \g /dev/null
select is(t.figure('auditor', 'department', 'commerce', 'on_time'), '7/12 2 waiting 1, withdrawn 1', 'joining it again when it is late does not hide it');
select t.on('unlink', 14, 'coordinator') \g /dev/null
select is(t.due(now() - interval '60 days', now(), 'on_time'), 15::bigint, 'however often that is done');
-- closed while its clock was paused
select t.on('withdraw', 11, null, '{"proved": true}') \g /dev/null
select is(t.figure('auditor', 'department', 'commerce', 'on_time'), '7/12 1 withdrawn 1', 'withdrawn while it waited it is no more waiting');
select is(t.due(now() - interval '60 days', now() + interval '30 days', 'on_time'), 15::bigint,
	'and left out on the day it would have been due, not lost');

-- ranks, from 20 on
select t.filed(n, case when n <= 160 then 'commerce' else 'transport' end) from generate_series(141, 180) as n \g /dev/null
select t.answered(n, 'clerk') from generate_series(141, 160) as n \g /dev/null
select t.age(n, '20 days') from generate_series(141, 180) as n \g /dev/null
select is(array(select concat_ws(' ', i->>'code', i->>'rate', i->>'n', i->>'of', i->>'rank') from jsonb_array_elements(t.rates('auditor', 'department')->'items') as i
	where i->>'rate' in ('on_time', 'resolution')), '{commerce on_time 27 32 1,commerce resolution 3 5,transport on_time 1 21 2}',
	'from 20 on departments are ranked, and not where fewer were asked');

select * from finish();
rollback;
