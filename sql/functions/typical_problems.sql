-- SPDX-License-Identifier: Apache-2.0
-- What many say at once: groups of feedback by service, township and bigrams, for
-- the agenda of a meeting. It tells numbers of feedback and no words; who shows
-- them asks may_see or may_find for each.

create or replace function huiyin.typical_units(
	p_from timestamptz,
	p_to timestamptz,
	p_hide bigint[])
returns table (unit bigint, service text, township text, words text[], members bigint[], open int)
language sql
stable
as $$
	with said as (
		select coalesce(f.main, f.id) as unit, array_agg(f.id order by f.id) as members,
			count(*) filter (where f.closed_at is null and f.state not like 'closed%')::int as open
		from huiyin.feedback f
		where f.filed_at >= p_from
			and f.filed_at < p_to
			and f.state not in ('closed_withdrawn', 'closed_incomplete', 'closed_not_accepted')
			and (f.against = any (p_hide)) is not true
		group by coalesce(f.main, f.id)
	)
	select s.unit, m.service, w.township, tsvector_to_array(w.words), s.members, s.open
	from said s
	join huiyin.feedback_words w on w.feedback = s.unit
	join huiyin.feedback m on m.id = w.feedback and m.filed_at = w.filed_at
	where (m.against = any (p_hide)) is not true
$$;
comment on function huiyin.typical_units is
	'what was filed in a time, a duplicate as its main; without what is against those departments';

create or replace function huiyin.typical_keyed(
	p_from timestamptz,
	p_to timestamptz,
	p_hide bigint[])
returns table (unit bigint, service text, township text, key text, members bigint[], open int)
language sql
stable
as $$
	with unit as materialized (
		select u.* from huiyin.typical_units(p_from, p_to, p_hide) as u
	),
	word as materialized (
		select u.unit, u.service, u.township, b.word
		from unit u, unnest(u.words) as b(word)
		where length(b.word) = 2
	),
	weight as (
		select w.service, w.township, w.word,
			count(*) * ln(1 + (select count(*) from unit)::float8 / max(c.many)) as weight
		from word w
		join (select x.word, count(*) as many from word x group by x.word) as c using (word)
		group by w.service, w.township, w.word
		having count(*) > 1
	),
	best as (
		select distinct on (w.unit) w.unit, w.word
		from word w
		join weight g using (service, township, word)
		order by w.unit, g.weight desc, w.word
	)
	select u.unit, u.service, u.township, b.word, u.members, u.open
	from unit u
	join best b using (unit)
$$;
comment on function huiyin.typical_keyed is
	'each of them under the bigram that it shares with many where it was said, and few elsewhere';

create or replace function huiyin.typical_problems(
	p_from timestamptz,
	p_to timestamptz,
	p_limit int default 20,
	p_hide bigint[] default '{}')
returns table (service text, region text, feedbacks bigint[], n int, before int, trend text,
	open int, example bigint[], small boolean)
language sql
stable
as $$
	with span as (
		select p_from as a, least(p_to, now()) as b
	),
	grouped as materialized (
		select k.service, k.township, k.key, sum(cardinality(k.members))::int as n,
			sum(k.open)::int as open, array_agg(k.unit order by k.unit) as units
		from span s, huiyin.typical_keyed(s.a, s.b, p_hide) as k
		group by k.service, k.township, k.key
		having sum(cardinality(k.members)) > 1
		order by n desc, min(k.unit)
		limit least(p_limit, 100)
	),
	past as (
		select u.service, u.township, b.word as key, sum(cardinality(u.members))::int as n
		from span s, huiyin.typical_units(s.a - (s.b - s.a), s.a, p_hide) as u, unnest(u.words) as b(word)
		group by u.service, u.township, b.word
	)
	select g.service, g.township,
		array(select f.id from huiyin.feedback f, span s
			where f.filed_at >= s.a and f.filed_at < s.b and (f.id = any (g.units) or f.main = any (g.units))
			order by f.id),
		g.n, coalesce(p.n, 0),
		case when abs(g.n - coalesce(p.n, 0)) < 1.96 * sqrt(g.n + coalesce(p.n, 0)) then 'steady'
			when g.n > p.n then 'rising' else 'falling' end,
		g.open, g.units[1:3], g.n < 5
	from grouped g
	left join past p using (service, township, key)
	order by g.n desc, g.units[1]
$$;
comment on function huiyin.typical_problems is
	'groups of what was said alike in a time, the largest first; n counts duplicates as their main, before is n of as many days before, small: below 5, to be suppressed. For a caller that filters: nothing against p_hide is counted, but ids and n are of all the rest';
