-- SPDX-License-Identifier: Apache-2.0
-- Two nodes settle the same ref at the same moment: exactly once.

\ir world.psql
\ir race.psql
select * from no_plan();
select t.open(4) \g /dev/null

create function t.try(act text, ref int, who text, params jsonb) returns text language sql as $$
	select format('select t.act(%L, %s, %L, %L)::text', act, ref, who, params)
$$;
-- session 1 settles and stays open, session 2 says the same ref; 1 ends as told
create function t.both(act text, ref int, who text, params jsonb, who2 text, params2 jsonb, ends text)
returns table (first jsonb, second jsonb) language plpgsql as $$
begin
	perform t.run(1, 'begin');
	perform t.send(1, t.try(act, ref, who, params));
	first := t.owed(1);
	perform t.send(2, t.try(act, ref, who2, params2));
	if not t.waits() then
		raise exception 'session 2 did not wait';
	end if;
	perform t.run(1, ends);
	second := t.owed(2);
	return next;
end $$;

select t.act('notice_publish', 1, 'clerk', t.content('{422802101000}'))->>'notice' as notice \gset
create temp table v as
select * from (values
	(1, 'feedback_submit', 'ka', t.said(), t.said('{"text": "x"}'), 'km'),
	(2, 'notice_publish', 'clerk', t.content('{422802101000}'), t.content('{422802100000}'), 'approver'),
	(3, 'notice_draft', 'clerk', t.content('{422802101000}'), t.content('{422802100000}'), 'approver')
) as v(i, act, who, params, other, stranger);

create temp table same as
select v.act, b.* from v, t.both(v.act, 100 + v.i, v.who, v.params, v.who, v.params, 'commit') as b;
select is(s.second, s.first, s.act || ': who comes second is told what the first settled') from same s;
select is(s.first ? 'refused', false, s.act || ': which is no refusal') from same s;
select is(b.second, '{"refused": "conflict"}', v.act || ': with other content it is a conflict')
from v, t.both(v.act, 300 + v.i, v.who, v.params, v.who, v.other, 'commit') as b;
select is(b.second, '{"refused": "conflict"}', v.act || ': by somebody else it is a conflict')
from v, t.both(v.act, 500 + v.i, v.who, v.params, v.stranger, v.params, 'commit') as b;
select ok(b.second <> b.first and not b.second ? 'refused', v.act || ': when the first gives up the second settles')
from v, t.both(v.act, 700 + v.i, v.who, v.params, v.who, v.params, 'rollback') as b;
select is((select count(*) from huiyin.feedback), 4::bigint, 'there are four feedbacks of eight tries');
select is((select count(*) from huiyin.notice n where n.seq is not null), 5::bigint, 'and five notices of nine');

select t.act('feedback_submit', 50, 'ka', t.said(jsonb_build_object('about', jsonb_build_object('notice', :'notice'))))->>'receipt' as r \gset
select jsonb_build_object('receipt', :'r', 'text', '好', 'outcome', 'resolved') as answer \gset
create temp table answers as
select b.* from t.both('feedback_answer', 51, 'clerk', :'answer', 'clerk', :'answer', 'commit') as b;
select is(a.second, a.first, 'one answer sent twice is one') from answers a;
select t.act('feedback_submit', 52, 'ka', t.said(jsonb_build_object('about', jsonb_build_object('notice', :'notice'))))->>'receipt' as r \gset
select t.run(1, 'begin') \g /dev/null
select t.send(1, t.try('feedback_answer', 53, 'clerk', jsonb_build_object('receipt', :'r', 'text', '好', 'outcome', 'resolved'))), t.owed(1) \g /dev/null
select t.send(2, t.try('feedback_answer', 54, 'approver', jsonb_build_object('receipt', :'r', 'text', '不', 'outcome', 'explained'))) \g /dev/null
select ok(t.waits(), 'a second answer waits for the first');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), '{"refused": "wrong_state receipt"}', 'and comes too late');

-- Four nodes send the same 256 refs again and again: a retry storm.
create procedure t.storm(me int) language plpgsql as $$
begin
	for i in 1..5 loop
		perform count(*) from api.feedback_submit((
			select jsonb_agg(t.item(n, 10000 + i * 256 + n, 'ka', t.said())) from generate_series(0, 255) as n));
		perform count(*) from api.notice_receipt((
			select jsonb_agg(jsonb_build_object('n', n, 'who', t.who((array['ka', 'kb'])[1 + ((x.id + me + i) % 2)::int]), 'params',
				jsonb_build_object('notice', x.notice, 'state', (array['shown', 'read', 'understood'])[i % 3 + 1], 'at', now())))
			from (select row_number() over (order by random())::int as n, y.id, y.notice from huiyin.notice y where y.seq is not null) as x));
		perform count(*) from api.hello((
			select jsonb_agg(jsonb_build_object('n', n, 'node', t.ref(me), 'session', 's' || n, 'who', '{}'::jsonb, 'params',
				jsonb_build_object('as', 'kiosk', 'proved', true, 'name', (array['ka', 'kb', 'km'])[1 + (n * me) % 3], 'cursor', 0)))
			from generate_series(0, 63) as n));
		commit;
	end loop;
end $$;
select t.send(i, format('call t.storm(%s)', i)) from generate_series(1, 4) as i \g /dev/null
select is(t.owed(i), 'CALL', 'node ' || i || ' met no deadlock') from generate_series(1, 4) as i;
select is((select row(count(*), count(distinct f.receipt), count(distinct f.ref))::text from huiyin.feedback f
	where f.ref between t.ref(10256) and t.ref(11535)), '(1280,1280,1280)', '1280 refs sent by four nodes are 1280 feedbacks');
select is((select count(*) from huiyin.presence), 256::bigint, 'every session is on the line once');
select is((select count(*) from huiyin.notice_receipt r where r.rank = 4), (select count(*) * 2 from huiyin.notice n where n.seq is not null
	and n.regions = '{422802101000}'), 'every notice is understood at both kiosks');

-- One step of a second factor, two nodes.
select admin.staff_totp('{"name": "chief", "totp": "sealed"}') \g /dev/null
create function t.login() returns text language sql as $$
	select 'select coalesce(h.refused->>''tag'', ''in'') from api.hello(''[{"n": 0, "node": "0192f000-0000-7000-8000-000000000001",
		"session": "x", "who": {}, "params": {"as": "staff", "name": "chief", "proved": true, "totp_step": 7}}]'') as h'
$$;
select t.run(1, 'begin'), t.send(1, t.login()), t.owed(1) as first \gset
select t.send(2, t.login()) \g /dev/null
select ok(t.waits(), 'a second node waits for the step');
select t.run(1, 'commit') \g /dev/null
select is(:'first' || ', ' || t.owed(2), 'in, wrong_secret', 'and finds it used');

select is((select count(*) from huiyin.act a where a.result is null), 0::bigint, 'no ref was taken for nothing');
select is(admin.audit_verify('{}')->'ok', 'true', 'the audit chain holds after all that');
select * from finish();
