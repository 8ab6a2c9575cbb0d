-- SPDX-License-Identifier: Apache-2.0
-- Stations and kiosks. Where a kiosk stands is kept by number of the notice feed,
-- so that reach knows whom a notice was addressed to.

create or replace function huiyin.station_coded(code text, path text default 'station')
returns huiyin.station
language plpgsql
stable
as $$
declare
	s huiyin.station;
begin
	select t.* into s from huiyin.station t where t.code = station_coded.code;
	if not found then
		perform huiyin.refuse('not_found', path);
	end if;
	return s;
end $$;
comment on function huiyin.station_coded is 'the station of that code; refuses one nobody has';

create or replace function huiyin.station_open(code text)
returns huiyin.station
language plpgsql
stable
as $$
declare
	s huiyin.station := huiyin.station_coded(code);
begin
	if not s.active then
		perform huiyin.refuse('wrong_state', 'station');
	end if;
	return s;
end $$;
comment on function huiyin.station_open is 'the same; refuses a disabled one';

create or replace function admin.station_add(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	code text := params->>'code';
begin
	perform huiyin.region_must(params->>'region');
	if code is null then
		perform pg_advisory_xact_lock(hashtext('huiyin.station_add'));
		select 'S-' || (params->>'region') || '-' || min(n) into code
		from generate_series(1, 1000) as n
		where not exists (select from huiyin.station s
			where s.code = 'S-' || (params->>'region') || '-' || n);
	end if;
	insert into huiyin.station (code, name, region, keeper)
	values (code, params->>'name', params->>'region', params->>'keeper')
	on conflict do nothing;
	if not found then
		perform huiyin.refuse('already', 'code');
	end if;
	perform huiyin.audit(null, 'admin.station_add', null, code, null);
	return jsonb_build_object('station', code);
end $$;
comment on function admin.station_add is '{code?, name, region, keeper?} -> {station}';

create or replace function admin.station_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(huiyin.station_json(s)
		|| jsonb_build_object('keeper', s.keeper, 'active', s.active)
		order by s.region, s.code), '[]'))
	from huiyin.station_now s
$$;
comment on function admin.station_list is '{} -> {items}, disabled ones too';

create or replace function admin.station_disable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	s huiyin.station := huiyin.station_coded(params->>'station');
	kiosks bigint[];
begin
	update huiyin.station t set active = false where t.id = s.id;
	kiosks := array(select k.principal from huiyin.kiosk k where k.station = s.id);
	update huiyin.principal p set active = false where p.id = any (kiosks);
	perform huiyin.identity_changed(kiosks, false);
	perform huiyin.audit(null, 'admin.station_disable', null, s.code, null);
	perform huiyin.kiosks_place(kiosks);
	return jsonb_build_object('station', s.code);
end $$;
comment on function admin.station_disable is
	'{station} -> {station}: its kiosks are disabled with it';

create or replace function admin.station_enable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	s huiyin.station := huiyin.station_coded(params->>'station');
begin
	update huiyin.station t set active = true where t.id = s.id;
	perform huiyin.audit(null, 'admin.station_enable', null, s.code, null);
	return jsonb_build_object('station', s.code, 'still_disabled', coalesce((
		select jsonb_agg(p.name order by p.name)
		from huiyin.kiosk k
		join huiyin.principal p on p.id = k.principal
		where k.station = s.id and not p.active), '[]'));
end $$;
comment on function admin.station_enable is
	'{station} -> {station, still_disabled: [name]}: its kiosks are enabled one by one, since some were disabled for themselves';

create or replace function huiyin.kiosks_place(kiosks bigint[])
returns bigint
language plpgsql
as $$
declare
	here bigint;
begin
	select f.head into here from huiyin.feed f where f.name = 'notice' for update;
	with stands as materialized (
		select i.principal, i.region, i.active and k.enrolled_at is not null as counts
		from huiyin.identity i
		join huiyin.kiosk k on k.principal = i.principal
		where i.principal = any (kiosks)
	)
	update huiyin.kiosk_place p
	set until_seq = here
	from stands s
	where p.kiosk = s.principal
		and p.until_seq is null
		and (not s.counts or p.region <> s.region);
	insert into huiyin.kiosk_place (kiosk, region, since_seq)
	select i.principal, i.region, here
	from huiyin.identity i
	join huiyin.kiosk k on k.principal = i.principal
	where i.principal = any (kiosks)
		and i.active
		and k.enrolled_at is not null
		and not exists (select from huiyin.kiosk_place p
			where p.kiosk = i.principal and p.until_seq is null);
	return here;
end $$;
comment on function huiyin.kiosks_place is
	'brings places in line with what kiosks are now, under the locked feed row; call it last';

create or replace function admin.kiosk_add(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	s huiyin.station := huiyin.station_open(params->>'station');
	kiosk_name text := params->>'name';
	new bigint;
begin
	if kiosk_name is null then
		perform pg_advisory_xact_lock(hashtext('huiyin.kiosk_add'));
		select s.region || '-' || min(n) into kiosk_name
		from generate_series(1, 10000) as n
		where not exists (select from huiyin.principal p
			where p.kind = 'kiosk' and p.name = s.region || '-' || n);
	end if;
	insert into huiyin.principal (kind, name)
	values ('kiosk', kiosk_name)
	on conflict do nothing
	returning id into new;
	if new is null then
		perform huiyin.refuse('already', 'name');
	end if;
	insert into huiyin.kiosk (principal, station) values (new, s.id);
	perform huiyin.audit(null, 'admin.kiosk_add', null, kiosk_name, null);
	return jsonb_build_object('name', kiosk_name, 'principal', new);
end $$;
comment on function admin.kiosk_add is
	'{station, name?} -> {name, principal}; it can say hello once it is enrolled';

create or replace function admin.kiosk_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'name', i.name,
		'station', s.code,
		'region', s.region,
		'region_name', huiyin.region_name(s.region),
		'active', i.active,
		'enrolled_at', huiyin.rfc3339(k.enrolled_at),
		'last_seen', huiyin.rfc3339(k.last_seen)) order by i.name), '[]'))
	from huiyin.kiosk k
	join huiyin.identity i on i.principal = k.principal
	join huiyin.station s on s.id = k.station
$$;
comment on function admin.kiosk_list is '{} -> {items}';

create or replace function huiyin.kiosk_switch(name text, on_line boolean, act text)
returns jsonb
language plpgsql
as $$
declare
	one bigint := huiyin.principal_named('kiosk', kiosk_switch.name);
begin
	if on_line and exists (
		select
		from huiyin.kiosk k
		join huiyin.station s on s.id = k.station
		where k.principal = one and not s.active
	) then
		perform huiyin.refuse('wrong_state', 'station');
	end if;
	update huiyin.principal p set active = on_line where p.id = one;
	perform huiyin.identity_changed(array[one], false);
	perform huiyin.audit(null, act, null, kiosk_switch.name, null);
	perform huiyin.kiosks_place(array[one]);
	return jsonb_build_object('name', kiosk_switch.name);
end $$;
comment on function huiyin.kiosk_switch is 'disables or enables a kiosk';

create or replace function admin.kiosk_disable(params jsonb)
returns jsonb
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select huiyin.kiosk_switch(params->>'name', false, 'admin.kiosk_disable')
$$;
comment on function admin.kiosk_disable is '{name} -> {name}';

create or replace function admin.kiosk_enable(params jsonb)
returns jsonb
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select huiyin.kiosk_switch(params->>'name', true, 'admin.kiosk_enable')
$$;
comment on function admin.kiosk_enable is '{name} -> {name}: undoes kiosk_disable, unless the station is disabled';

create or replace function admin.kiosk_enrol(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('kiosk', params->>'name');
begin
	update huiyin.kiosk k
	set secret_hash = decode(params->>'secret_hash', 'hex'), enrolled_at = now()
	where k.principal = one;
	perform huiyin.audit(null, 'admin.kiosk_enrol', null, params->>'name', null);
	perform huiyin.kiosks_place(array[one]);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.kiosk_enrol is
	'{name, secret_hash} -> {name}: a new secret; the old one is worth nothing';

create or replace function admin.kiosk_move(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('kiosk', params->>'name');
	s huiyin.station := huiyin.station_open(params->>'station');
begin
	update huiyin.kiosk k set station = s.id where k.principal = one;
	perform huiyin.identity_changed(array[one], true);
	perform huiyin.audit(null, 'admin.kiosk_move', null,
		(params->>'name') || ' ' || s.code, null);
	perform huiyin.kiosks_place(array[one]);
	update huiyin.feed f set head = f.head + 1 where f.name = 'notice';
	update huiyin.principal p
	set audience_seq = (select f.head from huiyin.feed f where f.name = 'notice')
	where p.id = one;
	perform pg_notify('huiyin_notice', '');
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.kiosk_move is
	'{name, station} -> {name}: its audience changes, so it takes a number of the feed and is replayed all once';
