-- SPDX-License-Identifier: Apache-2.0
-- Departments, and which of them leads what.

create or replace function huiyin.department_coded(code text, path text default 'code')
returns huiyin.department
language plpgsql
stable
as $$
declare
	d huiyin.department;
begin
	if path <> 'code' and coalesce(code, '') = '' then
		return null;
	end if;
	select t.* into d from huiyin.department t where t.code = department_coded.code;
	if not found then
		perform huiyin.refuse('unknown_department', path);
	end if;
	return d;
end $$;
comment on function huiyin.department_coded is 'the department of that code; none for no code; refuses one nobody has';

create or replace function huiyin.superior_check(department bigint, superior bigint)
returns void
language plpgsql
stable
as $$
begin
	if exists (
		with recursive above(id) as (
			select superior_check.superior
			union
			select d.superior
			from above a
			join huiyin.department d on d.id = a.id
		)
		select from above a where a.id = superior_check.department
	) then
		perform huiyin.refuse('bad_value', 'superior');
	end if;
end $$;
comment on function huiyin.superior_check is 'refuses superiors that go in a circle';

create or replace function admin.department_add(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	superior huiyin.department := huiyin.department_coded(params->>'superior', 'superior');
	coordinating boolean := coalesce((params->>'coordinating')::boolean, false);
	new bigint;
begin
	perform huiyin.region_must(params->>'region');
	if coalesce(params->>'approval', 'none') not in ('none', 'other') then
		perform huiyin.refuse('bad_value', 'approval');
	elsif exists (select from huiyin.department d where d.code = params->>'code') then
		perform huiyin.refuse('already', 'code');
	elsif coordinating and exists (
			select from huiyin.department d where d.coordinating and d.active) then
		perform huiyin.refuse('already', 'coordinating');
	end if;
	insert into huiyin.department (code, name, region, superior, approval, coordinating)
	values (params->>'code', params->>'name', params->>'region', superior.id,
		coalesce(params->>'approval', 'none'), coordinating)
	returning id into new;
	perform huiyin.audit(null, 'admin.department_add', null, params->>'code', null);
	return jsonb_build_object('id', new, 'code', params->>'code');
end $$;
comment on function admin.department_add is
	'{code, name, region, superior?, approval?, coordinating?} -> {id, code}';

create or replace function admin.department_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'code', d.code,
		'name', d.name,
		'region', d.region,
		'region_name', huiyin.region_name(d.region),
		'superior', s.code,
		'approval', d.approval,
		'coordinating', d.coordinating,
		'active', d.active,
		'staff', (select count(*) from huiyin.staff f where f.department = d.id)
		) order by d.code), '[]'))
	from huiyin.department d
	left join huiyin.department s on s.id = d.superior
$$;
comment on function admin.department_list is '{} -> {items}';

create or replace function huiyin.department_weighs(department bigint)
returns void
language sql
as $$
	update huiyin.feedback f
	set waits = huiyin.waits_for_decision(f)
	where f.lead = department_weighs.department
		and f.state in ('dispatched', 'accepted', 'in_progress', 'scheduled',
			'waiting_submitter', 'reopened')
$$;
comment on function huiyin.department_weighs is
	'says anew of all that a department has in hand whether the coordinator has to decide who leads';

create or replace function huiyin.office_hand_over(new_office huiyin.department)
returns void
language plpgsql
as $$
declare
	was bigint := (select d.id from huiyin.department d where d.coordinating and d.active);
begin
	if was = new_office.id then
		return;
	elsif not new_office.active then
		perform huiyin.refuse('wrong_state', 'code');
	end if;
	update huiyin.department d set coordinating = false where d.coordinating;
	update huiyin.department d set coordinating = true where d.id = new_office.id;
	perform huiyin.department_weighs(was);
	perform huiyin.department_weighs(new_office.id);
	perform huiyin.identity_changed(array(select f.principal from huiyin.staff f
		where f.department in (was, new_office.id)), false);
end $$;
comment on function huiyin.office_hand_over is
	'from now on this one coordinates, and the one that did is a department like others: it keeps what it has until it returns it or is disabled';

create or replace function admin.department_set(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	d huiyin.department := huiyin.department_coded(params->>'code');
	superior huiyin.department := huiyin.department_coded(params->>'superior', 'superior');
begin
	if coalesce(params->>'approval', 'none') not in ('none', 'other') then
		perform huiyin.refuse('bad_value', 'approval');
	end if;
	perform huiyin.superior_check(d.id, superior.id);
	update huiyin.department t
	set name = coalesce(params->>'name', t.name),
		approval = coalesce(params->>'approval', t.approval),
		superior = case when params ? 'superior' then superior.id else t.superior end
	where t.id = d.id;
	if (params->>'coordinating')::boolean then
		perform huiyin.office_hand_over(d);
	end if;
	perform huiyin.audit(null, 'admin.department_set', null, d.code,
		sha256(convert_to(params::text, 'UTF8')));
	return jsonb_build_object('code', d.code);
end $$;
comment on function admin.department_set is '{code, name?, approval?, superior?, coordinating?} -> {code}: coordinating takes that over from the one that had it';

create or replace function admin.department_disable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	d huiyin.department := huiyin.department_coded(params->>'code');
	people bigint[];
begin
	if d.coordinating and d.active then
		perform huiyin.refuse('wrong_state', 'code');
	end if;
	update huiyin.department t set active = false where t.id = d.id;
	people := array(select f.principal from huiyin.staff f where f.department = d.id);
	update huiyin.principal p set active = false where p.id = any (people);
	delete from huiyin.staff_token t where t.principal = any (people);
	perform huiyin.department_weighs(d.id);
	perform huiyin.identity_changed(people, false);
	perform huiyin.audit(null, 'admin.department_disable', null, d.code, null);
	return jsonb_build_object('code', d.code);
end $$;
comment on function admin.department_disable is
	'{code} -> {code}: its staff are disabled with it; what it has falls to the coordinator, which is why the coordinating office itself is not disabled before another one is';

create or replace function admin.department_enable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	d huiyin.department := huiyin.department_coded(params->>'code');
begin
	if not d.active and d.coordinating and exists (
			select from huiyin.department o where o.coordinating and o.active) then
		update huiyin.department t set coordinating = false where t.id = d.id;
	end if;
	update huiyin.department t set active = true where t.id = d.id;
	perform huiyin.department_weighs(d.id);
	perform huiyin.audit(null, 'admin.department_enable', null, d.code, null);
	return jsonb_build_object('code', d.code, 'still_disabled', coalesce((
		select jsonb_agg(p.name order by p.name)
		from huiyin.staff f
		join huiyin.principal p on p.id = f.principal
		where f.department = d.id and not p.active), '[]'));
end $$;
comment on function admin.department_enable is
	'{code} -> {code, still_disabled: [name]}: it has again what nobody else was given; its staff are enabled one by one, since some were disabled for themselves';

create or replace function admin.service_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'service', s.code,
		'name', s.name,
		'name_en', s.name_en,
		'urgency', s.urgency,
		'answer', (select concat(c.amount, ' ', c.unit) from huiyin.service_clock c
			where c.service = s.code and c.clock = 'answer'),
		'active', s.active,
		'routes', coalesce((
			select jsonb_agg(jsonb_build_object('region', t.region, 'department', d.code)
				order by t.region)
			from huiyin.service_route t
			join huiyin.department d on d.id = t.department
			where t.service = s.code), '[]')) order by s.code), '[]'))
	from huiyin.service s
$$;
comment on function admin.service_list is '{} -> {items}, with who leads where';

create or replace function admin.route_set(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	d huiyin.department := huiyin.department_coded(params->>'department', 'department');
begin
	perform huiyin.region_must(params->>'region');
	if not exists (select from huiyin.service s where s.code = params->>'service') then
		perform huiyin.refuse('unknown_service', 'service');
	end if;
	if d.id is null then
		delete from huiyin.service_route t
		where t.service = params->>'service' and t.region = params->>'region';
	else
		insert into huiyin.service_route as t (service, region, department)
		values (params->>'service', params->>'region', d.id)
		on conflict on constraint service_route_is_one_per_region
		do update set department = excluded.department;
	end if;
	perform huiyin.audit(null, 'admin.route_set', null,
		concat_ws(' ', params->>'service', params->>'region', d.code), null);
	return '{}';
end $$;
comment on function admin.route_set is
	'{service, region, department?} -> {}: who leads that service there and below; no department takes the row away';
