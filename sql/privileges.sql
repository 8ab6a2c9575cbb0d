-- SPDX-License-Identifier: Apache-2.0
-- Who may do what. Run again after every migrate: whatever was granted is taken
-- back first, and everything belongs to huiyin_owner whoever made it.

do $$
declare
	o record;
begin
	for o in
		select case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end as kind,
			c.oid::regclass::text as name
		from pg_class c
		where c.relnamespace in ('huiyin'::regnamespace, 'report'::regnamespace)
			and (c.relkind in ('r', 'p', 'v')
				or (c.relkind = 'S' and not exists (
					select from pg_depend d
					where d.classid = 'pg_class'::regclass and d.objid = c.oid
						and d.deptype = 'i')))
			and c.relowner <> 'huiyin_owner'::regrole
	loop
		execute format('alter %s %s owner to huiyin_owner', o.kind, o.name);
	end loop;
	for o in
		select p.oid::regprocedure::text as name
		from pg_proc p
		where p.pronamespace in ('huiyin'::regnamespace, 'api'::regnamespace,
				'admin'::regnamespace, 'report'::regnamespace)
			and p.proowner <> 'huiyin_owner'::regrole
	loop
		execute format('alter function %s owner to huiyin_owner', o.name);
	end loop;
	execute format('revoke all on database %I from public, huiyin_node', current_database());
	execute format('grant connect on database %I to huiyin_node', current_database());
end $$;

revoke all on schema public from public;
revoke all on schema huiyin, api, admin, report from public, huiyin_node;
revoke all on all tables in schema huiyin, report from public, huiyin_node;
revoke all on all sequences in schema huiyin from public, huiyin_node;
revoke all on all functions in schema huiyin, api, admin, report from public, huiyin_node;

select huiyin.rights_taken_all();

grant usage on schema api to huiyin_node;
grant execute on all functions in schema api to huiyin_node;

alter role huiyin_node set synchronous_commit = on;
alter role huiyin_node set idle_in_transaction_session_timeout = '5s';
alter role huiyin_node set lock_timeout = '2s';
alter role huiyin_node set default_transaction_isolation = 'read committed';
alter role huiyin_node set search_path = pg_catalog;
alter role huiyin_node set timezone = 'Asia/Shanghai';
alter role huiyin_node set jit = off;
-- A plan made while a table is small is kept while it grows: no plan may walk it.
alter role huiyin_node set enable_seqscan = off;

-- No personal words in the server's log: neither parameters nor the rows and
-- values that error messages quote. The node logs what went wrong, by SQLSTATE.
alter role huiyin_node set log_statement = 'none';
alter role huiyin_node set log_parameter_max_length = 0;
alter role huiyin_node set log_parameter_max_length_on_error = 0;
alter role huiyin_node set log_min_error_statement = 'panic';
alter role huiyin_node set log_min_messages = 'log';
alter role huiyin_node set log_error_verbosity = 'terse';
