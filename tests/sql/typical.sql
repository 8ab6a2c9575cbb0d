-- SPDX-License-Identifier: Apache-2.0
-- What many say at once: what is counted, what is not, and that it is the same however
-- the rows lie. How well it groups what is worded differently is judged in typical_judge.sql.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

-- said directly: without acts, and searchable at once
create function t.says(first int, texts text[], day date, more jsonb default '{}') returns void language sql as $$
	insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous,
		against, main, dispatch_by, answer_by)
	select first + i - 1, day + interval '9 hours', 'HY-' || first + i, gen_random_uuid(),
		coalesce(more->>'state', 'received'), 1, coalesce(more->>'region', '422802101205'),
		coalesce(more->>'service', 'need'), s, false, (more->>'against')::bigint, (more->>'main')::bigint,
		day + interval '1 day', day + interval '15 days'
	from unnest(texts) with ordinality as x(s, i);
	insert into huiyin.feedback_words (feedback, filed_at, township, words)
	select f.id, f.filed_at, huiyin.region_township(f.region), array_to_tsvector(huiyin.bigrams(f.said))
	from huiyin.feedback f
	where f.id between first and first + cardinality(texts) - 1;
$$;
create function t.group_of(a date, b date, lim int default 20, hide bigint[] default '{}') returns jsonb language sql as $$
	select coalesce(jsonb_agg(to_jsonb(p) order by p.n desc, p.feedbacks), '[]')
	from huiyin.typical_problems(a, b, lim, hide) as p
$$;

select is(t.group_of('2026-05-01', '2026-06-01'), '[]', 'of nothing there are no groups');
select t.says(1001, array['村口路灯不亮了', '路灯不亮,晚上看不见', '我们组的路灯坏了', '路灯三个月不亮', '路灯不亮没人修'], '2026-05-02') \g /dev/null
select t.says(1011, array['自来水是浑的', '自来水浑得不能喝'], '2026-05-30') \g /dev/null
select t.says(1021, array['路灯不亮'], '2026-04-20') \g /dev/null
select is(jsonb_path_query_array(t.group_of('2026-05-01', '2026-06-01'), '$[*].n'), '[5, 2]', 'what is alike is counted');
select is(t.group_of('2026-05-01', '2026-06-01')->0, '{"service": "need", "region": "422802101000", "feedbacks": [1001, 1002, 1003, 1004, 1005],
	"n": 5, "before": 1, "trend": "steady", "open": 5, "example": [1001, 1002, 1003], "small": false}', 'with all that is to be known of it');
select is(t.group_of('2026-05-01', '2026-06-01')->1->'small', 'true', 'a group below five is small');

select * from finish();
rollback;
