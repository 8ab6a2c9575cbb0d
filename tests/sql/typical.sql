-- SPDX-License-Identifier: Apache-2.0
-- What many say at once: what is counted, what is not, and that it is the same however
-- the rows lie. How well it groups what is worded differently is judged in typical_judge.sql.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

create function t.dept(code text) returns bigint language sql as $$
	select d.id from huiyin.department d where d.code = $1
$$;
-- said directly: without acts, and searchable at once
create function t.says(first int, texts text[], day timestamptz, more jsonb default '{}') returns void language sql as $$
	insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous,
		against, main, dispatch_by, answer_by)
	select first + i - 1, day, 'HY-' || first + i, gen_random_uuid(),
		coalesce(more->>'state', 'received'), 1, coalesce(more->>'region', '422802101205'),
		coalesce(more->>'service', 'need'), s, coalesce((more->>'anonymous')::boolean, false),
		t.dept(more->>'against'), (more->>'main')::bigint, day + interval '1 day', day + interval '15 days'
	from unnest(texts) with ordinality as x(s, i);
	insert into huiyin.feedback_words (feedback, filed_at, township, words)
	select f.id, f.filed_at, huiyin.region_township(f.region), array_to_tsvector(huiyin.bigrams(f.said))
	from huiyin.feedback f
	where f.id between first and first + cardinality(texts) - 1;
$$;
create function t.groups(since timestamptz, until timestamptz, many int default 20, hide bigint[] default '{}')
returns jsonb language sql as $$
	select coalesce(jsonb_agg(to_jsonb(p) order by p.n desc, p.feedbacks), '[]')
	from huiyin.typical_problems(since, until, many, hide) as p
$$;
create function t.counts(since timestamptz, until timestamptz, many int default 20, hide bigint[] default '{}')
returns text language sql as $$
	select string_agg(p->>'n', ' ' order by i)
	from jsonb_array_elements(t.groups(since, until, many, hide)) with ordinality as x(p, i)
$$;
create function t.empties() returns void language sql as $$
	delete from huiyin.feedback_words;
	delete from huiyin.feedback;
$$;

-- of nothing
select is(t.groups('2026-05-01', '2026-06-01'), '[]', 'of nothing there are no groups');
select is(t.groups('2026-06-01', '2026-05-01'), '[]', 'in a span that ends before it begins neither');
select is(t.groups('2026-05-01', '2026-05-01'), '[]', 'in an empty one neither');
select is(t.groups(null, null), '[]', 'in none neither');

-- one group, and a small one
select t.says(1001, array['村口路灯不亮了', '路灯不亮,晚上看不见', '我们组的路灯坏了', '路灯三个月不亮', '路灯不亮没人修'], '2026-05-02') \g /dev/null
select t.says(1011, array['自来水是浑的', '自来水浑得不能喝'], '2026-05-30') \g /dev/null
select t.says(1021, array['路灯不亮'], '2026-04-20') \g /dev/null
select is(t.groups('2026-05-01', '2026-06-01')->0, '{"service": "need", "region": "422802101000", "feedbacks": [1001, 1002, 1003, 1004, 1005],
	"n": 5, "before": 1, "trend": "steady", "open": 5, "example": [1005, 1004, 1003], "small": false}', 'a group says all that is to be known of it');
select is(t.groups('2026-05-01', '2026-06-01')->1->'feedbacks', '[1011, 1012]', 'what is worded otherwise is another group');
select is(t.groups('2026-05-01', '2026-06-01')->1->'small', 'true', 'of less than five it is small');
select is(t.counts('2026-05-01', '2026-06-01', 1), '5', 'a limit leaves the largest');
select is(t.counts('2026-05-01', '2026-06-01', many), null, 'a limit of ' || many || ' leaves none') from unnest(array[0, -1]) as many;
select ok(t.groups('2026-05-01', '2026-06-01')::text !~ '[一-龥]', 'no word of anybody is told');
select t.says(1031, array['路灯不亮', '路灯坏了'], '2026-05-03', '{"region": "422802100210"}'), t.says(1041, array['路灯不亮'], '2026-05-03', '{"service": "complaint"}') \g /dev/null
select is(t.counts('2026-05-01', '2026-06-01'), '5 2 2', 'another township is another group, and so is another service; of one there is no group');

-- what is not counted
select t.says(1050 + i::int, array['路灯不亮'], '2026-05-03', jsonb_build_object('state', state))
from unnest(array['closed_withdrawn', 'closed_incomplete', 'closed_not_accepted']) with ordinality as x(state, i) \g /dev/null
select is(t.counts('2026-05-01', '2026-06-01'), '5 2 2', 'what was taken back, not completed or not accepted is not counted');
select t.says(1061, array['路灯不亮'], '2026-05-03', '{"state": "closed_resolved"}') \g /dev/null
select is((t.groups('2026-05-01', '2026-06-01')->0->>'n') || ' ' || (t.groups('2026-05-01', '2026-06-01')->0->>'open'), '6 5', 'what was solved is, and not as open');
delete from huiyin.feedback_words w where w.feedback = 1005;
select is(t.groups('2026-05-01', '2026-06-01')->0->'feedbacks', '[1001, 1002, 1003, 1004, 1061]', 'whose words were erased is not counted');
select is(t.groups('2026-05-01', '2026-05-02')->0, null, 'a span ends before its end');
select is(t.groups('2026-05-02', '2026-05-03')->0->'n', '4', 'and begins with its beginning');

-- against a department, for a meeting that it reads about
select t.says(1071, array['路灯不亮', '路灯不亮', '路灯坏了'], '2026-05-04', '{"against": "transport", "anonymous": true}'),
	t.says(1081, array['路灯不亮'], '2026-04-21', '{"against": "transport"}') \g /dev/null
select is((g->>'n') || ' ' || (g->>'before'), '8 2', 'to whom nothing is to be hidden all is counted') from t.groups('2026-05-01', '2026-06-01') as x(j), lateral (select j->0 as g) as y;
select is((g->>'n') || ' ' || (g->>'before') || ' ' || (g->>'feedbacks'), '5 1 [1001, 1002, 1003, 1004, 1061]',
	'what is against whom it is shown to is in no figure') from t.groups('2026-05-01', '2026-06-01', 20, array[t.dept('transport')]) as x(j), lateral (select j->0 as g) as y;
select is(t.counts('2026-05-01', '2026-06-01', 20, array[t.dept('commerce')]), '8 2 2', 'to another department it is');
select is(t.counts('2026-05-01', '2026-06-01', 20, null), '5 2 2', 'who does not say to whom is shown nothing against anybody');

-- duplicates count as their main, wherever that lies
select t.says(1091, array['么子都莫得', '黑灯瞎火'], '2026-05-05', '{"state": "closed_duplicate", "main": 1001, "region": "422802100210"}') \g /dev/null
select is(t.groups('2026-05-01', '2026-06-01')->0->'feedbacks', '[1001, 1002, 1003, 1004, 1061, 1071, 1072, 1073, 1091, 1092]', 'a duplicate is counted to its main');
select t.says(1101, array['晚上摸黑', '又是黑的', '桥边也黑'], '2026-07-02', '{"state": "closed_duplicate", "main": 1001}') \g /dev/null
select is(t.groups('2026-07-01', '2026-07-10')->0, '{"service": "need", "region": "422802101000", "feedbacks": [1101, 1102, 1103],
	"n": 3, "before": 0, "trend": "steady", "open": 3, "example": [1001], "small": true}', 'to a main before the span too, which is the example');
select t.says(1111, array['晚上摸黑'], '2026-07-02', '{"state": "closed_duplicate", "main": 1071}'), t.says(1112, array['晚上摸黑'], '2026-07-02', '{"state": "closed_duplicate", "main": 1051}') \g /dev/null
select is(t.counts('2026-07-01', '2026-07-10', 20, array[t.dept('transport')]), '3', 'not to one that is hidden, nor to one that is not counted');

-- a trend is of as many days before
select t.empties() \g /dev/null
select t.says(2001, array_fill('班车取消了出行不方便'::text, array[20]), '2026-05-11'), t.says(2101, array_fill('班车取消了出行不方便'::text, array[5]), '2026-05-10 23:59:59'),
	t.says(2201, array_fill('班车取消了出行不方便'::text, array[40]), '2026-04-30 23:59:59') \g /dev/null
select is((g->>'n') || ' ' || (g->>'before') || ' ' || (g->>'trend'), said, format('%s to %s', since, until))
from (values ('2026-05-11'::timestamptz, '2026-05-21'::timestamptz, '20 5 rising'), ('2026-05-01', '2026-05-11', '5 40 falling'),
	('2026-05-11', '2026-05-12', '20 5 rising'), ('2026-05-12', '2026-05-13', null), ('2026-04-30', '2026-05-11', '45 0 rising'),
	('2026-05-11', '2026-06-02', '20 45 falling'), ('2026-05-11', '2026-05-22', '20 45 falling')) as v(since, until, said)
cross join lateral (select t.groups(since, until)->0 as g) as x;
select is(huiyin.typical_trend(n, before), said, format('%s after %s is %s', n, before, said))
from (values (4, 0, 'rising'), (3, 0, 'steady'), (10, 10, 'steady'), (100, 75, 'steady'), (100, 70, 'rising'), (0, 4, 'falling')) as v(n, before, said);
select t.says(2301, array['客车不来', '客车不来', '客车不来'], now() - interval '1 hour'), t.says(2311, array['客车不来', '客车不来'], now() - interval '3 hours') \g /dev/null
select is((g->>'n') || ' ' || (g->>'before'), '3 2', 'of a span that goes on as many hours before as have gone by')
from (select t.groups(now() - interval '2 hours', now() + interval '30 days')->0 as g) as x;

-- whatever people write
select t.empties() \g /dev/null
select t.says(9001, array['😀😀', '👍', '', '!!!', '12345678901', '12345678901', '13812345678', 'ok', 'ok', 'OK!', 'wifi lost', 'WIFI lost', '灯', '灯', '我们', '我们'], '2026-05-02') \g /dev/null
select is(jsonb_path_query_array(t.groups('2026-05-01', '2026-06-01'), '$[*].feedbacks'), '[[9008, 9009, 9010], [9011, 9012], [9013, 9014]]',
	'letters of any script are words; pictures, numbers and words that say nothing are not');
select t.says(3001, array_fill('自来水停了三天没人管'::text, array[5000]), '2026-05-02') \g /dev/null
select is(g->>'n', '5000', 'what five thousand say word for word is one group') from (select t.groups('2026-05-01', '2026-06-01')->0 as g) as x;
select is(g->'example', '[8000, 7999, 7998]', 'with three examples') from (select t.groups('2026-05-01', '2026-06-01')->0 as g) as x;

-- as often as it is asked and however the rows lie, also among more than it learns from
select t.empties() \g /dev/null
\set csv `cat "$HUIYIN_SQL/../tests/sql/typical.csv"`
create temp table line as
select row_number() over (order by a.n, b.n)::int as n, split_part(a.line, ',', 3) || ',' || split_part(b.line, ',', 3) as said
from string_to_table(:'csv', E'\n') with ordinality as a(line, n)
join string_to_table(:'csv', E'\n') with ordinality as b(line, n) on (a.n + b.n) % 64 = 5 and a.line <> '' and b.line <> '' and a.n > 1 and b.n > 1;
select cmp_ok(count(*), '>', 3000::bigint, 'there is more than it learns from') from line;
create function t.line(first text) returns void language plpgsql as $$
begin
	execute format('select t.says(4000 + l.n, array[l.said], ''2026-05-02'', jsonb_build_object(''service'', (array[''need'', ''report''])[1 + l.n %% 2]))
		from line l order by %s', first);
end $$;
select t.line('l.n') \g /dev/null
create temp table before as select t.groups('2026-05-01', '2026-06-01', 500) as groups;
select cmp_ok(jsonb_array_length(b.groups), '>', 40, 'many groups') from before b;
select is(t.groups('2026-05-01', '2026-06-01', 500), b.groups, 'asked again it is the same') from before b;
select t.empties(), t.line('md5(l.said)') \g /dev/null
analyze huiyin.feedback;
analyze huiyin.feedback_words;
select is(t.groups('2026-05-01', '2026-06-01', 500), b.groups, 'filed in another order too') from before b;
select is((select count(*) - count(distinct f) from before b, jsonb_array_elements(b.groups) as g, jsonb_array_elements(g->'feedbacks') as f), 0::bigint, 'nothing is in two groups');

select * from finish();
rollback;
