-- SPDX-License-Identifier: Apache-2.0
-- What a node needs to check a password, and the delay after wrong ones.

create or replace function huiyin.login_wait(name text)
returns int
language sql
stable
as $$
	select nullif(ceil(greatest(0, extract(epoch from
		f.last_at + make_interval(secs => least(60, power(2, least(f.failures, 20) - 5)))
		- clock_timestamp())))::int, 0)
	from huiyin.login_failure f
	where f.name = login_wait.name and f.failures >= 5
$$;
comment on function huiyin.login_wait is
	'seconds until this name may try again: 1, 2, 4.. from the fifth failure, never above 60; null: now';

create or replace function api.credential(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object(
			'principal', i.principal,
			'password', s.password,
			'totp', s.totp,
			'totp_step', s.totp_step)
		|| jsonb_strip_nulls(jsonb_build_object(
			'wait', huiyin.login_wait(params->>'name')))
	from (select 1) as one
	left join huiyin.identity i on i.kind = 'staff' and i.name = params->>'name' and i.active
	left join huiyin.staff s on s.principal = i.principal
$$;
comment on function api.credential is
	'{name} -> {principal, password, totp, totp_step, wait?}; all null for a name unknown or disabled';

create or replace function api.credential_failed(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	insert into huiyin.login_failure as f (name, failures, last_at)
	values (left(params->>'name', 200), 1, clock_timestamp())
	on conflict (name) do update
	set failures = case when f.last_at < now() - interval '1 hour' then 1
			else f.failures + 1 end,
		last_at = excluded.last_at;
	return '{}';
end $$;
comment on function api.credential_failed is
	'{name} -> {}: counts a wrong password, also for names nobody has';
