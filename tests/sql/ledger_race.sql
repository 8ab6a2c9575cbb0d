-- SPDX-License-Identifier: Apache-2.0
-- Two at once on one entry: one wins, the other is told by whom it was overtaken; and
-- a summary that is issued while somebody works on what it corrects loses nothing.

\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
\ir race.psql
select * from no_plan();
set client_min_messages = warning;

create function t.try(act text, ref int, who text, params jsonb) returns text language sql as $$
	select format('select coalesce(r.refused->>''tag'' || '' '' || coalesce(r.refused->''now''->>''state'', '''') || '' '' || coalesce(r.refused->''now''->>''by'', ''''),
		r.result->>''state'') from api.%I(%L) as r', act, jsonb_build_array(t.item(0, ref, who, params)))
$$;
create function t.say(act text, ref int, decided text, who text, more jsonb default '{}') returns text language sql as $$
	select t.try(act, ref, who, jsonb_build_object('entry', t.number(decided)) || more)
$$;
create function t.meant(n bigint) returns jsonb language sql as $$
	select jsonb_build_object('meeting', n, 'revision', (t.m(n)).revision)
$$;
select t.open(2), t.filed(1, 'commerce') \g /dev/null
select t.issue('[{"text": "甲", "lead": "transport", "feedback": [1]}, {"text": "乙", "lead": "transport"}]') as first \gset

-- two of the lead say that it is done
select t.run(1, 'begin'), t.send(1, t.say('ledger_done', 11, '甲', 'driver', '{"text": "通了"}')) \g /dev/null
select is(t.owed(1), 'done', 'one says that it is done');
select t.send(2, t.say('ledger_done', 12, '甲', 'chief', '{"text": "x"}')) \g /dev/null
select ok(t.waits(), 'the other one waits');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state done 交通局 driver', 'and is told by whom it was overtaken');
select is((t.e('甲')).said, '通了', 'the first one''s word holds');

-- one verifies while the coordinator cancels; and the submitter's department answers
select t.run(1, 'begin'), t.send(1, t.try('feedback_answer', 13, 'clerk', jsonb_build_object('receipt', t.receipt(1), 'text', 'x', 'outcome', 'resolved'))), t.owed(1) \g /dev/null
select t.send(2, t.say('ledger_verify', 14, '甲', 'coordinator', '{"decision": "verified"}')) \g /dev/null
select ok(t.waits(), 'who verifies waits for who works on the feedback');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'verified', 'then it is verified');
select is(array(select h.act || ' ' || h.state from huiyin.feedback_history h where h.feedback = (t.f(1)).id order by h.step desc limit 2), '{"decide answered","answer answered"}', 'both are steps of the feedback, one after the other');
select is((t.f(1)).steps::bigint, (select count(*) from huiyin.feedback_history h where h.feedback = (t.f(1)).id), 'none is lost');

-- the lead works on what a correction is about to take the place of
select t.signed('[{"text": "甲", "lead": "transport", "feedback": [1]}, {"text": "乙", "lead": "transport"}]', :first) as meeting \gset
select t.run(1, 'begin'), t.send(1, t.say('ledger_progress', 15, '乙', 'driver', '{"percent": 60, "text": "x"}')), t.owed(1) \g /dev/null
select t.send(2, t.try('summary_issue', 16, 'coordinator', t.meant(:meeting))) \g /dev/null
select ok(t.waits(), 'who issues waits for who works on an entry');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'issued', 'then it is issued');
select is(row((t.e('乙')).state, (t.e('乙')).progress, (t.e('乙')).continues is not null)::text, '(doing,60,t)', 'and goes on from what was said last');
select max(s.summary) as second from huiyin.summary_issued s \gset

-- and the other way round
select t.signed('[{"text": "甲", "lead": "transport", "feedback": [1]}, {"text": "乙", "lead": "transport"}]', :second) as meeting \gset
select t.say('ledger_progress', 17, '乙', 'driver', '{"percent": 70, "text": "x"}') as late \gset
select t.run(1, 'begin'), t.send(1, t.try('summary_issue', 18, 'coordinator', t.meant(:meeting))) \g /dev/null
select is(t.owed(1), 'issued', 'a correction is issued');
select t.send(2, :'late') \g /dev/null
select ok(t.waits(), 'who works on what it corrects waits');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state cancelled 领导小组办公室 coordinator', 'and is told that the entry is closed');
select is((t.e('乙')).progress, 60::smallint, 'nothing is written where nobody looks any more');

-- the tick leaves what somebody works on
select t.issue('[{"text": "丙", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]'), t.run('丙', 120) \g /dev/null
select t.run(1, 'begin'), t.send(1, t.say('ledger_progress', 19, '丙', 'clerk', '{"percent": 1, "text": "x"}')), t.owed(1) \g /dev/null
select is((huiyin.ledger_tick(100)).seen, 0, 'what somebody works on is left to the next tick');
select t.run(1, 'commit') \g /dev/null
select is((huiyin.ledger_tick(100)).noted, 3, 'which sees it');

select * from finish();
