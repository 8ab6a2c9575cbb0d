-- SPDX-License-Identifier: Apache-2.0
-- Two at once on one feedback: one wins, the other is told by whom it was
-- overtaken; and one tick at a time in all the county.

\ir world.psql
\ir due.psql
\ir race.psql
select * from no_plan();
set client_min_messages = warning;

select admin.staff_add('{"name": "second", "department": "office", "roles": ["coordinator"], "password_hash": "x"}') \g /dev/null
create function t.try(act text, ref int, who text, params jsonb) returns text language sql as $$
	select format('select coalesce(r.refused->>''tag'' || '' '' || coalesce(r.refused->''now''->>''state'', '''') || '' '' || coalesce(r.refused->''now''->>''by'', ''''),
		r.result->>''state'') from api.%I(%L) as r', act, jsonb_build_array(t.item(0, ref, who, params)))
$$;
select t.open(2) \g /dev/null

-- two coordinators dispatch
select t.filed(1) \g /dev/null
select t.run(1, 'begin') \g /dev/null
select t.send(1, t.try('feedback_dispatch', 11, 'coordinator', jsonb_build_object('receipt', t.receipt(1), 'lead', 'commerce'))) \g /dev/null
select is(t.owed(1), 'dispatched', 'one coordinator dispatches');
select t.send(2, t.try('feedback_dispatch', 12, 'second', jsonb_build_object('receipt', t.receipt(1), 'lead', 'transport'))) \g /dev/null
select ok(t.waits(), 'the other one waits');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state dispatched 领导小组办公室 coordinator', 'and is told by whom it was overtaken');
select is(t.code((t.f(1)).lead), 'commerce', 'the first one''s word holds');
select is((select count(*) from huiyin.feedback_history h where h.feedback = (t.f(1)).id), 2::bigint, 'nothing is done twice');

-- a handler answers while the submitter withdraws
select t.run(1, 'begin') \g /dev/null
select t.send(1, t.try('feedback_answer', 13, 'clerk', jsonb_build_object('receipt', t.receipt(1), 'text', 'x', 'outcome', 'resolved'))), t.owed(1) \g /dev/null
select t.send(2, t.try('feedback_withdraw', 14, 'km', jsonb_build_object('receipt', t.receipt(1), 'proved', true))) \g /dev/null
select ok(t.waits(), 'who withdraws waits for who answers');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state answered 商务局', 'and is told that it was answered, by no person');

-- two revisits
select t.run(1, 'begin') \g /dev/null
select t.send(1, t.try('feedback_revisit', 15, 'coordinator', jsonb_build_object('receipt', t.receipt(1), 'solved', 'yes'))), t.owed(1) \g /dev/null
select t.send(2, t.try('feedback_revisit', 16, 'second', jsonb_build_object('receipt', t.receipt(1), 'solved', 'no'))) \g /dev/null
select ok(t.waits(), 'a second revisit waits');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state closed_resolved 领导小组办公室 coordinator', 'and comes too late');

-- one tick at a time; and not while somebody works on it
select t.filed(2, 'commerce'), t.age(2, '6 days') \g /dev/null
select t.run(1, 'begin'), t.send(1, 'select (huiyin.tick())->>''noted''') \g /dev/null
select isnt(t.owed(1), '0', 'a tick notes what is due');
select is(huiyin.tick()->>'busy', 'true', 'another one finds it busy');
select t.run(1, 'rollback'), t.run(1, 'begin') \g /dev/null
select t.send(1, t.try('feedback_accept', 17, 'clerk', jsonb_build_object('receipt', t.receipt(2)))), t.owed(1) \g /dev/null
select is(huiyin.tick()->>'seen', '0', 'what somebody works on is left to the next one');
select t.run(1, 'commit') \g /dev/null
select isnt(huiyin.tick()->>'noted', '0', 'which sees it');

-- what was filed becomes searchable, none is missed
select t.run(1, 'begin'), t.send(1, 'select pg_current_xact_id()'), t.owed(1) \g /dev/null
select t.filed(21) \g /dev/null
select huiyin.words_gather(100) \g /dev/null
select t.send(1, t.try('feedback_submit', 20, 'ka', t.said())), t.owed(1) \g /dev/null
select t.run(1, 'commit') \g /dev/null
select huiyin.words_gather(1), huiyin.words_gather(100), huiyin.words_gather(100) \g /dev/null
select is((select count(*) from huiyin.feedback f where not exists (select from huiyin.feedback_words w where w.feedback = f.id)), 0::bigint,
	'what commits late is found late, not missed');

-- a storm of everybody on a few: no deadlock, and a sound database
create procedure t.storm(me int) language plpgsql as $$
declare
	act text;
	who text;
	n int;
	params jsonb;
begin
	for i in 1..150 loop
		n := 30 + (random() * 5)::int;
		select a.act, a.who, a.params into act, who, params from (values
			('dispatch', 'coordinator', '{"lead": "commerce", "assisting": ["transport"]}'::jsonb), ('accept', 'clerk', '{}'),
			('ask', 'clerk', '{"text": "?"}'), ('supply', 'ka', '{"text": "!"}'), ('assist', 'driver', '{"text": "x"}'),
			('answer', 'clerk', '{"text": "x", "outcome": "resolved", "without": "y"}'), ('revisit', 'second', '{"solved": "no"}'),
			('reopen', 'km', '{"proved": true, "reason": "x"}'), ('link', 'coordinator', jsonb_build_object('main', t.receipt(30 + (random() * 5)::int))),
			('unlink', 'second', '{}'), ('return', 'clerk', '{"reason": "x", "suggestion": "baiyang"}')) as a(act, who, params)
		order by random() limit 1;
		perform t.on(act, n, who, params);
		commit;
		perform huiyin.tick();
		commit;
	end loop;
end $$;
select t.filed(30 + i) from generate_series(0, 5) as i \g /dev/null
select t.send(i, format('call t.storm(%s)', i)) from generate_series(1, 2) as i \g /dev/null
select is(t.owed(i), 'CALL', 'session ' || i || ' of a storm met no deadlock') from generate_series(1, 2) as i;
\set verify `cat "$HUIYIN_SQL/verify.sql"`
create table t.sql (sql text);
insert into t.sql values (rtrim(:'verify', E'; \n'));
create function t.verify() returns table (room text, problem text) language plpgsql as $f$
begin
	return query execute (select v.sql from t.sql v);
end $f$;
select is(array(select v.room || ': ' || v.problem from t.verify() v where v.room in ('feedback', 'clock', 'act', 'audit')
	and v.problem !~ 'settled'), '{}', 'and left a sound database');
select * from finish();
