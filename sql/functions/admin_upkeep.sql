-- SPDX-License-Identifier: Apache-2.0
-- After a restore; and the proof that nothing done was undone.

create or replace function admin.restored(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	new_epoch text := replace(gen_random_uuid()::text, '-', '');
	step bigint := coalesce((params->>'step')::bigint, 100000);
	receipts bigint := (nextval('huiyin.receipt_number') / step + 1) * step;
	notices bigint := (nextval('huiyin.notice_number') / step + 1) * step;
	entries bigint := (nextval('huiyin.ledger_number') / step + 1) * step;
begin
	perform setval('huiyin.receipt_number', receipts);
	perform setval('huiyin.notice_number', notices);
	perform setval('huiyin.ledger_number', entries);
	delete from huiyin.presence;
	delete from huiyin.node;
	delete from huiyin.staff_token;
	update huiyin.installation set epoch = new_epoch;
	perform huiyin.audit(null, 'admin.restored', null, new_epoch, null);
	perform pg_notify('huiyin_notice', '');
	return jsonb_build_object('epoch', new_epoch, 'receipts_moved_to', receipts);
end $$;
comment on function admin.restored is
	'{step?} -> {epoch, receipts_moved_to}: another epoch, and numbers moved on so that none given before the restore comes again';

create or replace function huiyin.audit_broken()
returns table (seq bigint, why text)
language sql
stable
as $$
	with chain as materialized (
		select
			a.seq,
			a.prev,
			a.hash,
			huiyin.audit_hash(a) as counted,
			lag(a.seq, 1, 0::bigint) over (order by a.seq) as before_seq,
			lag(a.hash, 1, sha256('huiyin')) over (order by a.seq) as before_hash
		from huiyin.audit a
	)
	select c.seq, 'rows before it are missing' from chain c where c.seq <> c.before_seq + 1
	union all
	select c.seq, 'does not continue the row before it' from chain c where c.prev <> c.before_hash
	union all
	select c.seq, 'was changed' from chain c where c.hash <> c.counted
	union all
	select h.seq, 'is not the end the head remembers'
	from huiyin.audit_head h
	left join (select c.seq, c.hash from chain c order by c.seq desc limit 1) as c on true
	where (h.seq, h.hash) is distinct from
		(coalesce(c.seq, 0), coalesce(c.hash, sha256('huiyin')))
	union all
	select c.seq, 'is beyond the end the head remembers'
	from chain c
	join huiyin.audit_head h on c.seq > h.seq
	union all
	select 0, 'the head is missing' where not exists (select from huiyin.audit_head)
$$;
comment on function huiyin.audit_broken is 'where the chain does not hold';

create or replace function huiyin.audit_unlike(witness jsonb)
returns table (seq bigint, why text)
language sql
stable
as $$
	select w.seq, case
		when a.seq is null then 'is missing, but a witness saw it'
		else 'is not what a witness saw'
	end
	from jsonb_to_recordset(witness) as w(seq bigint, hash text)
	left join huiyin.audit a on a.seq = w.seq
	where w.seq > 0 and encode(a.hash, 'hex') is distinct from w.hash
$$;
comment on function huiyin.audit_unlike is
	'rows of the chain that are not what was seen outside: [{seq, hash}]';

create or replace function admin.audit_verify(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
set jit = off	-- compiling takes longer than it ever saves
as $$
	with broken as materialized (
		select b.seq, b.why from huiyin.audit_broken() as b
		union
		select u.seq, u.why from huiyin.audit_unlike(coalesce(params->'witness', '[]')) as u
	),
	named as materialized (
		select b.seq, b.why from broken b order by b.seq limit 100
	)
	select jsonb_build_object(
		'ok', not exists (select from broken),
		'rows', (select count(*) from huiyin.audit),
		'head', (select encode(h.hash, 'hex') from huiyin.audit_head h),
		'broken', coalesce((select jsonb_agg(jsonb_build_object(
			'seq', b.seq, 'why', b.why) order by b.seq) from named b), '[]'))
		|| case when params ? 'witness' then jsonb_build_object(
			'witnesses', jsonb_array_length(params->'witness')) else '{}' end
$$;
comment on function admin.audit_verify is
	'{witness?: [{seq, hash}]} -> {ok, rows, head, broken: [{seq, why}], witnesses?}; at most 100 broken ones are named';

create or replace function admin.audit_head(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object(
		'epoch', i.epoch,
		'seq', h.seq,
		'hash', encode(h.hash, 'hex'),
		'at', huiyin.rfc3339(clock_timestamp()))
	from huiyin.audit_head h, huiyin.installation i
	where h.one and i.one
$$;
comment on function admin.audit_head is
	'{} -> {epoch, seq, hash, at}: the end of the chain, to be kept elsewhere';
