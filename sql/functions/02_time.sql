-- SPDX-License-Identifier: Apache-2.0
-- Time as the wire says it, and partitions by the county's months.

create or replace function huiyin.rfc3339(at timestamptz)
returns text
language sql
stable
as $$
	select to_char(at at time zone interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')
$$;
comment on function huiyin.rfc3339 is
	'RFC 3339 with the one offset of the country; whole seconds';

create or replace function huiyin.partition_ahead(parent text, month date)
returns boolean
language plpgsql
set lock_timeout = '200ms'	-- while it waits, others wait behind it
as $$
declare
	part text := parent || to_char(month, '_YYYY_MM');
begin
	if to_regclass('huiyin.' || part) is not null then
		return false;
	end if;
	execute format(
		'create table huiyin.%I partition of huiyin.%I for values from (%L) to (%L)',
		part, parent, month || ' 00:00+08', (month + interval '1 month')::date || ' 00:00+08');
	return true;
exception when check_violation or lock_not_available or duplicate_table then
	return false;	-- rows wait in the default partition, which loses nothing
end $$;
comment on function huiyin.partition_ahead is
	'makes one month of one table; false when it is there or cannot be made now';

create or replace function huiyin.partitions_ahead(months int default 3)
returns int
language plpgsql
as $$
declare
	this_month date := date_trunc('month', now() at time zone interval '8 hours');
	made int;
begin
	if to_regclass('huiyin.feedback_clock' || to_char(
			this_month + make_interval(months => months), '_YYYY_MM')) is not null
			or not pg_try_advisory_xact_lock(hashtext('huiyin.partitions_ahead')) then
		return 0;
	end if;
	select count(*) filter (where huiyin.partition_ahead(p, m::date))
	into made
	from unnest(array['notice_receipt', 'feedback_history', 'feedback', 'feedback_clock']) as p,
		generate_series(this_month,
			this_month + make_interval(months => months), interval '1 month') as m;
	return made;
end $$;
comment on function huiyin.partitions_ahead is
	'makes this month and the next ones of all tables kept by month; cheap when they are there';
