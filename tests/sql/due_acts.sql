-- SPDX-License-Identifier: Apache-2.0
-- The acts between receipt and closing: whose they are, from which state, and
-- what is said to whoever comes too late.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

-- the table itself
select is((select count(*) from huiyin.feedback_move m
	where not exists (select from pg_constraint c where c.conname = 'feedback_state_is_known'
		and pg_get_constraintdef(c.oid) like '%''' || m.was || '''%' and pg_get_constraintdef(c.oid) like '%''' || m.becomes || '''%')),
	0::bigint, 'no move leads from or to a state that is none');
select is((select array_agg(distinct m.act order by m.act) from huiyin.feedback_move m where m.becomes like 'closed%' and m.was not like 'closed%'),
	'{link,rate,remind,revisit,triage,withdraw}', 'these acts close, and no other');
select is(array(select m.act || ' ' || m.becomes from huiyin.feedback_move m where m.part = 'lead' and m.becomes like 'closed%'), '{}',
	'nobody who leads closes anything');

-- who
select t.filed(1) as s1, t.filed(2, 'commerce') as s2 \gset
select is(:'s1' || ' ' || :'s2', 'dispatched dispatched', 'what is not routed waits at the office; a coordinator dispatches it');
select is(t.code((t.f(2)).lead), 'commerce', 'and names its lead');
select is((t.f(1)).waits::text || (t.f(2)).waits::text, 'truefalse', 'only the first waits for a decision');
select is(t.on(act, n, who, params::jsonb), refused, format('%s may not %s: %s', who, act, refused))
from (values
	('dispatch', 1, 'clerk', '{"lead": "commerce"}', 'not_allowed'),
	('dispatch', 1, 'ka', '{"lead": "commerce"}', 'not_allowed'),
	('dispatch', 1, 'auditor', '{"lead": "commerce"}', 'not_allowed'),
	('accept', 2, 'driver', '{}', 'not_found receipt'),
	('accept', 2, 'coordinator', '{}', 'not_found receipt'),
	('accept', 2, 'auditor', '{}', 'not_allowed'),
	('contact', 2, 'town', '{"how": "phone"}', 'not_found receipt'),
	('ask', 2, 'mayor', '{"text": "x"}', 'not_found receipt'),
	('assist', 2, 'clerk', '{"text": "x"}', 'not_allowed'),
	('assist', 2, 'driver', '{"text": "x"}', 'not_found receipt'),
	('return', 2, 'driver', '{"reason": "x", "suggestion": "baiyang"}', 'not_found receipt'),
	('revisit', 2, 'clerk', '{"solved": "yes"}', 'wrong_state receipt'),
	('withdraw', 2, 'clerk', '{}', 'not_allowed'),
	('withdraw', 2, 'ka', '{}', 'not_allowed'),
	('withdraw', 2, 'km', '{}', 'not_found receipt'),
	('reopen', 2, 'ka', '{"reason": "x"}', 'not_allowed'),
	('rate', 2, 'relay', '{"solved": "yes", "grade": 5}', 'not_found receipt'),
	('link', 2, 'clerk', '{"main": "x"}', 'not_allowed'),
	('supply', 2, 'km', '{"text": "x"}', 'not_found receipt'),
	('supply', 2, 'clerk', '{"text": "x"}', 'not_allowed')
) as v(act, n, who, params, refused);
select is(t.on('feedback_dispatch', 1, 'coordinator', '{"lead": "nobody"}'), 'unknown_department lead', 'a lead is a department');
select is(t.on('feedback_dispatch', 1, 'coordinator', '{"lead": "commerce", "assisting": ["transport", "nobody"]}'), 'unknown_department assisting[1]', 'who assists too');
select is(t.on('feedback_dispatch', 1, 'coordinator', '{"lead": "commerce", "assisting": ["commerce"]}'), 'bad_value assisting[0]', 'the lead does not assist itself');

-- overtaken: the refusal says where it stands, who brought it there, what is possible
select r.refused as overtaken from api.feedback_dispatch(jsonb_build_array(t.item(0, 900, 'coordinator',
	jsonb_build_object('receipt', t.receipt(2), 'lead', 'transport')))) as r \gset
select is(:'overtaken'::jsonb - 'now', '{"tag": "wrong_state", "path": "receipt"}', 'what a department has is not given to another');
select is(:'overtaken'::jsonb->'now'->>'state', 'dispatched', 'the state is told');
select is(:'overtaken'::jsonb->'now'->>'by', '领导小组办公室 coordinator', 'and who made it');
select ok(:'overtaken'::jsonb->'now'->'acts' ? 'feedback.accept', 'and what is possible now');
select is(t.code((t.f(2)).lead), 'commerce', 'and nothing has changed');

-- accept, contact, ask, supply
select is(t.on('feedback_accept', 2, 'clerk'), 'accepted', 'the lead signs for it');
select is(t.on('feedback_accept', 2, 'approver'), 'wrong_state receipt', 'once');
select is(p.name, 'clerk', 'who signed handles it') from huiyin.principal p where p.id = (t.f(2)).handler;
select is(t.on('feedback_contact', 2, 'clerk', '{"how": "phone", "note": "打过电话"}'), 'in_progress', 'first contact');
select is(t.on('feedback_contact', 2, 'clerk', '{"how": "visit"}'), 'in_progress', 'and another one');
select is(t.clocks(2), '{"sign stop office coordinator","sign reassign commerce coordinator","sign met commerce clerk","contact met commerce clerk"}', 'each clock is met once');
select is(t.on('feedback_ask', 2, 'clerk', '{"text": "哪一段路?"}'), 'waiting_submitter', 'the lead asks');
select is(t.on('feedback_contact', 2, 'clerk', '{"how": "phone"}'), 'wrong_state receipt', 'then waits');
select is(t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(2), 'proved', true))->>'asked', '哪一段路?', 'the submitter reads what is asked');
select t.age(2, '2 days') \g /dev/null
select (t.f(2)).answer_by as was \gset
select is(huiyin.is_overdue(t.f(2)), false, 'what is paused is not late');
select is(t.on('feedback_supply', 2, 'ka', '{"text": "村口"}'), 'in_progress', 'who filed it supplies it, without the key');
select is((t.f(2)).answer_by - :'was'::timestamptz, interval '2 days', 'and the date moves by as long as it took');
select is((t.f(2)).answer_first_by, :'was'::timestamptz, 'the first date is kept');
select is(t.clocks(2, 'answer'), '{"answer pause commerce clerk","answer resume commerce ka"}', 'both are written');
select is(t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(2), 'proved', true)) ? 'asked', false, 'nothing is asked any more');
select is(t.ask('feedback_get', 'clerk', jsonb_build_object('receipt', t.receipt(2)))->'supplied', '[{"asked": "哪一段路?", "text": "村口"}]', 'the lead reads it');

-- what is late stays late through a pause
select t.filed(3, 'commerce') \g /dev/null
select t.age(3, '8 days') \g /dev/null
select (t.f(3)).answer_by as late \gset
select is(t.on('feedback_ask', 3, 'clerk', '{"text": "?"}') || ' ' || t.on('feedback_supply', 3, null, '{"text": "!", "proved": true}'), 'waiting_submitter in_progress', 'asked after the date');
select is((t.f(3)).answer_by, :'late'::timestamptz, 'a pause does not mend a date that was missed');
select ok('answer breach 100 commerce' = any (t.clocks(3)), 'that it was is written though no tick has seen it');
select is(huiyin.ever_overdue(t.f(3)), true, 'and can be read from the rows');

-- answering: assisting departments first
select t.filed(4) \g /dev/null
select is(t.on('feedback_dispatch', 4, 'coordinator', '{"lead": "commerce", "assisting": ["transport", "baiyang"], "task": "看路"}'), 'dispatched', 'two assist');
select is(t.told(4), '{baiyang,commerce,transport}', 'and hear of it');
select is(t.ask('feedback_get', 'driver', jsonb_build_object('receipt', t.receipt(4)))->>'text', '路塌了', 'and see it');
select is(jsonb_array_length(t.ask('feedback_list', 'driver', '{"part": "assisting"}')->'items'), 1, 'in a list of their own');
select is(t.on('feedback_answer', 4, 'clerk', '{"text": "x", "outcome": "resolved"}'), 'needs_assisting without', 'no answer before they have signed');
select is(t.on('feedback_answer', 4, 'driver', '{"text": "x", "outcome": "resolved"}'), 'not_allowed', 'who assists does not answer');
select is(t.on('feedback_assist', 4, 'driver', '{"text": "路基坏了"}'), 'dispatched', 'one signs its part');
select is(t.on('feedback_assist', 4, 'chief', '{"text": "again"}'), 'already receipt', 'once');
select is(t.on('feedback_answer', 4, 'clerk', '{"text": "x", "outcome": "resolved"}'), 'needs_assisting without', 'the other one is still waited for');
select is(t.on('feedback_answer', 4, 'clerk', '{"text": "x", "outcome": "planned", "without": "等不及"}'), 'missing_field planned', 'a plan has a date');
select is(t.on('feedback_answer', 4, 'clerk', '{"text": "修", "outcome": "planned", "planned": "2027-01-01T08:00:00+08:00", "plain": "要修", "measure": "派人", "without": "等不及"}'),
	'answered', 'or the lead says why not');
select is((t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(4), 'proved', true))->'answer') - 'at', jsonb_build_object('text', '修', 'outcome', 'planned',
	'planned', '2027-01-01T08:00:00+08:00', 'plain', '要修', 'measure', '派人', 'department', '{"code": "commerce", "name": "商务局"}'::jsonb), 'the submitter reads text, measure, date and the plain words');
select ok(not t.ask('feedback_history', null, jsonb_build_object('receipt', t.receipt(4), 'proved', true))::text like any (array['%等不及%', '%路基%']), 'not what departments say among themselves');

-- a dispute is mediated first
select t.filed(5, 'commerce', '{"service": "dispute"}') \g /dev/null
select is(t.on('feedback_answer', 5, 'clerk', '{"text": "x", "outcome": "explained"}'), 'needs_mediation receipt', 'a dispute is mediated before');
select is(t.on('feedback_contact', 5, 'clerk', '{"how": "mediation"}') || ' ' || t.on('feedback_answer', 5, 'clerk', '{"text": "x", "outcome": "explained"}'), 'in_progress answered', 'then answered');

-- return and arbitrate
select t.filed(6, 'commerce') \g /dev/null
select (t.f(6)).answer_by as due, (t.f(6)).contact_by as contact \gset
select is(t.on('feedback_return', 6, 'clerk', '{"reason": "不归我们", "suggestion": "commerce"}'), 'bad_value suggestion', 'a return suggests another');
select is(t.on('feedback_return', 6, 'clerk', '{"reason": "不归我们", "suggestion": "transport"}'), 'returned', 'a lead returns');
select is((t.f(6)).waits, true, 'the coordinator decides again');
select is(t.on('feedback_answer', 6, 'clerk', '{"text": "x", "outcome": "explained"}'), 'wrong_state receipt', 'what was returned is not answered');
select is(t.on('feedback_triage', 6, 'coordinator'), 'triage', 'triage');
select is(t.on('feedback_dispatch', 6, 'coordinator', '{"lead": "transport"}'), 'dispatched', 'and another lead');
select is(t.on('feedback_return', 6, 'driver', '{"reason": "也不归我们", "suggestion": "commerce"}'), 'arbitration', 'a second return is arbitrated');
select is(t.on('feedback_dispatch', 6, 'coordinator', '{"lead": "commerce"}'), 'wrong_state receipt', 'not simply dispatched');
select is(t.on('feedback_arbitrate', 6, 'coordinator', '{"lead": "commerce", "reason": "归你们"}'), 'dispatched', 'the coordinator''s word');
select is(t.on('feedback_return', 6, 'clerk', '{"reason": "不", "suggestion": "transport"}'), 'bound receipt', 'binds');
select is(row((t.f(6)).answer_by, (t.f(6)).contact_by)::text, row(:'due'::timestamptz, :'contact'::timestamptz)::text, 'through all that the person''s dates stayed');
select is(t.ask('feedback_get', 'driver', jsonb_build_object('receipt', t.receipt(6))), '{"refused": "not_found receipt"}', 'who does not lead any more does not see it');

-- not theirs to close; outside the law
select t.filed(7) \g /dev/null
select is(t.on('feedback_triage', 7, 'coordinator', '{"outside": {"reason": "已进入诉讼", "where": "人民法院"}}'), 'closed_not_accepted', 'outside the law it is closed');
select is(t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(7), 'proved', true))->'answer'->>'text', E'已进入诉讼\n人民法院', 'with the reason and where to go');
select is(t.on('feedback_triage', 6, 'coordinator', '{"outside": {"reason": "x", "where": "y"}}'), 'wrong_state receipt', 'not what a department has');

-- withdraw
select t.filed(8, 'commerce') \g /dev/null
select is(t.on('feedback_withdraw', 8, null, '{"proved": true, "reason": "已解决"}'), 'closed_withdrawn', 'the submitter takes it back');
select is(t.on('feedback_answer', 8, 'clerk', '{"text": "x", "outcome": "resolved"}'), 'wrong_state receipt', 'then nobody answers');
select is((t.f(8)).tick_at, null, 'and no clock runs');
select is(t.on('feedback_withdraw', 4, null, '{"proved": true}'), 'wrong_state receipt', 'what is answered is not taken back');

-- of a department it is against
select t.filed(9, null, '{"against": {"department": "commerce"}}') \g /dev/null
select is(t.on('feedback_dispatch', 9, 'coordinator', '{"lead": "commerce"}'), 'bad_value lead', 'it never leads');
select is(t.on('feedback_dispatch', 9, 'coordinator', '{"lead": "transport", "assisting": ["commerce"]}'), 'bad_value assisting[0]', 'nor assists');
select is(t.on('feedback_dispatch', 9, 'coordinator', '{"lead": "transport"}'), 'dispatched', 'others do');
select is(t.on('feedback_return', 9, 'driver', '{"reason": "x", "suggestion": "commerce"}'), 'bad_value suggestion', 'nor is it suggested');
select is(t.on('feedback_supply', 9, 'clerk', '{"proved": true, "text": "x"}'), 'not_found receipt', 'nor does the key help it');

-- on behalf
select is(t.act('feedback_submit', 10, 'relay', t.said('{"filed_by": {"name": "驻村", "relation": "first secretary", "consent": true}}'))->>'state', 'dispatched', 'a relay files for somebody');
select is(t.ask('feedback_get', 'coordinator', jsonb_build_object('receipt', t.receipt(10)))->'filed_by', '{"name": "驻村", "relation": "first secretary", "consent": true}', 'with their consent, as its department reads');
select is(row((t.f(10)).station, (t.f(1)).station)::text, row(null, (select s.id from huiyin.station s where s.code = 'a'))::text, 'the station of a kiosk is kept');

-- who filed for somebody who does not give a name is not shown either
select t.act('feedback_submit', 11, 'relay', t.said('{"anonymous": true, "filed_by": {"name": "驻村", "relation": "first secretary", "consent": true}}')),
	t.on('feedback_dispatch', 11, 'coordinator', '{"lead": "commerce"}'), t.on('feedback_ask', 11, 'clerk', '{"text": "?"}') \g /dev/null
select is(t.on('feedback_supply', 11, 'relay', '{"text": "!"}'), 'in_progress', 'who filed it supplies what was asked');
select ok(not t.ask('feedback_history', who, jsonb_build_object('receipt', t.receipt(11)))::text like '%relay%', who || ' reads nowhere who filed it')
from unnest(array['clerk', 'auditor']) as who;
select ok(not (t.act('feedback_supply', 960, 'relay', jsonb_build_object('receipt', t.receipt(11), 'text', 'x'))::text
	|| (select r.refused::text from api.feedback_accept(jsonb_build_array(t.item(0, 961, 'clerk', jsonb_build_object('receipt', t.receipt(11))))) as r)) like '%relay%', 'nor in a refusal');

-- a department that is no more
select t.filed(12, 'transport'), t.on('feedback_accept', 12, 'driver') \g /dev/null
select is((t.f(12)).waits, false, 'what a department has waits for nobody');
savepoint there;
select admin.department_disable('{"code": "transport"}') \g /dev/null
select ok((select count(*) from jsonb_array_elements(t.ask('feedback_queue', 'coordinator', '{}')->'items') as i where i->>'receipt' = t.receipt(12)) = 1, 'when it is disabled the coordinator decides again');
select is(t.on('feedback_dispatch', 12, 'coordinator', '{"lead": "baiyang"}'), 'dispatched', 'and gives it to another');
rollback to there;

-- given to another while it waits for the submitter
select is(t.on('feedback_ask', 12, 'driver', '{"text": "哪里?"}') || ' ' || t.on('feedback_dispatch', 12, 'coordinator', '{"lead": "baiyang"}'),
	'waiting_submitter wrong_state receipt', 'what a department asked its submitter is its own');
select t.age(12, '2 days'), admin.department_disable('{"code": "transport"}') \g /dev/null
select (t.f(12)).answer_by as was \gset
select is((t.f(12)).waits, true, 'of one that is no more the coordinator decides');
select is(t.on('feedback_dispatch', 12, 'coordinator', '{"lead": "baiyang"}'), 'dispatched', 'before it is supplied');
select is(row((t.f(12)).answer_by - :'was'::timestamptz, (t.f(12)).paused_at)::text, row(interval '2 days', null)::text, 'the clock goes on, as if it had been supplied');
select is((t.clocks(12))[5:], '{"answer pause transport driver","answer resume transport coordinator","sign reassign baiyang coordinator"}', 'and whose word that was is written');
select is(t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(12), 'proved', true)) ? 'asked', false, 'nothing is asked any more');
select is(t.on('feedback_supply', 12, 'ka', '{"text": "!"}'), 'wrong_state receipt', 'nor taken');
select is(t.on('feedback_ask', 12, 'town', '{"text": "几时?"}') || ' ' || t.on('feedback_supply', 12, 'ka', '{"text": "昨天"}'), 'waiting_submitter in_progress', 'the new lead asks for itself');
select is(t.ask('feedback_get', 'town', jsonb_build_object('receipt', t.receipt(12)))->'supplied', '[{"asked": "几时?", "text": "昨天"}]', 'and only that is answered by it');

-- refs
select t.act('feedback_accept', 950, 'coordinator', jsonb_build_object('receipt', t.receipt(1))) as first \gset
select is(t.act('feedback_accept', 950, 'coordinator', jsonb_build_object('receipt', t.receipt(1))), :'first', 'the same ref again is the same act');
select is(t.act('feedback_accept', 950, 'coordinator', jsonb_build_object('receipt', t.receipt(10))), '{"refused": "conflict"}', 'with another content it is a conflict');
select is((select count(*) from huiyin.audit a where a.ref = t.ref(950)), 1::bigint, 'one row in the audit');
select is((select count(*) from huiyin.feedback_history h join huiyin.feedback f on f.id = h.feedback where f.steps < h.step), 0::bigint, 'no step is beyond the last');

select * from finish();
rollback;
