-- SPDX-License-Identifier: Apache-2.0
-- Entries of the ledger on their way: whose acts they are, from which state, and
-- what is said to whoever may not or comes too late.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
select * from no_plan();

-- the table itself
select is(array(select m.act || ' ' || m.part from huiyin.ledger_move m where m.becomes = 'verified' and m.was <> 'verified'),
	'{"verify verifier"}', 'nothing is verified but by verifying');
select is(array(select distinct m.act from huiyin.ledger_move m where m.becomes = 'cancelled' and m.was <> 'cancelled' order by 1),
	'{cancel,correct}', 'nothing is cancelled but by the coordinator or by a correction');
select is((select count(*) from huiyin.ledger_move m where m.part = 'lead' and m.becomes in ('verified', 'cancelled')), 0::bigint,
	'nobody who leads closes anything');

-- a summary becomes entries
select t.filed(1, 'commerce'), t.filed(2, 'transport'), t.filed(3, null, '{"against": {"department": "hall"}}'), t.filed(30, null, '{"against": {"department": "transport"}}') \g /dev/null
select t.issue('[
	{"text": "修路", "decision": "年内修通", "lead": "transport", "assisting": ["commerce", "baiyang"], "standard": "通车", "due": "2099-01-04T10:00:00+08:00", "feedback": [1, 2, 3]},
	{"text": "通报情况"},
	{"text": "建站", "lead": "commerce", "due": "2068-01-03T03:00:00+08:00"},
	{"text": "办公", "lead": "office"}
]') as summary \gset
select is((select count(*) from huiyin.ledger_entry e where e.summary = :summary), 3::bigint, 'one entry for each item that somebody has to do');
select matches(t.number('修路'), '^L-422802-\d\d-\d{6}$', 'numbered as people read it');
select is((t.e('修路')).state || (t.e('修路')).progress, 'open0', 'it begins open');
select is(t.parties('修路'), '{"assisting baiyang","assisting commerce","lead transport"}', 'with its lead and who assists');
select is(t.times('修路'), '{"start transport coordinator"}', 'its clock begins');
select is(t.times('办公'), '{}', 'without a limit there is none');
select is((t.look('修路', 'driver') - 'history' - 'clocks' - 'opened_at'),
	jsonb_build_object('entry', t.number('修路'), 'state', 'open', 'overdue', false, 'ever_overdue', false, 'progress', 0, 'level', 0,
		'due', '2099-01-04T10:00:00+08:00', 'department', '{"code": "transport", "name": "交通局"}'::jsonb, 'text', '年内修通',
		'standard', '通车', 'year', 2026, 'number', (select s.number from huiyin.summary_issued s where s.summary = :summary), 'item', 1,
		'assisting', '[{"department": {"code": "commerce", "name": "商务局"}, "progress": 0}, {"department": {"code": "baiyang", "name": "柏杨坝镇政府"}, "progress": 0}]'::jsonb,
		'feedback', jsonb_build_array(t.receipt(2))), 'the lead reads all of it, and of the feedback what is its own');
select is(t.look('修路', 'auditor')->'feedback', jsonb_build_array(t.receipt(1), t.receipt(2), t.receipt(3)), 'an auditor reads all receipts');
select is(t.look('修路', who), '{"refused": "not_found entry"}', format('%s sees nothing of it', who)) from unnest(array['mayor']) as who;
select is(t.look('修路', who), '{"refused": "not_allowed"}', format('%s has no business here', who)) from unnest(array['keeper', 'relay', 'admin', 'ka']) as who;
select is(t.look('修路', who)->>'state', 'open', format('%s sees it', who)) from unnest(array['clerk', 'approver', 'chief', 'town', 'coordinator', 'auditor']) as who;
select is(t.ask('ledger_get', 'auditor', '{"entry": "L-422802-26-999999"}'), '{"refused": "not_found entry"}', 'nor is there one of any number');

-- who may do what
select is(t.ledger(act, decided, who, params::jsonb), refused, format('%s may not %s: %s', who, act, refused))
from (values
	('progress', '修路', 'mayor', '{"percent": 1, "text": "x"}', 'not_found entry'),
	('progress', '修路', 'ka', '{"percent": 1, "text": "x"}', 'not_allowed'),
	('progress', '修路', 'auditor', '{"percent": 1, "text": "x"}', 'not_allowed'),
	('progress', '修路', 'coordinator', '{"percent": 1, "text": "x"}', 'not_allowed'),
	('progress', '建站', 'driver', '{"percent": 1, "text": "x"}', 'not_found entry'),
	('progress', '修路', 'driver', '{"percent": 1}', 'missing_field text'),
	('progress', '修路', 'driver', '{"percent": 1, "receipt": "HY-422802-26-999999"}', 'not_found receipt'),
	('done', '修路', 'clerk', '{"text": "x"}', 'not_allowed'),
	('done', '修路', 'mayor', '{"text": "x"}', 'not_found entry'),
	('done', '修路', 'coordinator', '{"text": "x"}', 'not_allowed'),
	('done', '修路', 'auditor', '{"text": "x"}', 'not_allowed'),
	('verify', '修路', 'coordinator', '{"decision": "verified"}', 'wrong_state entry'),
	('verify', '修路', 'mayor', '{"decision": "verified"}', 'not_found entry'),
	('verify', '修路', 'auditor', '{"decision": "verified"}', 'not_allowed'),
	('block', '修路', 'clerk', '{"reason": "x", "headline": "x", "plan": "x"}', 'not_allowed'),
	('block', '修路', 'mayor', '{"reason": "x", "headline": "x", "plan": "x"}', 'not_found entry'),
	('cancel', '修路', 'driver', '{"reason": "x"}', 'not_allowed'),
	('cancel', '修路', 'auditor', '{"reason": "x"}', 'not_allowed')
) as v(act, decided, who, params, refused);
select is(t.ledger('ledger_progress', '修路', 'driver', jsonb_build_object('percent', 1, 'receipt', t.receipt(30))), 'not_found receipt',
	'what is against a department is no proof of its own: it does not know of it');
select admin.staff_add('{"name": "outsider", "department": "baiyang", "roles": ["coordinator"], "password_hash": "$argon2id$x"}') \g /dev/null
select is(t.ledger('ledger_cancel', '修路', 'outsider', '{"reason": "x"}'), 'not_allowed', 'a coordinator of another department than the office cancels nothing');

-- progress
select is(t.act('ledger_progress', 900, 'town', jsonb_build_object('entry', t.number('修路'), 'percent', 30, 'text', '清了路基')),
	'{"state": "doing", "progress": 0}', 'who assists begins too');
select is(t.look('修路', 'town')->'assisting'->1->>'progress', '30', 'with its own part');
select is(t.act('ledger_progress', 901, 'driver', jsonb_build_object('entry', t.number('修路'), 'percent', 40, 'receipt', t.receipt(2))),
	'{"state": "doing", "progress": 40}', 'the lead says how far all of it is, and a feedback proves it');
select is(t.act('ledger_progress', 901, 'driver', jsonb_build_object('entry', t.number('修路'), 'percent', 40, 'receipt', t.receipt(2))),
	'{"state": "doing", "progress": 40}', 'said twice it is one');
select is((t.e('修路')).steps, 3, 'and one step');
select is((t.look('修路', 'driver')->'history'->2) - 'at', jsonb_build_object('state', 'doing', 'act', 'progress', 'by', '交通局', 'who', 'driver', 'progress', 40, 'receipt', t.receipt(2)), 'the lead reads its step');
select is(t.look('修路', 'clerk')->'history'->2 ? 'receipt', false, 'who may not see that feedback does not read its number here either');
select is(t.ledger('ledger_progress', '修路', 'driver', '{"percent": 20, "media": "media/77"}'), 'doing', 'it may be less than was thought');
select is((t.e('修路')).progress, 20::smallint, 'and is');
select is((select p.name from huiyin.principal p where p.id = (t.e('修路')).handler), 'driver', 'who spoke for the lead is told first');

-- done, refused, done again, verified by somebody of another department
select is(t.ledger('ledger_done', '修路', 'driver', '{"text": "路通了"}'), 'done', 'the lead says it is done');
select is(row((t.e('修路')).progress, t.code((t.e('修路')).doer), (t.e('修路')).done_at = now())::text, '(100,transport,t)', 'all of it, and by whom');
select is((t.times('修路'))[2], 'met transport driver', 'its clock ends');
select r.refused as overtaken from api.ledger_done(jsonb_build_array(t.item(0, 902, 'chief', jsonb_build_object('entry', t.number('修路'), 'text', 'x')))) as r \gset
select is(:'overtaken'::jsonb - 'now', '{"tag": "wrong_state", "path": "entry"}', 'once');
select is(:'overtaken'::jsonb->'now'->>'by', '交通局 driver', 'the refusal says who was first');
select is(:'overtaken'::jsonb->'now'->'acts', '["ledger.cancel", "ledger.verify"]', 'and what is possible now');
select is(t.ledger(act, '修路', 'driver', params::jsonb), 'wrong_state entry', 'what is done takes no ' || act)
from (values ('progress', '{"percent": 1, "text": "x"}'), ('block', '{"reason": "x", "headline": "x", "plan": "x"}')) as v(act, params);
select is(t.ledger('ledger_verify', '修路', who, '{"decision": "verified"}'), 'own_work entry', format('%s, of the department that did it, cannot verify', who)) from unnest(array['driver', 'chief']) as who;
select is(t.ledger('ledger_verify', '修路', 'town', '{"decision": "verified"}'), 'own_work entry', 'nor whoever worked on it elsewhere');
select is(t.ledger('ledger_verify', '修路', 'clerk', '{"decision": "refused"}'), 'missing_field reason', 'a refusal says why');
select is(t.ledger('ledger_verify', '修路', 'clerk', '{"decision": "refused", "reason": "桥没修"}'), 'doing', 'refused it is to be done still');
select is(row((t.e('修路')).progress, (t.e('修路')).doer, (t.e('修路')).done_at, (t.e('修路')).said)::text, '(20,,,)', 'as far as it was');
select is((t.times('修路'))[3], 'start transport clerk refused', 'and its clock goes on');
select is(t.look('修路', 'driver')->>'ever_overdue', 'false', 'not late, since it is not due yet');
select is(t.echoes(1), '{decided}', 'nobody was told that it is done');
select is(t.ledger('ledger_done', '修路', 'chief', '{"text": "桥也修了", "media": "media/78"}'), 'done', 'it is done again');
select is(t.ledger('ledger_verify', '修路', 'approver', '{"decision": "verified", "reason": "去看过"}'), 'verified', 'somebody of another department verifies it');
select is(t.echoes(n), '{decided,verified}', format('whose feedback led to it hears (%s)', n)) from generate_series(1, 3) as n;
select is(t.ledger(act, '修路', who, params::jsonb), 'wrong_state entry', 'what is verified takes no ' || act)
from (values
	('progress', 'driver', '{"percent": 1, "text": "x"}'),
	('done', 'driver', '{"text": "x"}'),
	('verify', 'clerk', '{"decision": "refused", "reason": "x"}'),
	('block', 'driver', '{"reason": "x", "headline": "x", "plan": "x"}'),
	('cancel', 'coordinator', '{"reason": "x"}')
) as v(act, who, params);
select is((t.e('修路')).tick_at, null, 'and no clock runs');

-- what the office has done its superior verifies
select is(t.look('办公', 'mayor'), '{"refused": "not_found entry"}', 'before it is done its superior sees nothing');
select is(t.ledger('ledger_done', '办公', 'coordinator', '{"text": "办了"}'), 'done', 'the office does its own');
select is(t.ledger('ledger_verify', '办公', 'coordinator', '{"decision": "verified"}'), 'own_work entry', 'and cannot verify it');
select is(t.parties('办公'), '{"lead office","verifying hall"}', 'its superior is asked');
select is(t.ledger('ledger_verify', '办公', 'mayor', '{"decision": "verified"}'), 'verified', 'and does');

-- block: the plan is a notice
select is((t.e('建站')).due_at, huiyin.ledger_due('2068-01-03T03:00:00+08:00'), 'a date at night is the end of the working day');
select is((select s.content #>> '{items,2,decisions,0,due}' from huiyin.summary_issued s where s.summary = :summary), t.look('建站', 'clerk')->>'due', 'and what was signed says so too');
select is(t.ledger('ledger_block', '建站', 'clerk', '{"reason": "x", "headline": "x", "plan": "x", "audience": {"regions": ["422801000000"]}}'), 'unknown_region audience.regions[0]', 'a plan addresses regions there are');
select is(t.ledger('ledger_block', '建站', 'clerk', '{"reason": "x", "headline": "x", "plan": "x", "expires": "2020-01-01T00:00:00+08:00"}'), 'past expires', 'and is not over yet');
select is((t.e('建站')).state, 'open', 'refused it leaves nothing behind');
select t.act('ledger_block', 903, 'clerk', jsonb_build_object('entry', t.number('建站'), 'reason', '地未批', 'headline', '建站推迟', 'plan', '下月批地再建')) as blocked \gset
select is(:'blocked'::jsonb->>'state', 'blocked', 'blocked it is');
select is((select (n.headline, n.description, n.regions, n.state, t.code(n.department))::text from huiyin.notice n where n.notice = :'blocked'::jsonb->>'notice'),
	'(建站推迟,下月批地再建,{422802000000},active,commerce)', 'and the plan a notice to all the department''s region');
select is((select n.seq from huiyin.notice n where n.notice = :'blocked'::jsonb->>'notice'), (:'blocked'::jsonb->>'seq')::bigint, 'numbered in the feed');
select is((select f.head from huiyin.feed f where f.name = 'notice'), (:'blocked'::jsonb->>'seq')::bigint, 'at its head');
select is((select sum(a.addressed) from huiyin.notice_addressed a join huiyin.notice n on n.id = a.notice where n.notice = :'blocked'::jsonb->>'notice'), 3::bigint, 'whom it addresses is counted');
select is(t.look('建站', 'clerk')->>'notice', :'blocked'::jsonb->>'notice', 'the entry points to it');
select is((t.look('建站', 'clerk')->'history'->1) - 'at', jsonb_build_object('state', 'blocked', 'act', 'block', 'by', '商务局', 'who', 'clerk', 'text', '地未批', 'notice', :'blocked'::jsonb->>'notice'), 'so does its step');
select isnt((t.e('建站')).tick_at, null, 'its clock runs on');
select is(t.ledger('ledger_block', '建站', 'clerk', '{"reason": "x", "headline": "x", "plan": "x"}'), 'wrong_state entry', 'blocked it is not blocked');
select is(t.ledger('ledger_progress', '建站', 'clerk', '{"percent": 10, "text": "批了"}'), 'doing', 'it goes on when the lead does');
select is(t.look('建站', 'clerk')->>'notice', :'blocked'::jsonb->>'notice', 'the plan stays to be read');

-- where a department's notices need approval, so does a plan
select t.filed(4, 'transport'), t.act('feedback_submit', 5, 'km', t.said('{"region": "422802100210"}')),
	t.issue('[{"text": "开车", "lead": "transport", "due": "2068-01-03T10:00:00+08:00", "feedback": [4, 5]}, {"text": "清沟", "lead": "baiyang", "assisting": ["commerce"], "feedback": [4, 5]}]') \g /dev/null
select is(t.ledger('ledger_block', '开车', 'chief', '{"reason": "x", "headline": "x", "plan": "x"}'), 'needs_approval', 'it needs somebody else');
select t.act('notice_draft', 904, 'driver', t.content('{422802101000}'))->>'notice' as draft, t.act('notice_draft', 905, 'chief', t.content('{422802101000}'))->>'notice' as own \gset
select is(t.ledger('ledger_block', '开车', 'chief', jsonb_build_object('reason', 'x', 'notice', :'own')), 'own_draft notice', 'not whoever wrote it');
select is(t.ledger('ledger_block', '开车', 'driver', jsonb_build_object('reason', 'x', 'notice', :'draft')), 'not_allowed', 'but an approver');
select is(t.ledger('ledger_block', '开车', 'chief', jsonb_build_object('reason', '缺车', 'notice', 'N-1')), 'not_found notice', 'by a draft there is');
select is(t.ledger('ledger_block', '开车', 'chief', jsonb_build_object('reason', '缺车', 'notice', :'draft')), 'blocked', 'a colleague''s draft is the plan');
select is((select n.state from huiyin.notice n where n.notice = :'draft'), 'active', 'and published');
select is(t.ledger('ledger_done', '开车', 'chief', '{"text": "有车了"}'), 'done', 'what is blocked may be done');
-- whom a plan concerns
select is(t.ledger('ledger_block', '清沟', 'town', '{"reason": "缺人", "headline": "清沟推迟", "plan": "下周"}'), 'blocked', 'a township is blocked');
select is((select n.regions from huiyin.notice n where n.id = (t.e('清沟')).notice), '{422802101000}', 'of the townships the feedback came from it tells its own');
select t.issue('[{"text": "两镇", "lead": "commerce", "feedback": [4, 5]}]'), t.ledger('ledger_block', '两镇', 'clerk', '{"reason": "x", "headline": "x", "plan": "x"}') \g /dev/null
select is((select n.regions from huiyin.notice n where n.id = (t.e('两镇')).notice), '{422802100000,422802101000}', 'the county those of both');
select t.filed(6, null, '{"against": {"department": "commerce"}, "region": "422802101206"}'), t.issue('[{"text": "有人说", "lead": "commerce"}]') \g /dev/null
insert into huiyin.ledger_feedback (entry, feedback) values ((t.e('有人说')).id, (t.f(6)).id);	-- no item takes it any more
select t.ledger('ledger_block', '有人说', 'clerk', '{"reason": "x", "headline": "x", "plan": "x"}') \g /dev/null
select is((select n.regions from huiyin.notice n where n.id = (t.e('有人说')).notice), '{422802000000}', 'and never where something was said against it');
select is(t.look('有人说', 'clerk')->'feedback', '[]', 'nor that anything was');

-- cancel
select is(t.ledger('ledger_cancel', '清沟', 'coordinator', '{"reason": "并入水利工程"}'), 'cancelled', 'the coordinator takes it back');
select is(t.ledger('ledger_cancel', '清沟', 'coordinator', '{"reason": "x"}'), 'wrong_state entry', 'once');
select is(t.echoes(5), '{decided,decided,cancelled}', 'whose feedback led to it hears, once for all that a summary decided');
select is(t.look('清沟', 'town')->'history'->2->>'text', '并入水利工程', 'and why is there to read');

-- a department that is no more: the office does its work
select t.issue('[{"text": "撤并", "lead": "baiyang", "assisting": ["commerce"]}]'), admin.department_disable('{"code": "baiyang"}') \g /dev/null
select is(t.ledger('ledger_progress', '撤并', 'coordinator', '{"percent": 50, "text": "接手"}'), 'doing', 'the office acts for a lead that is no more');
select is(t.ledger('ledger_done', '撤并', 'coordinator', '{"text": "办完"}'), 'done', 'and says it is done');
select is(t.ledger('ledger_verify', '撤并', 'coordinator', '{"decision": "verified"}'), 'own_work entry', 'but then does not verify it');
select is(t.ledger('ledger_verify', '撤并', 'clerk', '{"decision": "verified"}'), 'verified', 'others do');

-- what is audited, and kept
select is(array(select distinct a.act from huiyin.audit a where a.act like 'ledger.%' order by 1), '{ledger.block,ledger.cancel,ledger.done,ledger.progress,ledger.verify}', 'every act is in the audit');
select is((select count(*) from huiyin.audit a where a.ref = t.ref(903)), 2::bigint, 'the plan beside what is blocked');
select is((select count(*) from huiyin.ledger_entry e where e.steps <> (select count(*) from huiyin.ledger_history h where h.entry = e.id)), 0::bigint, 'every step is a row');

select * from finish();
rollback;
