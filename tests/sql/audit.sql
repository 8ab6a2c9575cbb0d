-- SPDX-License-Identifier: Apache-2.0
-- The audit chain: whatever is changed, taken out, put in or cut off is found.

begin;
\ir world.psql
select * from no_plan();

create function t.broken() returns int language sql as $$
	select jsonb_array_length(v->'broken') from admin.audit_verify('{}') as v
$$;
-- does a change to the chain show? (it is undone again)
create function t.found(change text) returns boolean language plpgsql as $$
declare
	changed bigint;
	ok text;
begin
	begin
		execute change;
		get diagnostics changed = row_count;
		ok := admin.audit_verify('{}')->>'ok';
		raise exception using errcode = 'T0001';
	exception when sqlstate 'T0001' then
		return changed > 0 and ok = 'false';
	end;
end $$;

select t.act('feedback_submit', i, case when i % 2 = 0 then 'ka' end, t.said()) from generate_series(1, 100) as i \g /dev/null
select t.act('notice_publish', 200 + i, 'clerk', t.content('{422802101000}')) from generate_series(1, 20) as i \g /dev/null
select is(admin.audit_verify('{}') - 'head' - 'rows', '{"ok": true, "broken": []}', 'a chain nobody touched holds');
select is(admin.audit_verify('{}')->'rows', to_jsonb((select count(*) from huiyin.audit)), 'all rows are looked at');
select is(admin.audit_verify('{}')->>'head', (select encode(a.hash, 'hex') from huiyin.audit a order by a.seq desc limit 1),
	'the head is the hash of the last row');
select is(array(select a.seq from huiyin.audit a order by 1), array(select generate_series(1, count(*)) from huiyin.audit),
	'rows are numbered without a gap');

select setseed(0.42) \g /dev/null
create temp table victims as
select a.seq, row_number() over (order by random()) as r from huiyin.audit a;
select is((select count(*) from victims v where t.found(format(
		'update huiyin.audit set %s where seq = %s', change, v.seq))), (select count(*) from victims),
	'found in every row: ' || change)
from unnest(array['at = at + interval ''1 microsecond''', 'act = act || ''x''', 'subject = coalesce(subject, '''') || ''x''',
	'principal = coalesce(principal, 0) + 1', 'ref = gen_random_uuid()', 'content_hash = sha256(random()::text::bytea)',
	'prev = sha256(random()::text::bytea)', 'hash = sha256(random()::text::bytea)', 'seq = -seq']) as change;
select is((select count(*) from victims v where t.found(format('delete from huiyin.audit where seq = %s', v.seq))),
	(select count(*) from victims), 'found: any one row taken out');
select is((select count(*) from generate_series(1, (select max(v.seq) from victims v)) as n
	where t.found(format('delete from huiyin.audit where seq > (select max(seq) from huiyin.audit) - %s', n))),
	(select count(*) from victims), 'found: a tail of any length cut off');
select ok(t.found('delete from huiyin.audit where seq <= 10'), 'found: a beginning cut off');
select is((select count(*) from victims v where v.seq > 1 and t.found(format(
		'update huiyin.audit a set at = b.at, act = b.act, subject = b.subject, principal = b.principal, ref = b.ref,
			content_hash = b.content_hash from huiyin.audit b where b.seq = %s - a.seq and a.seq in (%s, %s)',
		2 * v.seq - 1, v.seq, v.seq - 1))), (select count(*) - 1 from victims), 'found: any two neighbours swapped');
select ok(t.found('insert into huiyin.audit select a.seq + 1, a.at, a.principal, a.act, a.ref, a.subject, a.content_hash, a.hash, a.hash
	from huiyin.audit a order by a.seq desc limit 1'), 'found: a row put in at the end');
select ok(t.found('with h as (select huiyin.audit_hash(jsonb_populate_record(a, jsonb_build_object(''subject'', ''x''))) as hash, a.seq
		from huiyin.audit a where a.seq = 50)
	update huiyin.audit a set subject = ''x'', hash = h.hash from h where a.seq = h.seq'),
	'found: a row changed with its own hash made good');
select ok(t.found('update huiyin.audit_head set seq = seq - 1'), 'found: a head moved back');
select ok(t.found('update huiyin.audit_head set hash = sha256(''x'')'), 'found: another head');
select ok(t.found('delete from huiyin.audit_head'), 'found: no head');
select is(t.broken(), 0, 'all is as it was');
select ok(not t.found('select 1'), 'doing nothing is not found');

-- who leaves a row
create function t.rows() returns bigint language sql as $$ select count(*) from huiyin.audit $$;
select is((select t.rows() - before from (select t.rows() as before) as b, lateral (select t.admin(act, params)) as x), 1::bigint,
	'in the audit: ' || act)
from (values
	('department_add', '{"code": "x", "name": "x", "region": "422802000000"}'::jsonb), ('department_set', '{"code": "x", "name": "y"}'),
	('department_disable', '{"code": "x"}'), ('staff_add', '{"name": "x", "roles": ["relay"]}'), ('staff_disable', '{"name": "x"}'),
	('staff_enable', '{"name": "x"}'), ('staff_password', '{"name": "x", "password_hash": "secret-x"}'), ('staff_totp', '{"name": "x", "totp": "secret-x"}'),
	('station_add', '{"code": "x", "name": "x", "region": "422802101205"}'), ('kiosk_add', '{"station": "x", "name": "kx"}'),
	('kiosk_enrol', '{"name": "kx", "secret_hash": "5ec2e7"}'), ('kiosk_disable', '{"name": "kx"}'), ('kiosk_enable', '{"name": "kx"}'),
	('kiosk_move', '{"name": "kx", "station": "a"}'), ('station_disable', '{"station": "x"}'), ('route_set', '{"service": "need", "region": "422802000000"}'),
	('county_set', '{"region": "422802000000"}'), ('region_import', '{"county": "422802", "rows": []}'), ('restored', '{}')
) as v(act, params);
select is((select t.rows() - before from (select t.rows() as before) as b, lateral (select t.admin(act, '{"name": "nobody"}')) as x), 0::bigint,
	'what is refused leaves none: ' || act)
from unnest(array['staff_disable', 'staff_password', 'kiosk_disable', 'kiosk_enrol']) as act;
select ok(not (select string_agg(a::text, '') from huiyin.audit a) like any (array['%路塌了%', '%茶叶%', '%secret-x%', '%5ec2e7%', '%argon%']),
	'the audit holds no words and no secrets');
select is(t.broken(), 0, 'and the chain holds');

select * from finish();
rollback;
