-- SPDX-License-Identifier: Apache-2.0
-- Typical problems of a month in which 50,000 were filed, as many as in the month before.
-- Nothing races here: it commits and vacuums, as a county's database is. The time of the
-- processor is measured, since others may be using it too, and compared with what it takes
-- to read and count the words of as many; seconds are printed.

begin;
\ir world.psql
select * from no_plan();
\set csv `cat "$HUIYIN_SQL/../tests/sql/typical.csv"`
\set long `[ -n "$HUIYIN_LONG" ] && echo true || echo false`

-- 28 letters on average, nearly all different: one or two texts of typical.csv, two letters of it changed
create temp table line as
select n - 1 as n, split_part(line, ',', 3) as said
from (select row_number() over (order by md5(line)) as n, line from string_to_table(:'csv', E'\n') as line where line <> '') as x;
create function t.many(first bigint, until timestamptz) returns void language sql as $$
	insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous, dispatch_by, answer_by)
	select first + i, until - interval '30 days' * (50001 - i) / 50000.0, 'HY-' || first + i, gen_random_uuid(), 'received', 1, v.code,
		(array['need', 'question', 'complaint', 'report', 'suggestion', 'utility', 'dispute'])[1 + i % 7],
		overlay(overlay(x.said placing substr(o.letters, 1 + (i * 31 % 33)::int, 1) from 1 + (i * 17 % length(x.said))::int for 1)
			placing substr(o.letters, 1 + (i * 37 % 33)::int, 1) from 1 + (i * 23 % length(x.said))::int for 1), false, now(), now()
	from generate_series(1::bigint, 50000) as i
	cross join (select count(*) as lines from line) as c
	join line a on a.n = (i * 7919 + i / 447) % c.lines
	join line b on b.n = (i * 104729 + i / 131) % c.lines
	cross join lateral (select case when i % 2 = 0 then a.said else a.said || ',' || b.said end as said) as x
	cross join (select '春夏秋冬东南西北金木水火土甲乙丙丁张王李赵陈林河桥坪坝沟岩坡湾寨' as letters) as o
	join (select r.code, row_number() over (order by r.code) - 1 as nth, count(*) over () as many
		from huiyin.region r where r.level = 'village') as v on v.nth = (i * 7 + i / 14) % v.many;
$$;
select count(huiyin.partition_ahead('feedback', m::date))
from generate_series(date_trunc('month', now()) - interval '3 months', now(), '1 month') as m \g /dev/null
select t.many(1000000, now()), t.many(2000000, now() - interval '30 days') \g /dev/null
insert into huiyin.feedback_words (feedback, filed_at, township, words)
select f.id, f.filed_at, huiyin.region_township(f.region), array_to_tsvector(huiyin.bigrams(f.said)) from huiyin.feedback f;
commit;
vacuum analyze huiyin.feedback;
vacuum analyze huiyin.feedback_words;

-- milliseconds of the processor that this connection has used, and of the clock
create function t.used() returns numeric language sql as $$
	select (x[14]::numeric + x[15]::numeric) * 10
	from regexp_split_to_array(pg_read_file('/proc/self/stat'), ' ') as x
$$;
create temp table took (what text, used numeric, clock numeric);
create function t.measure(what text, command text) returns void language plpgsql as $$
declare
	began timestamptz;
	was numeric;
begin
	for i in 1..5 loop
		began := clock_timestamp();
		was := t.used();
		execute command;
		insert into took values (what, t.used() - was, extract(epoch from clock_timestamp() - began) * 1000);
	end loop;
end $$;
create function t.least(what text) returns numeric language sql as $$
	select min(k.used) from took k where k.what = least.what
$$;
set enable_seqscan = off;	-- as a node asks
set jit = off;
set work_mem = '32MB';
select t.measure('counting words of 50,000', $$select count(*) from (
	select w.word, count(*) from huiyin.typical_rows(now() - interval '30 days', now(), '{}') as r, unnest(tsvector_to_array(r.words)) as w(word) group by w.word) as x$$),
	t.measure('typical problems of 25,000', $$select from huiyin.typical_problems(now() - interval '15 days', now(), 20)$$),
	t.measure('typical problems of 50,000', $$select from huiyin.typical_problems(now() - interval '30 days', now(), 20)$$) \g /dev/null
select format('#: %s: %s ms of the processor, %s ms by the clock (least of 5)', k.what, min(k.used), round(min(k.clock)))
from took k group by k.what order by k.what;
select cmp_ok(t.least('typical problems of 50,000'), '<', 3 * t.least('counting words of 50,000'), 'typical problems take less than three times what it takes to count the words');
select cmp_ok(t.least('typical problems of 50,000'), '<', 3 * t.least('typical problems of 25,000'), 'among twice as many they take about twice as long');
select is(count(*), 20::bigint, 'twenty are asked for, twenty come') from huiyin.typical_problems(now() - interval '30 days', now(), 20);
select ok(bool_and(p.before > 0 and p.trend = 'steady'), 'they were there before') from huiyin.typical_problems(now() - interval '30 days', now(), 20) as p;

select * from finish();
