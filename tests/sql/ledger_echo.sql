-- SPDX-License-Identifier: Apache-2.0
-- The echo: what a submitter reads and hears of what was decided on their feedback,
-- also of what it is joined to; and ledger.list, a page at a time.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
select * from no_plan();
create function t.decided(n int, lang text default 'zh-CN', who text default null) returns jsonb language sql as $$
	select api.feedback_get(case when who is null then '{}' else t.who(who) end || jsonb_build_object('lang', lang),
		jsonb_build_object('receipt', t.receipt(n), 'proved', who is null))->'decided'
$$;

select t.filed(n, 'commerce') from generate_series(1, 5) as n \g /dev/null
select t.on('feedback_link', 2, 'coordinator', jsonb_build_object('main', t.receipt(1))), t.on('feedback_answer', 3, 'clerk', '{"text": "x", "outcome": "explained"}'),
	t.on('feedback_withdraw', 4, null, '{"proved": true}') \g /dev/null
select is(t.decided(1), null, 'before anything is decided nothing is said of it');
select row((t.f(1)).state, (t.f(1)).answer_by, (t.f(1)).tick_at, (t.f(1)).level)::text as was \gset
select huiyin.settled_before() as xid \gset
select t.issue('[
	{"text": "说说", "lead": "commerce"},
	{"text": "修路", "lead": "transport", "due": "2026-12-31T17:00:00+08:00", "feedback": [1, 3, 4]}
]') as summary \gset
select s.number from huiyin.summary_issued s where s.summary = :summary \gset

-- as fields and as a sentence
select is(t.decided(1), jsonb_build_array(jsonb_build_object('year', 2026, 'number', :number, 'item', 2,
	'department', '{"code": "transport", "name": "交通局"}'::jsonb, 'due', huiyin.rfc3339(huiyin.ledger_due('2026-12-31T17:00:00+08:00')),
	'state', 'open', 'overdue', false, 'result', null, 'closed_at', null,
	'sentence', format('已在2026年第%s号会议纪要第2项中决定,由交通局办理,应于2026年12月31日前完成。', :number))), 'the submitter reads where it was decided, who does it and by when');
select is(t.decided(1, 'en')->0->>'sentence', format('It was decided in summary No. %s of 2026, item 2: 交通局 is to do it by 31 December 2026.', :number), 'in English too');
select is(t.decided(1, null), t.decided(1, 'zh-CN'), 'who names no language reads Chinese');
select is(t.decided(1, 'zh-CN', 'ka'), t.decided(1), 'so does the kiosk that filed it, without the key');
select is(t.ask('feedback_get', 'ka', jsonb_build_object('receipt', t.receipt(1)))->'text', null, 'and no more than that');
select is(t.decided(1, 'zh-CN', 'clerk'), t.decided(1), 'and the department that has it');
select is(t.ask('feedback_get', 'kb', jsonb_build_object('receipt', t.receipt(1))), '{"refused": "not_found receipt"}', 'another kiosk nothing');
select is(t.decided(n), t.decided(1), format('whatever became of the feedback: %s', t.at(n))) from unnest(array[2, 3, 4]) as n;
select is(t.decided(5), null, 'what did not lead to it says nothing');
select is(t.decided(1)::text ~ '修路', false, 'nothing of what the summary says is told but its number');

-- heard
select is(t.echoes(n), e::text[], format('feedback %s heard %s', n, e)) from (values (1, '{decided}'), (2, '{decided}'), (3, '{decided}'), (4, '{decided}'), (5, '{}')) as v(n, e);
select is(row((t.f(1)).state, (t.f(1)).answer_by, (t.f(1)).tick_at, (t.f(1)).level)::text, :'was', 'its state and its dates are what they were');
select is(array(select (i->>'act') || ' ' || (i->>'note') || ' ' || (i->>'by') from jsonb_array_elements(t.ask('feedback_history', null, jsonb_build_object('receipt', t.receipt(1), 'proved', true))->'items') as i where i->>'act' = 'decide'),
	'{"decide decided 领导小组办公室"}', 'the submitter reads the step');
select is((select count(*) from huiyin.feedback_history h where h.act = 'decide' and h.xid >= :'xid'), 4::bigint, 'nodes follow it like any step: api.feedback_changes reads these rows');
select is(t.on('feedback_answer', 1, 'clerk', '{"text": "x", "outcome": "explained"}'), 'answered', 'the feedback goes its own way');

-- joined to later, and parted
select t.on('feedback_link', 5, 'coordinator', jsonb_build_object('main', t.receipt(1))) \g /dev/null
select is(t.decided(5), t.decided(1), 'what is joined to it later says the same');
select t.on('feedback_unlink', 5, 'coordinator') \g /dev/null
select is(t.decided(5), null, 'and not any more when it is parted');
select t.on('feedback_link', 5, 'coordinator', jsonb_build_object('main', t.receipt(1))) \g /dev/null

-- blocked, late, verified
select t.ledger('ledger_block', '修路', 'chief', jsonb_build_object('reason', '暗中的事', 'notice',
	t.act('notice_draft', 900, 'driver', t.content('{422802101000}'))->>'notice')) \g /dev/null
select matches(t.decided(1)->0->>'sentence', '。办理受阻,应对办法已发通知。$', 'blocked it says so');
select is(t.decided(1)::text ~ '暗中的事', false, 'not why: that is for departments');
select t.run('修路', 120) \g /dev/null
select matches(t.decided(1)->0->>'sentence', '。现已逾期,仍须办理。$', 'late it says so');
select is(t.decided(1)->0->>'overdue', 'true', 'as a field too');
select t.ledger('ledger_done', '修路', 'driver', '{"text": "路修通了。"}') \g /dev/null
select is(t.decided(1)->0->>'result', null, 'said to be done it is not told yet');
select is(t.echoes(5), '{}', 'nor heard');
select is(t.ledger('ledger_verify', '修路', 'coordinator', '{"decision": "verified", "reason": "看过了"}'), 'verified', 'until another department has verified it');
select is(t.decided(1)->0->>'result', '路修通了。', 'then the result is told');
select matches(t.decided(1)->0->>'sentence', '。已经办好,并经其他部门核实:路修通了。$', 'in the sentence too');
select matches(t.decided(1, 'en-GB')->0->>'sentence', '\. It is done, and another department has verified it: 路修通了。$', 'and in the English one');
select isnt(t.decided(1)->0->>'closed_at', null, 'with when');
select is(t.echoes(n), e::text[], format('feedback %s heard %s', n, e)) from (values (1, '{decided,verified}'), (2, '{decided,verified}'), (5, '{verified}')) as v(n, e);

-- cancelled, and taken out by a correction
select t.filed(6, 'commerce'), t.filed(7, 'commerce') \g /dev/null
select t.issue('[{"text": "甲", "lead": "commerce", "feedback": [6]}, {"text": "乙", "lead": "commerce", "feedback": [6, 7]}]') as second \gset
select is(jsonb_array_length(t.decided(6)), 2, 'one feedback may lead to two entries');
select is(t.echoes(6), '{decided}', 'and hears of both at once');
select t.ledger('ledger_cancel', '甲', 'coordinator', '{"reason": "另有工程"}') \g /dev/null
select matches(t.decided(6)->0->>'sentence', '由商务局办理。此事后来取消:另有工程$', 'cancelled it says why; without a date it names none');
select t.issue('[{"text": "甲", "lead": "commerce", "feedback": [6]}, {"text": "丙", "lead": "transport", "feedback": [7]}]', :second) \g /dev/null
select is(array(select d->>'state' from jsonb_array_elements(t.decided(6)) as d), '{cancelled,cancelled}', 'a correction that leaves it cancelled is no news');
select is(t.echoes(6), '{decided,cancelled,cancelled}', 'but what it takes out is');
select is(array(select d->>'number' from jsonb_array_elements(t.decided(6)) as d order by 1), array[(:number + 1)::text, (:number + 2)::text], 'of what goes on the last is shown, of what was taken out the one');
select matches((select d->>'sentence' from jsonb_array_elements(t.decided(7)) as d where d->>'state' = 'cancelled'), '纪要已更正,不再列入。$', 'it says that a correction did');
select is(t.echoes(7), '{decided,decided,cancelled}', 'whose feedback leads to another item hears of that too');

-- a list, what is due first
select t.issue((select jsonb_agg(jsonb_build_object('text', 'p' || n, 'lead', case when n % 2 = 0 then 'commerce' else 'baiyang' end, 'assisting', '["transport"]'::jsonb)
	|| case when n < 12 then jsonb_build_object('due', format('2067-%s-03T10:00:00+08:00', lpad((1 + n / 2)::text, 2, '0'))) else '{}' end) from generate_series(0, 13) as n)) as third \gset
create function t.page(who text, params jsonb) returns text[] language sql as $$
	select array(select i->>'entry' from jsonb_array_elements(t.ask('ledger_list', who, params)->'items') as i)
$$;
create function t.pages(who text, params jsonb) returns text[] language plpgsql as $$
declare
	found text[] := '{}';
	past text;
	said jsonb;
begin
	for i in 1..30 loop
		said := t.ask('ledger_list', who, params || jsonb_strip_nulls(jsonb_build_object('after', past)));
		found := found || array(select x->>'entry' from jsonb_array_elements(said->'items') as x);
		past := said->>'next';
		exit when past is null;
	end loop;
	return found;
end $$;
select is(t.pages(who, jsonb_build_object('limit', many)), t.page(who, '{}'), format('%s reads the same in pages of %s', who, many))
from unnest(array['clerk', 'driver', 'town', 'coordinator', 'auditor']) as who, unnest(array[1, 2, 3, 7]) as many;
select is(t.page('auditor', '{}'), array(select e.entry from huiyin.ledger_entry e order by e.due_at nulls last, e.id), 'an auditor reads all, what is due first, what is never due last');
select is(t.page('coordinator', '{}'), t.page('auditor', '{}'), 'so does the coordinator');
select is(t.page('town', '{}'), array(select e.entry from huiyin.ledger_entry e where t.code(e.lead) = 'baiyang' order by e.due_at nulls last, e.id), 'a department what it leads');
select is(cardinality(t.page('driver', '{}')), 16, 'and what it assists in');
select is(t.page('mayor', '{}'), '{}', 'nobody else anything');
select is(t.page('driver', '{"department": "commerce"}'), array(select e.entry from huiyin.ledger_entry e where e.summary = :third and t.code(e.lead) = 'commerce' order by e.due_at nulls last, e.id), 'of one lead');
select is(t.page('auditor', '{"state": "verified"}'), array[t.number('修路')], 'in one state');
select t.run('p2', 120) \g /dev/null
select is(t.page('auditor', '{"late": true}'), array[t.number('p2')], 'what is late');
select is((t.ask('ledger_list', 'clerk', '{"late": true}')->'items'->0) - 'due', jsonb_build_object('entry', t.number('p2'), 'state', 'open', 'overdue', true, 'progress', 0, 'level', 0,
	'department', '{"code": "commerce", "name": "商务局"}'::jsonb, 'text', 'p2', 'year', 2026, 'number', :number + 3, 'item', 3), 'a line of it');
select is(t.ask('ledger_list', who, params::jsonb), jsonb_build_object('refused', refused), format('%s asking for %s: %s', who, params, refused))
from (values
	('clerk', '{"state": "overdue"}', 'bad_value state'),
	('clerk', '{"department": "nobody"}', 'unknown_department department'),
	('clerk', '{"after": "L-422802-26-999999"}', 'bad_value after'),
	('keeper', '{}', 'not_allowed'),
	('ka', '{}', 'not_allowed')
) as v(who, params, refused);
select is(t.ask('ledger_list', 'town', jsonb_build_object('after', t.number('修路'))), '{"refused": "bad_value after"}', 'what one may not see is the next of no page');

select * from finish();
rollback;
