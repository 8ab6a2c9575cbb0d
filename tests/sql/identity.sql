-- SPDX-License-Identifier: Apache-2.0
-- Departments, staff, stations and kiosks as an administrator makes them.

begin;
\ir world.psql
select * from no_plan();

select is(t.admin(act, params), jsonb_build_object('refused', refused), say)
from (values
	('department_add', '{"code": "x", "name": "x", "region": "422802999999"}'::jsonb, 'unknown_region region', 'a department sits at a known region'),
	('department_add', '{"code": "commerce", "name": "x", "region": "422802000000"}', 'already code', 'a department''s code is taken once'),
	('department_add', '{"code": "x", "name": "x", "region": "422802000000", "superior": "y"}', 'unknown_department superior', 'a superior is a known department'),
	('department_add', '{"code": "x", "name": "x", "region": "422802000000", "approval": "y"}', 'bad_value approval', 'approval is none or other'),
	('department_add', '{"code": "x", "name": "x", "region": "422802000000", "coordinating": true}', 'already coordinating', 'one office coordinates'),
	('department_set', '{"code": "x"}', 'unknown_department code', 'only a known department is set'),
	('department_set', '{"code": "hall", "superior": "commerce"}', 'bad_value superior', 'superiors do not go in a circle'),
	('department_set', '{"code": "commerce", "superior": "commerce"}', 'bad_value superior', 'nobody is their own superior'),
	('department_set', '{}', 'unknown_department code', 'a department is set by its code'),
	('department_disable', '{"code": "x"}', 'unknown_department code', 'only a known department is disabled'),
	('department_disable', '{"code": "office"}', 'wrong_state code', 'the office that coordinates is not disabled'),
	('department_enable', '{"code": "x"}', 'unknown_department code', 'only a known department is enabled'),
	('station_enable', '{"station": "x"}', 'not_found station', 'only a known station is enabled'),
	('staff_add', '{"name": "clerk", "department": "commerce", "roles": ["clerk"]}', 'already name', 'a login is taken once'),
	('staff_add', '{"name": "x", "department": "y", "roles": ["clerk"]}', 'unknown_department department', 'staff belong to a known department'),
	('staff_add', '{"name": "x", "roles": ["clerk"]}', 'bad_value department', 'a clerk has a department'),
	('staff_add', '{"name": "x", "department": "commerce", "roles": ["king"]}', 'bad_value roles', 'a role is known'),
	('staff_add', '{"name": "x", "department": "commerce", "roles": []}', 'bad_value roles', 'staff have a role'),
	('staff_disable', '{"name": "ka"}', 'not_found name', 'a kiosk is not staff'),
	('staff_password', '{"name": "x", "password_hash": "y"}', 'not_found name', 'only known staff get a password'),
	('staff_totp', '{"name": "x", "totp": "y"}', 'not_found name', 'only known staff get a second factor'),
	('station_add', '{"code": "a", "name": "x", "region": "422802101205"}', 'already code', 'a station''s code is taken once'),
	('station_add', '{"name": "x", "region": "422802999999"}', 'unknown_region region', 'a station is at a known region'),
	('station_disable', '{"station": "x"}', 'not_found station', 'only a known station is disabled'),
	('kiosk_add', '{"station": "x"}', 'not_found station', 'a kiosk is at a known station'),
	('kiosk_add', '{"station": "a", "name": "ka"}', 'already name', 'a kiosk''s name is taken once'),
	('kiosk_enrol', '{"name": "x", "secret_hash": "00"}', 'not_found name', 'only a known kiosk is enrolled'),
	('kiosk_disable', '{"name": "clerk"}', 'not_found name', 'staff are not a kiosk'),
	('kiosk_enable', '{"name": "x"}', 'not_found name', 'only a known kiosk is enabled'),
	('kiosk_move', '{"name": "x", "station": "a"}', 'not_found name', 'only a known kiosk moves'),
	('kiosk_move', '{"name": "ka", "station": "x"}', 'not_found station', 'a kiosk moves to a known station'),
	('route_set', '{"service": "x", "region": "422802000000", "department": "commerce"}', 'unknown_service service', 'a route is of a known service'),
	('route_set', '{"service": "need", "region": "422802999999", "department": "commerce"}', 'unknown_region region', 'a route is of a known region'),
	('route_set', '{"service": "need", "region": "422802000000", "department": "x"}', 'unknown_department department', 'a route leads to a known department')
) as v(act, params, refused, say);

select is(t.admin('station_add', '{"name": "x", "region": "422802101205"}')->>'station',
	'S-422802101205-1', 'a station without a code is named by its village');
select is(t.admin('kiosk_add', '{"station": "S-422802101205-1"}')->>'name',
	'422802101205-1', 'a kiosk without a name is named by its village');
select is(t.admin('kiosk_add', '{"station": "S-422802101205-1"}')->>'name',
	'422802101205-2', 'and counted on');

select t.admin('department_set', '{"code": "commerce", "name": "商务局一", "approval": "other", "superior": ""}') \g /dev/null
select is((select row(d.name, d.approval, d.superior)::text
	from huiyin.department d where d.code = 'commerce'),
	'(商务局一,other,)', 'a department is set');

select is(admin.department_list('{}')->'items'->0->>'code', 'baiyang', 'departments are listed');
select is(jsonb_array_length(admin.staff_list('{}')->'items'), 11, 'staff are listed');
select ok(not admin.staff_list('{}')::text like '%argon2id%', 'the list of staff shows no password');
select is(jsonb_array_length(admin.station_list('{}')->'items'), 4, 'stations are listed');
select is(jsonb_array_length(admin.kiosk_list('{}')->'items'), 5, 'kiosks are listed');
select is(jsonb_array_length(admin.service_list('{}')->'items'), 8, 'the services are listed');

insert into huiyin.staff_token values ('\x01', t.id('clerk'), now() + interval '1 hour'),
	('\x02', t.id('approver'), now() + interval '1 hour'),
	('\x03', t.id('driver'), now() + interval '1 hour');
select t.admin('staff_password', '{"name": "driver", "password_hash": "new"}') \g /dev/null
select is((select s.password from huiyin.staff s where s.principal = t.id('driver')), 'new',
	'a new password is kept');
select is((select count(*) from huiyin.staff_token k where k.principal = t.id('driver')),
	0::bigint, 'a new password ends tokens');
select t.admin('staff_disable', '{"name": "clerk"}') \g /dev/null
select is((select count(*) from huiyin.staff_token k where k.principal = t.id('clerk')),
	0::bigint, 'disabling staff ends their tokens');
select is(t.act('notice_publish', 1, 'clerk', t.content('{422802101000}')),
	'{"refused": "disabled"}', 'disabled staff may do nothing');
select t.admin('staff_enable', '{"name": "clerk"}') \g /dev/null
select isnt(t.act('notice_draft', 1, 'clerk', t.content('{422802101000}')),
	'{"refused": "disabled"}', 'enabled staff may again');

select t.admin('department_disable', '{"code": "commerce"}') \g /dev/null
select is(t.act('notice_draft', 2, 'clerk', t.content('{422802101000}')),
	'{"refused": "disabled"}', 'staff are disabled with their department');
select is((select count(*) from huiyin.staff_token k where k.principal = t.id('approver')),
	0::bigint, 'and their tokens end');
select is(t.admin('staff_enable', '{"name": "clerk"}'),
	'{"refused": "wrong_state department"}', 'nobody is enabled in a disabled department');
select is(t.admin('staff_add', '{"name": "x", "department": "commerce", "roles": ["clerk"]}'),
	'{"refused": "wrong_state department"}', 'nobody joins a disabled department');

select is(t.admin('department_enable', '{"code": "commerce"}'),
	'{"code": "commerce", "still_disabled": ["approver", "clerk"]}',
	'an enabled department says whom it still lacks');
select is(t.act('notice_draft', 2, 'clerk', t.content('{422802101000}')),
	'{"refused": "disabled"}', 'its staff are not enabled with it');
select is(t.admin('staff_enable', '{"name": "clerk"}'), '{"name": "clerk"}',
	'but can be one by one');
select is(t.admin('department_enable', '{"code": "commerce"}')->'still_disabled',
	'["approver"]', 'and then are not said any more');

select t.admin('station_disable', '{"station": "a"}') \g /dev/null
select is(t.act('feedback_submit', 3, 'ka', t.said()),
	'{"refused": "disabled"}', 'kiosks are disabled with their station');
select is(t.admin('kiosk_enable', '{"name": "ka"}'),
	'{"refused": "wrong_state station"}', 'no kiosk is enabled at a disabled station');
select is(t.admin('kiosk_add', '{"station": "a"}'),
	'{"refused": "wrong_state station"}', 'no kiosk joins a disabled station');
select is(t.admin('kiosk_move', '{"name": "kb", "station": "a"}'),
	'{"refused": "wrong_state station"}', 'no kiosk moves to a disabled station');
select is(t.admin('station_enable', '{"station": "a"}'),
	'{"station": "a", "still_disabled": ["ka"]}', 'an enabled station says which kiosks it lacks');
select is(t.admin('kiosk_enable', '{"name": "ka"}'), '{"name": "ka"}',
	'and they can be enabled');
select t.admin('kiosk_disable', '{"name": "kb"}') \g /dev/null
select is(t.act('feedback_submit', 4, 'kb', t.said()),
	'{"refused": "disabled"}', 'a disabled kiosk may do nothing');
select t.admin('kiosk_enable', '{"name": "kb"}') \g /dev/null
select is(t.act('feedback_submit', 5, 'kb', t.said())->>'state',
	'dispatched', 'an enabled kiosk may again');

select * from finish();
rollback;
