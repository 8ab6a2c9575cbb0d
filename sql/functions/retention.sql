-- SPDX-License-Identifier: Apache-2.0
-- What need not be kept for ever: who said a feedback that is closed long since,
-- and the single receipts of old notices.

create or replace function huiyin.retention_span(what text)
returns interval
language sql
stable
as $$
	select make_interval(days => r.days)
	from huiyin.retention r
	where r.what = retention_span.what
$$;
comment on function huiyin.retention_span is 'how long it is kept; null: for ever';

create or replace function huiyin.closed_at(feedback bigint, filed_at timestamptz)
returns table (receipt text, at timestamptz)
language sql
stable
as $$
	select f.receipt, h.at
	from huiyin.feedback f
	join huiyin.feedback_history h on h.feedback = f.id
		and h.step = f.steps
		and h.at >= f.filed_at
	where f.id = closed_at.feedback
		and f.filed_at = closed_at.filed_at
		and f.state like 'closed%'
$$;
comment on function huiyin.closed_at is 'when it was closed, if it is';

create or replace function huiyin.contact_look(k huiyin.person_key, span interval)
returns text
language plpgsql
as $$
declare
	closed record;
begin
	select c.receipt, c.at into closed from huiyin.closed_at(k.feedback, k.filed_at) as c;
	if closed.at <= now() - span then
		perform huiyin.person_erase(k.feedback);
		return closed.receipt;
	end if;
	update huiyin.person_key p
	set look_at = coalesce(closed.at, now() - span + interval '1 day')
	where p.feedback = k.feedback;
	return null;
end $$;
comment on function huiyin.contact_look is
	'erases who it was when their time has passed, and says of which receipt; else notes when to look again: what is open, tomorrow';

create or replace function huiyin.contacts_expire(most int default 200)
returns int
language plpgsql
as $$
declare
	span interval := huiyin.retention_span('contact');
	gone text[];
begin
	if span is null then
		return 0;
	end if;
	select array_agg(huiyin.contact_look(k, span)) into gone
	from (
		select k.*
		from huiyin.person_key k
		where k.look_at <= now() - span
		order by k.look_at
		limit most
		for update skip locked
	) as k;
	gone := array_remove(gone, null);
	if gone <> '{}' then
		perform huiyin.person_accessed('expire', null, format('%s %s', cardinality(gone),
			(select string_agg(g, ' ' order by g) from unnest(gone) as g)), null, '{}');
	end if;
	return coalesce(cardinality(gone), 0);
end $$;
comment on function huiyin.contacts_expire is
	'erases who said what is closed for longer than it is kept, at most so many; cheap when there is nothing to do';

create or replace function huiyin.reach_keep(from_at timestamptz, to_at timestamptz, most int)
returns bigint
language sql
as $$
	with counted as (
		select n.id, n.sent
		from huiyin.notice n
		where n.seq is not null and n.sent >= from_at and n.sent < to_at
			and exists (select from huiyin.notice_addressed a where a.notice = n.id)
			and not exists (select from huiyin.notice_reach_kept k where k.notice = n.id)
		limit most
	),
	kept as (
		insert into huiyin.notice_reach_kept (notice, township, delivered, shown, read,
			understood, misunderstood)
		select c.id, r.township, r.delivered, r.shown, r.read, r.understood, r.misunderstood
		from counted c
		cross join lateral huiyin.notice_reached(c.id, c.sent) as r
		on conflict do nothing
	)
	select count(*) from counted
$$;
comment on function huiyin.reach_keep is
	'counts for good how far some notices of a time came; how many there were to count';

create or replace function huiyin.receipts_detach(most int default 5)
returns text
language plpgsql
set lock_timeout = '200ms'	-- while it waits, others wait behind it
as $$
declare
	old record;
	span interval := huiyin.retention_span('receipts');
begin
	if span is null then
		return null;
	end if;
	select p.name, p.from_at, p.to_at into old
	from huiyin.partition_list() as p
	where p.parent = 'notice_receipt'
		and p.to_at <= now() - span
	order by p.from_at
	limit 1;
	if not found or not pg_try_advisory_xact_lock(hashtext('huiyin.partitions_ahead')) then
		return null;
	end if;
	-- First none comes any more, then they are counted, then they go.
	update huiyin.retention r
	set until = old.to_at
	where r.what = 'receipts' and (r.until >= old.to_at) is not true;
	if found or huiyin.reach_keep(old.from_at, old.to_at, most) > 0 then
		return '';
	end if;
	execute format('alter table huiyin.notice_receipt detach partition huiyin.%I', old.name);
	execute format('comment on table huiyin.%I is %L', old.name,
		'receipts of a month, detached; to be dumped elsewhere and dropped by who operates this');
	perform huiyin.audit(null, 'db.receipts_detach', null, old.name, null);
	return old.name;
exception when lock_not_available then
	return null;	-- another time
end $$;
comment on function huiyin.receipts_detach is
	'one step towards detaching the oldest month of receipts whose time has passed: its name when it is detached, empty while its reach is counted, null when there is none, or not now';

create or replace function huiyin.receipts_detach_all()
returns text[]
language plpgsql
as $$
declare
	gone text[] := '{}';
	name text;
begin
	for i in 1 .. 1000 loop
		name := huiyin.receipts_detach(1000);
		exit when name is null;
		gone := gone || nullif(name, '');
	end loop;
	return array_remove(gone, null);
end $$;
comment on function huiyin.receipts_detach_all is 'all steps at once';

create or replace function admin.retention_set(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	kept int := case when params->>'days' = 'ever' then null
		when params->>'days' ~ '^\d{2,5}$' then params->>'days' else '0' end;
begin
	if kept not between 15 and 36500 then
		perform huiyin.refuse('bad_value', 'days');
	end if;
	update huiyin.retention r set days = kept where r.what = params->>'what';
	if not found then
		perform huiyin.refuse('bad_value', 'what');
	end if;
	perform huiyin.audit(null, 'admin.retention_set', null,
		concat_ws(' ', params->>'what', params->>'days'), null);
	return params;
end $$;
comment on function admin.retention_set is
	'{what: contact|receipts, days: 15 to 36500, or ever} -> the same';

create or replace function admin.retention_list(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', jsonb_agg(jsonb_build_object(
		'what', r.what,
		'days', r.days,
		'until', huiyin.rfc3339(r.until)) order by r.what))
	from huiyin.retention r
$$;
comment on function admin.retention_list is '{} -> {items: [{what, days, until}]}; days null: for ever';

create or replace function admin.retention_apply(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	return jsonb_build_object(
		'contacts_erased', huiyin.contacts_expire(10000),
		'receipts_detached', huiyin.receipts_detach_all());
end $$;
comment on function admin.retention_apply is
	'{} -> {contacts_erased, receipts_detached}: what nodes do by themselves, at once; one transaction, so again until there is nothing';

create or replace function admin.db_partitions(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', jsonb_agg(i.item order by i.parent, i.from_at, i.name))
	from (
		select p.parent, p.from_at, p.name, jsonb_build_object(
			'table', p.parent,
			'partition', p.name,
			'from', huiyin.rfc3339(p.from_at),
			'to', huiyin.rfc3339(p.to_at),
			'rows', p.about,
			'bytes', p.bytes,
			'age_days', greatest(extract(day from now() - p.from_at)::int, 0),
			'state', case
				when p.from_at is null then 'default'
				when p.to_at <= now() then 'past'
				when p.from_at > now() then 'ahead'
				else 'current'
			end) as item
		from huiyin.partition_list() as p
		union all
		select m.parent, m.month::timestamptz, null, jsonb_build_object(
			'table', m.parent,
			'partition', huiyin.partition_name(m.parent, m.month),
			'from', huiyin.rfc3339((m.month || ' 00:00+08')::timestamptz),
			'state', 'missing')
		from huiyin.partitions_missing(3) as m
		union all
		select 'notice_receipt', null, c.relname, jsonb_build_object(
			'table', 'notice_receipt',
			'partition', c.relname,
			'rows', greatest(c.reltuples, 0)::bigint,
			'bytes', pg_total_relation_size(c.oid),
			'state', 'detached')
		from pg_class c
		where c.relnamespace = 'huiyin'::regnamespace
			and c.relkind = 'r'
			and not c.relispartition
			and c.relname ~ '^notice_receipt_\d{4}_\d\d$'
	) as i
$$;
comment on function admin.db_partitions is
	'{} -> {items: [{table, partition, from, to, rows, bytes, age_days, state: current|past|ahead|missing|default|detached}]}; rows are about right';
