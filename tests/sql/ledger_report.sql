-- SPDX-License-Identifier: Apache-2.0
-- The ledger in report.rates: figures counted by hand, and that nothing late drops
-- out by being cancelled, corrected or refused.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
select * from no_plan();

-- due on one day some weeks ago; those of n done then or not
create function t.day() returns timestamptz language sql as $$
	select huiyin.ledger_due(((now() - interval '30 days') at time zone interval '8 hours')::date::timestamp at time zone interval '8 hours')
$$;
create function t.was_due(decided text, done interval default null) returns void language sql as $$
	update huiyin.ledger_entry e
	set from_at = t.day() - interval '60 days', opened_at = t.day() - interval '60 days', due_at = t.day(),
		done_at = case when done is not null then t.day() + done end, tick_at = case when huiyin.is_entry_running(e) then now() end
	where e.id = (t.e(decided)).id;
	update huiyin.meeting_item i set due_at = t.day() where i.id = (t.e(decided)).item
$$;
create function t.rates(who text, by text default 'department') returns text[] language sql as $$
	select array(select concat_ws(' ', i->>'code', i->>'rate', i->>'n', i->>'of', i->>'excluded', i->>'why', case when (i->>'few')::boolean then 'few' end)
		from jsonb_array_elements(t.ask('report_rates', who, jsonb_build_object('by', by,
			'from', to_char(t.day() at time zone interval '8 hours', 'YYYY-MM-DD'), 'to', to_char(t.day() at time zone interval '8 hours', 'YYYY-MM-DD')))->'items') as i
		where i->>'rate' like 'ledger%')
$$;

select t.issue((select jsonb_agg(jsonb_build_object('text', 'c' || n, 'lead', 'commerce', 'due', '2068-01-03T10:00:00+08:00')) from generate_series(1, 10) as n)
	|| (select jsonb_agg(jsonb_build_object('text', 't' || n, 'lead', 'transport', 'due', '2068-01-03T10:00:00+08:00')) from generate_series(1, 4) as n)) as summary \gset
select is(t.rates('coordinator'), '{}', 'what is not due yet is in no figure');
-- 1 and 2 in time and verified, 3 in time and still to be, 4 late and verified, 5 refused
select t.ledger('ledger_done', 'c' || n, 'clerk', '{"text": "x"}') from generate_series(1, 5) as n \g /dev/null
select t.ledger('ledger_verify', 'c' || n, 'coordinator', '{"decision": "verified"}') from unnest(array[1, 2, 4]) as n \g /dev/null
select t.was_due('c' || n, '-1 day') from generate_series(1, 3) as n \g /dev/null
select t.was_due('c4', '1 minute') \g /dev/null
select t.ledger('ledger_verify', 'c5', 'coordinator', '{"decision": "refused", "reason": "x"}'), t.was_due('c5') \g /dev/null
-- 6 never; 7 cancelled in time, 8 when it was late; 9 corrected in time; 10 is not due then
select t.was_due('c6'), t.ledger('ledger_cancel', 'c7', 'coordinator', '{"reason": "x"}'), t.was_due('c7'), t.was_due('c8'), t.ledger('ledger_cancel', 'c8', 'coordinator', '{"reason": "x"}') \g /dev/null
select t.was_due('t' || n) from generate_series(1, 4) as n \g /dev/null
select is(t.rates('coordinator'), '{"commerce ledger 3 7 1 cancelled 1","commerce ledger_verified 3 7 1 cancelled 1","transport ledger few","transport ledger_verified few"}', 'the coordinating office reads n/N of each department, of fewer than five nothing');
select is(t.rates('auditor'), t.rates('coordinator'), 'so do auditors');
select is(t.rates('approver'), '{"commerce ledger 3 7 1 cancelled 1","commerce ledger_verified 3 7 1 cancelled 1"}', 'an approver those of its own department');
select is(t.rates('coordinator', 'region') || t.rates('coordinator', 'service'), '{}', 'of regions and services there are none');
select t.issue((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('text', x, 'lead', case when x = 'c6' then 'transport' else 'commerce' end,
		'due', case x when 'c9' then '2067-01-03T10:00:00+08:00' end)))
	from unnest(array['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10']) as x), :summary) \g /dev/null
select is((t.rates('auditor'))[1:2], '{"commerce ledger 3 7 1 cancelled 1","commerce ledger_verified 3 7 1 cancelled 1"}', 'a correction counts nothing twice; what it gives to another was late before');
select is((select l.n || '/' || l.total from huiyin.report_ledger(t.day() - interval '1 day', t.day() + interval '1 day', (t.e('t1')).lead) as l where l.rate = 'ledger'), '0/5', 'who has it now owes it too; what is not decided any more was late');

select * from finish();
rollback;
