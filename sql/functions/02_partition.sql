-- SPDX-License-Identifier: Apache-2.0
-- Partitions by the county's months: made ahead, listed, and those of old receipts
-- detached; and the tables whose rows nobody may change.

create or replace function huiyin.monthly_tables()
returns text[]
language sql
immutable
as $$
	select array['notice_receipt', 'feedback_history', 'feedback', 'feedback_clock']
$$;
comment on function huiyin.monthly_tables is 'all tables kept by month';

create or replace function huiyin.never_changed()
returns text[]
language sql
immutable
as $$
	select array['audit', 'feedback_history', 'feedback_clock', 'person_access',
		'meeting_history', 'summary_round', 'summary_issued', 'summary_item', 'summary_party',
		'ledger_history', 'ledger_clock', 'ledger_feedback']
$$;
comment on function huiyin.never_changed is
	'tables that only grow: not even huiyin_owner, as whom every function runs, may update or delete there';

create or replace function huiyin.never_deleted()
returns text[]
language sql
immutable
as $$
	select array['act', 'audit_head', 'feedback', 'feedback_answer', 'notice', 'migration',
		'meeting', 'meeting_party', 'meeting_item', 'summary', 'summary_voice', 'summary_counter',
		'ledger_entry']
$$;
comment on function huiyin.never_deleted is 'tables whose rows are changed, but never go';

create or replace function huiyin.rights_taken(relation regclass, name text)
returns void
language plpgsql
as $$
begin
	if name = any (huiyin.never_changed()) then
		execute format('revoke update, delete, truncate on %s from huiyin_owner', relation);
	elsif name = any (huiyin.never_deleted()) then
		execute format('revoke delete, truncate on %s from huiyin_owner', relation);
	end if;
end $$;
comment on function huiyin.rights_taken is
	'takes from the owner the rights nobody needs on a table, or on a partition of the table of that name';

create or replace function huiyin.rights_taken_all()
returns void
language sql
as $$
	select huiyin.rights_taken(c.oid, coalesce(p.relname, c.relname))
	from pg_class c
	left join pg_inherits i on i.inhrelid = c.oid
	left join pg_class p on p.oid = i.inhparent
	where c.relnamespace = 'huiyin'::regnamespace and c.relkind in ('r', 'p')
$$;
comment on function huiyin.rights_taken_all is 'the same for all tables and partitions; run at every migrate';

create or replace function huiyin.month_start(months int default 0)
returns date
language sql
stable
as $$
	select (date_trunc('month', now() at time zone interval '8 hours')
		+ make_interval(months => months))::date
$$;
comment on function huiyin.month_start is 'first day of this month or of one so many ahead, in the county';

create or replace function huiyin.partition_name(parent text, month date)
returns text
language sql
stable
as $$
	select parent || to_char(month, '_YYYY_MM')
$$;
comment on function huiyin.partition_name is 'name of the partition of a month';

create or replace function huiyin.partition_ahead(parent text, month date)
returns boolean
language plpgsql
set lock_timeout = '200ms'	-- while it waits, others wait behind it
as $$
declare
	part text := huiyin.partition_name(parent, month);
begin
	if to_regclass('huiyin.' || part) is not null then
		return false;
	end if;
	execute format(
		'create table huiyin.%I partition of huiyin.%I for values from (%L) to (%L)',
		part, parent, month || ' 00:00+08', (month + interval '1 month')::date || ' 00:00+08');
	perform huiyin.rights_taken(('huiyin.' || part)::regclass, parent);
	return true;
exception when check_violation or lock_not_available or duplicate_table then
	return false;	-- rows wait in the default partition, which loses nothing
end $$;
comment on function huiyin.partition_ahead is
	'makes one month of one table; false when it is there or cannot be made now';

create or replace function huiyin.partitions_missing(months int)
returns table (parent text, month date)
language sql
stable
as $$
	select p, m::date
	from unnest(huiyin.monthly_tables()) as p,
		generate_series(huiyin.month_start(), huiyin.month_start(months), interval '1 month') as m
	where to_regclass('huiyin.' || huiyin.partition_name(p, m::date)) is null
$$;
comment on function huiyin.partitions_missing is 'this month and the next ones, as far as they are not there';

create or replace function huiyin.partitions_ahead(months int default 3)
returns int
language plpgsql
as $$
declare
	made int;
begin
	if not exists (select from huiyin.partitions_missing(months))
			or not pg_try_advisory_xact_lock(hashtext('huiyin.partitions_ahead')) then
		return 0;
	end if;
	select count(*) filter (where huiyin.partition_ahead(p.parent, p.month))
	into made
	from huiyin.partitions_missing(months) as p;
	return made;
end $$;
comment on function huiyin.partitions_ahead is
	'makes this month and the next ones of all tables kept by month; cheap when they are there';

create or replace function huiyin.partition_list()
returns table (parent text, part regclass, name text, from_at timestamptz, to_at timestamptz,
	about bigint, bytes bigint)
language sql
stable
as $$
	select
		p.relname,
		c.oid::regclass,
		c.relname,
		b[1]::timestamptz,
		b[2]::timestamptz,
		greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::bigint,
		pg_total_relation_size(c.oid)
	from pg_inherits i
	join pg_class p on p.oid = i.inhparent and p.relkind = 'p'
		and p.relnamespace = 'huiyin'::regnamespace
	join pg_class c on c.oid = i.inhrelid
	left join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid),
		'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') as b on true
$$;
comment on function huiyin.partition_list is
	'all partitions; about how many rows, by what autovacuum counted; no times: the default one';
