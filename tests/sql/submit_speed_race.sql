-- SPDX-License-Identifier: Apache-2.0
-- A submission among what a county has kept for years takes at most twice what it
-- takes in an empty database: 50,000 feedbacks, with --long 10,000,000.
-- Nothing races here: it commits and vacuums, as a county's database is.

begin;
\ir world.psql
\ir speed.psql
select * from no_plan();
\set long `[ -n "$HUIYIN_LONG" ] && echo true || echo false`
\set many `[ -n "$HUIYIN_LONG" ] && echo 10000000 || echo 50000`
commit;

set enable_seqscan = off;	-- as a node asks: no plan walks a table
set jit = off;
select is(t.submit(256), 256::bigint, 'a batch is taken');
select t.measure('256 submissions, empty', 'select t.submit(256)', 40) \g /dev/null

-- six years, all that a submission leaves: the act, the feedback, its first step,
-- of every tenth who it is
select count(huiyin.partition_ahead(p, m::date))
from unnest(array['feedback', 'feedback_history']) as p,
	generate_series(date_trunc('month', now()) - interval '73 months', now(), '1 month') as m \g /dev/null
create temp table village as
select r.code, row_number() over (order by r.code) - 1 as nth, count(*) over () as many
from huiyin.region r
where r.level = 'village';
create temp table lead as
select c.id, row_number() over (order by c.id) - 1 as nth, count(*) over () as many
from huiyin.department c
where c.code <> 'hall';
create procedure t.fill(first bigint, last bigint, many bigint) language plpgsql as $$
begin
	with made as materialized (
		select 1000000 + i as id, f.at, t.time_ref(f.at) as ref, i % 50 = 0 as open, v.code as region,
			(array['need', 'question', 'complaint', 'report'])[1 + i % 4] as service, d.id as lead
		from generate_series(first, last) as i
		cross join lateral (select now() - interval '1 minute' - interval '2190 days' * ((many - i)::float8 / many) as at) as f
		join village v on v.nth = i * 7 % v.many
		join lead d on d.nth = i % d.many
	),
	acts as (
		insert into huiyin.act (ref, author, act, hash, result, at)
		select m.ref, 1, 'feedback.submit', sha256(m.id::text::bytea),
			huiyin.receipt_json('HY-422802-20-' || m.id, 'dispatched', m.at), m.at
		from made m
	),
	steps as (
		insert into huiyin.feedback_history (feedback, step, at, state, department, act)
		select m.id, 1, m.at, 'dispatched', m.lead, null from made m
	),
	persons as (
		insert into huiyin.feedback_person (feedback, sealed, contact)
		select m.id, sha512(m.id::text::bytea) || sha512(m.id::text::bytea), substr(sha256(m.id::text::bytea), 1, 16)
		from made m where m.id % 10 = 0
	),
	keys as (
		insert into huiyin.person_key (feedback, filed_at, salt, look_at)
		select m.id, m.at, substr(sha256(m.id::text::bytea), 1, 16), m.at from made m where m.id % 10 = 0
	)
	insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous,
		lead, dispatch_by, sign_by, contact_by, answer_by, contacted_at, answered_at, closed_at,
		tick_at, dispatched_at, answer_from)
	select m.id, m.at, 'HY-422802-20-' || m.id, m.ref, case when m.open then 'in_progress' else 'closed_resolved' end, 1,
		m.region, m.service, '路塌了', false, m.lead, m.at + interval '1 day', m.at + interval '1 day',
		m.at + interval '1 day', m.at + interval '15 days', m.at, x.done, x.done,
		case when m.open then now() + interval '5 days' end, m.at, m.at
	from made m
	cross join lateral (select case when not m.open then m.at + interval '3 days' end as done) as x;
end $$;
select format('call t.fill(%s, %s, %s)', i + 1, least(i + 250000, :many), :many)
from generate_series(0, :many - 1, 250000) as i \gexec
alter sequence huiyin.receipt_number restart 100000000;
vacuum analyze huiyin.feedback;
vacuum analyze huiyin.feedback_history;
vacuum analyze huiyin.act;
vacuum analyze huiyin.feedback_person;
vacuum analyze huiyin.person_key;
checkpoint;

select t.measure('256 submissions, full', 'select t.submit(256)', 40) \g /dev/null
select is((select count(*) from huiyin.act a), (:many + 81 * 256)::bigint, 'each of them is there');
select cmp_ok(t.cost('256 submissions, full'), '<', 2 * t.cost('256 submissions, empty'),
	format('256 submissions among %s take at most twice the time of the processor of an empty database', :many));
\if :long
-- by the clock only where nothing else runs
select cmp_ok(t.best('256 submissions, full'), '<', 2 * t.best('256 submissions, empty'), 'so it is by the clock');
\endif
select t.plan('256 submissions', 'select t.submit(256)') \g /dev/null
select is(t.walks(), '{}', 'and no plan of theirs walks a table');
select t.tell_times();
\if :long
select t.tell_plans();
\endif

select * from finish();
