-- SPDX-License-Identifier: Apache-2.0
-- notice.reach: who was reached, always with its denominator.

create or replace function huiyin.notice_reached(notice bigint, sent timestamptz)
returns table (township text, addressed bigint, delivered bigint, shown bigint,
	read bigint, understood bigint, misunderstood bigint)
language sql
stable
as $$
	with came as (
		select
			r.township,
			count(*) as delivered,
			count(*) filter (where r.rank >= 2) as shown,
			count(*) filter (where r.rank >= 3) as read,
			count(*) filter (where r.understood) as understood,
			count(*) filter (where not r.understood) as misunderstood
		from huiyin.notice_receipt r
		where r.notice = notice_reached.notice
			and r.sent = notice_reached.sent
			and r.addressed
			and not exists (
				select from huiyin.notice_reach_kept k
				where k.notice = notice_reached.notice)
		group by r.township
		union all
		select k.township, k.delivered, k.shown, k.read, k.understood, k.misunderstood
		from huiyin.notice_reach_kept k
		where k.notice = notice_reached.notice
	)
	select
		a.township,
		a.addressed,
		coalesce(c.delivered, 0),
		coalesce(c.shown, 0),
		coalesce(c.read, 0),
		coalesce(c.understood, 0),
		coalesce(c.misunderstood, 0)
	from huiyin.notice_addressed a
	left join came c on c.township = a.township
	where a.notice = notice_reached.notice
$$;
comment on function huiyin.notice_reached is
	'reach by township, of those counted at publication only, so that n is never above N';

create or replace function huiyin.reach_json(notice bigint, sent timestamptz)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'addressed', coalesce(sum(r.addressed), 0),
		'delivered', coalesce(sum(r.delivered), 0),
		'shown', coalesce(sum(r.shown), 0),
		'read', coalesce(sum(r.read), 0),
		'understood', coalesce(sum(r.understood), 0),
		'misunderstood', coalesce(sum(r.misunderstood), 0),
		'by', coalesce(jsonb_agg(jsonb_build_object(
			'region', r.township,
			'name', huiyin.region_name(r.township),
			'addressed', r.addressed,
			'delivered', r.delivered,
			'shown', r.shown,
			'read', r.read,
			'understood', r.understood,
			'misunderstood', r.misunderstood) order by r.township), '[]'))
	from huiyin.notice_reached(notice, sent) as r
$$;
comment on function huiyin.reach_json is 'the sums and the townships';

create or replace function api.notice_reach(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	asked record;
begin
	perform huiyin.me(who, huiyin.any_staff());
	select n.id, n.notice, n.sent into asked
	from huiyin.notice n
	where n.notice = params->>'notice' and n.seq is not null;
	if not found then
		perform huiyin.refuse('not_found', 'notice');
	end if;
	return jsonb_build_object('notice', asked.notice)
		|| huiyin.reach_json(asked.id, asked.sent);
end $$;
comment on function api.notice_reach is
	'{notice} -> {notice, addressed, delivered, shown, read, understood, misunderstood, by: [per township]}';
