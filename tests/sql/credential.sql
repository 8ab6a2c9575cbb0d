-- SPDX-License-Identifier: Apache-2.0
-- What a node learns before it checks a password, and the delay after wrong ones.

begin;
\ir world.psql
select * from no_plan();

create function t.credential(name text) returns jsonb language sql as $$
	select api.credential('{}', jsonb_build_object('name', name))
$$;
create function t.fail(name text, times int) returns void language sql as $$
	select api.credential_failed('{}', jsonb_build_object('name', name)) from generate_series(1, times)
$$;

select is(t.credential('clerk'), jsonb_build_object('principal', t.id('clerk'),
	'password', '$argon2id$x', 'totp', null, 'totp_step', null), 'a login has its password');
select is(t.credential('nobody'),
	'{"principal": null, "password": null, "totp": null, "totp_step": null}',
	'an unknown login has none');
select is(t.credential('ka'), t.credential('nobody'), 'a kiosk reads like an unknown login');
select admin.staff_totp('{"name": "clerk", "totp": "sealed"}'), admin.staff_disable('{"name": "mayor"}') \g /dev/null
select is(t.credential('mayor'), t.credential('nobody'), 'a disabled login reads like an unknown one');
select is(t.credential('clerk')->>'totp', 'sealed', 'a second factor is handed out sealed');

select t.fail(name, 4) from unnest(array['clerk', 'nobody']) as name \g /dev/null
select ok(not t.credential(name) ? 'wait', 'four wrong passwords cost ' || name || ' nothing')
from unnest(array['clerk', 'nobody']) as name;
select t.fail(name, 1) from unnest(array['clerk', 'nobody']) as name \g /dev/null
select is(t.credential(name)->>'wait', '1', 'the fifth costs ' || name || ' a second')
from unnest(array['clerk', 'nobody']) as name;
select t.fail('clerk', 3) \g /dev/null
select is(t.credential('clerk')->>'wait', '8', 'the eighth costs eight');
select t.fail('clerk', 100) \g /dev/null
select is(t.credential('clerk')->>'wait', '60', 'the delay is never above a minute');
update huiyin.login_failure set last_at = now() - interval '61 seconds';
select ok(not t.credential('clerk') ? 'wait', 'and never for ever');
select t.fail('clerk', 1) \g /dev/null
select is(t.credential('clerk')->>'wait', '60', 'the next wrong one costs the same again');
update huiyin.login_failure set last_at = now() - interval '2 hours';
select t.fail('clerk', 1) \g /dev/null
select ok(not t.credential('clerk') ? 'wait', 'after an hour of quiet counting begins anew');

select * from finish();
rollback;
