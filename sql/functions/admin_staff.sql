-- SPDX-License-Identifier: Apache-2.0
-- Staff: people with a login.

create or replace function huiyin.principal_named(kind text, name text, path text default 'name')
returns bigint
language plpgsql
stable
as $$
declare
	found_id bigint;
begin
	select p.id into found_id
	from huiyin.principal p
	where p.kind = principal_named.kind and p.name = principal_named.name;
	if not found then
		perform huiyin.refuse('not_found', path);
	end if;
	return found_id;
end $$;
comment on function huiyin.principal_named is 'who has that name; refuses a name nobody has';

create or replace function admin.staff_add(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	d huiyin.department := huiyin.department_coded(params->>'department', 'department');
	roles text[] := array(select jsonb_array_elements_text(params->'roles'));
	new bigint;
begin
	if roles = '{}' or not roles <@ huiyin.any_staff() then
		perform huiyin.refuse('bad_value', 'roles');
	elsif not d.active then
		perform huiyin.refuse('wrong_state', 'department');
	elsif d.id is null and roles && array['clerk', 'approver', 'coordinator'] then
		perform huiyin.refuse('bad_value', 'department');
	end if;
	insert into huiyin.principal (kind, name)
	values ('staff', params->>'name')
	on conflict do nothing
	returning id into new;
	if new is null then
		perform huiyin.refuse('already', 'name');
	end if;
	insert into huiyin.staff (principal, department, display_name, roles, password)
	values (new, d.id, params->>'display_name', roles, params->>'password_hash');
	perform huiyin.audit(null, 'admin.staff_add', null, params->>'name', null);
	return jsonb_build_object('principal', new, 'name', params->>'name');
end $$;
comment on function admin.staff_add is
	'{name, display_name?, department?, roles, password_hash?} -> {principal, name}';

create or replace function admin.staff_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'name', i.name,
		'display_name', s.display_name,
		'department', i.department_code,
		'roles', s.roles,
		'active', i.active,
		'superior', (select p.name from huiyin.principal p where p.id = s.superior),
		'vacant', s.vacant,
		'password', s.password is not null,
		'totp', s.totp is not null,
		'last_seen', huiyin.rfc3339(s.last_seen)) order by i.name), '[]'))
	from huiyin.staff s
	join huiyin.identity i on i.principal = s.principal
$$;
comment on function admin.staff_list is '{} -> {items}; password and totp only say whether there is one';

create or replace function admin.staff_disable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
begin
	update huiyin.principal p set active = false where p.id = one;
	delete from huiyin.staff_token t where t.principal = one;
	perform huiyin.identity_changed(array[one], false);
	perform huiyin.audit(null, 'admin.staff_disable', null, params->>'name', null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_disable is '{name} -> {name}: ends tokens and sessions';

create or replace function admin.staff_enable(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
begin
	if exists (
		select
		from huiyin.staff s
		join huiyin.department d on d.id = s.department
		where s.principal = one and not d.active
	) then
		perform huiyin.refuse('wrong_state', 'department');
	end if;
	update huiyin.principal p set active = true where p.id = one;
	perform huiyin.identity_changed(array[one], false);
	perform huiyin.audit(null, 'admin.staff_enable', null, params->>'name', null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_enable is '{name} -> {name}: undoes staff_disable, unless the department is disabled';

create or replace function admin.staff_password(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
begin
	update huiyin.staff s set password = params->>'password_hash' where s.principal = one;
	delete from huiyin.staff_token t where t.principal = one;
	delete from huiyin.login_failure f where f.name = params->>'name';
	perform huiyin.audit(null, 'admin.staff_password', null, params->>'name', null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_password is '{name, password_hash} -> {name}: ends tokens';

create or replace function admin.staff_totp(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
begin
	update huiyin.staff s
	set totp = params->>'totp', totp_step = null
	where s.principal = one;
	delete from huiyin.staff_token t where t.principal = one;
	perform huiyin.audit(null, 'admin.staff_totp', null, params->>'name', null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_totp is
	'{name, totp} -> {name}: the second factor, sealed by the node; null takes it away';

create or replace function huiyin.staff_above_check(one bigint, superior bigint)
returns void
language plpgsql
stable
as $$
begin
	if exists (
		with recursive above(id) as (
			select staff_above_check.superior
			union
			select s.superior
			from above a
			join huiyin.staff s on s.principal = a.id
		)
		select from above a where a.id = staff_above_check.one
	) then
		perform huiyin.refuse('bad_value', 'superior');
	end if;
end $$;
comment on function huiyin.staff_above_check is 'refuses superiors that go in a circle';

create or replace function admin.staff_superior(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
	above bigint := case when coalesce(params->>'superior', '') <> ''
		then huiyin.principal_named('staff', params->>'superior') end;
begin
	perform huiyin.staff_above_check(one, above);
	update huiyin.staff s set superior = above where s.principal = one;
	perform huiyin.audit(null, 'admin.staff_superior', null,
		concat_ws(' ', params->>'name', params->>'superior'), null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_superior is
	'{name, superior?} -> {name}: who is told when what this person handles is late; without: nobody but the superiors of the department';

create or replace function admin.staff_vacancy(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	one bigint := huiyin.principal_named('staff', params->>'name');
begin
	update huiyin.staff s
	set vacant = not coalesce((params->>'filled')::boolean, false)
	where s.principal = one;
	perform huiyin.audit(null, 'admin.staff_vacancy', null, params->>'name', null);
	return jsonb_build_object('name', params->>'name');
end $$;
comment on function admin.staff_vacancy is
	'{name, filled?} -> {name}: the post is vacant and skipped, or filled again';
