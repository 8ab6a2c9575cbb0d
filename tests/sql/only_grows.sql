-- SPDX-License-Identifier: Apache-2.0
-- What only grows: history and audit cannot be updated or deleted by any role that a
-- node or a clerk has, and not by a function of ours that forgot itself (I27).

begin;
\ir world.psql
select * from no_plan();
select t.act('feedback_submit', 10, 'ka', t.said()) \g /dev/null

create table t.try as
select c.oid::regclass as name, coalesce(p.relname, c.relname) as table_name, d.did
from pg_class c
left join pg_inherits i on i.inhrelid = c.oid
left join pg_class p on p.oid = i.inhparent
cross join unnest(array['update', 'delete', 'truncate']) as d(did)
where c.relnamespace = 'huiyin'::regnamespace and c.relkind in ('r', 'p');
create function t.attempt(who text, did text, name regclass) returns text language plpgsql as $$
declare
	first_column text := (select quote_ident(a.attname) from pg_attribute a where a.attrelid = name and a.attnum = 1);
	said text := 'done';
begin
	begin
		execute format('set local role %I', who);
		execute case did
			when 'update' then format('update %s set %s = %2$s', name, first_column)
			when 'delete' then format('delete from %s', name)
			else format('truncate %s cascade', name)
		end;
		raise exception using errcode = 'TM001';
	exception
		when sqlstate 'TM001' then null;
		when insufficient_privilege then said := 'refused';
		when others then said := sqlerrm;
	end;
	return said;
end $$;

select cmp_ok((select count(*) from t.try), '>', 100::bigint, 'there are tables to try, partitions too');
select is(t.attempt('huiyin_node', y.did, y.name), 'refused', 'the node may not ' || y.did || ' ' || y.name) from t.try y;
select is(t.attempt('huiyin_owner', y.did, y.name), 'refused', 'not even the owner may ' || y.did || ' ' || y.name)
from t.try y
where y.table_name = any (huiyin.never_changed())
	or (y.table_name = any (huiyin.never_deleted()) and y.did <> 'update');
select is(t.attempt('huiyin_owner', 'update', 'huiyin.feed'), 'done', 'while the owner may what functions do');

select is(huiyin.partition_ahead('feedback_history', '2031-05-01'), true, 'a partition made later');
select is(t.attempt('huiyin_owner', d, 'huiyin.feedback_history_2031_05'), 'refused', 'is no other: no ' || d)
from unnest(array['update', 'delete', 'truncate']) as d;

-- and no function tries to
select is(array(
	select p.oid::regprocedure::text
	from pg_proc p
	where p.pronamespace in ('huiyin'::regnamespace, 'api'::regnamespace, 'admin'::regnamespace)
		and p.prosrc ~* format('(update|delete from|truncate)\s+huiyin\.(%s)\y', array_to_string(huiyin.never_changed(), '|'))),
	'{}', 'no function updates or deletes there');
select is(array(
	select p.oid::regprocedure::text
	from pg_proc p
	where p.pronamespace in ('huiyin'::regnamespace, 'api'::regnamespace, 'admin'::regnamespace)
		and p.prosrc ~* format('(delete from|truncate)\s+huiyin\.(%s)\y', array_to_string(huiyin.never_deleted(), '|'))),
	'{}', 'nor deletes what must stay');

select * from finish();
rollback;
