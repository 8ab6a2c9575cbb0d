-- SPDX-License-Identifier: Apache-2.0
-- feedback.get, feedback.list and keys: who may see what.

begin;
\ir world.psql
select * from no_plan();

create function t.file(ref int, who text, more jsonb default '{}') returns text language sql as $$
	select t.act('feedback_submit', ref, who, t.said(more))->>'receipt'
$$;
create function t.get(who text, receipt text, more jsonb default '{}') returns jsonb language sql as $$
	select t.ask('feedback_get', who, jsonb_build_object('receipt', receipt) || more)
$$;
create function t.list(who text, more jsonb default '{}') returns jsonb language sql as $$
	select t.ask('feedback_list', who, more)
$$;
create function t.sees(who text, receipt text) returns text language sql as $$
	select case when g ? 'text' then 'all' when g ? 'state' then 'state' else split_part(g->>'refused', ' ', 1) end
		|| case when exists (select from jsonb_array_elements(t.list(who, '{"limit": 200}')->'items') i
			where i->>'receipt' = receipt) then ', listed' else '' end
	from t.get(who, receipt) as g
$$;

select admin.route_set(r) from jsonb_array_elements('[
	{"service": "complaint", "region": "422802000000", "department": "commerce"}]') as r \g /dev/null
select t.act('notice_publish', 1, 'clerk', t.content('{422802000000}'))->>'notice' as notice \gset
select t.file(10, 'ka', jsonb_build_object('about', jsonb_build_object('notice', :'notice'),
	'submitter', '{"kind": "farmer", "name": "张三", "phone": "138"}'::jsonb,
	'filed_by', '{"name": "李四", "relation": "邻居"}'::jsonb)) as plain \gset
select t.file(11, 'ka', jsonb_build_object('about', jsonb_build_object('notice', :'notice'), 'anonymous', true,
	'submitter', '{"kind": "farmer", "name": "王五", "phone": "139"}'::jsonb,
	'filed_by', '{"name": "赵六", "relation": "邻居"}'::jsonb)) as anonymous \gset
select t.file(12, 'ka') as office \gset
select t.file(13, 'ka', jsonb_build_object('about', jsonb_build_object('notice', :'notice'),
	'against', '{"department": "commerce"}'::jsonb)) as against \gset
select t.file(14, 'ka', '{"against": {"department": "office"}}') as against_office \gset
select t.file(15, 'relay', '{"against": {"department": "hall"}}') as against_hall \gset

-- get
select is(t.get('clerk', :'plain'), jsonb_build_object(
	'receipt', :'plain', 'state', 'dispatched', 'answer_by', huiyin.rfc3339(now() + interval '7 days'), 'overdue', false,
	'region', '422802101205', 'region_name', '新民村民委员会', 'service', 'need', 'text', '路塌了',
	'about', jsonb_build_object('notice', :'notice', 'headline', '茶叶补贴'),
	'filed_at', huiyin.rfc3339(now()), 'department', '{"code": "commerce", "name": "商务局"}'::jsonb,
	'history', jsonb_build_array(
		jsonb_build_object('at', huiyin.rfc3339(now()), 'state', 'received', 'by', null, 'note', null),
		jsonb_build_object('at', huiyin.rfc3339(now()), 'state', 'dispatched', 'by', '商务局', 'note', null)),
	'answer', null, 'anonymous', false,
	'submitter', '{"kind": "farmer", "name": "张三", "phone": "138"}'::jsonb,
	'filed_by', '{"name": "李四", "relation": "邻居"}'::jsonb), 'the department that has it sees it in full');
select is(t.get('km', :'plain', '{"proved": true}'), t.get('clerk', :'plain') - 'submitter' - 'filed_by',
	'who holds the key sees it in full, without persons');
select is(t.get(null, :'plain', '{"proved": true}')->>'text', '路塌了', 'a visitor with the key too');
select is(t.get('ka', :'plain'), jsonb_build_object('receipt', :'plain', 'state', 'dispatched',
	'answer_by', huiyin.rfc3339(now() + interval '7 days')), 'the filing kiosk sees state and date');
select is(t.get('ka', :'plain', '{"proved": false}')->>'text', null, 'also when its key was not proved');
select is(t.get(who, r), '{"refused": "not_found receipt"}', coalesce(who, 'a visitor') || ' finds nothing under ' || say)
from (values ('km', :'plain', 'another''s receipt'), (null, :'plain', 'another''s receipt'),
	('ka', 'HY-422802-26-999999', 'an unknown receipt'), ('ka', 'x', 'no receipt'),
	('ka', 'HY-422802-99-' || right(:'plain', 6), 'another year'), ('ka', 'HY-422801-' || substr(:'plain', 11), 'another county'),
	(null, 'HY-422802-26-999999', 'an unknown receipt')) as v(who, r, say);
select is(t.get('ka', 'HY-422802-26-999999', '{"proved": true}'), '{"refused": "not_found receipt"}',
	'a key to nothing opens nothing');

-- who sees what
select is(t.sees(who, r), sees, who || ' sees of ' || say || ': ' || sees)
from (values
	('clerk', :'plain', 'all, listed', 'their own'), ('approver', :'plain', 'all, listed', 'their own'),
	('driver', :'plain', 'not_found', 'another department''s'), ('town', :'plain', 'not_found', 'another department''s'),
	('mayor', :'plain', 'not_found', 'a lower department''s'), ('coordinator', :'plain', 'not_found', 'a department''s'),
	('auditor', :'plain', 'all, listed', 'everybody''s'), ('keeper', :'plain', 'not_found', 'a department''s'),
	('admin', :'plain', 'not_found', 'a department''s'),
	('coordinator', :'office', 'all, listed', 'the office''s'), ('clerk', :'office', 'not_found', 'the office''s'),
	('clerk', :'against', 'not_found', 'what is against them'), ('approver', :'against', 'not_found', 'what is against them'),
	('coordinator', :'against', 'all, listed', 'what is against commerce'), ('auditor', :'against', 'all, listed', 'what is against commerce'),
	('coordinator', :'against_office', 'not_found', 'what is against the office'),
	('mayor', :'against_office', 'all, listed', 'what is against the office'),
	('relay', :'against_hall', 'state', 'what they filed')
) as v(who, r, sees, say);
-- an auditor, a coordinator who sits in a department it is against
select admin.staff_add('{"name": "inner", "department": "commerce", "roles": ["auditor", "coordinator", "clerk"]}') \g /dev/null
select is(t.sees('inner', :'against'), 'not_found', 'no role shows a department what is against it');
select is(t.sees('inner', :'office'), 'all, listed', 'though the role shows the rest');
update huiyin.feedback set lead = null, state = 'received' where receipt = :'against';
update huiyin.feedback_history h set state = 'received' from huiyin.feedback f where f.receipt = :'against' and h.feedback = f.id;
select is(t.sees('inner', :'against'), 'not_found', 'not even while nobody leads');
select is(t.sees('coordinator', :'against'), 'all, listed', 'the coordinator sees what nobody leads');
select is(jsonb_path_query_array(t.get('coordinator', :'against'), '$.history[*].state'), '["received"]',
	'whose history says only that it was received');
select ok(not exists (select from report.feedback f where f.receipt in (:'against', :'against_office', :'against_hall')),
	'reports leave out what is against anybody');
select ok(not exists (select from unnest(array['clerk', 'approver', 'inner']) as who,
		lateral (values (t.list(who, '{"limit": 200}')::text), (t.get(who, :'plain')::text)) as a(answer)
	where a.answer like '%' || :'against' || '%'), 'its number stands in no answer to the department');
select ok(not exists (select from jsonb_array_elements(api.feedback_changes('{}', '{"xid": "1"}')->'items') i), 'nothing uncommitted is told');
select is((select x.departments || x.deciders from huiyin.feedback_told(f, (huiyin.office()).office) as x), array(select d.id from huiyin.department d where d.code = told), 'news of ' || f.receipt || ' go to ' || told)
from (values (:'plain', 'commerce'), (:'against', 'office'), (:'against_office', 'hall')) as v(receipt, told)
join huiyin.feedback f using (receipt);
update huiyin.feedback set lead = null, against = (select d.id from huiyin.department d where d.code = 'office') where receipt = :'against_office';
select is((select x.departments || x.deciders from huiyin.feedback_told(f, (huiyin.office()).office) as x), '{}', 'news against the office go not to the office') from huiyin.feedback f where f.receipt = :'against_office';

select is(t.get('clerk', :'against', '{"proved": true}'), '{"refused": "not_found receipt"}', 'nor does its key show it to whom it is against');
select is(t.get('driver', :'against', '{"proved": true}')->>'text', '路塌了', 'though to others of the county it does');
select admin.staff_disable('{"name": "clerk"}') \g /dev/null
select is(t.get('clerk', :'against', '{"proved": true}'), '{"refused": "not_found receipt"}', 'not even when they are disabled');
select is(t.get('clerk', :'plain'), '{"refused": "not_found receipt"}', 'disabled staff find nothing');
select admin.staff_enable('{"name": "clerk"}') \g /dev/null

-- anonymous
select is((t.get('clerk', :'anonymous') ? 'submitter') or (t.get('clerk', :'anonymous') ? 'filed_by'), false, 'anonymous: nobody is shown');
select ok(not exists (select from unnest(array['clerk', 'approver', 'auditor', 'coordinator', 'inner', 'ka', 'km']) as who,
		lateral (values (t.list(who)::text), (t.get(who, :'anonymous')::text), (t.get(who, :'anonymous', '{"proved": true}')::text)) as a(answer)
	where a.answer like any (array['%王五%', '%139%', '%赵六%'])), 'the names stand in no answer to anybody');
select ok(t.get('clerk', :'anonymous')->'anonymous' = 'true', 'and it says so');

-- list
select is(t.list(who), '{"refused": "not_allowed"}', coalesce(who, 'a visitor') || ' lists nothing')
from unnest(array['ka', 'keeper', 'relay', 'admin', null]) as who;
select is(t.list('clerk')->'items'->0, jsonb_build_object('receipt', :'anonymous', 'state', 'dispatched', 'service', 'need',
	'region', '422802101205', 'region_name', '新民村民委员会', 'township_name', '柏杨坝镇', 'text', '路塌了',
	'answer_by', huiyin.rfc3339(now() + interval '7 days'), 'overdue', false, 'filed_at', huiyin.rfc3339(now()),
	'about', jsonb_build_object('notice', :'notice', 'headline', '茶叶补贴')), 'a line of the list');
select t.file(100 + i, 'ka', '{"service": "complaint"}') from generate_series(1, 60) as i \g /dev/null
create function t.receipts(answer jsonb) returns text[] language sql immutable as $$
	select array_agg(i->>'receipt' order by o) from jsonb_array_elements(answer->'items') with ordinality as x(i, o)
$$;
select is(jsonb_array_length(t.list('clerk')->'items'), 50, 'a page has 50');
select is(t.list('clerk')->>'next', (t.receipts(t.list('clerk')))[50], 'and says where the next begins');
select is(jsonb_array_length(t.list('clerk', jsonb_build_object('after', t.list('clerk')->>'next'))->'items'), 12, 'the last page has the rest');
select is(t.list('clerk', jsonb_build_object('after', t.list('clerk')->>'next')) ? 'next', false, 'and no next');
select is(t.receipts(t.list('clerk', '{"limit": 200}')), (select array_agg(f.receipt order by f.id desc) from huiyin.feedback f
	join huiyin.department d on d.id = f.lead where d.code = 'commerce'), 'newest first, each once');
select is(jsonb_array_length(t.list('clerk', '{"limit": 7}')->'items'), 7, 'a limit holds');
select t.act('feedback_answer', 20, 'clerk', jsonb_build_object('receipt', :'plain', 'text', '修好了', 'outcome', 'resolved')) \g /dev/null
select is(t.receipts(t.list('clerk', '{"state": "answered"}')), array[:'plain'], 'only those in a state');
select is(t.list('clerk', '{"state": "closed_withdrawn"}'), '{"items": []}', 'a state nobody is in has none');
select is(t.list('clerk', jsonb_build_object(field, value)), jsonb_build_object('refused', 'bad_value ' || field),
	format('%s %s is refused, not an empty list', field, value))
from (values ('state', 'x'), ('state', 'clock'), ('after', 'x'), ('after', '7'), ('after', 'HY-1'),
	('after', ' ' || :'plain')) as v(field, value);
update huiyin.feedback set answer_by = now() - interval '1 second' where receipt in (:'anonymous', :'plain');
select is(t.get('clerk', :'anonymous')->>'overdue', 'true', 'what is late says so');
select is(t.get('clerk', :'plain')->>'overdue', 'false', 'what is answered is not late now');
select is(jsonb_path_query_array(t.list('clerk', '{"limit": 200}'), '$.items[*] ? (@.overdue == true).receipt'),
	jsonb_build_array(:'anonymous'), 'in the list too');
select admin.department_disable('{"code": "commerce"}') \g /dev/null
select is(t.sees('coordinator', :'plain'), 'all, listed', 'what a disabled department had, the coordinator sees');

-- keys
create function t.key(who text, receipt text) returns jsonb language sql as $$
	select t.ask('feedback_ref', who, jsonb_build_object('receipt', receipt))
$$;
create function t.wrong(who text, receipt text, times int default 1) returns void language sql as $$
	select t.ask('feedback_wrong_key', who, jsonb_build_object('receipt', receipt)) from generate_series(1, times)
$$;
select is(t.key('ka', :'plain'), jsonb_build_object('ref', t.ref(10)), 'the node learns the ref of a receipt');
select is(t.key('ka', r), '{"ref": null}', 'of none: null') from unnest(array['HY-422802-26-999999', 'x']) as r;
select t.wrong('ka', r, 4) from unnest(array[:'plain', 'HY-422802-26-999999']) as r \g /dev/null
select is(t.key('km', :'plain') ? 'ref', true, 'four wrong keys are borne');
select t.wrong('ka', r) from unnest(array[:'plain', 'HY-422802-26-999999']) as r \g /dev/null
select is(t.key('km', r), '{"refused": "rate_limited after 600"}', 'the fifth closes it for ten minutes, known or not')
from unnest(array[:'plain', 'HY-422802-26-999999']) as r;
select is(t.key('ka', :'office') ? 'ref', true, 'other receipts stay open');
select t.wrong('ka', 'HY-422802-26-8888' || i) from generate_series(10, 19) as i \g /dev/null
select is(t.key('ka', :'office'), '{"refused": "rate_limited after 600"}', 'twenty wrong keys stop who tries');
select is(t.key('km', :'office') ? 'ref', true, 'and nobody else');
update huiyin.key_failure set at = at - interval '9 minutes';
select is(t.key('ka', :'office'), '{"refused": "rate_limited after 60"}', 'after says how long it still takes');
update huiyin.key_failure set at = at - interval '61 seconds';
select is(t.key('ka', :'plain') ? 'ref', true, 'after ten minutes it is open again');
select t.wrong(null, 'HY-422802-26-7777' || i) from generate_series(10, 79) as i \g /dev/null
select is(t.key(null, :'office') ? 'ref', true, 'visitors without session or address are told apart by receipt only');
create function t.visitor(act text, address text, receipt text) returns text language plpgsql as $$
begin
	execute format('select api.%I($1, $2)', act)
	using jsonb_build_object('principal', null, 'session', gen_random_uuid()),
		jsonb_build_object('receipt', receipt, 'address', address);
	return 'open';
exception when sqlstate 'YN001' then
	return sqlerrm;
end $$;
select t.visitor('feedback_wrong_key', '10.0.0.1', 'HY-422802-26-6666' || i) from generate_series(10, 69) as i \g /dev/null
select is(t.visitor('feedback_ref', '10.0.0.1', :'office'), 'rate_limited', 'sixty wrong keys stop the visitors of an address');
select is(t.visitor('feedback_ref', '10.0.0.2', :'office'), 'open', 'and no other address');

select * from finish();
rollback;
