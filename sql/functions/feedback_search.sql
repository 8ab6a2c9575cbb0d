-- SPDX-License-Identifier: Apache-2.0
-- Search by bigrams (two-character Chinese words escape trigrams), and what
-- resembles a feedback, for who looks for duplicates.

create or replace function huiyin.bigrams(said text)
returns text[]
language sql
immutable
as $$
	select coalesce(array_agg(distinct case
		when length(r.run) = 1 then r.run
		else substr(r.run, p.at, 2)
	end), '{}')
	from regexp_split_to_table(lower(normalize(said, NFKC)), '[^[:alnum:]]+') as r(run),
		generate_series(1, greatest(length(r.run) - 1, 1)) as p(at)
	where r.run <> ''
$$;
comment on function huiyin.bigrams is
	'every two neighbouring letters of the words of a text, each once; a letter alone is itself';

create or replace function huiyin.words_gather(most int)
returns int
language plpgsql
as $$
declare
	from_xid xid8;
	to_xid xid8 := huiyin.settled_before();
	last xid8;
	many int;
begin
	select h.xid into from_xid from huiyin.feedback_words_head h for update;
	with found as materialized (
		select n.feedback, n.at, n.xid
		from huiyin.feedback_history n
		where n.xid >= from_xid and n.xid < to_xid and n.step = 1
			and not exists (select from huiyin.feedback_words w where w.feedback = n.feedback)
		order by n.xid
		limit most
	),
	made as (
		insert into huiyin.feedback_words (feedback, filed_at, township, words)
		select f.id, f.filed_at, huiyin.region_township(f.region),
			array_to_tsvector(huiyin.bigrams(f.said))
		from found n
		join huiyin.feedback f on f.id = n.feedback and f.filed_at = n.at
		on conflict do nothing
	)
	select count(*), (array_agg(n.xid order by n.xid desc))[1]
	into many, last
	from found n;
	update huiyin.feedback_words_head h
	set xid = case when many < most then to_xid else last end
	where h.one and h.xid < case when many < most then to_xid else last end;
	return many;
end $$;
comment on function huiyin.words_gather is
	'makes what was filed since last time searchable; follows transactions, so that none is missed';

create or replace function huiyin.may_find(me huiyin.identity, f huiyin.feedback)
returns boolean
language sql
stable
as $$
	select (f.against = me.department) is not true
		and (('coordinator' = any (me.roles) and me.coordinating) or huiyin.may_see(me, f))
$$;
comment on function huiyin.may_find is
	'what one may see; the coordinating office finds the lines of all, to see what is said twice; never what is against one';

create or replace function huiyin.feedback_found_by(me huiyin.identity, said text, many int)
returns setof huiyin.feedback
language sql
stable
as $$
	select f.*
	from (
		select w.feedback, w.filed_at
		from huiyin.feedback_words w
		where w.words @@ array_to_string(array(
			select quote_literal(b) from unnest(huiyin.bigrams(said)) as b), ' & ')::tsquery
		order by w.filed_at desc
		limit 2000
	) as w
	join huiyin.feedback f on f.id = w.feedback and f.filed_at = w.filed_at
	where huiyin.may_find(me, f)
	order by f.filed_at desc, f.id desc
	limit many
$$;
comment on function huiyin.feedback_found_by is
	'the newest that hold every bigram of a text; among the newest 2,000 of the county';

create or replace function huiyin.feedback_like(me huiyin.identity, f huiyin.feedback, many int)
returns table (found huiyin.feedback, percent int)
language sql
stable
as $$
	with mine as materialized (select huiyin.bigrams(f.said) as words),
	near as materialized (
		select w.feedback, w.filed_at, tsvector_to_array(w.words) as words
		from huiyin.feedback_words w
		where w.township = huiyin.region_township(f.region)
			and w.filed_at > f.filed_at - interval '90 days'
			and w.feedback <> f.id
		order by w.filed_at desc
		limit 500
	),
	scored as (
		select n.feedback, n.filed_at, 100 * s.both / greatest(
			cardinality(n.words) + cardinality(m.words) - s.both, 1) as percent
		from near n
		cross join mine m
		cross join lateral (
			select count(*) as both
			from unnest(m.words) as b
			where b = any (n.words)
		) as s
	)
	select o, s.percent::int
	from scored s
	join huiyin.feedback o on o.id = s.feedback and o.filed_at = s.filed_at
	where s.percent >= 20 and huiyin.may_find(me, o)
	order by s.percent desc, o.id desc
	limit many
$$;
comment on function huiyin.feedback_like is
	'what was said much alike (Jaccard of bigrams) in its township since 90 days before, among the last 500';

create or replace function api.feedback_search(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who,
		array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 20), 100);
	f huiyin.feedback := huiyin.feedback_numbered(params->>'similar');
	items jsonb;
begin
	if params ? 'similar' and (f.id is null or huiyin.may_find(me, f) is not true) then
		perform huiyin.refuse('not_found', 'similar');
	elsif not params ? 'similar' and huiyin.bigrams(params->>'text') = '{}' then
		perform huiyin.refuse('bad_value', 'text');
	end if;
	if params ? 'similar' then
		select jsonb_agg(huiyin.feedback_line(l.found) || jsonb_build_object('percent', l.percent)
			order by l.percent desc) into items
		from huiyin.feedback_like(me, f, many) as l;
	else
		select jsonb_agg(huiyin.feedback_line(x) order by x.id desc) into items
		from huiyin.feedback_found_by(me, params->>'text', many) as x;
	end if;
	perform huiyin.audit(me.principal, 'feedback.search', null, f.receipt,
		sha256(convert_to(coalesce(params->>'text', ''), 'UTF8')));
	return jsonb_build_object('items', coalesce(items, '[]'));
end $$;
comment on function api.feedback_search is
	'{text} or {similar: receipt}, limit? -> {items}: lines as in lists, similar ones with percent; who searched is in the audit';
