-- SPDX-License-Identifier: Apache-2.0
-- After the answer: revisit, rate, reopen; duplicates; history and search.

begin;
\ir world.psql
\ir due.psql
select * from no_plan();

create function t.answered(n int, outcome text default 'resolved') returns text language plpgsql as $$
begin
	perform t.filed(n, 'commerce');
	return t.on('feedback_answer', n, 'clerk', jsonb_build_object('text', '修好了', 'outcome', outcome,
		'planned', case when outcome = 'planned' then '2027-01-01T08:00:00+08:00' end));
end $$;

-- revisit by somebody else
select is(t.answered(1), 'answered', 'answered');
select is((t.f(1)).revisit_by, huiyin.deadline(now(), 5, 'working_days'), 'a revisit is due in five working days');
select is(t.on('feedback_revisit', 1, 'clerk', '{"solved": "yes", "grade": 5}'), 'own_answer receipt', 'who answered does not ask');
select is(t.on('feedback_revisit', 1, 'driver', '{"solved": "yes"}'), 'not_found receipt', 'nor another department');
select is(t.on('feedback_revisit', 1, 'coordinator', '{"solved": "unreached", "grade": 5}'), 'bad_value grade', 'who was not reached gave no grade');
select is(jsonb_array_length(t.ask('feedback_queue', 'coordinator', '{"for": "revisit"}')->'items'), 1, 'it waits in the coordinator''s queue');
select is(t.on('feedback_revisit', 1, 'coordinator', '{"solved": "yes", "grade": 5}'), 'closed_resolved', 'solved closes it');
select is(t.clocks(1, 'revisit'), '{"revisit met office coordinator"}', 'and meets the clock');
select is(t.on('feedback_revisit', 1, 'coordinator', '{"solved": "yes"}'), 'wrong_state receipt', 'once');
select is(t.answered(n, outcome) || ' ' || t.on('feedback_revisit', n, 'approver', jsonb_build_object('solved', solved)), 'answered ' || becomes,
	outcome || ' and solved ' || solved || ': ' || becomes)
from (values (2, 'resolved', 'partly', 'closed_explained'), (3, 'resolved', 'no', 'reopened'), (4, 'explained', 'no', 'closed_explained'),
	(5, 'planned', 'no', 'closed_explained'), (6, 'partly', 'no', 'reopened')) as v(n, outcome, solved, becomes);
select is(row((t.f(3)).round, (t.f(3)).answer_by - now(), (t.f(3)).answered_at)::text, '(2,"7 days",)', 'reopened: a new answer clock in a second round');
select is((t.clocks(3, 'answer')), '{"answer met commerce clerk","answer start commerce approver"}', 'the old one is kept');

-- three attempts on different days
select t.answered(10) \g /dev/null
select is(t.on('feedback_revisit', 10, 'coordinator', '{"solved": "unreached"}'), 'revisit', 'nobody was there');
select is(t.on('feedback_revisit', 10, 'approver', '{"solved": "unreached"}'), 'already solved', 'one attempt a day counts');
select t.age(10, '1 day') \g /dev/null
select is(t.on('feedback_revisit', 10, 'coordinator', '{"solved": "unreached"}'), 'revisit', 'the second');
select t.age(10, '1 day') \g /dev/null
select is(t.on('feedback_revisit', 10, 'coordinator', '{"solved": "unreached"}'), 'closed_resolved', 'after the third it rests on its answer');
select is((select row(count(*), count(e.solved), count(e.grade))::text from huiyin.feedback_echo e where e.feedback = (t.f(10)).id), '(3,0,0)', 'and nobody was satisfied');
select ok((select c.reason = 'unreached' from huiyin.feedback_clock c where c.feedback = (t.f(10)).id and c.clock = 'revisit'), 'it is written as unreached');

-- the submitter's side, by key
select t.answered(20) \g /dev/null
select is(t.on('feedback_rate', 20, 'km', '{"proved": true, "solved": "partly", "grade": 2, "text": "只修了一半"}'), 'answered', 'rated at another kiosk, by the key');
select is(t.on('feedback_rate', 20, 'km', '{"proved": true, "solved": "yes", "grade": 5}'), 'already receipt', 'once a round');
select is(t.on('feedback_reopen', 20, null, '{"proved": true, "reason": "又塌了"}'), 'reopened', 'and reopened, without an account');
select is(t.on('feedback_rate', 20, null, '{"proved": true, "solved": "yes", "grade": 5}'), 'wrong_state receipt', 'what is open is not rated');
select is(t.on('feedback_answer', 20, 'clerk', '{"text": "重修", "outcome": "resolved"}') || ' ' || t.on('feedback_rate', 20, null, '{"proved": true, "solved": "yes", "grade": 4}'),
	'answered closed_resolved', 'solved, says the submitter: that closes it');
select t.age(20, '15 days 1 hour') \g /dev/null
select is(t.on('feedback_reopen', 20, null, '{"proved": true, "reason": "又塌了"}'), 'too_late receipt', 'after 15 days it stays closed');
select t.answered(21), t.age(21, '14 days') \g /dev/null
select is(t.on('feedback_reopen', 21, null, '{"proved": true, "reason": "没有修"}'), 'reopened', 'before, it is reopened');

-- duplicates
select t.filed(30, 'commerce'), t.filed(31, 'transport'), t.filed(32), t.filed(33, null, '{"against": {"department": "commerce"}}') \g /dev/null
create function t.link(n int, main int) returns text language sql as $$
	select t.on('feedback_link', n, 'coordinator', jsonb_build_object('main', t.receipt(main), 'reason', '同一件事'))
$$;
select is(t.link(30, 30), 'bad_value main', 'nothing is a duplicate of itself');
select is(t.on('feedback_link', 31, 'coordinator', '{"main": "HY-422802-26-999999"}'), 'not_found main', 'nor of nothing');
select is(t.link(33, 30), 'bad_value main', 'nor is it answered by whom it is against');
select is(t.link(33, 32), 'bad_value main', 'nor by another that whom it is against may come to lead');
select t.filed(94), t.on('dispatch', 94, 'coordinator', '{"lead": "office", "assisting": ["commerce"]}') \g /dev/null
select is(t.link(94, 33), 'bad_value main', 'nor do those who assist read through it what is said against them');
select t.filed(95, null, '{"against": {"department": "commerce"}}'), t.filed(96, null, '{"against": {"department": "transport"}}'),
	t.filed(97, null, '{"against": {"department": "commerce"}}') \g /dev/null
select is(t.link(96, 97) || ', ' || t.link(95, 97), 'bad_value main, closed_duplicate', 'what is against the same is joined, and nothing else');
select is(t.on('feedback_dispatch', 97, 'coordinator', '{"lead": "commerce"}') || ' ' || t.on('feedback_dispatch', 97, 'coordinator', '{"lead": "baiyang"}'), 'bad_value lead dispatched', 'and led by another');
select (t.f(31)).answer_by as due \gset
select is(t.link(31, 30) || ' ' || t.link(32, 30), 'closed_duplicate closed_duplicate', 'two are joined to one');
select is(t.link(30, 31), 'wrong_state main', 'no circles');
select is(t.link(20, 31), 'wrong_state receipt', 'what is closed is not joined');
select is((t.f(31)).tick_at, null, 'their clocks are the other''s');
select is(t.on('feedback_unlink', 31, 'coordinator'), 'dispatched', 'a link is reversible');
select is(row((t.f(31)).answer_by, t.code((t.f(31)).lead))::text, row(:'due'::timestamptz, 'transport')::text, 'back where it was, its dates as they were');
select is(t.on('feedback_unlink', 31, 'coordinator'), 'wrong_state receipt', 'once');
select is(t.link(31, 30), 'closed_duplicate', 'and joined again');
select is(t.on('feedback_answer', 30, 'clerk', '{"text": "都修好了", "outcome": "resolved"}'), 'answered', 'the one is answered');
select is(t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(n), 'proved', true))->'answer'->>'text', '都修好了', 'every submitter gets the answer')
from unnest(array[30, 31, 32]) as n;
select is((select h.note from huiyin.feedback_history h where h.feedback = (t.f(n)).id and h.step = (t.f(n)).steps), 'answered_by_main', 'and hears of it')
from unnest(array[31, 32]) as n;
select ok(not t.ask('feedback_get', null, jsonb_build_object('receipt', t.receipt(31), 'proved', true))::text like '%' || t.receipt(30) || '%', 'not the other''s number');
select t.filed(34, 'commerce'), t.filed(35), t.link(35, 34) \g /dev/null
select is(t.on('feedback_withdraw', 34, null, '{"proved": true}') || ' ' || t.at(35), 'closed_withdrawn dispatched', 'when the one is withdrawn the other goes on by itself');

-- history, as far as it is one's to see
create function t.history(who text, n int, proved boolean default false) returns jsonb language sql as $$
	select t.ask('feedback_history', who, jsonb_build_object('receipt', t.receipt(n), 'proved', proved))
$$;
select is(t.history(who, 20), '{"refused": "not_found receipt"}', coalesce(who, 'a visitor') || ' reads no history without the key')
from unnest(array[null, 'ka', 'km', 'driver', 'keeper', 'town']) as who;
select is(jsonb_path_query_array(t.history(null, 20, true)->'items', '$[*].act'), jsonb_path_query_array(t.history('clerk', 20)->'items', '$[*].act'),
	'who has the key reads every step');
select is(jsonb_path_query_array(t.history(null, 20, true), '$.items[*].who'), '[]', 'and no person');
select ok(t.history('clerk', 20)->'items' @> '[{"act": "answer", "who": "clerk", "by": "商务局"}]', 'the department reads who did it');
select ok(t.history('auditor', 20)->'items' @> '[{"clock": "answer", "kind": "met"}]', 'an auditor every clock');
select is(t.history('clerk', 33), '{"refused": "not_found receipt"}', 'whom it is against reads nothing');
select is(t.history('clerk', 33, true), '{"refused": "not_found receipt"}', 'with the key neither');

-- the queue
select is(t.ask('feedback_queue', who, '{}'), '{"refused": "not_allowed"}', coalesce(who, 'a visitor') || ' has no queue') from unnest(array[null, 'ka', 'clerk', 'mayor', 'auditor']) as who;
select t.filed(40, null, '{"service": "complaint"}'), t.filed(41, null, '{"service": "danger"}'), t.filed(42, null, '{"service": "utility"}') \g /dev/null
select is((select array_agg(i->>'service') from (select i from jsonb_array_elements(t.ask('feedback_queue', 'coordinator', '{}')->'items') with ordinality as x(i, o) order by o limit 2) as y),
	'{danger,utility}', 'danger to life comes first');
select ok((select count(*) from jsonb_array_elements(t.ask('feedback_queue', 'coordinator', '{}')->'items') as i where i->>'receipt' = t.receipt(33)) = 1, 'what is against a department waits there too');
select is(jsonb_array_length(t.ask('feedback_queue', 'coordinator', '{"limit": 2}')->'items'), 2, 'a limit holds');

-- search
select is(huiyin.bigrams('路塌了,A型 路'), '{a型,塌了,路,路塌}', 'bigrams of words; a letter alone is itself');
select t.filed(50, 'commerce', '{"text": "村口的路塌了请来修"}'), t.filed(51, 'transport', '{"text": "我们村口的路塌了,请快来修一下"}'),
	t.filed(52, 'transport', '{"text": "电商培训什么时候开始"}'), t.filed(53, 'transport', '{"text": "村口的路塌了", "against": {"department": "commerce"}}') \g /dev/null
-- what this transaction wrote is not settled yet: as if it were
insert into huiyin.feedback_words (feedback, filed_at, township, words)
select f.id, f.filed_at, huiyin.region_township(f.region), array_to_tsvector(huiyin.bigrams(f.said)) from huiyin.feedback f where f.ref between t.ref(50) and t.ref(53);
create function t.finds(who text, params jsonb) returns int[] language sql as $$
	select coalesce(array_agg(n order by n), '{}') from generate_series(50, 53) as n
	where t.receipt(n) in (select i->>'receipt' from jsonb_array_elements(t.ask('feedback_search', who, params)->'items') as i)
$$;
select is(t.finds(who, '{"text": "村口"}'), finds, who || ' finds ' || finds::text)
from (values ('coordinator', '{50,51,53}'::int[]), ('auditor', '{50,51,53}'), ('clerk', '{50}'), ('driver', '{51,53}'), ('town', '{}')) as v(who, finds);
select is(t.finds('coordinator', '{"text": "培训 开始"}'), '{52}', 'all words occur');
select is(t.finds('coordinator', '{"text": "修路"}'), '{}', 'in their order');
select is(t.finds('coordinator', jsonb_build_object('similar', t.receipt(50))), '{51,53}', 'what is alike is suggested');
select is(t.finds('clerk', jsonb_build_object('similar', t.receipt(50))), '{}', 'of what one may see');
select is(t.ask('feedback_search', 'clerk', jsonb_build_object('similar', t.receipt(53))), '{"refused": "not_found similar"}', 'whom it is against does not ask with it');
select is(t.ask('feedback_search', 'clerk', '{"text": "!?"}'), '{"refused": "bad_value text"}', 'something to look for');
select is(t.ask('feedback_search', who, '{"text": "村口"}'), '{"refused": "not_allowed"}', who || ' does not search') from unnest(array['ka', 'keeper', 'relay', 'admin']) as who;
select ok((select count(*) from huiyin.audit a where a.act = 'feedback.search' and a.principal = t.id('coordinator')) >= 3, 'who searched is in the audit');
select is(huiyin.words_gather(10), 0, 'what is not settled is not gathered');

select * from finish();
rollback;
