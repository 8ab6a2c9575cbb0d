-- SPDX-License-Identifier: Apache-2.0
-- hello, for a batch: one statement per table, however many kiosks return at once.

create or replace function huiyin.hello_said(batch jsonb)
returns table (n int, node uuid, session text, kind text, name text, region text,
	epoch text, cursor bigint, secret_hash bytea, proved boolean, totp_step bigint,
	token_hash bytea, new_token_hash bytea, generation text, mark bigint)
language sql
immutable
as $$
	select
		i.n,
		i.node,
		i.session,
		i.params->>'as',
		i.params->>'name',
		i.params->>'region',
		i.params->>'epoch',
		(i.params->>'cursor')::bigint,
		decode(i.params->>'secret_hash', 'hex'),
		coalesce((i.params->>'proved')::boolean, false),
		(i.params->>'totp_step')::bigint,
		decode(i.params->>'token_hash', 'hex'),
		decode(i.params->>'new_token_hash', 'hex'),
		i.params->>'generation',
		(i.params->>'mark')::bigint
	from jsonb_to_recordset(batch) as i(n int, node uuid, session text, params jsonb)
$$;
comment on function huiyin.hello_said is 'the hellos of a batch, one a row';

create or replace function huiyin.hello_steps(batch jsonb)
returns int[]
language sql
as $$
	select s.principal
	from huiyin.staff s
	join huiyin.principal p on p.id = s.principal
	where p.kind = 'staff'
		and p.name in (select h.name from huiyin.hello_said(batch) as h where h.proved)
	order by s.principal
	for no key update of s;

	with used as (
		update huiyin.staff s
		set totp_step = h.totp_step
		from huiyin.hello_said(batch) as h
		join huiyin.principal p on p.kind = 'staff' and p.name = h.name
		where h.kind = 'staff'
			and h.proved
			and s.principal = p.id
			and s.totp is not null
			and coalesce(s.totp_step, 0) < h.totp_step
		returning h.n
	)
	select array(select u.n from used u);
$$;
comment on function huiyin.hello_steps is
	'uses up the steps of second factors, each once; says whose were new; locks in one order, so that nodes do not deadlock';

create or replace function huiyin.hello_judged(batch jsonb, steps int[])
returns table (n int, node uuid, session text, kind text, principal bigint,
	expires_at timestamptz, new_token_hash bytea, tag text, result jsonb,
	generation text, mark bigint, known bigint)
language sql
stable
as $$
	select
		h.n,
		h.node,
		h.session,
		h.kind,
		i.principal,
		t.expires_at,
		h.new_token_hash,
		case
			when h.kind = 'visitor' and h.region is not null and r.code is null
				then 'unknown_region'
			when h.kind = 'visitor' then null
			when i.principal is null then 'wrong_secret'
			when h.kind = 'kiosk' and not h.proved
				and k.secret_hash is distinct from h.secret_hash then 'wrong_secret'
			when h.kind = 'kiosk' and not h.proved
				and k.secret_hash is null then 'wrong_secret'
			when h.kind = 'staff' and h.proved
				and f.totp is not null and h.n <> all (steps) then 'wrong_secret'
			when h.kind = 'staff' and not h.proved
				and t.hash is null then 'wrong_secret'
			when not i.active then 'disabled'
		end,
		jsonb_build_object(
			'principal', i.principal,
			'name', i.name,
			'as', h.kind,
			'roles', coalesce(i.roles, array['visitor']),
			'region', coalesce(i.region, r.code),
			'department', case when i.department is not null then jsonb_build_object(
				'id', i.department, 'code', i.department_code, 'name', i.department_name) end,
			'now', huiyin.rfc3339(clock_timestamp()),
			'epoch', e.epoch,
			'head', d.head)
			|| case when h.kind = 'kiosk' then jsonb_build_object('audit_head', a.head) else '{}' end
			|| huiyin.hello_replay(h.cursor, h.epoch = e.epoch, d.head, i.audience_seq)
			|| huiyin.hello_store(h.kind, h.generation, h.mark, m.mark),
		h.generation,
		h.mark,
		m.mark
	from huiyin.hello_said(batch) as h
	join huiyin.installation e on e.one
	join huiyin.feed d on d.name = 'notice'
	left join (
		select t.seq || ' ' || encode(t.hash, 'hex') as head
		from huiyin.audit_head t
		where t.one
	) as a on true
	left join huiyin.identity i on i.kind = h.kind and i.name = h.name
	left join huiyin.kiosk k on k.principal = i.principal
	left join huiyin.staff f on f.principal = i.principal
	left join huiyin.staff_token t on t.hash = h.token_hash
		and t.principal = i.principal
		and t.expires_at > now()
	left join huiyin.region r on h.kind = 'visitor' and r.code = h.region
	left join lateral (
		select s.mark
		from huiyin.store_mark s
		where s.kiosk = k.principal and s.generation = h.generation
		limit 1		-- one look by index for each, however large the table
	) as m on true
$$;
comment on function huiyin.hello_judged is
	'each hello with its refusal or its answer; unknown names and wrong secrets read alike';

create or replace function huiyin.hello_replay(
	cursor bigint,
	same_epoch boolean,
	head bigint,
	audience_seq bigint)
returns jsonb
language sql
stable	-- as jsonb_build_object is: else it is called for every row, not inlined
as $$
	select case
		when cursor is null then
			jsonb_build_object('replay', 'none', 'from', head)
		when cursor = 0 or same_epoch is not true or cursor > head
				or coalesce(audience_seq, 0) > cursor then
			jsonb_build_object('replay', 'all', 'from', 0)
		else
			jsonb_build_object('replay', 'since', 'from', cursor)
	end
$$;
comment on function huiyin.hello_replay is
	'what a returning reader is sent: none, since its cursor, or all in force';

create or replace function huiyin.hello_store(
	kind text,
	generation text,
	mark bigint,
	known bigint)
returns jsonb
language sql
immutable
as $$
	select case
		when kind is distinct from 'kiosk' or generation is null or mark is null then '{}'
		when mark <= known then '{"store": "rolled_back"}'
		else '{"store": "kept"}'
	end::jsonb
$$;
comment on function huiyin.hello_store is
	'what is told of the mark of a store, where one was said; known: the highest one before';

create or replace function huiyin.stores_rolled_back(gone jsonb)
returns void
language sql
as $$
	select huiyin.audit((g->>'principal')::bigint, 'store.rolled_back', null,
		format('%s %s after %s', g->>'generation', g->>'mark', g->>'known'), null)
	from jsonb_array_elements(gone) as g
$$;
comment on function huiyin.stores_rolled_back is
	'audits [{principal, generation, mark, known}]: stores put back from an old copy';

create or replace function huiyin.staff_free(staff bigint[])
returns setof bigint
language sql
as $$
	select s.principal
	from huiyin.staff s
	where s.principal = any (staff)
	for no key update skip locked
$$;
comment on function huiyin.staff_free is 'those of them that no other node writes just now, locked';

create or replace function huiyin.failures_free(names text[])
returns setof text
language sql
as $$
	select f.name
	from huiyin.login_failure f
	where f.name = any (names)
	for update skip locked
$$;
comment on function huiyin.failures_free is 'those of them that no other node writes just now, locked';

create or replace function api.hello(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off	-- the plan is kept while tables grow from nothing
as $$
declare
	steps int[] := '{}';
	gone jsonb := '[]';
	back jsonb;
begin
	if batch @? '$[*].params.totp_step' then
		steps := huiyin.hello_steps(batch);
	end if;
	for n, result, refused, back in
	with judged as materialized (
		select j.* from huiyin.hello_judged(batch, steps) as j
	),
	present as (
		insert into huiyin.presence (node, session, principal)
		select distinct on (j.node, j.session) j.node, j.session, j.principal
		from judged j
		where j.tag is null and j.kind = 'kiosk'
		order by j.node, j.session
		on conflict on constraint presence_is_one_per_session
		do update set principal = excluded.principal, since = now()
	),
	seen as (
		update huiyin.kiosk k
		set last_seen = now()
		where k.principal in (select huiyin.kiosks_free(array(
			select j.principal from judged j where j.tag is null and j.kind = 'kiosk')))
	),
	seen_staff as (
		update huiyin.staff s
		set last_seen = now()
		where s.principal in (select huiyin.staff_free(array(
			select j.principal from judged j where j.tag is null and j.kind = 'staff')))
	),
	marked as (
		insert into huiyin.store_mark as m (kiosk, generation, mark)
		select j.principal, j.generation, max(j.mark)
		from judged j
		where j.tag is null and j.result ? 'store'
		group by j.principal, j.generation
		order by j.principal, j.generation	-- locked in one order
		on conflict on constraint store_mark_is_one_per_generation
		do update set mark = greatest(m.mark, excluded.mark), at = clock_timestamp()
	),
	outdated as (	-- whoever begins anew again and again is not kept for ever
		delete from huiyin.store_mark m
		where m.kiosk = any (array(
				select j.principal from judged j
				where j.tag is null and j.result->>'store' = 'kept' and j.known is null))
			and (
				select count(*) from huiyin.store_mark s
				where s.kiosk = m.kiosk and (s.at, s.generation) > (m.at, m.generation)) >= 15
	),
	remembered as (
		insert into huiyin.staff_token (hash, principal, expires_at)
		select j.new_token_hash, j.principal, coalesce(j.expires_at, now() + interval '8 hours')
		from judged j
		where j.tag is null and j.kind = 'staff' and j.new_token_hash is not null
		on conflict do nothing
	),
	forgiven as (
		delete from huiyin.login_failure l
		where l.name in (select huiyin.failures_free(array(
			select j.result->>'name' from judged j where j.tag is null and j.kind = 'staff')))
	)
	select
		j.n,
		case when j.tag is null then j.result end,
		case when j.tag is not null then huiyin.refusal(j.tag,
			case when j.tag = 'unknown_region' then 'region' end) end,
		case when j.tag is null and j.result->>'store' = 'rolled_back' then
			jsonb_build_object('principal', j.principal, 'generation', j.generation,
				'mark', j.mark, 'known', j.known) end
	from judged j
	loop
		if back is not null then
			gone := gone || back;
		end if;
		return next;
	end loop;
	if gone <> '[]' then
		perform huiyin.stores_rolled_back(gone);	-- after the rows, as everywhere
	end if;
end $$;
comment on function api.hello is
	'items {n, node, session, params: {as, name?, region?, epoch?, cursor?, secret_hash?, proved?, totp_step?, token_hash?, new_token_hash?, generation?, mark?}} -> who it is and what it is to be sent; one statement however many return at once';
