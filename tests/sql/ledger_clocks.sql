-- SPDX-License-Identifier: Apache-2.0
-- The clock of an entry: when it is due, warnings and escalation, and that what was
-- late stays late: through a plan, a refusal, a correction and cancelling.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
select * from no_plan();
create function t.tick() returns int language sql as $$ select (huiyin.tick()->>'noted')::int $$;
select t.tick() \g /dev/null

-- dates as the county works: 8:30 to 12:00 and 14:00 to 17:30 or as it is laid out
select w.starts as starts, w.ends as ends, huiyin.working_day_end(w.day) as evening from huiyin.working_span w
where w.starts > '2026-11-23 00:00+08' order by w.starts limit 1 \gset
select is(huiyin.ledger_due(:'starts'::timestamptz + interval '1 hour'), :'starts'::timestamptz + interval '1 hour', 'a moment of working time is itself');
select is(huiyin.ledger_due(:'ends'), :'ends'::timestamptz, 'so is the end of the morning');
select is(huiyin.ledger_due(:'ends'::timestamptz + interval '1 minute'), :'evening'::timestamptz, 'at noon it is the end of the day');
select is(huiyin.ledger_due('2026-11-23 00:00+08'), :'evening'::timestamptz, 'a day alone is its end');
select is(huiyin.ledger_due('2026-11-23 23:59:59+08'), :'evening'::timestamptz, 'and no later');
select is(huiyin.ledger_due('2026-11-21 10:00+08'), :'evening'::timestamptz, 'a Saturday is the Monday after');
select is(huiyin.ledger_due(null), null, 'none is none');
select is((select count(*) from generate_series('2026-11-20 00:10+08'::timestamptz, '2026-12-04', interval '70 minutes') as at
	where huiyin.ledger_due(huiyin.ledger_due(at)) <> huiyin.ledger_due(at)), 0::bigint, 'what was rounded stays as it is');

-- warn, breach, escalate, each once
select admin.staff_superior('{"name": "clerk", "superior": "approver"}') \g /dev/null
select t.issue('[{"text": "修路", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]') \g /dev/null
select is(t.ledger('ledger_progress', '修路', 'clerk', '{"percent": 10, "text": "开工"}'), 'doing', 'somebody handles it');
select is(t.tick(), 0, 'nothing is due');
select t.run('修路', 76) \g /dev/null
select (t.e('修路')).due_at as due \gset
select is(t.tick(), 1, 'at 75 % something is noted');
select is(t.tick(), 0, 'once');
select is((t.times('修路'))[2:], '{"warn 75 commerce"}', 'a warning');
select is((t.e('修路')).level, 75::smallint, 'and its level is to be seen');
select isnt((t.e('修路')).tick_at, null, 'the next one is to come');
select t.run('修路', 91, 75) \g /dev/null
select is(t.tick(), 1, 'at 90 % another');
select is(t.look('修路', 'clerk')->>'overdue', 'false', 'it is not late yet');
select t.run('修路', 101, 90) \g /dev/null
select is(t.tick(), 1, 'past 100 % it is late, and somebody is told');
select is((t.times('修路'))[4:], '{"breach 100 commerce","escalate 100 commerce approver"}', 'the superior of who handles it');
select is(t.look('修路', 'clerk')->>'overdue' || (t.look('修路', 'clerk')->>'ever_overdue'), 'truetrue', 'that is to be seen');
select is(t.look('修路', 'mayor'), '{"refused": "not_found entry"}', 'not to the next one yet');
select t.run('修路', 151, 100) \g /dev/null
select is(t.tick(), 1, 'at 150 %');
select t.run('修路', 201, 150) \g /dev/null
select is(t.tick(), 1, 'and at 200 %');
select is(array(select x from unnest(t.times('修路')) as x where x ~ '150|200' order by x), '{"escalate 150 office","escalate 200 hall"}', 'the superiors of the department that leads');
select is(t.parties('修路'), '{"escalated hall","escalated office","lead commerce"}', 'who see it from then on');
select is(t.look('修路', 'mayor')->>'level', '200', 'and how late it is');
select is((t.e('修路')).tick_at, null, 'then nothing more is to come');
select is((select a.subject from huiyin.audit a where a.act = 'tick' order by a.seq desc limit 1), '1 ' || t.number('修路') || ' ' || t.number('修路'), 'the tick is in the audit');

-- done late is late, verified or not
select is(t.ledger('ledger_done', '修路', 'clerk', '{"text": "通了"}'), 'done', 'it is done at last');
select is(array(select x from unnest(t.times('修路')) as x where x ~ 'breach|met' order by x), '{"breach 100 commerce","met commerce clerk"}', 'no second breach is written');
select is(t.ledger('ledger_verify', '修路', 'mayor', '{"decision": "verified"}'), 'verified', 'who was told may verify it');
select is(t.look('修路', 'clerk')->>'overdue' || (t.look('修路', 'clerk')->>'ever_overdue'), 'falsetrue', 'it was late for ever');

-- no tick has seen it: the act itself writes it
select t.issue('[{"text": "架桥", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]'), t.run('架桥', 120) \g /dev/null
select is(t.ledger('ledger_done', '架桥', 'clerk', '{"text": "x"}'), 'done', 'done between two ticks');
select is((t.times('架桥'))[2:], '{"breach 100 commerce","met commerce clerk"}', 'late is written');
select is(t.ledger('ledger_verify', '架桥', 'coordinator', '{"decision": "refused", "reason": "没通"}'), 'doing', 'refused');
select is((t.times('架桥'))[4:], '{"start commerce coordinator refused"}', 'its clock goes on, its breach is there once');

-- said to be done in time, refused after: late all the same
select t.tick(), t.issue('[{"text": "打井", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]') \g /dev/null
select is(t.ledger('ledger_done', '打井', 'clerk', '{"text": "x"}'), 'done', 'said in time');
select t.run('打井', 120) \g /dev/null
select is(t.tick(), 0, 'while that is to be verified no clock runs');
select is(t.ledger('ledger_verify', '打井', 'coordinator', '{"decision": "refused", "reason": "没水"}'), 'doing', 'it was not so');
select is((t.times('打井'))[2:], '{"met commerce clerk","start commerce coordinator refused","breach 100 commerce"}', 'so it is late');
select cmp_ok(t.tick(), '>=', 2, 'and the superiors are told');

-- a plan, and cancelling, move no date
select t.issue('[{"text": "通网", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]'), t.run('通网', 101, 90) \g /dev/null
select (t.e('通网')).due_at as due \gset
select is(t.ledger('ledger_block', '通网', 'clerk', '{"reason": "x", "headline": "x", "plan": "x"}'), 'blocked', 'blocked');
select is((t.e('通网')).due_at, :'due'::timestamptz, 'its date stays');
select is(t.tick(), 1, 'and it is late');
select is(t.ledger('ledger_cancel', '通网', 'coordinator', '{"reason": "x"}'), 'cancelled', 'cancelled');
select is((t.times('通网'))[2:], '{"breach 100 commerce","escalate 100 commerce approver","stop commerce coordinator cancelled"}', 'it was late');
select is(t.look('通网', 'clerk')->>'ever_overdue', 'true', 'and that can be read');

-- what was over when it was decided
select t.issue('[{"text": "旧账", "lead": "commerce", "due": "2026-01-05T10:00:00+08:00"}]') \g /dev/null
select is(t.look('旧账', 'clerk')->>'overdue', 'true', 'due before it was decided it is late');
select is(t.tick(), 3, 'and told once, not at every level');
select is(t.tick(), 0, 'and not again');

-- a correction goes on where the entry was; its lateness too
select is(t.issue('[
	{"text": "甲", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"},
	{"text": "乙", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"},
	{"text": "丙", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"},
	{"text": "丁", "lead": "commerce", "assisting": ["transport"]},
	{"text": "戊", "lead": "commerce"}
]') > 0, true, 'five are decided');
select (t.e('甲')).summary as was \gset
select t.run('甲', 101), t.run('乙', 101), t.tick(), t.ledger('ledger_progress', '甲', 'clerk', '{"percent": 60, "text": "x"}'),
	t.ledger('ledger_progress', '乙', 'clerk', '{"percent": 60, "text": "x"}'), t.ledger('ledger_done', '丁', 'clerk', '{"text": "办好"}'),
	t.ledger('ledger_verify', '丁', 'driver', '{"decision": "verified"}') \g /dev/null
select t.number('甲') as was_a, t.number('丙') as was_c, t.number('丁') as was_d, huiyin.rfc3339((t.e('甲')).due_at) as due_a \gset
select t.issue(jsonb_build_array(
	jsonb_build_object('text', '甲', 'lead', 'commerce', 'due', (t.e('甲')).due_at),
	jsonb_build_object('text', '乙', 'lead', 'transport', 'due', '2068-01-03T10:00:00+08:00'),
	jsonb_build_object('text', '丁', 'lead', 'commerce', 'assisting', '["transport"]'::jsonb),
	jsonb_build_object('text', '戊')), :was) \g /dev/null
select is(row((t.e('甲')).state, (t.e('甲')).progress, (t.e('甲')).level)::text, '(doing,60,100)', 'the same goes on where it was');
select is(huiyin.rfc3339((t.e('甲')).due_at), :'due_a', 'due when it was');
select is(t.look('甲', 'clerk')->>'continues', :'was_a', 'and says what it continues');
select is(t.look('甲', 'clerk')->>'ever_overdue', 'true', 'late is late across a correction');
select t.ask('ledger_get', 'clerk', jsonb_build_object('entry', :'was_a')) as old_a \gset
select is(:'old_a'::jsonb->>'state' || ' ' || (:'old_a'::jsonb->>'continued_by'), 'cancelled ' || t.number('甲'), 'the one before is closed with a reference');
select is(:'old_a'::jsonb->'clocks'->-1->>'kind', 'stop', 'its clock stopped');
select is(row((t.e('乙')).state, (t.e('乙')).progress, t.code((t.e('乙')).lead))::text, '(open,0,transport)', 'given to another it begins anew');
select is(t.look('乙', 'driver')->>'ever_overdue', 'true', 'late it was all the same');
select is((t.look('丁', 'clerk')->>'state') || ' ' || (t.look('丁', 'clerk')->>'result'), 'verified 办好', 'what was verified is');
select is(t.ask('ledger_get', 'clerk', jsonb_build_object('entry', :'was_d'))->>'state', 'verified', 'and was, before');
select is(t.ask('ledger_get', 'clerk', jsonb_build_object('entry', :'was_c'))->>'state', 'cancelled', 'what is not decided any more is cancelled');
select is((t.e('戊')).state, 'cancelled', 'also where nobody has to do it any more');
select is((select count(*) from huiyin.ledger_entry e where e.tick_at is not null and e.state = 'cancelled'), 0::bigint, 'no clock of what is cancelled runs');
select t.tick() \g /dev/null
select is((select count(*) from huiyin.ledger_clock c where c.entry = (t.e('甲')).id and c.kind = 'escalate'), 0::bigint, 'nobody is told again of what they were told');

-- what was cancelled stays so in a correction, unless it is decided again
select t.issue(jsonb_agg(jsonb_build_object('text', x, 'lead', 'commerce', 'due', '2068-01-03T10:00:00+08:00'))) as called_off from unnest(array['同', '日', '言', '人']) as x \gset
select t.ledger('ledger_cancel', x, 'coordinator', '{"reason": "x"}') from unnest(array['同', '日', '言', '人']) as x \g /dev/null
select t.issue('[
	{"text": "同", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"},
	{"text": "日", "lead": "commerce", "due": "2068-01-04T10:00:00+08:00"},
	{"text": "言", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00", "decision": "另办"},
	{"text": "人", "lead": "transport", "due": "2068-01-03T10:00:00+08:00"}
]', :called_off) \g /dev/null
select is(row(e.state, e.closed_at is null, e.tick_at is null)::text, v.found, format('%s: %s', v.x, v.found))
from (values ('同', '(cancelled,f,t)'), ('日', '(open,t,f)'), ('言', '(open,t,f)'), ('人', '(open,t,f)')) as v(x, found), lateral t.e(v.x) as e;
select is((t.times('日'))[1], 'start commerce coordinator', 'its clock begins with it');
select is(t.ledger('ledger_progress', '日', 'clerk', '{"percent": 5, "text": "x"}'), 'doing', 'and it is worked on');

-- a circle, a vacant post: as for feedback
select t.issue('[{"text": "圈", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00"}]'), t.ledger('ledger_progress', '圈', 'clerk', '{"percent": 1, "text": "x"}'),
	admin.staff_vacancy('{"name": "approver"}'), t.run('圈', 101, 90), t.tick() \g /dev/null
select is((t.times('圈'))[3:], '{"escalate 100 office"}', 'a vacant post is skipped');

select * from finish();
rollback;
