-- SPDX-License-Identifier: Apache-2.0
-- What a county does all day among much feedback: the queue, a department's list,
-- the tick (a submission: submit_speed_race.sql). 50,000 of which a fifth is open; with
-- --long 1,000,000 and 100,000 open. Nothing races here: it commits and vacuums, as a
-- county's database is.

begin;
\ir world.psql
\ir speed.psql
select * from no_plan();
\set long `[ -n "$HUIYIN_LONG" ] && echo true || echo false`
\set many `[ -n "$HUIYIN_LONG" ] && echo 1000000 || echo 50000`
\set open `[ -n "$HUIYIN_LONG" ] && echo 10 || echo 5`
commit;

set enable_seqscan = off;	-- as a node asks: no plan walks a table
set jit = off;

select count(huiyin.partition_ahead(p, m::date))
from unnest(array['feedback', 'feedback_history', 'feedback_clock']) as p,
	generate_series(date_trunc('month', now()) - interval '25 months', now(), '1 month') as m \g /dev/null

-- each :open-th is open: not due for days, every tenth of them waits for the coordinator
insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous,
	lead, dispatch_by, sign_by, contact_by, answer_by, contacted_at, answered_at, closed_at, waits, urgency, tick_at, dispatched_at, answer_from)
select 1000000 + i, f.at, 'HY-' || 1000000 + i, gen_random_uuid(),
	case when not f.open then 'closed_resolved' when f.waits then 'received' else 'in_progress' end, 2,
	v.code, (array['need', 'question', 'complaint', 'report'])[1 + i % 4], '路塌了', false,
	case when not f.waits then d.id end, f.at + interval '1 day', f.at + interval '1 day',
	f.at + interval '1 day', now() + interval '9 days',
	f.at, case when not f.open then f.at + interval '2 days' end, case when not f.open then f.at + interval '3 days' end,
	f.waits, (i % 3)::smallint, case when f.open then now() + interval '5 days' end, f.at, f.at
from generate_series(1, :many) as i
cross join lateral (select
	now() - interval '1 minute' - interval '700 days' * (:many - i) / :many as at,
	i % :open = 0 as open, i % (10 * :open) = 0 as waits) as f
join (select r.code, row_number() over (order by r.code) - 1 as nth, count(*) over () as many
	from huiyin.region r where r.level = 'village') as v on v.nth = i * 7 % v.many
join (select c.id, row_number() over (order by c.id) - 1 as nth, count(*) over () as many
	from huiyin.department c where c.code <> 'hall') as d on d.nth = i % d.many;
insert into huiyin.feedback_history (feedback, step, at, state, department, act)
select f.id, s, f.filed_at + s * interval '1 minute', 'in_progress', f.lead, 'contact'
from huiyin.feedback f, generate_series(1, 2) as s
where f.id > 1000000;
update huiyin.feedback_words_head set xid = pg_current_xact_id();
update huiyin.report_head set xid = pg_current_xact_id();
vacuum analyze huiyin.feedback;
vacuum analyze huiyin.feedback_history;

select t.measure('the coordinator''s queue', $$select t.ask('feedback_queue', 'coordinator', '{"limit": 50}')$$) \g /dev/null
select t.measure('a department''s list', $$select t.ask('feedback_list', 'clerk', '{"limit": 50}')$$) \g /dev/null
select is(jsonb_array_length(t.ask('feedback_queue', 'coordinator', '{"limit": 50}')->'items'), 50, 'the queue is long');
select is(jsonb_array_length(t.ask('feedback_list', 'clerk', '{"limit": 50}')->'items'), 50, 'so is the list');
select cmp_ok(t.best('the coordinator''s queue'), '<', 100::numeric, 'the queue takes less than 100 ms');
select cmp_ok(t.best('a department''s list'), '<', 100::numeric, 'a department''s list takes less than 100 ms');
select t.plan('the queue', $$select t.ask('feedback_queue', 'coordinator', '{"limit": 50}')$$),
	t.plan('the list', $$select t.ask('feedback_list', 'clerk', '{"limit": 50}')$$) \g /dev/null
select is(t.walks(), '{}', 'no plan of theirs walks a table');

-- 100 come due, three times; who is not is not looked at
create temp table ticked (seen int, noted int, ms numeric);
create function t.tick() returns void language plpgsql as $$
declare
	began timestamptz;
	said jsonb;
begin
	update huiyin.feedback f set tick_at = now() - interval '1 second', answer_by = now() - interval '1 hour'
	where f.id in (
		select o.id from huiyin.feedback o
		where o.id > 1000000 and o.level = 0 and o.tick_at > now() + interval '4 days' and o.lead is not null
		order by o.id
		limit 100);
	began := clock_timestamp();
	said := huiyin.tick();
	insert into ticked
	values ((said->>'seen')::int, (said->>'noted')::int, extract(epoch from clock_timestamp() - began) * 1000);
end $$;
select t.tick() \g /dev/null
select t.tick() \g /dev/null
select t.tick() \g /dev/null
select set_eq('select k.seen from ticked k', array[100], 'the tick looks at what has come due, and at nothing else');
select cmp_ok((select min(k.noted) from ticked k), '>=', 100, 'and notes it');
select cmp_ok((select min(k.ms) from ticked k), '<', 1000::numeric, 'in less than a second');
select t.tell_times();
\if :long
select t.tell_plans();
\endif
select diag(format('the tick of 100 among %s open: %s ms', (select count(*) from huiyin.feedback f where f.tick_at is not null),
	(select round(min(k.ms)) from ticked k)));

select * from finish();
