-- SPDX-License-Identifier: Apache-2.0
-- The node's role can execute api and touch nothing else; every table, sequence,
-- view and function is tried.

begin;
\ir world.psql
select * from no_plan();

create function t.denied(what text) returns boolean language plpgsql as $$
begin
	set local role huiyin_node;
	execute what;
	reset role;
	return false;
exception
	when insufficient_privilege then
		reset role;
		return true;
	when others then
		reset role;
		return false;
end $$;

select ok(t.denied(format(what, r.name)), format(what, r.name) || ' is denied to the node')
from (
	select c.oid::regclass::text as name
	from pg_class c
	where c.relnamespace in ('huiyin'::regnamespace, 'report'::regnamespace)
		and c.relkind in ('r', 'p', 'v')
) as r,
unnest(array[
	'select from %s', 'delete from %s', 'insert into %s default values', 'truncate %s',
	'lock table %s in access share mode'
]) as what
where not exists (
	select from pg_views v
	where format('%I.%I', v.schemaname, v.viewname) = r.name
		and what ~ '^(truncate|lock|insert|delete)');

select ok(t.denied(format('select nextval(%L)', c.oid::regclass)),
	'nextval of ' || c.oid::regclass || ' is denied to the node')
from pg_class c
where c.relnamespace = 'huiyin'::regnamespace and c.relkind = 'S';

select ok(not has_function_privilege('huiyin_node', p.oid, 'execute'),
	'the node may not call ' || p.oid::regprocedure)
from pg_proc p
where p.pronamespace in ('huiyin'::regnamespace, 'admin'::regnamespace,
	'report'::regnamespace);

select ok(t.denied('select huiyin.refuse(''x'')'), 'a call into huiyin is denied to the node');
select ok(t.denied('select admin.staff_list(''{}'')'), 'a call into admin is denied to the node');
select ok(t.denied('create table api.x ()'), 'the node creates nothing in api');
select ok(t.denied('create table public.x ()'), 'the node creates nothing in public');
select ok(t.denied('create temp table x ()'), 'the node creates no temporary tables');
select ok(not pg_has_role('huiyin_node', 'huiyin_owner', 'member'),
	'the node cannot become the owner');
select ok(t.denied('create role x'), 'the node cannot create roles');

select ok(has_function_privilege('huiyin_node', p.oid, 'execute'),
	'the node may call ' || p.oid::regprocedure)
from pg_proc p
where p.pronamespace = 'api'::regnamespace;

select ok(not t.denied('select api.node_check(''{}'', ''{}'')'),
	'a call into api is not denied to the node');

select ok(p.prosecdef and 'search_path=pg_catalog, huiyin, pg_temp' = any (p.proconfig),
	p.oid::regprocedure || ' runs as its owner with a pinned search_path')
from pg_proc p
where p.pronamespace in ('api'::regnamespace, 'admin'::regnamespace);

select is(
	array(select p.oid::regprocedure::text
	from pg_proc p
	where p.pronamespace = 'api'::regnamespace
		and not (
			(p.proargnames[1:2] = '{who,params}'
				and p.prorettype = 'jsonb'::regtype)
			or p.proargnames = '{batch,n,result,refused}')),
	'{}', 'every function of api has one of the two shapes');

select is(
	array(select p.oid::regprocedure::text
	from pg_proc p
	where p.pronamespace = 'admin'::regnamespace
		and (p.proargnames <> '{params}' or p.prorettype <> 'jsonb'::regtype)),
	'{}', 'every function of admin takes params and returns jsonb');

create function public.x_for_everybody() returns int language sql as 'select 1';
set local role huiyin_owner;
create function huiyin.made_later() returns int language sql as 'select 1';
reset role;
select ok(not exists (
		select
		from pg_proc p, aclexplode(p.proacl) a
		where p.proname = 'made_later' and a.grantee = 0)
		and (select p.proacl is not null from pg_proc p where p.proname = 'made_later'),
	'a function made later is not for everybody');

select * from finish();
rollback;
