-- SPDX-License-Identifier: Apache-2.0
-- How well feedback is grouped: 447 texts of 20 topics and of none. typical.csv was written
-- for this test; nothing in it was copied or said by anybody, and it is under the licence of
-- the project (SPDX-License-Identifier: Apache-2.0; a CSV has no comments). All of them
-- are grouped together, as in a county; pairs are counted within one half. On the half
-- "tune" figures were chosen, here too those of the two other ways; "judge" is what counts.

begin;
\ir world.psql
select * from no_plan();
\set csv `cat "$HUIYIN_SQL/../tests/sql/typical.csv"`

create temp table sentence as
select n::int, split_part(line, ',', 1) as topic, split_part(line, ',', 2) as half, split_part(line, ',', 3) as said
from string_to_table(:'csv', E'\n') with ordinality as x(line, n)
where n > 1 and line <> '';
update sentence set topic = topic || n where topic = 'none';	-- of no topic: alike to nothing
create temp table word as
select t.n, w as word
from sentence t, unnest(huiyin.bigrams(t.said)) as w
where w !~ ('[' || huiyin.empty_letters() || ']') and w <> all (huiyin.empty_words());

-- pairs that share a word: as sets (Jaccard), and weighed by how rare they are (cosine)
create temp table pair as
with weight as (
	select w.n, w.word, ln((select count(*) from sentence) / count(*) over (partition by w.word)::float8) as weight,
		count(*) over (partition by w.n) as many
	from word w
), length as (
	select w.n, sqrt(sum(w.weight ^ 2)) as length from weight w group by w.n
)
select a.n as a, b.n as b, count(*)::float8 / (a.many + b.many - count(*)) as jaccard,
	sum(a.weight * b.weight) / (l.length * m.length) as cosine
from weight a
join weight b on b.word = a.word and b.n <> a.n
join length l on l.n = a.n
join length m on m.n = b.n
group by a.n, b.n, a.many, b.many, l.length, m.length;
create index on pair (a);
create temp table found (way text, n int, root text);

-- whoever is alike belongs together, and so on
create function t.chained(way text, bound float8) returns void language plpgsql as $$
declare
	moved int := 1;
begin
	insert into found select way, t.n, t.n::text from sentence t;
	while moved > 0 loop
		update found f set root = x.root
		from (select p.a, min(g.root) as root from pair p join found g on g.n = p.b and g.way = chained.way
			where p.jaccard >= bound group by p.a) as x
		where f.way = chained.way and f.n = x.a and x.root < f.root;
		get diagnostics moved = row_count;
	end loop;
end $$;
-- whoever resembles most others leads; the rest go to the leader they resemble most
create function t.followed(way text, bound float8) returns void language plpgsql as $$
declare
	one record;
	leader int;
begin
	for one in
		select t.n from sentence t left join pair p on p.a = t.n
		group by t.n order by sum(p.cosine) desc nulls last, t.n
	loop
		select p.b into leader
		from pair p join found f on f.way = followed.way and f.n = p.b and f.root = p.b::text
		where p.a = one.n and p.cosine >= bound order by p.cosine desc, p.b limit 1;
		insert into found values (way, one.n, coalesce(leader, one.n)::text);
	end loop;
end $$;

create function t.score(of text, within text, out p numeric, out r numeric, out f numeric,
	out b3_p numeric, out b3_r numeric, out b3 numeric) language sql as $$
	with x as (
		select t.n, t.topic, coalesce(g.root, 'alone' || t.n) as root
		from sentence t left join found g on g.n = t.n and g.way = of
		where t.half = within
	), y as (
		select count(*) over (partition by x.topic, x.root)::numeric as both,
			count(*) over (partition by x.topic)::numeric as topic, count(*) over (partition by x.root)::numeric as root
		from x
	), z as (
		select sum(y.both - 1) / nullif(sum(y.root - 1), 0) as p, sum(y.both - 1) / sum(y.topic - 1) as r,
			avg(y.both / y.root) as b3_p, avg(y.both / y.topic) as b3_r
		from y
	)
	select round(z.p, 3), round(z.r, 3), round(2 * z.p * z.r / nullif(z.p + z.r, 0), 3),
		round(z.b3_p, 3), round(z.b3_r, 3), round(2 * z.b3_p * z.b3_r / (z.b3_p + z.b3_r), 3)
	from z
$$;

-- the way that is kept, as a meeting gets it
insert into huiyin.feedback (id, filed_at, receipt, ref, state, steps, region, service, said, anonymous, dispatch_by, answer_by)
select t.n, '2026-05-02 09:00+08', 'HY-' || t.n, gen_random_uuid(), 'received', 1, '422802101205', 'need', t.said, false, now(), now()
from sentence t;
insert into huiyin.feedback_words (feedback, filed_at, township, words)
select f.id, f.filed_at, '422802101000', array_to_tsvector(huiyin.bigrams(f.said)) from huiyin.feedback f join sentence t on t.n = f.id;
insert into found
select 'roots', x, min(x) over (partition by p.feedbacks)
from huiyin.typical_problems('2026-05-01', '2026-06-01', 500) as p, unnest(p.feedbacks) as x;
-- the others, each with what serves it best on the half for tuning
select t.chained('jaccard ' || l, l) from unnest(array[0.08, 0.1, 0.12, 0.15, 0.2]) as l \g /dev/null
select t.followed('cosine ' || l, l) from unnest(array[0.01, 0.02, 0.05, 0.1, 0.15]) as l \g /dev/null
create temp table result as
select distinct on (split_part(w.way, ' ', 1)) w.way, s.*
from (select distinct f.way from found f) as w, t.score(w.way, 'tune') as u, t.score(w.way, 'judge') as s
order by split_part(w.way, ' ', 1), u.b3 desc, w.way;
select format('#: %s, on the half for judging: pairwise precision %s, recall %s, F1 %s; B-cubed precision %s, recall %s, F1 %s',
	r.way, r.p, r.r, r.f, r.b3_p, r.b3_r, r.b3) from result r order by r.b3 desc;
select format('#: roots, on the half for tuning: pairwise precision %s, recall %s, F1 %s; B-cubed F1 %s', s.p, s.r, s.f, s.b3)
from t.score('roots', 'tune') as s;

select is((select count(*) from sentence), 447::bigint, 'all texts are read');
select is((select count(distinct s.topic) from sentence s where s.topic not like 'none%'), 20::bigint, 'of twenty topics');
select cmp_ok(r.p, '>=', 0.74, 'three of four pairs in a group are of one topic') from result r where r.way = 'roots';
select cmp_ok(r.r, '>=', 0.27, 'more than a quarter of the pairs of a topic are found') from result r where r.way = 'roots';
select cmp_ok(r.b3, '>=', 0.57, 'B-cubed F1 is what it was') from result r where r.way = 'roots';
select cmp_ok((select r.b3 from result r where r.way = 'roots'), '>', r.b3, 'roots group better than ' || r.way) from result r where r.way <> 'roots';
select cmp_ok((select r.f from result r where r.way = 'roots'), '>', r.f, 'by pairs too') from result r where r.way <> 'roots';

select * from finish();
rollback;
