-- SPDX-License-Identifier: Apache-2.0
-- Nodes: what they check when they connect, that they live, who is on their line,
-- and the hints that a feed has grown.

create or replace function api.node_check(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object(
		'epoch', i.epoch,
		'head', f.head,
		'county', case when i.county is not null then jsonb_build_object(
			'code', i.county,
			'name', coalesce(i.name, huiyin.region_name(i.county))) end,
		'schema', (select max(m.name) from huiyin.migration m),
		'settings', (
			select jsonb_object_agg(s.name, current_setting(s.name, true))
			from unnest(array['fsync', 'full_page_writes', 'synchronous_commit',
				'synchronous_standby_names', 'data_checksums', 'server_encoding',
				'server_version', 'transaction_read_only', 'lock_timeout',
				'statement_timeout', 'idle_in_transaction_session_timeout',
				'max_connections']) as s(name)))
	from huiyin.installation i, huiyin.feed f
	where f.name = 'notice' and i.one
$$;
comment on function api.node_check is
	'{} -> {epoch, head, county, schema, settings}: what a node must see before it serves';

create or replace function huiyin.kiosks_free(kiosks bigint[])
returns setof bigint
language sql
as $$
	select k.principal
	from huiyin.kiosk k
	where k.principal = any (kiosks)
	for no key update skip locked
$$;
comment on function huiyin.kiosks_free is 'those of them that no other node writes just now, locked';

create or replace function huiyin.kiosks_seen(kiosks bigint[], at timestamptz)
returns void
language sql
as $$
	update huiyin.kiosk k
	set last_seen = greatest(k.last_seen, kiosks_seen.at)
	where k.principal in (select huiyin.kiosks_free(kiosks))
$$;
comment on function huiyin.kiosks_seen is
	'notes when kiosks were last seen; whom another node notes just now is seen anyway';

create or replace function huiyin.nodes_gone(gone uuid[])
returns void
language sql
as $$
	select huiyin.kiosks_seen(array(
		select p.principal from huiyin.presence p where p.node = any (gone)),
		(select max(n.alive_at) from huiyin.node n where n.id = any (gone)));
	delete from huiyin.presence p where p.node = any (gone);
	delete from huiyin.node n where n.id = any (gone);
$$;
comment on function huiyin.nodes_gone is 'forgets nodes and whom they had on the line';

create or replace function api.node_alive(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	silent uuid[];
begin
	insert into huiyin.node as n (id, alive_at)
	values ((params->>'node')::uuid, clock_timestamp())
	on conflict (id) do update set alive_at = excluded.alive_at;
	silent := array(
		select n.id
		from huiyin.node n
		where n.alive_at < now() - interval '30 seconds'
		for update skip locked);
	if silent <> '{}' then
		perform huiyin.nodes_gone(silent);
	end if;
	delete from huiyin.presence p
	where p.since < now() - interval '30 seconds'
		and not exists (select from huiyin.node n where n.id = p.node);
	delete from huiyin.key_failure f where f.at < now() - interval '10 minutes';
	delete from huiyin.login_failure f where f.last_at < now() - interval '1 hour';
	delete from huiyin.staff_token t where t.expires_at < now();
	perform huiyin.partitions_ahead();
	perform huiyin.contacts_expire();
	perform huiyin.receipts_detach();
	return jsonb_build_object('now', huiyin.rfc3339(clock_timestamp()));
end $$;
comment on function api.node_alive is
	'{node} -> {now}: said every 5 s; forgets nodes silent for 30 s, what is out of date and whom it need not know any more, and makes partitions ahead';

create or replace function api.node_gone(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	perform huiyin.nodes_gone(array[(params->>'node')::uuid]);
	return '{}';
end $$;
comment on function api.node_gone is '{node} -> {}: a clean stop';

create or replace function api.presence_end(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	gone bigint[];
begin
	with ended as (
		delete from huiyin.presence p
		where p.node = (params->>'node')::uuid
			and p.session = any (array(
				select jsonb_array_elements_text(params->'sessions')))
		returning p.principal
	)
	select array_agg(e.principal) into gone from ended e;
	perform huiyin.kiosks_seen(gone, now());
	return '{}';
end $$;
comment on function api.presence_end is '{node, sessions} -> {}: these sessions have ended';

create or replace function api.wake(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	if params->>'feed' not in ('notice', 'feedback', 'identity') then
		perform huiyin.refuse('bad_value', 'feed');
	end if;
	perform pg_notify('huiyin_' || (params->>'feed'), '');
	return '{}';
end $$;
comment on function api.wake is
	'{feed: notice|feedback|identity} -> {}: a hint, in a transaction of its own';

create or replace function huiyin.settled_before()
returns xid8
language sql
stable
as $$
	select pg_snapshot_xmin(pg_current_snapshot())
$$;
comment on function huiyin.settled_before is
	'every transaction below this has ended, and what it wrote is seen';

create or replace function api.principals_changed(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object(
		'xid', huiyin.settled_before()::text,
		'items', coalesce((
			select jsonb_agg(jsonb_build_object(
				'principal', c.principal,
				'active', coalesce(i.active, false),
				'audience', c.audience) order by c.principal)
			from (
				select c.principal, bool_or(c.audience) as audience
				from huiyin.identity_change c
				where c.xid >= (params->>'xid')::xid8
					and c.xid < huiyin.settled_before()
				group by c.principal
			) as c
			left join huiyin.identity i on i.principal = c.principal), '[]'))
$$;
comment on function api.principals_changed is
	'{xid} -> {xid, items: [{principal, active, audience}]}: whose rights or audience changed since; xid null: where it is now';
