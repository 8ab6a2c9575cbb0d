-- SPDX-License-Identifier: Apache-2.0
-- What many say at once, for the agenda of a meeting: groups of feedback by service,
-- township and the root of their words (typical_words.sql). It tells numbers of feedback
-- and no words; who shows them asks may_see or may_find for each.

create or replace function huiyin.typical_counts(f huiyin.feedback, p_hide bigint[])
returns boolean
language sql
immutable
as $$
	select f.state not in ('closed_withdrawn', 'closed_incomplete', 'closed_not_accepted')
		and (f.against is null or f.against <> all (p_hide))
$$;
comment on function huiyin.typical_counts is
	'not what was taken back, never completed or not for the county, nor what is against one of these departments';

create or replace function huiyin.typical_rows(
	p_from timestamptz,
	p_to timestamptz,
	p_hide bigint[],
	p_cells text[] default null)
returns table (feedback bigint, main bigint, service text, township text, words tsvector, open boolean)
language sql
stable
set jit = off
set enable_seqscan = on
set enable_nestloop = on
set enable_mergejoin = on
as $$
	select f.id, f.id, f.service, w.township, w.words, f.state not like 'closed%'
	from huiyin.feedback_words w
	join huiyin.feedback f on f.id = w.feedback and f.filed_at = w.filed_at
	where w.township = any (array(select r.code from huiyin.region r where r.code like '%000'))
		and w.filed_at >= p_from
		and w.filed_at < p_to
		and f.filed_at >= p_from
		and f.filed_at < p_to
		and f.main is null
		and (p_cells is null or f.service || w.township = any (p_cells))
		and huiyin.typical_counts(f, p_hide)
	union all
	select d.id, m.id, m.service, w.township, w.words, m.state not like 'closed%'
	from huiyin.feedback d
	join huiyin.feedback_words w on w.feedback = d.main
	join huiyin.feedback m on m.id = w.feedback and m.filed_at = w.filed_at
	where d.filed_at >= p_from
		and d.filed_at < p_to
		and d.main is not null
		and (p_cells is null or m.service || w.township = any (p_cells))
		and huiyin.typical_counts(d, p_hide)
		and huiyin.typical_counts(m, p_hide)
	order by 1
$$;
comment on function huiyin.typical_rows is
	'what was filed in that time, in its order; a duplicate as what its main is, wherever that lies in time. p_cells: only of these services and townships, written together';

create or replace function huiyin.typical_trend(n int, before int)
returns text
language sql
immutable
as $$
	select case
		when abs(n - before) < 1.96 * sqrt(n + before) then 'steady'
		when n > before then 'rising'
		else 'falling'
	end
$$;
comment on function huiyin.typical_trend is
	'whether two counts of equal times differ more than chance would have them, at 95 % (as Poisson counts)';

create or replace function huiyin.typical_problems(
	p_from timestamptz,
	p_to timestamptz,
	p_limit int default 20,
	p_hide bigint[] default '{}')
returns table (service text, region text, feedbacks bigint[], n int, before int, trend text,
	open int, example bigint[], small boolean)
language sql
stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '32MB'
as $$
	with span as materialized (
		select p_from as since, least(p_to, now()) as until
	),
	said as materialized (
		select r.*
		from span s, huiyin.typical_rows(s.since, s.until, p_hide) with ordinality as r(
			feedback, main, service, township, words, open, n)
	),
	many as materialized (
		select greatest(count(*), 2000) as many from said
	),
	lexicon as materialized (
		select array_agg(w.rank) as ranks, array_agg(w.word) as words, array_agg(w.root) as roots,
			array_agg(w.letter) as letters, array_agg(w.large) as larges
		from huiyin.typical_words(array(
			select s.words
			from said s, many m
			where s.n * 2000 / m.many > (s.n - 1) * 2000 / m.many
			order by s.n)) as w
	),
	led as materialized (
		select s.service, s.township, l.root, s.feedback, s.main, s.open
		from lexicon x,
			huiyin.typical_led(array(select s.words from said s order by s.n),
				x.ranks, x.words, x.roots, x.letters, x.larges) as l
		join said s using (n)
	),
	largest as materialized (
		select l.service, l.township, l.root
		from led l
		group by l.service, l.township, l.root
		having count(*) > 1
		order by count(*) desc, min(l.feedback)
		limit least(greatest(p_limit, 0), 500)
	),
	grouped as materialized (
		select l.service, l.township, l.root, count(*)::int as n,
			count(*) filter (where l.open)::int as open,
			array_agg(l.feedback order by l.feedback) as feedbacks,
			(array_agg(distinct l.main order by l.main desc))[1:3] as example
		from led l
		join largest g using (service, township, root)
		group by l.service, l.township, l.root
	),
	earlier as materialized (
		select r.*
		from span s, huiyin.typical_rows(s.since - (s.until - s.since), s.since, p_hide,
			array(select g.service || g.township from largest g)) with ordinality as r(
			feedback, main, service, township, words, open, n)
	),
	past as (
		select e.service, e.township, l.root, count(*)::int as n
		from lexicon x,
			huiyin.typical_led(array(select e.words from earlier e order by e.n),
				x.ranks, x.words, x.roots, x.letters, x.larges) as l
		join earlier e using (n)
		group by e.service, e.township, l.root
	)
	select g.service, g.township, g.feedbacks, g.n, coalesce(p.n, 0),
		huiyin.typical_trend(g.n, coalesce(p.n, 0)), g.open, g.example, g.n < 5
	from grouped g
	left join past p using (service, township, root)
	order by g.n desc, g.feedbacks
$$;
comment on function huiyin.typical_problems is
	'groups of what was said alike in a time, the largest first; before: as many in as many days before; open: still to be dealt with; example: the newest three; small: below 5, to be suppressed. What is against p_hide, those whom it will be shown to, is not counted at all; ids are for a caller that asks may_see';
