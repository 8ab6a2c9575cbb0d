-- SPDX-License-Identifier: Apache-2.0
-- Who asks, looked up in the transaction.

create or replace view huiyin.identity as
select
	p.id as principal,
	p.kind,
	p.name,
	p.active,
	coalesce(f.roles, array['kiosk']) as roles,
	f.department,
	d.code as department_code,
	d.name as department_name,
	coalesce(d.coordinating, false) as coordinating,
	d.approval,
	coalesce(d.region, s.region) as region,
	p.audience_seq
from huiyin.principal p
left join huiyin.staff f on f.principal = p.id
left join huiyin.department d on d.id = f.department
left join huiyin.kiosk k on k.principal = p.id
left join huiyin.station s on s.id = k.station;
comment on view huiyin.identity is
	'principals with what they may do now';

create or replace function huiyin.me(who jsonb, allowed text[], path text default null)
returns huiyin.identity
language plpgsql
stable
as $$
declare
	me huiyin.identity;
begin
	select i.* into me
	from huiyin.identity i
	where i.principal = (who->>'principal')::bigint;
	if not found then
		perform huiyin.refuse('not_allowed', path);
	elsif not me.active then
		perform huiyin.refuse('disabled', path);
	elsif not me.roles && allowed then
		perform huiyin.refuse('not_allowed', path);
	end if;
	return me;
end $$;
comment on function huiyin.me is 'who asks; refuses whoever has none of the roles allowed';

create or replace function huiyin.any_staff()
returns text[]
language sql
immutable
as $$
	select array['clerk', 'approver', 'coordinator', 'keeper', 'relay', 'auditor', 'admin']
$$;
comment on function huiyin.any_staff is 'all roles of staff';

create or replace function huiyin.department_json(department bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('code', d.code, 'name', d.name)
	from huiyin.department d
	where d.id = department_json.department
$$;
comment on function huiyin.department_json is 'a department as news and results name it';

create or replace function huiyin.identity_changed(principals bigint[], audience boolean)
returns void
language sql
as $$
	insert into huiyin.identity_change (principal, audience)
	select p, identity_changed.audience from unnest(principals) as p;
	select pg_notify('huiyin_identity', '');
$$;
comment on function huiyin.identity_changed is 'tells the nodes that rights or audience changed';
