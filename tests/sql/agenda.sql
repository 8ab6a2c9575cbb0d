-- SPDX-License-Identifier: Apache-2.0
-- meeting.propose: what is drawn from the database for an agenda, and what is not.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
select * from no_plan();

create function t.proposed(kind text, more jsonb default '{}') returns jsonb language sql as $$
	select coalesce(jsonb_agg(i order by n), '[]')
	from jsonb_array_elements(t.ask('meeting_propose', 'coordinator', more)->'items') with ordinality as p(i, n)
	where i->>'kind' = kind
$$;

-- who
select admin.staff_add('{"name": "other", "department": "commerce", "roles": ["coordinator"], "password_hash": "x"}') \g /dev/null
select is(t.ask('meeting_propose', who, '{}'), '{"refused": "not_allowed"}', format('%s is proposed nothing', who)) from unnest(array['clerk', 'auditor', 'other', 'ka', 'admin']) as who;
select is(t.ask('meeting_propose', 'coordinator', said::jsonb), jsonb_build_object('refused', refused), refused)
from (values ('{"meeting": 999999}', 'not_found meeting'), ('{"from": "2099-01-01T09:00:00+08:00"}', 'bad_value from')) as v(said, refused);
select is(t.ask('meeting_propose', 'coordinator', '{}'), '{"items": []}', 'of nothing nothing is proposed');

-- late and reopened feedback
select t.filed(1, 'commerce'), t.filed(2, 'commerce'), t.filed(3, 'transport'), t.filed(4, null, '{"against": {"department": "office"}}'), t.filed(5, null, '{"against": {"department": "transport"}}') \g /dev/null
select t.on('answer', 3, 'driver', '{"text": "x", "outcome": "resolved"}'), t.on('revisit', 3, 'coordinator', '{"solved": "no"}') \g /dev/null
select t.age(x, '20 days') from unnest(array[1, 4, 5]) as x \g /dev/null
select huiyin.tick() \g /dev/null
select is((select jsonb_agg(i->'receipt' order by i->>'receipt') from jsonb_array_elements(t.proposed('feedback')) as i), (select jsonb_agg(r order by r) from unnest(array[t.receipt(1), t.receipt(3), t.receipt(5)]) as r),
	'what is late or was reopened is proposed; not what is in time, nor what is against the office');
select is((select string_agg(i->>'why' || ' ' || (i->'department'->>'code'), ',' order by i->>'why', i->'department'->>'code') from jsonb_array_elements(t.proposed('feedback')) as i),
	'overdue commerce,overdue office,reopened transport', 'with why, and who has it');
select t.convened() as n \gset
select t.meet('meeting_add', :n, 'coordinator', jsonb_build_object('text', '补贴', 'kind', 'feedback', 'feedback', jsonb_build_array(t.receipt(1)))) \g /dev/null
select is(jsonb_array_length(t.proposed('feedback')), 2, 'what is on an agenda is not proposed again');
select t.meet('meeting_cancel', :n, 'coordinator', '{"reason": "x"}') \g /dev/null
select is(jsonb_array_length(t.proposed('feedback')), 3, 'until that meeting is called off');

-- what many say alike
select t.filed(20 + x, null, '{"text": "村口路灯不亮了"}') from generate_series(1, 5) as x \g /dev/null
select t.filed(30 + x, null, '{"text": "自来水是浑的"}') from generate_series(1, 4) as x \g /dev/null
select t.filed(40 + x, null, '{"text": "大桥开裂无人修", "against": {"department": "transport"}}') from generate_series(1, 6) as x \g /dev/null
select t.age(x, '1 hour') from generate_series(21, 46) as x where (t.f(x)).id is not null \g /dev/null
insert into huiyin.feedback_words (feedback, filed_at, township, words)
select f.id, f.filed_at, huiyin.region_township(f.region), array_to_tsvector(huiyin.bigrams(f.said))
from huiyin.feedback f, generate_series(21, 46) as x
where f.id = (t.f(x)).id;
create function t.alike(more jsonb default '{}') returns text[] language sql as $$
	select array(select concat_ws(' ', i->>'n', i->>'text', i->>'region_name', jsonb_array_length(i->'feedback')) from jsonb_array_elements(t.proposed('typical', more)) as i)
$$;
select is(t.alike(), '{"6 大桥开裂无人修 柏杨坝镇 6","5 村口路灯不亮了 柏杨坝镇 5"}', 'groups are proposed with how many, an example and what to link; none below 5');
select t.convened() as n \gset
select is(t.alike(jsonb_build_object('meeting', :n)), '{"5 村口路灯不亮了 柏杨坝镇 5"}', 'for a meeting without what is against those invited');
select is(t.meet('meeting_add', :n, 'coordinator', jsonb_build_object('text', '路灯', 'kind', 'typical', 'feedback',
	(select jsonb_agg(f->'receipt') from jsonb_array_elements(t.proposed('typical', jsonb_build_object('meeting', :n))->0->'feedback') as f))), 'convened', 'what is proposed can be linked');
select is(t.alike('{"limit": 1}'), '{"6 大桥开裂无人修 柏杨坝镇 6"}', 'as many as are asked for');

-- late entries of the ledger
select t.issued_with(t.convened()) as done \gset
select is(t.proposed('ledger'), '[]', 'what is not due is not late');
update huiyin.ledger_entry e set due_at = now() - interval '1 day';
select is((t.proposed('ledger')->0) - 'due' - 'department' - 'level' - 'year', jsonb_build_object('kind', 'ledger', 'why', 'late', 'n', 1, 'entry', (select e.entry from huiyin.ledger_entry e),
	'state', 'open', 'overdue', true, 'progress', 0, 'text', '修路', 'number', 1, 'item', 1), 'what is late is proposed');
select is(t.meet('meeting_add', :n, 'coordinator', jsonb_build_object('text', '催办', 'kind', 'ledger', 'entries', jsonb_build_array((select e.entry from huiyin.ledger_entry e)))), 'convened', 'and linked');
select is(t.proposed('ledger'), '[]', 'then no more');

-- notices understood least
select t.act('notice_publish', 900, 'clerk', t.content('{422802000000}') || '{"headline": "难懂", "ack": "understood"}')->>'notice' as hard,
	t.act('notice_publish', 901, 'clerk', t.content('{422802000000}') || '{"headline": "易懂", "ack": "understood"}')->>'notice' as easy \gset
insert into huiyin.notice_receipt (notice, kiosk, sent, township, addressed, rank, understood, delivered_at)
select n.id, -k, n.sent, '422802101000', true, 4, k > (case n.notice when :'hard' then 4 else 0 end), now()
from huiyin.notice n, generate_series(1, 5) as k
where n.notice in (:'hard', :'easy');
select is(t.proposed('notice')->0, jsonb_build_object('kind', 'notice', 'why', 'understood', 'notice', :'hard', 'text', '难懂', 'n', 5, 'understood', 1,
	'department', '{"code": "commerce", "name": "商务局"}'::jsonb), 'what was not understood is proposed, with n of N');
select is(jsonb_array_length(t.proposed('notice')), 1, 'not what all have understood');
delete from huiyin.notice_receipt r where r.kiosk = -5;
select is(t.proposed('notice'), '[]', 'nor what fewer than five were asked');

select * from finish();
rollback;
