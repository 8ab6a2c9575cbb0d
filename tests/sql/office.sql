-- SPDX-License-Identifier: Apache-2.0
-- Which office coordinates, and that nothing is left with one that does not.

begin;
\ir world.psql
select * from no_plan();

create function t.receipt(n int) returns text language sql stable as $$
	select f.receipt from huiyin.feedback f join huiyin.act a
		on a.result->>'receipt' = f.receipt where a.ref = t.ref(n)
$$;
create function t.filed(n int) returns text language sql as $$
	select t.act('feedback_submit', n, 'ka', t.said())->>'state'
$$;
create function t.on(act text, ref int, who text, n int, more jsonb default '{}')
returns text language sql as $$
	select coalesce(r->>'refused', r->>'state')
	from t.act(act, ref, who, jsonb_build_object('receipt', t.receipt(n)) || more) as r
$$;
create function t.queue(who text) returns text[] language sql as $$
	select coalesce(array_agg(i->>'receipt' order by i->>'receipt'), '{}')
	from jsonb_array_elements(t.ask('feedback_queue', who, '{}')->'items') as i
$$;
create function t.office() returns text language sql stable as $$
	select string_agg(d.code, ' ') from huiyin.department d where d.coordinating and d.active
$$;

select is(t.filed(1), 'dispatched', 'what no route is for goes to the office');
select is(t.filed(2), 'dispatched', 'and another');
select is(t.on('feedback_accept', 3, 'coordinator', 2), 'accepted', 'which the office takes on');
-- the office has gone in a release that did not refuse it
savepoint gone;
update huiyin.department set active = false where code = 'office';
select is(t.filed(4), 'received', 'without an office nobody has what no route is for');
select t.admin('department_add', '{"code": "new", "name": "新办公室", "region": "422802000000", "coordinating": true}') \g /dev/null
select t.admin('staff_add', '{"name": "newcomer", "department": "new", "roles": ["coordinator"]}') \g /dev/null
select is(t.on('feedback_dispatch', 5, 'newcomer', 4, '{"lead": "baiyang"}'),
	'dispatched', 'a new office dispatches what came meanwhile');
select is(t.on('feedback_dispatch', 6, 'newcomer', 1, '{"lead": "baiyang"}'),
	'dispatched', 'and what the old one had not taken on');
select is(t.on('feedback_dispatch', 7, 'newcomer', 2, '{"lead": "new"}'),
	'dispatched', 'and what it had, to itself');
select is(t.on('feedback_accept', 8, 'newcomer', 2), 'accepted', 'which it then deals with');
select is(t.admin('department_enable', '{"code": "office"}')->>'code', 'office',
	'the old office can be enabled');
select is(t.office(), 'new', 'and does not coordinate beside the new one');
rollback to gone;

select t.admin('department_add', '{"code": "new", "name": "新办公室", "region": "422802000000"}') \g /dev/null
select t.admin('staff_add', '{"name": "newcomer", "department": "new", "roles": ["coordinator"]}') \g /dev/null
select is(t.queue('coordinator'), array[t.receipt(1)], 'what the office was sent waits for it');
select is(t.admin('department_set', '{"code": "new", "coordinating": true}'), '{"code": "new"}',
	'another department takes coordinating over');
select is(t.office(), 'new', 'then it alone coordinates');
select is(t.queue('newcomer'), '{}', 'the old one keeps what it has');
select is(t.filed(9), 'dispatched', 'what is filed now');
select is(t.queue('newcomer'), array[t.receipt(9)], 'waits for the new one');
select is(t.admin('department_disable', '{"code": "office"}'), '{"code": "office"}',
	'the old one can be disabled');
select is(t.queue('newcomer'), array[t.receipt(1), t.receipt(2), t.receipt(9)],
	'then all it had waits for the new one');
select is(t.on('feedback_dispatch', 10, 'newcomer', n, '{"lead": "baiyang"}'), 'dispatched',
	'and is dispatched: ' || n)
from unnest(array[1]) as n;
select is(t.on('feedback_dispatch', 11, 'newcomer', 2, '{"lead": "baiyang"}'), 'dispatched',
	'also what it had begun');
select is(t.admin('department_set', '{"code": "office", "coordinating": true}'),
	'{"refused": "wrong_state code"}', 'a disabled department does not coordinate');
select is(t.admin('department_enable', '{"code": "office"}')->>'code', 'office',
	'but can be enabled');
select is(t.office(), 'new', 'as one like others');

select t.filed(12), t.admin('route_set', '{"service": "need", "region": "422802000000", "department": "transport"}') \g /dev/null
select t.filed(13) \g /dev/null
select t.admin('department_disable', '{"code": "transport"}') \g /dev/null
select ok(t.receipt(13) = any (t.queue('newcomer')), 'what a disabled department had waits');
select t.admin('department_enable', '{"code": "transport"}') \g /dev/null
select ok(not t.receipt(13) = any (t.queue('newcomer')), 'and not once it is enabled again');

-- what asks the submitter for something waits for a decision too, once nobody waits for them
select t.admin('staff_enable', jsonb_build_object('name', n)) from unnest(array['driver', 'chief']) as n \g /dev/null
select is(t.filed(17), 'dispatched', 'transport has another');
select is(t.on('feedback_accept', 18, 'driver', 17), 'accepted', 'and takes it on');
select is(t.on('feedback_ask', 19, 'driver', 17, '{"text": "哪里?"}'), 'waiting_submitter', 'and asks');
select ok(not t.receipt(17) = any (t.queue('newcomer')), 'which is no decision of the coordinator''s');
select t.admin('department_disable', '{"code": "transport"}') \g /dev/null
select ok(t.receipt(17) = any (t.queue('newcomer')), 'of a department that is no more it is');
select is(t.on('feedback_supply', 20, 'ka', 17, '{"text": "村口"}'), 'in_progress', 'once it is said');
select ok(t.receipt(17) = any (t.queue('newcomer')), 'it waits for the coordinator');
select is(t.on('feedback_dispatch', 21, 'newcomer', 17, '{"lead": "baiyang"}'), 'dispatched', 'who gives it to another');

select * from finish();
rollback;
