-- SPDX-License-Identifier: Apache-2.0
-- Reading notices: for the memory of nodes, for replays, for approvers.

create or replace function huiyin.notice_json(notice huiyin.notice)
returns jsonb
language sql
stable
as $$
	select jsonb_strip_nulls(jsonb_build_object(
		'seq', notice.seq,
		'notice', notice.notice,
		'kind', notice.kind,
		'department', huiyin.department_json(notice.department),
		'headline', notice.headline,
		'description', notice.description,
		'lang', notice.lang,
		'audience', jsonb_build_object('regions', notice.regions, 'roles', notice.roles),
		'sent', huiyin.rfc3339(notice.sent),
		'ack', notice.ack
	)) || jsonb_build_object(
		'instruction', notice.instruction,
		'expires', huiyin.rfc3339(notice.expires),
		'expires_ms', (extract(epoch from notice.expires) * 1000)::bigint)
$$;
comment on function huiyin.notice_json is
	'one notice as news says it; instruction, expires and expires_ms may be null';

create or replace function huiyin.notice_in_force(notice huiyin.notice)
returns boolean
language sql
stable
as $$
	select notice.seq is not null and notice.state = 'active'
		and (notice.expires is null or notice.expires > now())
$$;
comment on function huiyin.notice_in_force is 'is it published and not expired?';

create or replace function huiyin.feed_json(items jsonb)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'epoch', i.epoch,
		'head', f.head,
		'items', coalesce(items, '[]'))
	from huiyin.installation i, huiyin.feed f
	where f.name = 'notice' and i.one
$$;
comment on function huiyin.feed_json is 'items with the epoch and head of the same snapshot';

create or replace function api.notices_after(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select huiyin.feed_json(jsonb_agg(huiyin.notice_json(t.n) order by (t.n).seq))
	from (
		select n as notice
		from huiyin.notice n
		where n.seq > (params->>'cursor')::bigint and huiyin.notice_in_force(n)
		order by n.seq
		limit (params->>'limit')::int
	) as t(n)
$$;
comment on function api.notices_after is
	'{cursor, limit} -> {epoch, head, items}: in force after cursor, ascending; with fewer items than limit the reader stands at head';

create or replace function api.notices_in_force(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	with newest as materialized (
		select n
		from huiyin.notice n
		where n.seq < coalesce((params->>'before')::bigint, 9223372036854775807)
			and huiyin.notice_in_force(n)
		order by n.seq desc
		limit (params->>'limit')::int
	)
	select huiyin.feed_json(
			(select jsonb_agg(huiyin.notice_json(t.n) order by (t.n).seq) from newest t))
		|| jsonb_build_object('complete', not exists (
			select from huiyin.notice o
			where huiyin.notice_in_force(o)
				and o.seq < coalesce((select min((t.n).seq) from newest t),
					(params->>'before')::bigint, 9223372036854775807)))
$$;
comment on function api.notices_in_force is
	'{before?, limit} -> {epoch, head, items, complete}: the newest in force, ascending; complete: none older is';

create or replace function api.notices_for(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select huiyin.feed_json(jsonb_agg(huiyin.notice_json(t.n) order by (t.n).seq))
	from (
		select n as notice
		from huiyin.notice n
		where n.seq > coalesce((params->>'after')::bigint, 0)
			and huiyin.notice_in_force(n)
			and n.regions && huiyin.region_line(params->>'region')
			and (n.roles is null or n.roles && array(
				select jsonb_array_elements_text(params->'roles')))
		order by n.seq
		limit (params->>'limit')::int
	) as t(n)
$$;
comment on function api.notices_for is
	'{after, limit, region, roles} -> {epoch, head, items}: in force for that audience, ascending; who is nowhere hears nothing';

create or replace function api.notice_drafts(who jsonb, params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
			'notice', n.notice,
			'state', n.state,
			'kind', n.kind,
			'headline', n.headline,
			'description', n.description,
			'instruction', n.instruction,
			'lang', n.lang,
			'audience', jsonb_strip_nulls(jsonb_build_object(
				'regions', n.regions, 'roles', n.roles)),
			'expires', huiyin.rfc3339(n.expires),
			'ack', n.ack,
			'author', p.name,
			'own', n.author = me.principal,
			'drafted_at', huiyin.rfc3339(n.drafted_at)) order by n.id), '[]'))
	from huiyin.me(who, array['clerk', 'approver', 'coordinator']) as me
	left join huiyin.notice n on n.department = me.department and n.seq is null
	left join huiyin.principal p on p.id = n.author
	where n.id is not null
$$;
comment on function api.notice_drafts is
	'{} -> {items}: what waits for approval in one''s own department, oldest first';
