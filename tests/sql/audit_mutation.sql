-- SPDX-License-Identifier: Apache-2.0
-- The chain of what was done, changed 1,000 times by a superuser in ways drawn at
-- random: each is found, and the row is named (I27). Each is undone before the next.

begin;
set local jit = off;	-- as for the role of the node; compiling took longer than all the rest
\ir world.psql
select * from no_plan();

select huiyin.audit(case when i % 3 = 0 then t.id('clerk') end, 'test.act' || i % 5, case when i % 2 = 0 then gen_random_uuid() end,
	case when i % 4 > 0 then 'subject ' || i end, case when i % 5 > 0 then sha256(i::text::bytea) end)
from generate_series(1, 120) as i \g /dev/null

create function t.rehash(row_seq bigint) returns void language sql as $$
	update huiyin.audit a set hash = huiyin.audit_hash(a) where a.seq = row_seq
$$;
create function t.rehash_from(row_seq bigint) returns void language plpgsql as $$
declare
	last bytea;
	entry huiyin.audit;
begin
	for entry in select a.* from huiyin.audit a where a.seq >= row_seq order by a.seq loop
		entry.prev := coalesce(last, entry.prev);
		last := huiyin.audit_hash(entry);
		update huiyin.audit a set prev = entry.prev, hash = last where a.seq = entry.seq;
	end loop;
	update huiyin.audit_head h set seq = (select max(a.seq) from huiyin.audit a), hash = last;
end $$;
create function t.head_again() returns void language sql as $$
	update huiyin.audit_head h set (seq, hash) = (select a.seq, a.hash from huiyin.audit a order by a.seq desc limit 1)
$$;
create function t.swap(one bigint, other bigint) returns void language sql as $$
	update huiyin.audit a set seq = -1 where a.seq = one;
	update huiyin.audit a set seq = one where a.seq = other;
	update huiyin.audit a set seq = other where a.seq = -1;
$$;
create function t.shift(from_seq bigint, by_many int) returns void language sql as $$
	update huiyin.audit a set seq = -a.seq where a.seq >= from_seq;
	update huiyin.audit a set seq = by_many - a.seq where a.seq < 0;
$$;
create function t.forge(at_seq bigint) returns void language sql as $$
	insert into huiyin.audit (seq, at, act, subject, prev, hash)
	values (at_seq, now(), 'test.forged', 'x',
		coalesce((select a.hash from huiyin.audit a where a.seq = at_seq - 1), sha256('huiyin')), sha256('x'));
	select t.rehash(at_seq);
$$;

-- what is done to row k of n (other: another one), and the first row that must be named
create table t.mutation (what text, sql text, named text);
insert into t.mutation values
	('at', 'update huiyin.audit set at = at + random() * interval ''1 hour'' + interval ''1 microsecond'' where seq = %1$s', 'k'),
	('at without end', 'update huiyin.audit set at = ''infinity'' where seq = %1$s', 'k'),
	('principal', 'update huiyin.audit set principal = coalesce(principal, 0) + 1 where seq = %1$s', 'k'),
	('principal gone', 'update huiyin.audit set principal = case when principal is null then 1 end where seq = %1$s', 'k'),
	('act', 'update huiyin.audit set act = act || ''.'' where seq = %1$s', 'k'),
	('ref', 'update huiyin.audit set ref = gen_random_uuid() where seq = %1$s', 'k'),
	('subject', 'update huiyin.audit set subject = coalesce(subject || '' '', '''') where seq = %1$s', 'k'),
	('content_hash', 'update huiyin.audit set content_hash = coalesce(content_hash, '''') || ''\x00'' where seq = %1$s', 'k'),
	('a bit of prev', 'update huiyin.audit set prev = set_bit(prev, (random() * 255)::int, 1 - get_bit(prev, 0)) || ''\x00'' where seq = %1$s', 'k'),
	('a bit of hash', 'update huiyin.audit set hash = set_bit(hash, %3$s, 1 - get_bit(hash, %3$s)) where seq = %1$s', 'k'),
	('seq beyond the end', 'update huiyin.audit set seq = %2$s + 7 where seq = %1$s', 'k+1'),
	('seq before the beginning', 'update huiyin.audit set seq = -7 where seq = %1$s', '-7'),
	('subject, hashed again', 'update huiyin.audit set subject = ''x'' where seq = %1$s; select t.rehash(%1$s)', 'k+1'),
	('deletion', 'delete from huiyin.audit where seq = %1$s', 'k+1'),
	('deletion of several', 'delete from huiyin.audit where seq between %1$s and %1$s + %3$s %% 9', 'k+1+'),
	('deletion, numbers closed up', 'delete from huiyin.audit where seq = %1$s; select t.shift(%1$s, -1); select t.head_again()', 'k'),
	('neighbours swapped', 'select t.swap(%1$s, %1$s + 1)', 'k'),
	('two swapped', 'select t.swap(%1$s, %4$s)', 'k'),
	('a row forged at the end', 'select t.forge(%2$s + 1)', 'n+1'),
	('a row forged before the beginning', 'select t.forge(0)', '0'),
	('a row forged in between', 'select t.shift(%1$s, 1); select t.forge(%1$s); select t.head_again()', 'k+1'),
	('tail cut', 'delete from huiyin.audit where seq > %2$s - %3$s', 'n'),
	('head moved', 'update huiyin.audit_head set seq = seq + 1', 'n+1'),
	('head changed', 'update huiyin.audit_head set hash = sha256(hash)', 'n'),
	('head gone', 'delete from huiyin.audit_head', '0'),
	-- these hold as a chain: only a witness outside knows
	('tail cut and the head set back', 'delete from huiyin.audit where seq > %2$s - %3$s; select t.head_again()', 'witness'),
	('all made anew from a changed row', 'update huiyin.audit set subject = ''x'' where seq = %1$s; select t.rehash_from(%1$s)', 'witness');

create function t.broken(witness jsonb) returns bigint[] language sql as $$
	select array_agg(b.seq) from (
		select b.seq from huiyin.audit_broken() as b
		union select u.seq from huiyin.audit_unlike(witness) as u) as b
$$;

-- {what, found, named}: one mutation, undone
create function t.mutate(m t.mutation, witness jsonb) returns table (what text, found boolean, named boolean) language plpgsql as $$
declare
	n bigint := (select max(a.seq) from huiyin.audit a);
	k bigint := 1 + floor(random() * (n - 1));
	other bigint := (k + floor(random() * (n - 2)))::bigint % n + 1;
	many int := 1 + floor(random() * 100);
	broken bigint[];
begin
	if other = k then
		other := k + 1;
	end if;
	begin
		execute format(m.sql, k, n, many, other);
		broken := t.broken(case when m.named = 'witness' then witness else '[]' end);
		raise exception using errcode = 'TM001';
	exception when sqlstate 'TM001' then
		null;
	end;
	return query select m.what, broken is not null, coalesce(case m.named
		when 'k' then k = any (broken)
		when 'k+1' then k + 1 = any (broken)
		when 'k+1+' then exists (select from unnest(broken) as b where b between k + 1 and k + 10 or b = n)
		when 'n' then exists (select from unnest(broken) as b where b >= n - many)
		when 'n+1' then n + 1 = any (broken)
		when 'witness' then n = any (broken)
		else m.named::bigint = any (broken)
	end, false);
end $$;

select setseed(0.27);
select is(t.broken('[]'), null, 'a chain nobody touched holds');
select jsonb_build_array(jsonb_build_object('seq', h.seq, 'hash', encode(h.hash, 'hex'))) as witness from huiyin.audit_head h \gset
select is(t.broken(:'witness'), null, 'and is what its witness saw');
create table t.done as
select d.*
from generate_series(0, 999) as i
join (select row_number() over (order by x.what) - 1 as o, x from t.mutation x) as m on m.o = i % (select count(*) from t.mutation)
cross join lateral t.mutate(m.x, :'witness') as d;
select is((select count(*) from t.done), 1000::bigint, 'a thousand mutations were tried');
select is(array(select d.what from t.done d where not d.found), '{}', 'all of them were found');
select is(array(select distinct d.what from t.done d where not d.named), '{}', 'and the row was named');
select cmp_ok((select count(*) from t.done d where d.what = m.what), '>=', 30::bigint, m.what || ' was tried many times') from t.mutation m;
select is(t.broken(:'witness'), null, 'after all is undone the chain holds');

-- cut tails of every length
create function t.cut(many int, witness jsonb) returns boolean language plpgsql as $$
declare
	found boolean;
begin
	begin
		delete from huiyin.audit a where a.seq > (select max(x.seq) - many from huiyin.audit x);
		if exists (select from huiyin.audit) then
			perform t.head_again();
		else
			update huiyin.audit_head set seq = 0, hash = sha256('huiyin');
		end if;
		found := exists (select from huiyin.audit_unlike(witness));
		raise exception using errcode = 'TM001';
	exception when sqlstate 'TM001' then
		return found;
	end;
end $$;
select is(array(select i from generate_series(1, (select h.seq::int from huiyin.audit_head h)) as i where not t.cut(i, :'witness')), '{}',
	'a tail cut by any length, the head set back, is found by its witness');

select is(t.admin('audit_verify', jsonb_build_object('witness', :'witness'::jsonb)) - 'rows' - 'head',
	'{"ok": true, "broken": [], "witnesses": 1}', 'verify asks the witness');
select is(t.admin('audit_verify', '{"witness": [{"seq": 3, "hash": "00"}, {"seq": 9999, "hash": "00"}]}')->'broken',
	'[{"seq": 3, "why": "is not what a witness saw"}, {"seq": 9999, "why": "is missing, but a witness saw it"}]', 'and names what it saw otherwise');
select is(t.admin('audit_head', '{}') - 'at' - 'epoch', (select jsonb_build_object('seq', h.seq, 'hash', encode(h.hash, 'hex')) from huiyin.audit_head h),
	'the head can be written down');

select * from finish();
rollback;
