-- SPDX-License-Identifier: Apache-2.0
-- Clocks: extension, the tick, escalation, reminders; what is late stays late.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

-- extension: once per level, before expiry, approved by a superior
select t.filed(1, 'commerce'), t.on('feedback_accept', 1, 'clerk') \g /dev/null
create function t.until(n int, long interval) returns jsonb language sql as $$
	select jsonb_build_object('until', huiyin.rfc3339((t.f(n)).answer_by + long), 'reason', '材料不齐')
$$;
select is(t.on('feedback_extend', 1, 'clerk', t.until(1, '-1 day')), 'out_of_bounds until', 'an extension is later');
select is(t.on('feedback_extend', 1, 'clerk', t.until(1, '15 days')), 'out_of_bounds until', 'within 21 days in all');
select is(t.on('feedback_extend', 1, 'driver', t.until(1, '1 day')), 'not_found receipt', 'another department asks for none');
select (t.f(1)).answer_by as first_by \gset
select is(t.act('feedback_extend', 900, 'clerk', jsonb_build_object('receipt', t.receipt(1)) || t.until(1, '3 days')),
	'{"state": "accepted", "asked": {"code": "commerce", "name": "商务局"}}', 'the lead asks its own approver');
select is((t.f(1)).answer_by, :'first_by'::timestamptz, 'asking moves nothing');
select is(t.on('feedback_extend', 1, 'approver', t.until(1, '4 days')), 'already receipt', 'one at a time');
select is(t.on('feedback_extend', 1, 'clerk', '{"decision": "approve"}'), 'not_allowed', 'who asks does not approve');
select is(t.on('feedback_extend', 1, 'coordinator', '{"decision": "approve"}'), 'not_found receipt', 'nor does somebody else''s superior');
select is(t.act('feedback_extend', 901, 'approver', jsonb_build_object('receipt', t.receipt(1), 'decision', 'approve'))->>'answer_by',
	huiyin.rfc3339(:'first_by'::timestamptz + interval '3 days'), 'approved, the date moves');
select is((t.f(1)).answer_first_by, :'first_by'::timestamptz, 'the first one is kept');
select is(t.clocks(1, 'answer'), '{"answer extend commerce approver"}', 'and the change is a row');
select is((select i->>'reason' from jsonb_array_elements(t.ask('feedback_history', null, jsonb_build_object('receipt', t.receipt(1), 'proved', true))->'items') as i
	where i->>'act' = 'approve'), '材料不齐', 'the submitter is told why');
select is(t.act('feedback_extend', 902, 'clerk', jsonb_build_object('receipt', t.receipt(1)) || t.until(1, '2 days'))->'asked'->>'code', 'office', 'the next one is asked of the next level');
select is(t.told(1), '{commerce,office}', 'which hears of it');
select is(t.on('feedback_extend', 1, 'coordinator', '{"decision": "reject", "note": "够了"}'), 'accepted', 'and may reject it');
select is(date_trunc('second', (t.f(1)).answer_by), date_trunc('second', :'first_by'::timestamptz + interval '3 days'), 'then nothing moves');
select is(t.on('feedback_extend', 1, 'clerk', t.until(1, '90 days') || '{"plan": "明年修"}') || ' ' || t.on('feedback_extend', 1, 'coordinator', '{"decision": "approve"}'),
	'accepted scheduled', 'with a plan it is scheduled, also beyond 21 days');
select is(t.on('feedback_extend', 1, 'clerk', t.until(1, '1 day') || '{"plan": "后年"}'), 'already receipt', 'each level grants one');
select t.filed(2, 'commerce'), t.on('feedback_accept', 2, 'clerk'), t.on('feedback_extend', 2, 'clerk', t.until(2, '3 days')), t.age(2, '7 days 1 minute') \g /dev/null
select is(t.on('feedback_extend', 2, 'approver', '{"decision": "approve"}'), 'too_late receipt', 'what has expired is not approved any more');
select is(t.on('feedback_answer', 2, 'clerk', '{"text": "x", "outcome": "resolved"}'), 'answered', 'it is answered late');
select is(huiyin.ever_overdue(t.f(2)), true, 'and was');
select is((select count(*) from huiyin.feedback_extension e where e.decided_at is null), 0::bigint, 'what was asked for is dropped with the answer');

-- the tick: warn, breach, escalate; nothing twice
create function t.tick() returns int language sql as $$ select (huiyin.tick()->>'noted')::int $$;
select t.tick() \g /dev/null
select t.filed(10, 'commerce') \g /dev/null
select is(t.tick(), 0, 'nothing has come due');
select (t.f(10)).answer_by - (t.f(10)).filed_at as long \gset
select t.on('feedback_accept', 10, 'clerk'), t.on('feedback_contact', 10, 'clerk', '{"how": "phone"}') \g /dev/null
delete from huiyin.feedback_clock where feedback = (t.f(10)).id;
select t.age(10, :'long'::interval * 0.76) \g /dev/null
select is(t.tick(), 1, 'at 75 % something is noted');
select is(t.tick(), 0, 'once');
select is(t.clocks(10), '{"answer warn 75 commerce"}', 'a warning');
select is(t.ask('feedback_due', 'clerk', '{}')->'items'->0->>'level', '75', 'and it is due');
select is(t.ask('feedback_due', 'clerk', '{"level": 90}')->'items', '[]', 'not at 90 %');
select is(t.ask('feedback_due', 'driver', '{}')->'items', '[]', 'not to others');
select t.age(10, :'long'::interval * 0.25) \g /dev/null
select (t.f(10)).answer_by as late_by \gset
select is(t.tick(), 2, 'past 90 and 100 % two more come');
select is(t.clocks(10), '{"answer warn 75 commerce","answer warn 90 commerce","answer breach 100 commerce","answer escalate 100 office"}', 'breach and escalation to the superior');
select is(t.told(10), '{commerce,office}', 'who hears of it');
select is(t.ask('feedback_get', 'coordinator', jsonb_build_object('receipt', t.receipt(10)))->>'overdue', 'true', 'and sees it');
select is((t.f(10)).answer_by, :'late_by'::timestamptz, 'escalation moves no date');
select t.age(10, :'long'::interval * 0.5), t.tick(), t.age(10, :'long'::interval * 0.5) \g /dev/null
select is(t.tick(), 1, 'and at 200 %');
select is((t.clocks(10))[5:6], '{"answer escalate 150 hall","answer escalate 200 office"}', 'the next superior, then the office as a backstop');
select is((t.f(10)).tick_at, null, 'then nothing more is to come');
select is(t.on('feedback_answer', 10, 'clerk', '{"text": "x", "outcome": "resolved"}'), 'answered', 'answered at last');
select is((select count(*) from huiyin.feedback_clock c where c.feedback = (t.f(10)).id and c.kind = 'breach'), 1::bigint, 'its breach stays, once');

-- persons first; vacant posts skipped; whom it is against never told
select admin.staff_superior('{"name": "clerk", "superior": "approver"}'), admin.staff_superior('{"name": "approver", "superior": "chief"}'),
	admin.staff_superior('{"name": "chief", "superior": "mayor"}') \g /dev/null
select is(t.admin('staff_superior', '{"name": "mayor", "superior": "clerk"}'), '{"refused": "bad_value superior"}', 'superiors cannot go in a circle');
create function t.chain(n int) returns text[] language sql as $$
	select array_agg(concat_ws(' ', t.code(s.department), p.name) order by s.nth)
	from huiyin.superiors(t.f(n)) as s
	left join huiyin.principal p on p.id = s.principal
$$;
select t.filed(11, 'commerce'), t.on('feedback_accept', 11, 'clerk') \g /dev/null
select is(t.chain(11), '{"commerce approver","transport chief","hall mayor",office}', 'the superiors of who handles it, each department once');
select admin.staff_vacancy('{"name": "approver"}') \g /dev/null
select is(t.chain(11), '{"transport chief","hall mayor",office}', 'a vacant post is skipped');
select admin.staff_disable('{"name": "chief"}') \g /dev/null
select is(t.chain(11), '{"hall mayor",office}', 'so is one who is disabled');
select admin.staff_vacancy('{"name": "approver", "filled": true}') \g /dev/null
select is((t.chain(11))[1], 'commerce approver', 'a post that is filled again is not');
update huiyin.staff set superior = t.id('clerk') where principal = t.id('mayor');
select is(t.chain(11), '{"commerce approver","hall mayor",office}', 'a circle that is there all the same ends');
update huiyin.department set superior = (select d.id from huiyin.department d where d.code = 'commerce') where code = 'hall';
select is(array(select t.code(a.department) from huiyin.departments_above((t.f(11)).lead, null) as a order by a.nth), '{office,hall}', 'among departments too');
update huiyin.department set superior = null where code = 'hall';
select t.filed(12, null, '{"against": {"department": "hall"}}'), t.on('feedback_dispatch', 12, 'coordinator', '{"lead": "commerce"}') \g /dev/null
select is(t.chain(12), '{office}', 'whom it is against is not told');
select t.age(12, '30 days'), t.tick() \g /dev/null
select is((select array_agg(distinct t.code(c.department)) from huiyin.feedback_clock c where c.feedback = (t.f(12)).id and c.kind = 'escalate'), '{office}', 'the office is, at each level');
select t.filed(13, null, '{"against": {"department": "office"}}') \g /dev/null
select is(t.code((t.f(13)).lead), 'hall', 'what is against the office is led by its superior');
select t.age(13, '30 days'), t.tick() \g /dev/null
select is((select array_agg(distinct t.code(c.department)) from huiyin.feedback_clock c where c.feedback = (t.f(13)).id and c.kind = 'escalate'), '{hall}', 'and never told to the office');
select ok(not exists (select from huiyin.feedback f join huiyin.feedback_party p on p.feedback = f.id and p.department = f.against), 'nobody has a part in what is against them');

-- waiting for the submitter
select t.filed(20, 'commerce'), t.on('feedback_ask', 20, 'clerk', '{"text": "?"}') \g /dev/null
select t.age(20, '7 days 1 hour'), t.tick(), t.age(20, '5 days'), t.tick(), t.tick() \g /dev/null
select is((select array_agg(h.note order by h.step) from huiyin.feedback_history h where h.feedback = (t.f(20)).id and h.act = 'remind'), '{day_7,day_12}', 'reminders on days 7 and 12');
select is(t.at(20) || (cardinality(t.clocks(20, 'answer')))::text, 'waiting_submitter1', 'the clock stands meanwhile');
select t.age(20, '3 days'), t.tick() \g /dev/null
select is(t.at(20), 'closed_incomplete', 'on day 15 it is closed as incomplete');
select is(t.on('feedback_supply', 20, 'ka', '{"text": "x"}'), 'wrong_state receipt', 'then it is too late');
select is((t.clocks(20, 'answer'))[2], 'answer stop commerce', 'its clock ended without an answer');

-- working time
select is(huiyin.clock_reaches('2026-11-20 09:30+08', '2026-11-23 17:30+08', 100, true), '2026-11-23 17:30+08', 'at 100 % it is due');
select is(huiyin.clock_reaches('2026-11-20 09:30+08', '2026-11-23 17:30+08', 75, true), huiyin.deadline('2026-11-20 09:30+08',
	(huiyin.working_minutes('2026-11-20 09:30+08', '2026-11-23 17:30+08') * 75 / 100)::int, 'working_minutes'), '75 % of working time is of working time');
select is(huiyin.clock_reaches('2026-11-20 08:00+08', '2026-11-20 10:00+08', 75, false), '2026-11-20 09:30+08', '75 % of two hours is after one and a half');
select is(huiyin.clock_reaches('2026-11-20 08:00+08', '2026-11-20 10:00+08', 200, false), '2026-11-20 12:00+08', '200 % is as long again');
select is((select min(d.tick_led) >= now() from huiyin.service_due(now()) as d), true, 'no clock is looked at before it began');
select is((select array_agg(d.service) from huiyin.service_due(now()) as d where d.dispatch_by is null or d.sign_by is null or d.contact_by is null or d.answer_by is null), null, 'every service has every clock');
select is((select row(d.dispatch_by - now(), d.answer_by - now())::text from huiyin.service_due(now()) as d where d.service = 'danger'), '(01:00:00,02:00:00)', 'danger to life: an hour and two');

-- services as data
select is(t.admin('service_clock', '{"service": "need", "clock": "answer", "amount": "5", "unit": "seconds"}'), '{"refused": "bad_value unit"}', 'seconds are for a demo county');
select is(t.admin('service_clock', c), jsonb_build_object('refused', 'bad_value ' || path), 'no ' || path || ' like that')
from (values ('{"service": "need", "clock": "x", "amount": "5", "unit": "minutes"}'::jsonb, 'clock'), ('{"service": "need", "clock": "answer", "amount": "0", "unit": "minutes"}', 'amount'),
	('{"service": "need", "clock": "answer", "amount": "5", "unit": "years"}', 'unit')) as v(c, path);
select is(t.admin('service_clock', '{"service": "x", "clock": "answer", "amount": "5", "unit": "minutes"}'), '{"refused": "unknown_service service"}', 'of a service that is there');
select admin.county_set('{"region": "422802000000", "demo": true}') \g /dev/null
select is(t.admin('service_add', '{"service": "demo", "name": "演示", "like": "need"}'), '{"service": "demo"}', 'a service like another');
select is(t.admin('service_add', '{"service": "demo", "name": "演示", "like": "need"}'), '{"refused": "already service"}', 'once');
select is(t.admin('service_clock', '{"service": "demo", "clock": "answer", "amount": "4", "unit": "seconds"}'), '{"service": "demo"}', 'in a demo county seconds are taken');
select is(jsonb_array_length(admin.service_clocks('{"service": "demo"}')->'items'), 6, 'with its six clocks');
select is(t.filed(30, null, '{"service": "demo"}'), 'dispatched', 'and feedback about it');
select is((t.f(30)).answer_by - now(), interval '4 seconds', 'runs in seconds');
select is(admin.tick('{}')->>'more', 'false', 'the tick by hand comes to an end');
select is(api.tick('{}', '{}')->>'noted', '0', 'and a node''s then notes nothing');

select * from finish();
rollback;
