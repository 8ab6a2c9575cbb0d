-- SPDX-License-Identifier: Apache-2.0
-- feedback.answer: who may, from which state, and what is remembered.

begin;
\ir world.psql
select * from no_plan();

select t.act('notice_publish', 1, 'clerk', t.content('{422802000000}'))->>'notice' as notice \gset
create function t.file(ref int, more jsonb default '{}') returns text language sql as $$
	select t.act('feedback_submit', ref, 'ka', t.said(more))->>'receipt'
$$;
create function t.answer(ref int, who text, receipt text, more jsonb default '{}') returns jsonb language sql as $$
	select t.act('feedback_answer', ref, who, jsonb_build_object('receipt', receipt,
		'text', '已修好', 'outcome', 'resolved') || more)
$$;
create function t.steps(receipt text) returns text[] language sql as $$
	select array_agg(concat_ws(' ', h.step, h.state, p.name, d.code, h.note) order by h.step)
	from huiyin.feedback f
	join huiyin.feedback_history h on h.feedback = f.id
	left join huiyin.principal p on p.id = h.principal
	left join huiyin.department d on d.id = h.department
	where f.receipt = steps.receipt
$$;
select jsonb_build_object('about', jsonb_build_object('notice', :'notice')) as about \gset
select t.file(10, :'about') as r \gset
select t.file(11) as office \gset

select is(t.answer(20, who, :'r'), jsonb_build_object('refused', refused), who || ' may not answer: ' || refused)
from (values ('ka', 'not_allowed'), ('keeper', 'not_allowed'), ('relay', 'not_allowed'), ('auditor', 'not_allowed'),
	('admin', 'not_allowed'), ('nobody', 'not_allowed'), ('driver', 'not_found receipt'), ('town', 'not_found receipt'),
	('coordinator', 'not_found receipt'), ('mayor', 'not_found receipt')) as v(who, refused);
select is(t.answer(20, 'clerk', 'HY-422802-26-999999'), '{"refused": "not_found receipt"}', 'an unknown receipt is not found');
select is(t.answer(20, 'clerk', 'x'), '{"refused": "not_found receipt"}', 'what is no receipt neither');
select is(t.answer(20, 'clerk', :'r'), '{"state": "answered"}', 'a clerk answers what their department has');
select is(t.steps(:'r'), '{"1 dispatched ka commerce","2 accepted clerk commerce signed","3 in_progress clerk commerce first_contact","4 answered clerk commerce"}',
	'answering signs and is first contact in the same act');
select is(t.ask('feedback_get', 'clerk', jsonb_build_object('receipt', :'r'))->'answer',
	jsonb_build_object('text', '已修好', 'outcome', 'resolved', 'at', huiyin.rfc3339(now()),
		'department', '{"code": "commerce", "name": "商务局"}'::jsonb), 'the answer can be read');
select is(jsonb_path_query_array(t.ask('feedback_get', null, jsonb_build_object('receipt', :'r', 'proved', true)), '$.history[*].state'),
	'["received", "dispatched", "accepted", "in_progress", "answered"]', 'with every step');
select is(t.answer(20, 'clerk', :'r'), '{"state": "answered"}', 'the same ref again is the same answer');
select is(t.answer(21, 'clerk', :'r'), '{"refused": "wrong_state receipt"}', 'what is answered is not answered again');
select is((select count(*) from huiyin.feedback_answer), 1::bigint, 'there is one answer');

select is(t.answer(ref, who, t.file(ref + 100, :'about')), '{"state": "answered"}', who || ' of the department answers too')
from (values (22, 'approver')) as v(ref, who);
select is(t.answer(23, 'coordinator', :'office'), '{"state": "answered"}', 'the coordinator answers what the office has');
select is(t.answer(24, 'clerk', t.file(124, :'about'), jsonb_build_object('outcome', o)), '{"state": "answered"}', 'an outcome is ' || o)
from (values ('explained')) as v(o);

create function t.put(receipt text, state text) returns void language sql as $$
	update huiyin.feedback set state = put.state where receipt = put.receipt
$$;
select t.file(30, :'about') as s \gset
select is((select t.answer(31, 'clerk', :'s') from t.put(:'s', state)), '{"refused": "wrong_state receipt"}', 'not from ' || state)
from unnest(array['answered', 'revisit', 'closed_resolved', 'closed_explained', 'closed_not_accepted', 'closed_duplicate',
	'closed_withdrawn', 'closed_incomplete', 'returned', 'arbitration', 'triage']) as state;
select is((select t.answer(40 + i::int, 'clerk', :'s') from t.put(:'s', state)), '{"state": "answered"}', 'from ' || state)
from unnest(array['accepted', 'in_progress', 'scheduled', 'waiting_submitter', 'reopened']) with ordinality as v(state, i);
select is((select array_agg(a.number order by a.number) from huiyin.feedback_answer a join huiyin.feedback f on f.id = a.feedback
	where f.receipt = :'s'), '{1,2,3,4,5}'::smallint[], 'every answer is kept');
select is((t.steps(:'s'))[2:4], '{"2 in_progress clerk commerce first_contact","3 answered clerk commerce","4 answered clerk commerce"}',
	'what was signed is not signed again, what was begun not begun');

update huiyin.feedback set lead = null, state = 'received' where receipt = :'s';
select is(t.answer(50, 'coordinator', :'s'), '{"refused": "wrong_state receipt"}', 'what nobody leads is not answered yet');
update huiyin.feedback set lead = (select d.id from huiyin.department d where d.code = 'commerce'), state = 'dispatched' where receipt = :'s';
select admin.department_disable('{"code": "commerce"}') \g /dev/null
select is(t.answer(51, 'coordinator', :'s'), '{"refused": "not_allowed"}', 'what another department leads is seen, not answered, by the coordinator');
select is(t.answer(51, 'clerk', :'s'), '{"refused": "disabled"}', 'a disabled clerk answers nothing');

select is((select count(*) from huiyin.audit a where a.act = 'feedback.answer' and a.subject like 'HY-%' and a.principal is not null
	and a.ref is not null and length(a.content_hash) = 32), (select count(*) from huiyin.feedback_answer), 'every answer is in the audit');
select ok(not (select string_agg(a::text, '') from huiyin.audit a) like '%修好%', 'the audit holds no words');

-- stations
select is(t.ask('station_list', who, '{}'), '{"refused": "not_allowed"}', coalesce(who, 'a visitor') || ' lists no stations')
from unnest(array['ka', null]) as who;
select is(jsonb_array_length(t.ask('station_list', who, '{}')->'items'), 3, who || ' lists stations')
from unnest(array['driver', 'coordinator', 'keeper', 'relay', 'auditor', 'admin']) as who;
select is(t.ask('station_list', 'keeper', '{"region": "422802101206"}'),
	'{"items": [{"station": "b", "name": "b站", "region": "422802101206", "region_name": "一心村民委员会", "township_name": "柏杨坝镇",
	"online": false, "last_seen": null, "kiosks": 1, "kiosks_online": 0}]}', 'a region limits to it');
select is(jsonb_path_query_array(t.ask('station_list', 'keeper', jsonb_build_object('region', region)), '$.items[*].station'), stations, 'below ' || region || ': ' || stations::text)
from (values ('422802101000', '["a", "b"]'::jsonb), ('422802000000', '["m", "a", "b"]'), ('422802001000', '[]')) as v(region, stations);
select is(t.ask('station_list', 'keeper', '{"region": "422802999999"}'), '{"refused": "unknown_region region"}', 'a region is known');
select api.node_alive('{}', jsonb_build_object('node', t.ref(1))) \g /dev/null
insert into huiyin.presence (node, session, principal) values (t.ref(1), 'x', t.id('kb')), (t.ref(1), 'y', t.id('kb'));
select is(t.ask('station_list', 'keeper', '{"region": "422802101206"}')->'items'->0->'online', 'true', 'a station is online when a kiosk is');
select is(t.ask('station_list', 'keeper', '{"region": "422802101206"}')->'items'->0->'kiosks_online', '1', 'a kiosk with two sessions is one');
select is(t.ask('station_list', 'keeper', '{"region": "422802101206"}')->'items'->0->>'last_seen', huiyin.rfc3339(now()), 'what is online was seen now');
select admin.station_disable('{"station": "b"}') \g /dev/null
select is(t.ask('station_list', 'keeper', '{"region": "422802101206"}'), '{"items": []}', 'a disabled station is not listed');

select * from finish();
rollback;
