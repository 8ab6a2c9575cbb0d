-- SPDX-License-Identifier: Apache-2.0
-- notice.receipt: how far notices came. Receipts need no ref kept: saying one
-- twice changes nothing, whatever lies between.

create or replace function huiyin.receipt_said(batch jsonb)
returns table (n int, kiosk bigint, o bigint, path text, notice text, state text, at timestamptz)
language sql
immutable
as $$
	select
		(e->>'n')::int,
		(e->'who'->>'principal')::bigint,
		s.o,
		case when e->'params' ? 'items' then format('items[%s].notice', s.o - 1) else 'notice' end,
		s.said->>'notice',
		s.said->>'state',
		(s.said->>'at')::timestamptz
	from jsonb_array_elements(batch) as e,
		jsonb_array_elements(coalesce(e->'params'->'items',
			jsonb_build_array(e->'params'))) with ordinality as s(said, o)
$$;
comment on function huiyin.receipt_said is 'the receipts of a batch, one a row';

create or replace function huiyin.receipt_known(batch jsonb)
returns table (n int, kiosk bigint, o bigint, path text, state text, at timestamptz,
	good boolean, tag text, notice bigint, sent timestamptz, township text, addressed boolean)
language sql
stable
as $$
	select
		r.n,
		r.kiosk,
		r.o,
		r.path,
		r.state,
		r.at,
		b.tag is null,
		b.tag,
		x.id,
		x.sent,
		huiyin.region_township(coalesce(p.region, s.region)),
		p.region is not null
	from huiyin.receipt_said(batch) as r
	left join huiyin.principal i on i.id = r.kiosk
	left join huiyin.kiosk k on k.principal = r.kiosk
	left join huiyin.station s on s.id = k.station
	left join huiyin.notice x on x.notice = r.notice and x.seq is not null
	left join huiyin.kiosk_place p on p.kiosk = r.kiosk
		and p.since_seq < x.seq
		and (p.until_seq is null or x.seq <= p.until_seq)
		and huiyin.notice_audience(p.region, x.regions, x.roles),
	lateral (select case
		when k.principal is null then 'not_allowed'
		when not i.active then 'disabled'
		when x.id is null then 'not_found'
		when p.region is null
			and not huiyin.notice_audience(s.region, x.regions, x.roles) then 'not_found'
	end as tag) as b
$$;
comment on function huiyin.receipt_known is
	'the same with the notice found, whether the kiosk was addressed at publication, and why not to take it';

create or replace function api.notice_receipt(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off	-- the plan is kept while tables grow from nothing
as $$
begin
	return query
	with known as materialized (
		select r.* from huiyin.receipt_known(batch) as r
	),
	bad as materialized (
		select distinct on (r.n) r.n, huiyin.refusal(r.tag,
			case when r.tag = 'not_found' then r.path end) as refused
		from known r
		where not r.good
		order by r.n, r.o
	),
	kept as (
		insert into huiyin.notice_receipt as had (notice, kiosk, sent, township, addressed,
			rank, understood, delivered_at, shown_at, read_at, replied_at,
			delivered_said, shown_said, read_said, replied_said)
		select r.notice, r.kiosk, min(r.sent), min(r.township), bool_or(r.addressed),
			max(k.rank),
			(array_agg(r.state = 'understood' order by r.n, r.o) filter (where k.rank = 4))[1],
			now(),
			case when max(k.rank) >= 2 then now() end,
			case when max(k.rank) >= 3 then now() end,
			case when max(k.rank) >= 4 then now() end,
			min(r.at) filter (where k.rank = 1),
			min(r.at) filter (where k.rank = 2),
			min(r.at) filter (where k.rank = 3),
			min(r.at) filter (where k.rank = 4)
		from known r,
			lateral (select array_position(array['delivered', 'shown', 'read', 'understood'],
				replace(r.state, 'mis', '')) as rank) as k
		where (r.n in (select b.n from bad b)) is not true
			and (r.sent < (select t.until from huiyin.retention t where t.what = 'receipts')) is not true
		group by r.notice, r.kiosk
		order by r.notice, r.kiosk	-- so that two nodes do not deadlock
		on conflict on constraint notice_receipt_is_one_per_kiosk do update
		set rank = excluded.rank,
			understood = excluded.understood,	-- a reply is the last step, so it was none
			shown_at = coalesce(had.shown_at, excluded.shown_at),
			read_at = coalesce(had.read_at, excluded.read_at),
			replied_at = excluded.replied_at,
			shown_said = coalesce(had.shown_said, excluded.shown_said),
			read_said = coalesce(had.read_said, excluded.read_said),
			replied_said = excluded.replied_said
		where had.rank < excluded.rank
	)
	select i.n, case when b.n is null then '{}'::jsonb end, b.refused
	from jsonb_to_recordset(batch) as i(n int)
	left join bad b on b.n = i.n;
end $$;
comment on function api.notice_receipt is
	'params {notice, state, at} or {items: [...]} -> {}; a row only moves forward, the first reply stays; one bad receipt refuses its act whole; of notices whose receipts were detached none is kept';
