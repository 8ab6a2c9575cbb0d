-- SPDX-License-Identifier: Apache-2.0
-- Summaries: draft, circulated, signed or objected to, issued, corrected; who reads
-- what, and that nobody changes what was issued.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
select * from no_plan();

select admin.staff_add('{"name": "second", "department": "office", "roles": ["coordinator"], "password_hash": "x"}'),
	admin.department_add('{"code": "water", "name": "水利局", "region": "422802000000", "superior": "office"}'),
	admin.staff_add('{"name": "well", "department": "water", "roles": ["clerk"], "password_hash": "x"}') \g /dev/null

-- draft
select t.convened('{"sitting_in": ["hall"]}') as n \gset
select is(t.meet('summary_draft', :n, 'coordinator'), 'wrong_state meeting', 'no summary of what was not held');
select t.meet('meeting_reply', :n, 'clerk', '{"reply": "comes", "names": ["张局长"]}') \g /dev/null
select is(t.summary(:n, 'coordinator'), '{"refused": "not_found meeting"}', 'there is none before');
select t.meet('meeting_hold', :n, 'coordinator', '{"came": ["commerce", "transport", "hall"]}') \g /dev/null
select is(t.meet('summary_draft', :n, 'coordinator'), 'drafted', 'it is drafted');
select is(t.summary(:n, 'coordinator')->>'state', 'draft', 'the office reads the draft');
select is(t.summary(:n, 'auditor')->>'state', 'draft', 'and an auditor');
select is(t.summary(:n, who), '{"refused": "not_found meeting"}', format('%s does not yet', who)) from unnest(array['clerk', 'driver', 'mayor', 'well']) as who;
select is(t.ask('summary_list', 'clerk', '{}')->'items', '[]', 'nor is it in a list');
select is(t.meet('summary_circulate', :n, 'coordinator'), 'no_items meeting', 'an empty one is not circulated');
select t.meet('meeting_add', :n, 'coordinator', '{"text": "通报"}'), t.meet('meeting_add', :n, 'coordinator', '{"text": "路", "lead": "transport"}') \g /dev/null
select is(t.meet('summary_circulate', :n, 'coordinator'), 'missing_field items[1].decision', 'who has something to do is told what');
select t.filed(x, 'transport', '{"anonymous": true, "submitter": {"kind": "farmer", "name": "秘密", "phone": "13900000000"}}') from generate_series(1, 5) as x \g /dev/null
select t.filed(6, null, '{"against": {"department": "baiyang"}}') \g /dev/null
select is(t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '路'), 'decision', '修路', 'assisting', '["commerce"]'::jsonb, 'responsible', '李局长', 'standard', '通车',
	'due', '2068-06-30T17:30:00+08:00', 'feedback', (select jsonb_agg(t.receipt(x)) from generate_series(1, 4) as x) || jsonb_build_array(t.receipt(6)))), 'drafted', 'a draft is edited');
create function t.counted(n bigint) returns text language sql as $$
	select t.summary(n, 'coordinator')->'items'->1->>'feedback'
$$;
select is(t.counted(:n), null, 'four and one against a reader are no number to tell');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '路'), 'feedback', (select jsonb_agg(t.receipt(x)) from generate_series(1, 6) as x))) \g /dev/null
select is(t.counted(:n), '5', 'five are; what is against a reader is not among them');

-- circulated
select is(t.stands('summary_circulate', :n, 'coordinator', '{"revision": 1}')->'revision', to_jsonb((t.m(:n)).revision), 'what one has not read one does not circulate');
select is(t.meet('summary_circulate', :n, 'coordinator'), 'circulated', 'it is circulated');
select is((select s.sign_by from huiyin.summary s where s.meeting = :n), huiyin.deadline(now(), 2, 'working_days'), 'for two working days');
select t.summary(:n, 'clerk') as read \gset
select is(:'read'::jsonb - '{sign_by,at,items,title,office,place,chair,attendance,copies_to}'::text[], jsonb_build_object('meeting', :n, 'state', 'circulated', 'revision', (t.m(:n)).revision, 'overdue', false, 'said', '[]'::jsonb,
	'silent', '[{"code": "commerce", "name": "商务局"}, {"code": "transport", "name": "交通局"}, {"code": "baiyang", "name": "柏杨坝镇政府"}]'::jsonb), 'a department reads it and who has not spoken');
select is(:'read'::jsonb - '{at,items,state,revision,sign_by,overdue,silent,said}'::text[], '{"title": "茶叶产业联席会议", "office": {"code": "office", "name": "领导小组办公室"}, "place": "二楼会议室", "chair": "王县长",
	"attendance": {"came": [{"department": {"code": "commerce", "name": "商务局"}, "names": ["张局长"]}, {"department": {"code": "transport", "name": "交通局"}, "names": []}],
		"leave": [], "sitting_in": [{"department": {"code": "hall", "name": "县政府"}, "names": []}], "absent": [{"department": {"code": "baiyang", "name": "柏杨坝镇政府"}, "names": []}]},
	"copies_to": [{"code": "hall", "name": "县政府"}, {"code": "commerce", "name": "商务局"}, {"code": "transport", "name": "交通局"}, {"code": "baiyang", "name": "柏杨坝镇政府"}]}'::jsonb
	|| jsonb_build_object('meeting', :n), 'its heading, attendance and copies');
select is(:'read'::jsonb->'items', jsonb_build_array(
	jsonb_build_object('item', t.item_of(:n, '通报'), 'position', 1, 'text', '通报', 'decisions', '[]'::jsonb, 'notices', '[]'::jsonb),
	jsonb_build_object('item', t.item_of(:n, '路'), 'position', 2, 'text', '路', 'feedback', 5, 'notices', '[]'::jsonb, 'decisions',
		'[{"text": "修路", "lead": {"code": "transport", "name": "交通局"}, "assisting": [{"code": "commerce", "name": "商务局"}], "responsible": "李局长", "standard": "通车", "due": "2068-07-02T17:30:00+08:00"}]'::jsonb)), 'its items and decisions, of which a Saturday is the Monday after');
select ok(t.summary(:n, who)::text not like '%' || word || '%', format('%s does not read %s', who, word))
from unnest(array['clerk', 'driver', 'mayor', 'coordinator']) as who, unnest(array['秘密', '13900000000', t.receipt(1), t.receipt(6)]) as word;
select is(t.meet(act, :n, 'coordinator', more::jsonb), 'wrong_state meeting', format('while it is circulated no %s', act))
from (values ('meeting_add', '{"text": "x"}'), ('meeting_set', '{"item": 1, "text": "x"}'), ('meeting_order', '{"items": [1]}'), ('meeting_drop', '{"item": 1}'),
	('meeting_change', '{"title": "x"}'), ('meeting_attend', '{"department": "hall", "how": "absent"}'), ('meeting_cancel', '{"reason": "x"}'), ('summary_circulate', '{}')) as v(act, more);

-- voices
select is(t.meet(act, :n, who, more::jsonb), refused, format('%s may not %s: %s', who, act, refused))
from (values
	('summary_sign', 'mayor', '{}', 'not_allowed'),
	('summary_sign', 'coordinator', '{}', 'not_allowed'),
	('summary_sign', 'auditor', '{}', 'not_allowed'),
	('summary_sign', 'well', '{}', 'not_found meeting'),
	('summary_sign', 'ka', '{}', 'not_allowed'),
	('summary_object', 'mayor', '{"text": "x"}', 'not_allowed'),
	('summary_sign', 'clerk', '{"revision": 1}', 'changed revision'),
	('summary_answer', 'coordinator', '{"department": "commerce", "outcome": "noted", "text": "x"}', 'not_found department'),
	('summary_issue', 'clerk', '{}', 'not_allowed'),
	('summary_issue', 'coordinator', '{}', 'needs_voices meeting')
) as v(act, who, more, refused);
select is(t.meet('summary_sign', :n, 'clerk'), 'circulated', 'a department signs');
select is(t.meet(act, :n, 'approver', more::jsonb), 'already meeting', 'once, whoever it is: ' || act)
from (values ('summary_sign', '{}'), ('summary_object', '{"text": "x"}')) as v(act, more);
select is(t.meet('summary_object', :n, 'driver', '{"text": "资金未落实"}'), 'circulated', 'one objects');
select is(t.meet('summary_object', :n, 'chief', '{"text": "x"}'), 'already meeting', 'and waits for an answer');
select t.meet('summary_sign', :n, 'town') \g /dev/null
select is(t.meet('summary_issue', :n, 'coordinator'), 'needs_voices meeting', 'an objection without an answer stands in the way');
select is(t.stands('summary_issue', :n, 'coordinator') - 'sign_by', '{"silent": [], "objects": ["transport"]}', 'which is said');
select is(t.summary(:n, who)->'said'->0->>'text', said, format('%s reads the objection: %s', who, said))
from (values ('driver', '资金未落实'), ('mayor', null)) as v(who, said);
select is(jsonb_array_length(t.summary(:n, who)->'said'), many, format('%s hears %s voices', who, many))
from (values ('coordinator', 3), ('auditor', 3), ('driver', 1), ('clerk', 1), ('mayor', 0)) as v(who, many);
select is(t.meet('summary_answer', :n, 'second', '{"department": "transport", "outcome": "answered", "text": "财政已安排"}'), 'circulated', 'it is answered');
select is(t.meet('summary_answer', :n, 'coordinator', '{"department": "transport", "outcome": "noted", "text": "x"}'), 'already department', 'once');
select is(t.meet('summary_object', :n, 'driver', '{"text": "仍未到账"}'), 'circulated', 'the department may object again');
select is(t.meet('summary_answer', :n, 'coordinator', '{"department": "transport", "outcome": "noted", "text": "记录在案"}'), 'circulated', 'then it is noted');

-- taken back and circulated again
select is(t.meet('summary_draft', :n, 'coordinator'), 'missing_field reason', 'who takes it back says why');
select t.meet('summary_draft', :n, 'coordinator', '{"reason": "补资金"}') \g /dev/null
select is(t.summary(:n, 'clerk'), '{"refused": "not_found meeting"}', 'taken back it is the office''s again');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '路'), 'decision', '修路,财政拨款')), t.meet('summary_circulate', :n, 'coordinator') \g /dev/null
select is(t.stands('summary_issue', :n, 'coordinator')->'silent', '["baiyang", "commerce", "transport"]', 'what was signed was another text');
select is((select r.content->'items'->1->'decisions'->0->>'text' from huiyin.summary_round r join huiyin.summary s on s.id = r.summary where s.meeting = :n and r.round = 1), '修路', 'which stays as it was');
select t.meet('summary_object', :n, 'town', '{"text": "时限太短"}'), t.meet('summary_draft', :n, 'coordinator', '{"reason": "延长时限"}') \g /dev/null
select is((select v.answer || v.noted from huiyin.summary_voice v where v.text = '时限太短'), '延长时限false', 'what is taken back for an objection answers it');
select t.meet('summary_circulate', :n, 'coordinator'), t.meet('summary_sign', :n, 'driver') \g /dev/null

-- too late
select t.meet('summary_object', :n, 'clerk', '{"text": "牵头不当"}'), t.meet('summary_answer', :n, 'coordinator', '{"department": "commerce", "outcome": "noted", "text": "按会议决定"}') \g /dev/null
update huiyin.summary s set sign_by = now() - interval '1 minute' where s.meeting = :n;
select is(t.summary(:n, 'coordinator')->'overdue', 'true', 'two working days are over');
select is(t.summary(:n, 'coordinator')->'silent', '[{"code": "baiyang", "name": "柏杨坝镇政府"}]', 'who is silent is listed');
select t.meet('summary_sign', :n, 'town') \g /dev/null
select is(t.summary(:n, 'town')->'said'->-1->'late', 'true', 'a voice after that is late, and heard');

-- issued
select is(t.meet('summary_issue', :n, 'coordinator', '{"revision": 1}'), 'changed revision', 'what one has not read one does not issue');
select t.act('summary_issue', 777, 'coordinator', jsonb_build_object('meeting', :n, 'revision', (t.m(:n)).revision)) as issued \gset
select is(:'issued'::jsonb - 'revision', jsonb_build_object('meeting', :n, 'state', 'issued', 'year', extract(year from now() at time zone '+8')::int, 'number', 1), 'it is issued, with the first number of the year');
select is(t.act('summary_issue', 777, 'coordinator', jsonb_build_object('meeting', :n, 'revision', (t.m(:n)).revision)), :'issued'::jsonb, 'once');
select t.summary(:n, 'mayor') as first \gset
select is(:'first'::jsonb->'voices' #- '{signed,0,at}' #- '{signed,1,at}' #- '{objected,0,at}', '{
	"signed": [{"department": {"code": "transport", "name": "交通局"}}, {"department": {"code": "baiyang", "name": "柏杨坝镇政府"}, "late": true}],
	"objected": [{"department": {"code": "commerce", "name": "商务局"}, "text": "牵头不当", "answer": "按会议决定", "noted": true}], "silent": []}', 'with the voices, what was noted beside it');
select is(t.summary(:n, who), '{"refused": "not_found meeting"}', 'nobody else reads it: ' || who) from unnest(array['well']) as who;
select is((select count(*) from huiyin.ledger_entry e join huiyin.summary s on s.id = e.summary where s.meeting = :n), 1::bigint, 'its decision is in the ledger');
select is((select a.content_hash from huiyin.audit a where a.act = 'summary.issue'), sha256(convert_to((:'first'::jsonb - 'state' - 'said' - 'hash')::text, 'UTF8')), 'the audit has the hash of what everybody reads');
select is(:'first'::jsonb->>'hash', encode(sha256(convert_to((:'first'::jsonb - 'state' - 'said' - 'hash')::text, 'UTF8')), 'hex'), 'which is told');
select is(t.meet(act, :n, who, more::jsonb), 'wrong_state meeting', format('of what was issued no %s', act))
from (values ('meeting_add', 'coordinator', '{"text": "x"}'), ('meeting_set', 'coordinator', '{"item": 1, "text": "x"}'), ('meeting_attend', 'coordinator', '{"department": "hall", "how": "absent"}'),
	('meeting_cancel', 'coordinator', '{"reason": "x"}'), ('summary_sign', 'clerk', '{}'), ('summary_object', 'clerk', '{"text": "x"}'),
	('summary_answer', 'coordinator', '{"department": "commerce", "outcome": "noted", "text": "x"}'), ('summary_issue', 'coordinator', '{}')) as v(act, who, more);

-- a correction
select is(t.meet('summary_draft', :n, 'coordinator'), 'missing_field reason', 'a correction says what it corrects');
select is(t.meet('summary_draft', :n, 'coordinator', '{"reason": "第二项时限有误"}'), 'drafted', 'it begins as a draft');
select is(t.summary(:n, 'mayor'), :'first'::jsonb, 'meanwhile all read what was issued');
select t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '路'), 'due', '2068-09-30T17:30:00+08:00', 'lead', 'commerce')),
	t.meet('meeting_add', :n, 'coordinator', '{"text": "桥"}'), t.meet('meeting_drop', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '通报'))),
	t.meet('meeting_attend', :n, 'coordinator', '{"department": "baiyang", "how": "came", "names": ["陈镇长"]}'), t.meet('meeting_change', :n, 'coordinator', '{"title": "另一会议"}') \g /dev/null
select is(t.summary(:n, 'mayor'), :'first'::jsonb, 'whatever is edited');
select is(t.meet('meeting_cancel', :n, 'coordinator', '{"reason": "无须更正"}'), 'issued', 'a correction is given up');
select is(huiyin.summary_content(t.m(:n), null) - 'voices', :'first'::jsonb - '{voices,year,number,issued_at,state,said,hash}'::text[], 'then the meeting is as it was issued');
select t.meet('summary_draft', :n, 'coordinator', '{"reason": "第二项时限有误"}'), t.meet('meeting_set', :n, 'coordinator', jsonb_build_object('item', t.item_of(:n, '路'), 'due', '2068-09-30T17:30:00+08:00')),
	t.meet('summary_circulate', :n, 'coordinator') \g /dev/null
select is(t.summary(:n, 'clerk')->'corrects'->>'reason', '第二项时限有误', 'who is asked to sign reads what it corrects');
select t.meet('summary_sign', :n, w) from unnest(array['clerk', 'driver', 'town']) as w \g /dev/null
select is(t.meet('summary_issue', :n, 'coordinator'), 'issued', 'it is issued');
select is(t.summary(:n, 'mayor') @> '{"number": 2, "corrects": {"number": 1, "reason": "第二项时限有误"}}', true, 'under a number of its own, saying what it corrects');
select is(t.summary(:n, 'mayor', '{"number": 1}'), :'first'::jsonb || jsonb_build_object('corrected_by', jsonb_build_object('year', (:'issued'::jsonb)->'year', 'number', 2)), 'the first stays as it was, and says by what it is corrected');
select is(t.summary(:n, 'mayor', '{"number": 1, "year": 2001}'), '{"refused": "not_found meeting"}', 'there is none of another year');
select is((select array_agg(x.item order by x.summary) from huiyin.summary_item x where x.text = '路'), array[t.item_of(:n, '路'), t.item_of(:n, '路')], 'the same item has the same number in both');
select is(array(select l->>'number' || coalesce(' by ' || (l->'corrected_by'->>'number'), '') from jsonb_array_elements(t.ask('summary_list', 'clerk', '{"state": "issued"}')->'items') as l), '{2,"1 by 2"}', 'both are listed');
select is(t.ask('summary_list', 'clerk', '{"year": 2001}')->'items', '[]', 'by their year');
select is(jsonb_array_length(t.ask('summary_list', 'clerk', jsonb_build_object('after', t.ask('summary_list', 'clerk', '{"limit": 1}')->'next'))->'items'), 1, 'page by page');

-- nobody changes it
create function t.attempt(who text, did text) returns text language plpgsql as $$
begin
	execute format('set local role %I', who);
	execute did;
	return 'done';
exception when insufficient_privilege then return 'refused';
end $$;
select is(t.attempt(who, did), 'refused', format('%s: %s', who, did))
from unnest(array['huiyin_node', 'huiyin_owner']) as who,
	unnest(array['update huiyin.summary_issued set content = ''{}''', 'update huiyin.summary_issued set number = 9', 'delete from huiyin.summary_issued',
		'update huiyin.summary_party set came = true', 'delete from huiyin.summary_party', 'update huiyin.summary_item set decision = null', 'delete from huiyin.summary_item',
		'update huiyin.summary_round set content = ''{}''', 'delete from huiyin.summary_voice', 'delete from huiyin.meeting_history', 'truncate huiyin.summary_item']) as did;
reset role;

-- the year's sequence
select t.issued_with(t.convened()) \g /dev/null
select is(array(select i.number from huiyin.summary_issued i order by i.number), '{1,2,3}', 'the next has the next number');
select is(t.meet('summary_issue', t.circulated_with(t.convened()), 'coordinator'), 'needs_voices meeting', 'what is refused');
select t.issued_with(t.convened()) \g /dev/null
select is(array(select i.number from huiyin.summary_issued i order by i.number), '{1,2,3,4}', 'takes no number');

-- all of it in the chain
select is((select count(*) from huiyin.audit a where a.act like 'summary.%'), (select count(*) from huiyin.meeting_history h where h.act like 'summary.%'), 'every step is in the audit');
select is((select count(*) from huiyin.audit_broken()), 0::bigint, 'which holds');

select * from finish();
rollback;
