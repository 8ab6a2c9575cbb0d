-- SPDX-License-Identifier: Apache-2.0
-- First of the functions, by name: all of them are made in one transaction, by
-- and for huiyin_owner; bodies name things that come later in the order.

set local role huiyin_owner;
set local check_function_bodies = off;
set local client_min_messages = warning;

-- The files are the current truth: what an older release left (a function with
-- other parameters, a view on it) goes before they are made again, in the same
-- transaction, so that no call ever finds them missing or finds two.
do $$
declare
	gone text;
begin
	for gone in
		select format('drop view if exists %s cascade', c.oid::regclass)
		from pg_class c
		where c.relnamespace = 'report'::regnamespace
			and c.relkind = 'v'
	loop
		execute gone;
	end loop;
	for gone in
		select format('drop function %s', p.oid::regprocedure)
		from pg_proc p
		join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('huiyin', 'api', 'admin')
	loop
		execute gone;
	end loop;
end
$$;
