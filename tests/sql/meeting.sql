-- SPDX-License-Identifier: Apache-2.0
-- Meetings from convening to holding: whose acts they are, from which state, who sees
-- what, and that no edit is lost.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
select * from no_plan();

-- the table itself
select is((select count(*) from huiyin.meeting_move m
	where not exists (select from pg_constraint c where c.conname = 'meeting_state_is_known'
		and pg_get_constraintdef(c.oid) like '%''' || m.was || '''%' and pg_get_constraintdef(c.oid) like '%''' || m.becomes || '''%')),
	0::bigint, 'no move leads from or to a state that is none');
select is(array(select m.act || ' ' || m.was from huiyin.meeting_move m where m.becomes = 'issued' order by 1), '{"meeting.cancel drafted","summary.issue circulated"}',
	'nothing is issued but what was circulated, or by giving a correction up');
select is(array(select distinct m.part from huiyin.meeting_move m where m.becomes <> m.was), '{office}', 'only the office brings a meeting on');
select is((select count(*) from huiyin.meeting_move m where m.was = 'cancelled'), 0::bigint, 'from cancelled nothing leads on');
select is((select count(*) from huiyin.meeting_move m
	where not exists (select from pg_proc p where p.pronamespace = 'huiyin'::regnamespace and p.proname = 'do_' || replace(m.act, '.', '_'))),
	0::bigint, 'every act of the table is one');

-- convene
select is(t.act('meeting_convene', 1, who, '{"title": "x", "at": "2099-01-01T09:00:00+08:00", "place": "x", "chair": "x", "departments": ["commerce"]}'),
	'{"refused": "not_allowed"}', format('%s may not convene', who)) from unnest(array['clerk', 'approver', 'auditor', 'admin', 'ka', 'keeper', 'mayor']) as who;
select admin.staff_add('{"name": "other", "department": "commerce", "roles": ["coordinator"], "password_hash": "x"}'),
	admin.staff_add('{"name": "second", "department": "office", "roles": ["coordinator"], "password_hash": "x"}'),
	admin.staff_add('{"name": "inspector", "department": "transport", "roles": ["auditor"], "password_hash": "x"}') \g /dev/null
select is(t.act('meeting_convene', 1, 'other', '{"title": "x", "at": "2099-01-01T09:00:00+08:00", "place": "x", "chair": "x", "departments": ["commerce"]}'),
	'{"refused": "not_allowed"}', 'nor a coordinator of another department');
select is(t.act('meeting_convene', 2, 'coordinator', '{"title": "x", "at": "2099-01-01T09:00:00+08:00", "place": "x", "chair": "x"}' || said::jsonb), jsonb_build_object('refused', refused), refused)
from (values
	('{"departments": ["nobody"]}', 'unknown_department departments[0]'),
	('{"departments": ["commerce", "commerce"]}', 'already departments[1]'),
	('{"departments": ["commerce"], "sitting_in": ["hall", "commerce"]}', 'already sitting_in[1]'),
	('{"departments": ["commerce"], "at": "2020-01-01T09:00:00+08:00"}', 'past at')
) as v(said, refused);
select is((select count(*) from huiyin.meeting), 0::bigint, 'what was refused has left nothing');
select t.convened('{"sitting_in": ["hall"]}') as n \gset
select is((t.m(:n)).state || (t.m(:n)).revision, 'convened1', 'it is convened');

-- who sees it
select is(t.ask('meeting_get', who, jsonb_build_object('meeting', :n))->>'title', '茶叶产业联席会议', format('%s sees it', who))
from unnest(array['clerk', 'approver', 'driver', 'town', 'mayor', 'coordinator', 'second', 'other', 'auditor', 'inspector']) as who;
select is(t.ask('meeting_get', who, jsonb_build_object('meeting', :n)), '{"refused": "not_allowed"}', format('%s has no business here', who))
from unnest(array['ka', 'keeper', 'relay', 'admin']) as who;
select admin.department_add('{"code": "water", "name": "水利局", "region": "422802000000", "superior": "office"}'),
	admin.staff_add('{"name": "well", "department": "water", "roles": ["clerk", "approver"], "password_hash": "x"}'),
	admin.staff_add('{"name": "typist", "department": "office", "roles": ["clerk"], "password_hash": "x"}') \g /dev/null
select is(t.ask('meeting_get', who, jsonb_build_object('meeting', :n)), '{"refused": "not_found meeting"}', format('%s was not invited', who)) from unnest(array['well', 'typist']) as who;
select is(t.ask('meeting_get', 'auditor', '{"meeting": 999999}'), '{"refused": "not_found meeting"}', 'nor is there one of any number');
select is(t.ask('meeting_list', who, '{}')->'items', '[]', format('%s''s list is empty', who)) from unnest(array['well', 'typist']) as who;
select is((t.ask('meeting_list', 'mayor', '{"state": "convened"}')->'items'->0) - 'at' - 'department', jsonb_build_object('meeting', :n, 'title', '茶叶产业联席会议',
	'place', '二楼会议室', 'state', 'convened', 'part', 'sitting_in', 'reply', 'none'), 'who was invited lists it with its own part');
select is(t.ask('meeting_list', 'mayor', '{"state": "held"}')->'items', '[]', 'by state');
select t.convened() as later \gset
select is(t.ask('meeting_list', 'auditor', '{"limit": 1}') - 'items', jsonb_build_object('next', :'later'), 'a full page has a next');
select is(t.ask('meeting_list', 'auditor', jsonb_build_object('limit', 1, 'after', :'later'))->'items'->0->'meeting', to_jsonb(:n), 'where the next one begins');
select is(t.ask('meeting_list', 'well', jsonb_build_object('after', :'later')), '{"refused": "bad_value after"}', 'what one does not see is no place in a list');

-- acts that are not theirs
select is(t.meet(act, :n, who, more::jsonb), refused, format('%s may not %s: %s', who, act, refused))
from (values
	('meeting_add', 'clerk', '{"text": "x"}', 'not_allowed'),
	('meeting_add', 'other', '{"text": "x"}', 'not_allowed'),
	('meeting_add', 'auditor', '{"text": "x"}', 'not_allowed'),
	('meeting_change', 'other', '{"title": "x"}', 'not_allowed'),
	('meeting_hold', 'mayor', '{}', 'not_allowed'),
	('meeting_cancel', 'other', '{"reason": "x"}', 'not_allowed'),
	('meeting_reply', 'coordinator', '{"reply": "leave"}', 'not_allowed'),
	('meeting_reply', 'well', '{"reply": "leave"}', 'not_found meeting'),
	('meeting_reply', 'auditor', '{"reply": "leave"}', 'not_allowed'),
	('meeting_reply', 'typist', '{"reply": "leave"}', 'not_found meeting'),
	('summary_draft', 'other', '{}', 'not_allowed'),
	('summary_issue', 'clerk', '{}', 'not_allowed'),
	('summary_answer', 'clerk', '{"department": "commerce", "outcome": "noted", "text": "x"}', 'not_allowed')
) as v(act, who, more, refused);

-- what they say
select is(t.meet('meeting_reply', :n, 'clerk', '{"reply": "comes"}'), 'missing_field names', 'who comes says who');
select is(t.meet('meeting_reply', :n, 'clerk', '{"reply": "comes", "names": ["张局长", "小李"]}'), 'convened', 'a department comes');
select is(t.meet('meeting_reply', :n, 'driver', '{"reply": "leave", "reason": "下乡"}'), 'convened', 'one sends leave');
select is(t.meet('meeting_reply', :n, 'town', '{"reply": "sits_in", "names": ["陈镇长"]}'), 'convened', 'one sits in');
create function t.said_by(n bigint, code text, who text) returns jsonb language sql as $$
	select p - 'department'
	from jsonb_array_elements(t.ask('meeting_get', who, jsonb_build_object('meeting', n))->'parties') as p
	where p->'department'->>'code' = code
$$;
select is(t.said_by(:n, 'commerce', 'mayor'), '{"part": "member", "reply": "comes", "names": ["张局长", "小李"]}', 'everybody invited reads who comes');
select is(t.said_by(:n, 'baiyang', 'mayor'), '{"part": "sitting_in", "reply": "comes", "names": ["陈镇长"]}', 'and as what');
select is(t.said_by(:n, 'transport', who)->>'reason', reason, format('why one does not come: %s', who))
from (values ('coordinator', '下乡'), ('driver', '下乡'), ('auditor', '下乡'), ('clerk', null), ('mayor', null)) as v(who, reason);
select is((t.m(:n)).revision, 1, 'a reply is no edit: who edits need not read it first');
select is(huiyin.summary_signers(t.m(:n)), array(select d.id from huiyin.department d where d.code in ('commerce', 'transport') order by 1), 'members sign, who sits in does not');

-- items
select is(t.meet('meeting_add', :n, 'coordinator', jsonb_build_object('text', x)), 'convened', 'an item is added')
from unnest(array['甲', '乙', '丙']) as x;
select is(t.items(:n, 'clerk'), '{"1 甲","2 乙","3 丙"}', 'last');
select t.meet('meeting_add', :n, 'coordinator', '{"text": "丁", "position": 2}') \g /dev/null
select is(t.items(:n, 'clerk'), '{"1 甲","2 丁","3 乙","4 丙"}', 'or at a position');
select t.meet('meeting_add', :n, 'coordinator', '{"text": "戊", "position": 900}') \g /dev/null
select is(t.items(:n, 'clerk'), '{"1 甲","2 丁","3 乙","4 丙","5 戊"}', 'never with a gap');
select t.item_of(:n, '甲') as a, t.item_of(:n, '乙') as b, t.item_of(:n, '丙') as c, t.item_of(:n, '丁') as d, t.item_of(:n, '戊') as e \gset
select is(t.meet('meeting_order', :n, 'coordinator', jsonb_build_object('items', jsonb_build_array(:e, :d, :c, :b, :a))), 'convened', 'they are put in order');
select is(t.items(:n, 'clerk'), '{"1 戊","2 丁","3 丙","4 乙","5 甲"}', 'all of them');
select is(t.meet('meeting_order', :n, 'coordinator', jsonb_build_object('items', items)), 'bad_value items', 'each once: ' || items::text)
from unnest(array[jsonb_build_array(:e, :d, :c, :b), jsonb_build_array(:e, :d, :c, :b, :b), jsonb_build_array(:e, :d, :c, :b, :a, 99999)]) as items;
select is(t.meet('meeting_drop', :n, 'coordinator', jsonb_build_object('item', :d)), 'convened', 'one is dropped');
select is(t.items(:n, 'clerk'), '{"1 戊","2 丙","3 乙","4 甲"}', 'and the others close up');
select is(t.meet('meeting_drop', :n, 'coordinator', jsonb_build_object('item', :d)), 'not_found item', 'once');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :d, 'text', 'x')), 'not_found item', 'what was dropped is not set');
select is(t.meet('meeting_set', :later, 'coordinator', jsonb_build_object('item', :a, 'text', 'x')), 'not_found item', 'nor an item of another meeting');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :a) || said::jsonb), refused, refused)
from (values
	('{"lead": "nobody"}', 'unknown_department lead'),
	('{"lead": "water"}', 'not_invited lead'),
	('{"lead": "commerce", "assisting": ["water"]}', 'not_invited assisting[0]'),
	('{"lead": "commerce", "assisting": ["transport", "commerce"]}', 'bad_value assisting[1]'),
	('{"assisting": ["commerce"]}', 'missing_field lead'),
	('{"due": "2099-01-01T09:00:00+08:00"}', 'missing_field lead'),
	('{"lead": "commerce", "due": "2020-01-01T09:00:00+08:00"}', 'past due'),
	('{"feedback": ["HY-422802-26-999999"]}', 'not_found feedback[0]'),
	('{"notices": ["N-422802-26-999999"]}', 'not_found notices[0]'),
	('{"entries": ["L-422802-26-999999"]}', 'not_found entries[0]')
) as v(said, refused);
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :a, 'lead', 'baiyang', 'assisting', jsonb_build_array('commerce', 'transport'),
	'responsible', '陈镇长', 'standard', '验收', 'due', '2099-01-01T09:00:00+08:00', 'decision', '办')), 'convened', 'an item is set');
select is(huiyin.item_facts(:a) - 'kind', '{"text": "甲", "decision": "办", "lead": "baiyang", "responsible": "陈镇长", "standard": "验收", "due": "2099-01-01T09:00:00+08:00",
	"assisting": ["commerce", "transport"], "feedback": null, "notices": null, "entries": null}', 'as it was said');
select is(huiyin.summary_signers(t.m(:n)), array(select d.id from huiyin.department d where d.code in ('commerce', 'transport', 'baiyang') order by 1), 'who sits in and has something to do signs too');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :a, 'lead', 'commerce')) \g /dev/null
select is(huiyin.item_facts(:a)->'assisting', '["transport"]', 'who leads assists no more');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :a, 'clear', '["lead", "due", "decision"]'::jsonb)) \g /dev/null
select is(jsonb_strip_nulls(huiyin.item_facts(:a)), '{"text": "甲", "kind": "other", "responsible": "陈镇长", "standard": "验收"}', 'what is cleared is gone, with who assisted; the rest stays');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :a, 'lead', 'office')), 'convened', 'the office may lead without an invitation');

-- no lost update
select (t.m(:n)).revision as seen \gset
select t.meet('meeting_set', :n, 'second', jsonb_build_object('item', :b, 'text', '乙乙')), t.meet('meeting_add', :n, 'second', '{"text": "己"}') \g /dev/null
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :b, 'text', '乙!', 'revision', :seen)), 'changed revision', 'the second of two is refused');
select is((t.stands('meeting_set', :n, 'coordinator', jsonb_build_object('item', :b, 'text', '乙!', 'revision', :seen))->'changes') #- '{0,at}' #- '{1,at}',
	jsonb_build_array(
		jsonb_build_object('revision', :seen + 1, 'act', concat('meeting', '.set'), 'item', :b, 'by', '领导小组办公室 second'),
		jsonb_build_object('revision', :seen + 2, 'act', concat('meeting', '.add'), 'item', t.item_of(:n, '己'), 'by', '领导小组办公室 second')),
	'and told what was changed, by whom');
select is(t.stands('meeting_drop', :n, 'coordinator', jsonb_build_object('item', :b, 'revision', :seen))->'revision', to_jsonb(:seen + 2), 'and how far it is now');
select ok(octet_length(t.stands('meeting_drop', :n, 'coordinator', jsonb_build_object('item', :b, 'revision', 0))::text) < 640, 'as much of it as a refusal carries');
select is(t.ask('meeting_get', 'coordinator', jsonb_build_object('meeting', :n, 'since', :seen))->'changes'->0->'fields', '{"text": {"is": "乙乙", "was": "乙"}}', 'the rest is asked for: what was, what is');
select is(t.ask('meeting_get', 'clerk', jsonb_build_object('meeting', :n, 'since', 0))->'changes', null, 'by the office alone');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :b, 'text', 'x', 'revision', 900)), 'changed revision', 'a revision nobody has seen is none');

-- change
select is(t.meet('meeting_change', :n, 'coordinator', '{"place": "三楼", "departments": ["water"]}'), 'convened', 'the heading changes and more are invited');
select is((t.m(:n)).place || ' ' || t.said_by(:n, 'water', 'well')::text, '三楼 {"part": "member", "reply": "none"}', 'who then see it');
select is(t.meet('meeting_change', :n, 'coordinator', '{"departments": ["water"]}'), 'already departments[0]', 'once');
select is(t.meet('meeting_change', :n, 'coordinator', '{"at": "2020-01-01T09:00:00+08:00"}'), 'past at', 'not into the past');

-- against whom
select t.filed(1, 'commerce'), t.filed(2, null, '{"against": {"department": "transport"}}'), t.filed(3, null, '{"against": {"department": "office"}}') \g /dev/null
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :e, 'feedback', jsonb_build_array(t.receipt(3)))), 'not_found feedback[0]', 'what is against the office is not there for it');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :e, 'feedback', jsonb_build_array(t.receipt(1), t.receipt(2)))), 'convened', 'feedback leads to an item');
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :e) || said::jsonb), refused, format('who it is against does none of it: %s', said))
from (values
	('{"lead": "transport"}', 'bad_value lead'),
	('{"lead": "baiyang", "assisting": ["commerce", "transport"]}', 'bad_value assisting[1]')
) as v(said, refused);
select is(t.meet('meeting_add', :n, 'coordinator', '{"text": "庚"}' || said::jsonb || jsonb_build_object('feedback', jsonb_build_array(t.receipt(1), t.receipt(2)))), refused, refused || ' when it is added')
from (values
	('{"lead": "transport"}', 'bad_value lead'),
	('{"lead": "baiyang", "assisting": ["transport"]}', 'bad_value assisting[0]')
) as v(said, refused);
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :c, 'lead', 'transport')), t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :b, 'lead', 'commerce', 'assisting', '["transport"]'::jsonb)) \g /dev/null
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', i, 'feedback', jsonb_build_array(t.receipt(1), t.receipt(2)))), 'bad_value feedback[1]', format('nor does it come to %s', what))
from (values (:c, 'whom it is against'), (:b, 'whom one assists that it is against')) as v(i, what);
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :c, 'lead', 'commerce', 'feedback', jsonb_build_array(t.receipt(1), t.receipt(2)))), 'convened', 'it does to another');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', i, 'clear', '["lead"]'::jsonb, 'feedback', '[]'::jsonb)) from unnest(array[:b, :c]) as i \g /dev/null
select is(t.items(:n, 'clerk'), '{"1 戊","2 丙","3 乙乙","4 甲","5 己"}', 'who is not spoken against sees it');
select is(t.items(:n, who), '{"1 丙","2 乙乙","3 甲","4 己"}', format('%s sees neither it nor a gap before the meeting', who)) from unnest(array['driver', 'chief', 'inspector']) as who;
create function t.receipts(n bigint, who text) returns jsonb language sql as $$
	select jsonb_agg(f->'receipt')
	from jsonb_array_elements(t.ask('meeting_get', who, jsonb_build_object('meeting', n))->'agenda') as i, jsonb_array_elements(i->'feedback') as f
$$;
select is(t.receipts(:n, 'clerk'), jsonb_build_array(t.receipt(1)), 'a department sees what is its own of it');
select is(t.receipts(:n, 'town'), null, 'or nothing');
select is(t.receipts(:n, 'auditor'), jsonb_build_array(t.receipt(1), t.receipt(2)), 'an auditor all');

-- news
select is((select bool_or(v.tells) from huiyin.meeting_move v where replace(v.act, '.', '_') = a), tells, format('those invited hear of %s: %s', a, tells))
from (values ('meeting_hold', true), ('meeting_change', true), ('meeting_cancel', true), ('summary_circulate', true), ('summary_issue', true),
	('meeting_add', false), ('meeting_reply', false), ('summary_object', false), ('summary_draft', false)) as v(a, tells);

-- hold
select is(t.meet('meeting_attend', :n, 'coordinator', '{"department": "commerce", "how": "came"}'), 'wrong_state meeting', 'nobody came before it was held');
select is(t.meet('meeting_hold', :n, 'coordinator', '{"came": ["commerce", "office"]}'), 'not_invited came[1]', 'who came was invited');
select is(t.meet('meeting_hold', :n, 'coordinator', '{"came": ["nobody"]}'), 'unknown_department came[0]', 'and is a department');
select is(t.meet('meeting_hold', :n, 'coordinator'), 'held', 'it is held');
select is(array(select d.code from huiyin.meeting_party p join huiyin.department d on d.id = p.department where p.meeting = :n and p.came order by 1), '{baiyang,commerce}', 'and those came who said so');
select is(t.items(:n, 'driver'), '{"1 戊","2 丙","3 乙乙","4 甲","5 己"}', 'after it all know what it spoke about');
select is(t.receipts(:n, 'driver'), null, 'but not what is said against them');
select is(t.meet('meeting_attend', :n, 'coordinator', v.said::jsonb), 'held', v.said)
from (values ('{"department": "transport", "how": "sat_in", "names": ["周工"]}'), ('{"department": "water", "how": "absent"}'),
	('{"department": "hall", "how": "came"}'), ('{"department": "baiyang", "how": "leave"}')) as v(said);
select is(huiyin.attendance_json(t.m(:n)), '{
	"came": [{"department": {"code": "hall", "name": "县政府"}, "names": []}, {"department": {"code": "commerce", "name": "商务局"}, "names": ["张局长", "小李"]}],
	"leave": [{"department": {"code": "baiyang", "name": "柏杨坝镇政府"}, "names": []}],
	"sitting_in": [{"department": {"code": "transport", "name": "交通局"}, "names": ["周工"]}],
	"absent": [{"department": {"code": "water", "name": "水利局"}, "names": []}]}', 'attendance as it was');
select admin.department_add('{"code": "forest", "name": "林业局", "region": "422802000000", "superior": "office"}') \g /dev/null
select is(t.meet('meeting_attend', :n, 'coordinator', jsonb_build_object('department', 'forest', 'how', how)), 'not_invited department', format('who was not invited: %s', how))
from unnest(array['came', 'sat_in', 'leave', 'absent']) as how;
select is(t.meet('meeting_change', :n, 'coordinator', '{"departments": ["forest"]}') || ' ' || t.meet('meeting_attend', :n, 'coordinator', '{"department": "forest", "how": "came"}'), 'held held', 'who came all the same is invited first');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', :b, 'decision', '决定', 'lead', 'commerce', 'responsible', '张局长', 'due', '2099-01-01T09:00:00+08:00')) \g /dev/null
create function t.decided(n bigint, who text) returns text language sql as $$
	select string_agg(i->>'decision', ',') from jsonb_array_elements(t.ask('meeting_get', who, jsonb_build_object('meeting', n))->'agenda') as i
$$;
select is(t.decided(:n, 'coordinator') || coalesce(t.decided(:n, 'clerk'), ' -'), '决定 -', 'a draft of a decision is the office''s until it is circulated');

-- cancel
select is(t.meet('meeting_cancel', :later, 'coordinator', '{"reason": "改期"}'), 'cancelled', 'a meeting is called off');
select is(t.meet(act, :later, who, more::jsonb), 'wrong_state meeting', format('then no %s', act))
from (values ('meeting_reply', 'clerk', '{"reply": "leave"}'), ('meeting_add', 'coordinator', '{"text": "x"}'), ('meeting_hold', 'coordinator', '{}'),
	('meeting_cancel', 'coordinator', '{"reason": "x"}'), ('summary_draft', 'coordinator', '{}')) as v(act, who, more);
select t.convened() as against \gset
select t.meet('meeting_add', :against, 'coordinator', jsonb_build_object('text', '投诉', 'feedback', jsonb_build_array(t.receipt(2)))), t.meet('meeting_cancel', :against, 'coordinator', '{"reason": "x"}') \g /dev/null
select is(t.items(:against, 'driver') || t.items(:against, 'clerk'), '{"1 投诉"}', 'what was never held stays hidden from whom it was against');

-- wrong order says what would allow it
select is(t.stands('summary_circulate', :n, 'coordinator') - 'at', '{"state": "held", "by": "领导小组办公室 coordinator", "acts": ["meeting.add", "meeting.attend", "meeting.cancel",
	"meeting.change", "meeting.drop", "meeting.order", "meeting.set", "summary.draft"]}', 'the state, who brought it there, and what is possible');

-- all of it in the chain
select is((select count(*) from huiyin.audit a where a.act like 'meeting.%'), (select count(*) from huiyin.meeting_history h where h.act like 'meeting.%'), 'every step is in the audit');
select is((select count(*) from huiyin.audit_broken()), 0::bigint, 'which holds');

-- an office that is no more
select admin.department_set('{"code": "hall", "coordinating": true}'), admin.staff_add('{"name": "heir", "department": "hall", "roles": ["coordinator"], "password_hash": "x"}') \g /dev/null
select is(t.convened(), null, 'an office that coordinates no more convenes nothing');
select is(t.meet('meeting_add', :n, 'coordinator', '{"text": "x"}'), 'held', 'it keeps what it has in hand');
select is(t.meet('meeting_add', :n, 'heir', '{"text": "x"}'), 'not_allowed', 'the new one does not take that');
select admin.department_disable('{"code": "office"}') \g /dev/null
select is(t.meet('meeting_add', :n, 'coordinator', '{"text": "x"}'), 'disabled', 'until it is disabled');
select is(t.meet('meeting_add', :n, 'heir', '{"text": "x"}'), 'held', 'then it falls to the new one');

select * from finish();
rollback;
