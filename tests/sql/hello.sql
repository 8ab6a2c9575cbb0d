-- SPDX-License-Identifier: Apache-2.0
-- hello: who is let in, and what they are sent.

begin;
\ir world.psql
select * from no_plan();

create function t.greet(n int, params jsonb, session text default 's1') returns jsonb
language sql stable as $$
	select jsonb_build_object('n', n, 'node', '0192f000-0000-7000-8000-0000000000aa',
		'session', session, 'who', '{"lang": "en"}'::jsonb, 'params', params)
$$;
create function t.hello(params jsonb, session text default 's1') returns jsonb
language sql as $$
	select coalesce(h.result, h.refused) from api.hello(jsonb_build_array(t.greet(0, params, session))) as h
$$;
create function t.kiosk(name text, more jsonb default '{}') returns jsonb language sql stable as $$
	select jsonb_build_object('as', 'kiosk', 'name', name,
		'secret_hash', encode(sha256(right(name, 1)::bytea), 'hex')) || more
$$;
create function t.staff(name text, more jsonb default '{"proved": true}') returns jsonb language sql stable as $$
	select jsonb_build_object('as', 'staff', 'name', name) || more
$$;

-- who is let in
select is(t.hello('{"as": "visitor"}') - 'now' - 'epoch',
	'{"principal": null, "name": null, "as": "visitor", "roles": ["visitor"], "region": null, "department": null, "head": 0, "replay": "none", "from": 0}',
	'a visitor is let in');
select is(t.hello('{"as": "visitor", "region": "422802101205"}')->>'region', '422802101205',
	'a visitor may name a region');
select is(t.hello('{"as": "visitor", "region": "422802999999"}'),
	'{"tag": "unknown_region", "path": "region"}', 'but a known one');
select is(t.hello(t.kiosk('ka'))->>'audit_head', (select h.seq || ' ' || encode(h.hash, 'hex') from huiyin.audit_head h),
	'a kiosk is told the end of the chain, to be its witness');
select is(t.hello(t.kiosk('ka')) - 'now' - 'epoch' - 'principal' - 'audit_head',
	'{"name": "ka", "as": "kiosk", "roles": ["kiosk"], "region": "422802101205", "department": null, "head": 0, "replay": "none", "from": 0}',
	'a kiosk with its secret is let in');
select is(t.hello(t.kiosk('ka', '{"secret_hash": "00"}')), '{"tag": "wrong_secret"}',
	'a kiosk with another secret is not');
select is(t.hello(t.kiosk('ka', '{"secret_hash": null}')), '{"tag": "wrong_secret"}',
	'a kiosk without a secret is not');
select is(t.hello(t.kiosk('kx')), '{"tag": "wrong_secret"}',
	'an unknown kiosk is told the same');
select is(t.hello(t.kiosk('kx', '{"proved": true}')), '{"tag": "wrong_secret"}',
	'a certificate of an unknown kiosk lets nobody in');
select is(t.hello(t.kiosk('ka', '{"secret_hash": null, "proved": true}'))->>'name', 'ka',
	'a kiosk proved by its certificate is let in');
select is(t.hello(t.staff('ka')), '{"tag": "wrong_secret"}', 'a kiosk is not staff');
select is(t.hello(t.kiosk('clerk', '{"proved": true}')), '{"tag": "wrong_secret"}', 'staff are not a kiosk');
select admin.kiosk_add('{"station": "a", "name": "kn"}') \g /dev/null
select is(t.hello(t.kiosk('kn', '{"secret_hash": null}')), '{"tag": "wrong_secret"}',
	'a kiosk that was never enrolled is not let in without a secret');

select is(t.hello(t.staff('clerk')) - 'now' - 'epoch' - 'principal' #- '{department,id}',
	'{"name": "clerk", "as": "staff", "roles": ["clerk"], "region": "422802000000", "department": {"code": "commerce", "name": "商务局"}, "head": 0, "replay": "none", "from": 0}',
	'staff whose password the node checked are let in');
select is((t.hello(t.staff('clerk'))->>'principal')::bigint, t.id('clerk'), 'as themselves');
select is(t.hello(t.staff('auditor'))->'department', 'null', 'staff may have no department');
select is(t.hello(t.staff('clerk', '{}')), '{"tag": "wrong_secret"}', 'staff without proof are not let in');
select is(t.hello(t.staff('nobody')), '{"tag": "wrong_secret"}', 'nor is nobody');

select admin.kiosk_disable('{"name": "kb"}'), admin.staff_disable('{"name": "mayor"}') \g /dev/null
select is(t.hello(t.kiosk('kb')), '{"tag": "disabled"}', 'a disabled kiosk is told so');
select is(t.hello(t.kiosk('kb', '{"secret_hash": "00"}')), '{"tag": "wrong_secret"}',
	'but only when its secret is right');
select is(t.hello(t.staff('mayor')), '{"tag": "disabled"}', 'disabled staff are told so');
select is(t.hello(t.staff('mayor', '{}')), '{"tag": "wrong_secret"}',
	'but only when their password is right');
select admin.kiosk_enable('{"name": "kb"}') \g /dev/null
select admin.kiosk_enrol('{"name": "kb", "secret_hash": "77"}') \g /dev/null
select is(t.hello(t.kiosk('kb')), '{"tag": "wrong_secret"}', 'a new secret makes the old one worthless');
select is(t.hello(t.kiosk('kb', '{"secret_hash": "77"}'))->>'name', 'kb', 'and is good itself');

-- second factor and tokens
select admin.staff_totp('{"name": "chief", "totp": "sealed"}') \g /dev/null
select is(t.hello(t.staff('chief')), '{"tag": "wrong_secret"}', 'a second factor is asked for');
select is(t.hello(t.staff('chief', '{"proved": true, "totp_step": 100}'))->>'name', 'chief',
	'a new step lets in');
select is(t.hello(t.staff('chief', '{"proved": true, "totp_step": 100}')), '{"tag": "wrong_secret"}',
	'each step once');
select is(t.hello(t.staff('chief', '{"proved": true, "totp_step": 99}')), '{"tag": "wrong_secret"}',
	'and none before it');
select is(t.hello(t.staff('chief', '{"totp_step": 101}')), '{"tag": "wrong_secret"}',
	'a step without the password is nothing');
select is(array(select h.refused->>'tag' from api.hello(jsonb_build_array(
		t.greet(0, t.staff('chief', '{"proved": true, "totp_step": 102}')),
		t.greet(1, t.staff('chief', '{"proved": true, "totp_step": 102}'), 's2'))) as h
	order by h.refused nulls first), '{NULL,wrong_secret}', 'also within one batch each step once');

select t.hello(t.staff('clerk', '{"proved": true, "new_token_hash": "aa"}')) \g /dev/null
select is(t.hello(t.staff('clerk', '{"token_hash": "aa"}'))->>'name', 'clerk', 'a token lets in again');
select is(t.hello(t.staff('approver', '{"token_hash": "aa"}')), '{"tag": "wrong_secret"}',
	'but only whom it was given to');
select is(t.hello(t.staff('clerk', '{"token_hash": "ab"}')), '{"tag": "wrong_secret"}',
	'an unknown token does not');
select ok((select k.expires_at between now() + interval '7:59' and now() + interval '8:01'
	from huiyin.staff_token k where k.hash = '\xaa'), 'a token is good for 8 hours');
update huiyin.staff_token set expires_at = now() + interval '1 hour';
select t.hello(t.staff('clerk', '{"token_hash": "aa", "new_token_hash": "cc"}')) \g /dev/null
select is((select k.expires_at from huiyin.staff_token k where k.hash = '\xcc'),
	now() + interval '1 hour', 'a token got for a token lives no longer than that one');
update huiyin.staff_token set expires_at = now() - interval '1 second';
select is(t.hello(t.staff('clerk', '{"token_hash": "aa"}')), '{"tag": "wrong_secret"}',
	'an old token does not let in');
select t.hello(t.staff('clerk', '{"new_token_hash": "dd"}')) \g /dev/null
select is((select count(*) from huiyin.staff_token k where k.hash = '\xdd'), 0::bigint,
	'no token for who is not let in');
select api.credential_failed('{}', '{"name": "clerk"}') from generate_series(1, 3) \g /dev/null
select t.hello(t.staff('clerk')) \g /dev/null
select is((select count(*) from huiyin.login_failure), 0::bigint, 'a right password forgives the wrong ones');

-- what they are sent
select t.act('notice_publish', 10 + i, 'clerk', t.content('{422802000000}'))
from generate_series(1, 10) as i \g /dev/null
create function t.replay(params jsonb) returns text language sql as $$
	select h->>'replay' || ' from ' || (h->>'from')
	from t.hello(t.kiosk('ka', params)) as h
$$;
create function t.same(more jsonb) returns jsonb language sql as $$
	select jsonb_build_object('epoch', i.epoch) || more from huiyin.installation i
$$;
select is(t.hello(t.kiosk('ka'))->>'head', '10', 'hello says the head of the feed');
select is(t.hello(t.kiosk('ka'))->>'epoch', (select i.epoch from huiyin.installation i),
	'and the epoch');
select ok(t.hello(t.kiosk('ka'))->>'now' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$',
	'and the time, as RFC 3339 with the county''s offset');
select is(t.replay(params), replay, say)
from (values
	('{}'::jsonb, 'none from 10', 'no cursor: only what is new'),
	(t.same('{}'), 'none from 10', 'an epoch without a cursor asks for nothing'),
	(t.same('{"cursor": 0}'), 'all from 0', 'cursor 0: all'),
	('{"cursor": 0}', 'all from 0', 'cursor 0 needs no epoch'),
	(t.same('{"cursor": 4}'), 'since from 4', 'a cursor: since then'),
	(t.same('{"cursor": 10}'), 'since from 10', 'a cursor at the head: nothing was missed'),
	(t.same('{"cursor": 11}'), 'all from 0', 'a cursor beyond the head: all'),
	('{"cursor": 4}', 'all from 0', 'a cursor of no epoch: all'),
	('{"cursor": 4, "epoch": "x"}', 'all from 0', 'a cursor of another epoch: all')
) as v(params, replay, say);
select is(t.hello(t.same('{"as": "visitor", "cursor": 4}'))->>'replay', 'since',
	'a visitor is replayed like anybody');

select is(api.principals_changed('{}', '{"xid": null}')->'items', '[]', 'xid null tells only where it is now');
select admin.kiosk_move('{"name": "ka", "station": "m"}') \g /dev/null
select is(t.hello(t.kiosk('ka'))->>'region', '422802100210', 'a kiosk that moved is elsewhere');
select is(t.replay(t.same('{"cursor": 10}')), 'all from 0', 'a kiosk that moved since: all');
select is(t.replay(t.same('{"cursor": 11}')), 'since from 11', 'once: its next cursor is good again');
select is(t.hello(t.kiosk('km', t.same('{"cursor": 10}')))->>'replay', 'since',
	'a kiosk that stayed is not replayed all');

select admin.restored('{}') \g /dev/null
select is(t.replay('{"cursor": 4, "epoch": "x"}'), 'all from 0', 'after a restore another epoch holds');

-- presence
delete from huiyin.presence;
select t.hello(t.kiosk('ka'), 's1'), t.hello(t.kiosk('ka'), 's2'), t.hello(t.kiosk('km'), 's3'),
	t.hello(t.staff('clerk'), 's4'), t.hello('{"as": "visitor"}', 's5'),
	t.hello(t.kiosk('km', '{"secret_hash": "00"}'), 's6') \g /dev/null
select is(array(select p.session from huiyin.presence p order by 1), '{s1,s2,s3}',
	'kiosks let in are on the line, nobody else');
select is((select k.last_seen from huiyin.kiosk k where k.principal = t.id('ka')), now(),
	'hello notes when a kiosk was last seen');

-- stores that go back in time
create function t.store(generation text, mark bigint, name text default 'ka') returns text
language sql as $$
	select coalesce(h->>'store', h->>'tag', 'untold') from t.hello(t.kiosk(name,
		jsonb_build_object('generation', generation, 'mark', mark))) as h
$$;
create function t.mark(generation text) returns bigint language sql as $$
	select m.mark from huiyin.store_mark m where m.kiosk = t.id('ka') and m.generation = $1
$$;
create function t.rolled_back() returns bigint language sql as $$
	select count(*) from huiyin.audit a where a.act = 'store.rolled_back'
$$;
select is(t.hello(t.kiosk('ka')) ? 'store', false, 'who says no mark is told nothing of a store');
select is(t.store('g1', 5), 'kept', 'the first mark of a store is taken');
select is(t.store('g1', 6), 'kept', 'and each greater one');
select is(t.store('g1', 900), 'kept', 'by whatever step');
select is(t.mark('g1'), 900::bigint, 'the greatest is remembered');
select is(t.rolled_back(), 0::bigint, 'nothing of that is an alarm');
select is(t.store('g1', 900), 'rolled_back', 'the same mark again is a store that went back');
select is(t.store('g1', 7), 'rolled_back', 'and so is a smaller one');
select is(t.mark('g1'), 900::bigint, 'which does not lower what is remembered');
select is(t.rolled_back(), 2::bigint, 'each time is a row of the audit');
select is((select (a.principal, a.subject) from huiyin.audit a order by a.seq desc limit 1),
	row(t.id('ka'), 'g1 7 after 900'::text), 'that says whose store and how far');
select is((admin.audit_verify('{}'))->>'ok', 'true', 'in the chain');
select is(t.store('g2', 0), 'kept', 'another generation begins anew');
select is(t.store('g1', 899), 'rolled_back', 'while the old one is still known');
select is(t.store('g1', 5, 'km'), 'kept', 'another kiosk has marks of its own');
select is(t.hello(t.kiosk('ka', '{"secret_hash": "00", "generation": "g1", "mark": 1}')),
	'{"tag": "wrong_secret"}', 'whoever is not let in is told nothing');
select is(t.hello(t.kiosk('ka', '{"secret_hash": "00", "generation": "g1", "mark": 5000}'))->>'tag',
	'wrong_secret', 'and changes nothing');
select is((t.mark('g1'), t.rolled_back()), row(900::bigint, 3::bigint), 'neither mark nor audit');
select is(t.hello(t.staff('clerk', '{"proved": true, "generation": "g", "mark": 1}')) ? 'store', false,
	'staff have no store');
select is(array(select h.result->>'store' from api.hello(jsonb_build_array(
		t.greet(0, t.kiosk('ka', '{"generation": "g3", "mark": 1}')),
		t.greet(1, t.kiosk('ka', '{"generation": "g3", "mark": 2}'), 's2'))) as h),
	'{kept,kept}', 'two hellos of a store may come in one batch');
select is(t.mark('g3'), 2::bigint, 'the greater one counts');
select t.store('new' || i, 1) from generate_series(1, 40) as i \g /dev/null
select is((select count(*) from huiyin.store_mark m where m.kiosk = t.id('ka')), 16::bigint,
	'of a kiosk 16 generations are kept');
select is(t.mark('new40'), 1::bigint, 'the newest among them');

-- a batch
select is((select count(*) from api.hello((
		select jsonb_agg(t.greet(n, case when n % 3 = 0 then '{"as": "visitor"}'
			when n % 3 = 1 then t.kiosk('ka') else t.kiosk('kx') end, 'b' || n))
		from generate_series(0, 255) as n)) as h
	where case when h.n % 3 = 0 then h.result->>'as' = 'visitor'
		when h.n % 3 = 1 then h.result->>'name' = 'ka'
		else h.refused->>'tag' = 'wrong_secret' end), 256::bigint,
	'each of a batch gets its own answer');
select is((select count(*) from api.hello('[]')), 0::bigint, 'an empty batch gets none');

select * from finish();
rollback;
