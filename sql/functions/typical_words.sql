-- SPDX-License-Identifier: Apache-2.0
-- Which words stand for which problem, learned from what was said. Of words of two letters
-- the rarer leads to the commoner one that most who say it say too, and so on up to a root,
-- which stands for the problem; a text is of the root of its commonest word. Work grows with
-- the texts and the words in them, never with pairs of texts. The figures in it were found
-- on one half of tests/sql/typical.csv and judged on the other (tests/sql/typical_judge.sql).

create or replace function huiyin.empty_letters()
returns text
language sql
immutable
as $$
	select '0123456789的了是不没有我你您他她它们这那哪个一二两三四五六七八九十百千万几多少在就都也还又再才只很太'
		'和跟与或把被给让从到对为么什怎谁吗呢吧啊能可以要会想请问年月日天时候说得着过上下里外前后出去'
		'人莫啥咋已经现今点些'
$$;
comment on function huiyin.empty_letters is
	'letters of a pattern: words with one of them say how something is said, and not what';

create or replace function huiyin.empty_words()
returns text[]
language sql
immutable
as $$
	select string_to_array('希望 麻烦 帮忙 请求 反映 解决 领导 问题 星期 回来 地方 谢谢 同志 东西 事情 情况 '
		'方便 建议 尽快 晓得 知道 告诉 联系 处理 安排 部门 政府 通知 办法 原因 困难 孩子 小孩 娃儿 学生 老年 '
		'父亲 母亲 邻居 早晨 下午 半夜 夏天 冬天 县城 集镇 村委 街道 屋头 块钱 总是 赶快 农民 群众 大家 村民 干部', ' ')
$$;
comment on function huiyin.empty_words is 'words of asking, and of who, where and when';

create or replace function huiyin.typical_roots(docs tsvector[])
returns table (rank int, word text, root int, docs bigint[])
language sql
immutable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
	with recursive doc as materialized (
		select d.n, d.words, row_number() over (partition by d.words order by d.n) as times
		from unnest(docs) with ordinality as d(words, n)
	),
	said as materialized (
		select d.n, w.word
		from doc d, unnest(tsvector_to_array(d.words)) as w(word)
		where d.times <= 3
	),
	twice as materialized (
		select s.word, count(*) as many
		from said s
		group by s.word
		having count(*) > 1
	),
	known as materialized (
		select w.word, w.many, row_number() over (order by w.many, w.word)::int as rank
		from twice w
		where w.word !~ ('[' || huiyin.empty_letters() || ']')
			and w.word <> all (huiyin.empty_words())
	),
	text as materialized (
		select s.n, (array_agg(k.rank order by k.rank desc))[1:6] as ranks
		from said s
		join known k using (word)
		group by s.n
	),
	leads as (
		select distinct on (p.rank) p.rank, p.leader
		from (
			select t.ranks[a] as rank, t.ranks[b] as leader, count(*) as times
			from text t,
				generate_series(2, cardinality(t.ranks)) as a,
				generate_series(1, a - 1) as b
			group by 1, 2
			having count(*) > 1
		) as p
		join known k using (rank)
		where 2 * p.times >= k.many
		order by p.rank, p.times desc, p.leader desc
	),
	tree as (
		select k.rank, k.rank as root
		from known k
		where not exists (select from leads l where l.rank = k.rank)
		union all
		select l.rank, t.root
		from tree t
		join leads l on l.leader = t.rank
	)
	select k.rank, k.word, t.root, x.docs
	from known k
	join tree t using (rank)
	left join (select ranks[1] as rank, array_agg(n) as docs from text group by 1) as x using (rank)
$$;
comment on function huiyin.typical_roots is
	'each word that two of these texts have, the commonest with the highest rank; the rank of its root: by way of the word that half of those who say it, and two at least, say too; the texts of which it is the commonest word. What is said word for word the same counts three times at most, so that repeating makes nothing weigh more';

create or replace function huiyin.typical_letters(docs tsvector[])
returns table (letter text, n bigint, many bigint)
language sql
immutable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
	with said as materialized (
		select distinct d.n, l.letter
		from unnest(docs) with ordinality as d(words, n),
			string_to_table(array_to_string(tsvector_to_array(d.words), ''), null) as l(letter)
	),
	known as materialized (
		select s.letter, count(*) as many
		from said s
		group by s.letter
		having count(*) >= 5
	)
	select s.letter, s.n, k.many
	from said s
	join known k using (letter)
	where k.letter <> all (regexp_split_to_array(huiyin.empty_letters(), ''))
$$;
comment on function huiyin.typical_letters is
	'the letters that five of these texts have and that say something: which texts, and how many';

create or replace function huiyin.typical_words(docs tsvector[])
returns table (rank int, word text, root text, letter boolean, large boolean)
language sql
immutable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
	with known as materialized (
		select r.* from huiyin.typical_roots(docs) as r
	),
	large as materialized (
		select k.root
		from known k
		group by k.root
		having sum(cardinality(k.docs)) >= 4
	),
	led as (
		select d.n, k.root
		from known k
		join large g using (root)
		cross join unnest(k.docs) as d(n)
	),
	letters as (
		select l.letter, d.root, count(*) as times
		from huiyin.typical_letters(docs) as l
		join led d using (n)
		group by l.letter, d.root
		having count(*) >= 5 and count(*) >= 0.7 * max(l.many)
	)
	select k.rank, k.word, r.word, false, g.root is not null
	from known k
	join known r on r.rank = k.root
	left join large g on g.root = k.root
	union all
	select row_number() over (order by l.times, l.letter)::int, l.letter, r.word, true, true
	from letters l
	join known r on r.rank = l.root
$$;
comment on function huiyin.typical_words is
	'which word leads to which root; a letter of which seven tenths are said by those of one root leads there too, for who has no such word; large: four of these texts are of that root';

create or replace function huiyin.typical_led(
	docs tsvector[],
	ranks int[],
	words text[],
	roots text[],
	letters boolean[],
	larges boolean[])
returns table (n bigint, root text)
language sql
immutable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
	with lexicon as materialized (
		select x.rank, x.word, x.root, x.letter, x.large
		from unnest(ranks, words, roots, letters, larges) as x(rank, word, root, letter, large)
	),
	by_word as materialized (
		select d.n, max(l.rank) as rank
		from unnest(docs) with ordinality as d(words, n)
		cross join unnest(tsvector_to_array(d.words)) as w(word)
		join (select y.word, y.rank from lexicon y where not y.letter) as l using (word)
		group by d.n
	),
	led as materialized (
		select b.n, l.root, l.large
		from by_word b
		join lexicon l on l.rank = b.rank and not l.letter
	),
	by_letter as (
		select d.n, max(l.rank) as rank
		from unnest(docs) with ordinality as d(words, n)
		left join led r using (n)
		cross join string_to_table(array_to_string(tsvector_to_array(d.words), ''), null) as t(letter)
		join (select y.word as letter, y.rank from lexicon y where y.letter) as l using (letter)
		where r.large is not true
		group by d.n
	)
	select n, coalesce(l.root, r.root)
	from led r
	full join (
		select b.n, y.root
		from by_letter b
		join lexicon y on y.rank = b.rank and y.letter
	) as l using (n)
$$;
comment on function huiyin.typical_led is
	'to which root each text leads, by its words or else its letters; n: its place in docs; left out: who leads nowhere';
