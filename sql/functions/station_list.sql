-- SPDX-License-Identifier: Apache-2.0
-- station.list: which stations live.

create or replace view huiyin.station_now as
select
	s.id,
	s.code,
	s.name,
	s.region,
	s.keeper,
	s.active,
	count(k.principal) as kiosks,
	count(k.principal) filter (where k.online) as kiosks_online,
	max(case when k.online then now() else k.last_seen end) as last_seen
from huiyin.station s
left join (
	select k.principal, k.station, k.last_seen, o.principal is not null as online
	from huiyin.kiosk k
	join huiyin.principal i on i.id = k.principal and i.active
	left join (
		select distinct p.principal
		from huiyin.presence p
		join huiyin.node n on n.id = p.node
		where n.alive_at > now() - interval '30 seconds'
	) as o on o.principal = k.principal
) as k on k.station = s.id
group by s.id;
comment on view huiyin.station_now is
	'stations with their active kiosks; online: on the line of a node heard of within 30 s';

create or replace function huiyin.station_json(s huiyin.station_now)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'station', s.code,
		'name', s.name,
		'region', s.region,
		'region_name', huiyin.region_name(s.region),
		'township_name', huiyin.region_name(huiyin.region_township(s.region)),
		'online', s.kiosks_online > 0,
		'last_seen', huiyin.rfc3339(s.last_seen),
		'kiosks', s.kiosks,
		'kiosks_online', s.kiosks_online)
$$;
comment on function huiyin.station_json is 'a station as lists show it';

create or replace function api.station_list(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	perform huiyin.me(who, huiyin.any_staff());
	if params ? 'region' then
		perform huiyin.region_must(params->>'region');
	end if;
	return jsonb_build_object('items', coalesce((
		select jsonb_agg(huiyin.station_json(s) order by s.region, s.code)
		from huiyin.station_now s
		where s.active
			and (not params ? 'region'
				or params->>'region' = any (huiyin.region_line(s.region)))), '[]'));
end $$;
comment on function api.station_list is
	'{region?} -> {items: [{station, name, region, region_name, township_name, online, last_seen, kiosks, kiosks_online}]}';
