-- SPDX-License-Identifier: Apache-2.0
-- Two coordinators at one meeting, two summaries issued at once: nothing is lost, no
-- number is left out, whatever commits, fails or waits.

\ir world.psql
\ir due.psql
\ir meeting.psql
\ir race.psql
select * from no_plan();
set client_min_messages = warning;

select admin.staff_add('{"name": "second", "department": "office", "roles": ["coordinator"], "password_hash": "x"}') \g /dev/null
create function t.try(act text, ref int, who text, params jsonb) returns text language sql as $$
	select format('select coalesce(r.refused->>''tag'' || '' '' || coalesce(r.refused->''now''->''changes''->0->>''by'', r.refused->''now''->>''by'', ''''),
		concat_ws('' '', r.result->>''state'', r.result->>''number'')) from api.%I(%L) as r', act, jsonb_build_array(t.item(0, ref, who, params)))
$$;
select t.open(4) \g /dev/null

-- two edit one draft
select t.convened() as n \gset
select t.meet('meeting_add', :n, 'coordinator', '{"text": "甲"}') \g /dev/null
select t.run(1, 'begin'), t.send(1, t.try('meeting_set', 11, 'coordinator', jsonb_build_object('meeting', :n, 'revision', 2, 'item', t.item_of(:n, '甲'), 'text', '一'))) \g /dev/null
select is(t.owed(1), 'convened', 'one coordinator edits');
select t.send(2, t.try('meeting_set', 12, 'second', jsonb_build_object('meeting', :n, 'revision', 2, 'item', t.item_of(:n, '甲'), 'text', '二'))) \g /dev/null
select ok(t.waits(), 'the other one waits');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'changed 领导小组办公室 coordinator', 'and is told what was changed, by whom');
select is(t.items(:n, 'clerk'), '{"1 一"}', 'the first one''s word stands');
select t.run(1, 'begin'), t.send(1, t.try('meeting_set', 13, 'coordinator', jsonb_build_object('meeting', :n, 'revision', 3, 'item', t.item_of(:n, '一'), 'text', '三'))), t.owed(1),
	t.send(2, t.try('meeting_set', 14, 'second', jsonb_build_object('meeting', :n, 'revision', 3, 'item', t.item_of(:n, '一'), 'text', '四'))) \g /dev/null
select ok(t.waits(), 'one waits again');
select t.run(1, 'rollback') \g /dev/null
select is(t.owed(2), 'convened', 'what came to nothing stands in nobody''s way');
select is(t.items(:n, 'clerk'), '{"1 四"}', 'nor does it leave anything');

-- a department signs while the office takes it back
select t.circulated_with(t.convened()) as n \gset
select t.run(1, 'begin'), t.send(1, t.try('summary_draft', 21, 'coordinator', jsonb_build_object('meeting', :n, 'reason', 'x'))), t.owed(1) \g /dev/null
select t.send(2, t.try('summary_sign', 22, 'clerk', jsonb_build_object('meeting', :n, 'revision', (t.m(:n)).revision))) \g /dev/null
select ok(t.waits(), 'who signs waits for who takes it back');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state 领导小组办公室 coordinator', 'and signs nothing that is not there any more');

-- two are issued at once
create function t.ready(many int) returns bigint[] language plpgsql as $$
declare
	made bigint[] := '{}';
	m bigint;
begin
	for i in 1..many loop
		m := t.circulated_with(t.convened());
		perform t.meet('summary_sign', m, w) from unnest(array['clerk', 'driver', 'town']) as w;
		made := made || m;
	end loop;
	return made;
end $$;
create function t.issue(n bigint, ref int, who text) returns text language sql as $$
	select t.try('summary_issue', ref, who, jsonb_build_object('meeting', n, 'revision', (t.m(n)).revision))
$$;
select t.ready(4) as ready \gset
select t.run(1, 'begin'), t.send(1, t.issue((:'ready'::bigint[])[1], 31, 'coordinator')) \g /dev/null
select is(t.owed(1), 'issued 1', 'one is issued');
select t.send(2, t.issue((:'ready'::bigint[])[2], 32, 'second')) \g /dev/null
select ok(t.waits(), 'the other one waits for its number');
select t.run(1, 'rollback') \g /dev/null
select is(t.owed(2), 'issued 1', 'and has that of the first, when that came to nothing');
select t.send(1, t.issue((:'ready'::bigint[])[1], 31, 'coordinator')) \g /dev/null
select is(t.owed(1), 'issued 2', 'and has the next');
select t.run(1, 'begin'), t.send(1, t.issue((:'ready'::bigint[])[3], 34, 'coordinator')), t.owed(1) \g /dev/null
select t.send(2, t.issue((:'ready'::bigint[])[3], 35, 'second')) \g /dev/null
select ok(t.waits(), 'two issue the same');
select t.run(1, 'commit') \g /dev/null
select is(t.owed(2), 'wrong_state 领导小组办公室 coordinator', 'one does');

-- a storm of issuing: some succeed, some are refused, some come to nothing
create procedure t.storm(me int, ready bigint[]) language plpgsql as $$
begin
	for i in 1..cardinality(ready) loop
		perform t.act('summary_issue', 1000 * me + i, case me % 2 when 0 then 'second' else 'coordinator' end,
			jsonb_build_object('meeting', ready[i], 'revision', (t.m(ready[i])).revision));
		if (i + me) % 3 = 0 then
			rollback;
		else
			commit;
		end if;
	end loop;
end $$;
select t.ready(40) as many \gset
select t.send(i, format('call t.storm(%s, %L)', i, :'many')) from generate_series(1, 4) as i \g /dev/null
select ok(t.owed(i) not like 'ERROR%', 'nobody is in anybody''s way: ' || i) from generate_series(1, 4) as i;
select cmp_ok((select count(*) from huiyin.summary_issued), '>=', 40::bigint, 'most were issued');
select is(array(select i.number from huiyin.summary_issued i order by i.number), array(select n::int from generate_series(1, (select count(*) from huiyin.summary_issued)) as n),
	'the numbers have no gap');
select is((select c.last from huiyin.summary_counter c), (select count(*)::int from huiyin.summary_issued), 'and the counter stands where they end');
select is((select count(*) from huiyin.audit a where a.act = 'summary.issue'), (select count(*) from huiyin.summary_issued), 'each is in the audit once');
select is((select count(*) from huiyin.ledger_entry), (select count(*) from huiyin.summary_issued), 'each has its entry of the ledger');
select is((select count(*) from huiyin.audit_broken()), 0::bigint, 'the chain holds');

select * from finish();
