-- SPDX-License-Identifier: Apache-2.0
-- Many publish and many submit at once; a reader that follows misses nothing.

\ir world.psql
\ir race.psql
select * from no_plan();
select t.open(8) \g /dev/null

-- Publishers hold their transactions open for a random while, some give up.
create procedure t.publish_many(me int, many int) language plpgsql as $$
begin
	for i in 1..many loop
		perform t.act('notice_publish', me * 1000 + i, 'clerk', t.content('{422802101000}'));
		perform pg_sleep(random() * 0.003);
		if i % 5 = 0 then
			rollback;
		else
			commit;
		end if;
	end loop;
end $$;

-- Reads after its cursor again and again until it has seen so many.
create function t.follow(many int) returns bigint[] language plpgsql as $$
declare
	seen bigint[] := '{}';
	cursor bigint := 0;
	page jsonb;
	until_at timestamptz := clock_timestamp() + interval '60 seconds';
begin
	while cardinality(seen) < many and clock_timestamp() < until_at loop
		page := api.notices_after('{}', jsonb_build_object('cursor', cursor, 'limit', 7));
		if jsonb_array_length(page->'items') > 0 then
			seen := seen || array(select (i->>'seq')::bigint
				from jsonb_array_elements(page->'items') with ordinality as x(i, o) order by o);
			cursor := seen[cardinality(seen)];
		else
			cursor := (page->>'head')::bigint;
		end if;
	end loop;
	return seen;
end $$;

select t.send(i, format('call t.publish_many(%s, 25)', i)) from generate_series(1, 8) as i \g /dev/null
select is(t.follow(160), array(select generate_series(1, 160)::bigint),
	'a reader that follows sees every number once and in order');
select is(t.owed(i), 'CALL', 'publisher ' || i || ' met no error') from generate_series(1, 8) as i;
select is((select f.head from huiyin.feed f), 160::bigint, 'who gave up has taken no number');
select is(array(select n.seq from huiyin.notice n where n.seq is not null order by n.seq),
	array(select generate_series(1, 160)::bigint), 'numbers have no gap');
select ok(not exists (
	select from huiyin.notice a join huiyin.notice b on b.seq = a.seq + 1 where b.sent < a.sent),
	'times of sending are in the order of numbers');

-- Submitters commit late and out of order; the follower goes by transaction.
create procedure t.submit_many(me int, many int) language plpgsql as $$
begin
	for i in 1..many loop
		perform pg_sleep(random() * 0.005);
		perform count(*) from api.feedback_submit((
			select jsonb_agg(t.item(n, 100000 * me + 10 * i + n, 'ka', t.said())) from generate_series(0, 4) as n));
		perform pg_sleep(random() * 0.005);
		commit;
	end loop;
end $$;
create function t.follow_changes(from_xid text, many int) returns bigint language plpgsql as $$
declare
	seen text[] := '{}';
	page jsonb := jsonb_build_object('xid', from_xid);
	until_at timestamptz := clock_timestamp() + interval '60 seconds';
begin
	while cardinality(seen) < many and clock_timestamp() < until_at loop
		page := api.feedback_changes('{}', jsonb_build_object('xid', page->>'xid'));
		seen := seen || array(select i->>'receipt' from jsonb_array_elements(page->'items') as i);
		perform pg_sleep(0.002);
	end loop;
	return (select count(distinct s) from unnest(seen) as s) - (cardinality(seen) - many);
end $$;
select api.feedback_changes('{}', '{"xid": null}')->>'xid' as begin \gset
select t.send(i, format('call t.submit_many(%s, 20)', i)) from generate_series(1, 8) as i \g /dev/null
select is(t.follow_changes(:'begin', 800), 800::bigint, 'a node that follows changes sees every feedback once');
select is(t.owed(i), 'CALL', 'submitter ' || i || ' met no error') from generate_series(1, 8) as i;
select is((select count(*) from huiyin.feedback), 800::bigint, 'all are kept');

-- A transaction that stays open delays news, and loses none.
select api.feedback_changes('{}', '{"xid": null}')->>'xid' as begin \gset
select t.run(1, 'begin'), t.run(1, 'do $x$ begin perform t.act(''feedback_submit'', 1, ''ka'', t.said()); end $x$') \g /dev/null
select t.send(2, 'select pg_sleep(0)') , t.owed(2) \g /dev/null
select t.run(1, 'commit') \g /dev/null
select is(jsonb_array_length(api.feedback_changes('{}', jsonb_build_object('xid', :'begin'))->'items'), 1,
	'what committed late is told');
select t.run(1, 'begin'), t.run(1, 'create temp table x ()'), t.run(1, 'do $x$ begin perform pg_current_xact_id(); end $x$') \g /dev/null
select api.feedback_changes('{}', '{"xid": null}')->>'xid' as begin \gset
select t.act('feedback_submit', 2, 'ka', t.said()) \g /dev/null
select is(jsonb_array_length(api.feedback_changes('{}', jsonb_build_object('xid', :'begin'))->'items'), 0,
	'behind an older open transaction news wait');
select t.run(1, 'rollback') \g /dev/null
select is(jsonb_array_length(api.feedback_changes('{}', jsonb_build_object('xid', :'begin'))->'items'), 1,
	'and come when it has ended');
select admin.staff_disable('{"name": "mayor"}'), admin.kiosk_move('{"name": "km", "station": "a"}') \g /dev/null
select is(api.principals_changed('{}', jsonb_build_object('xid', :'begin'))->'items',
	jsonb_build_array(jsonb_build_object('principal', t.id('mayor'), 'active', false, 'audience', false),
		jsonb_build_object('principal', t.id('km'), 'active', true, 'audience', true)),
	'whose rights or audience changed is told the same way');

-- Who is addressed is settled under the same lock as the number.
select admin.kiosk_add('{"station": "a", "name": "kz"}') \g /dev/null
select t.run(1, 'begin'), t.run(1, 'do $x$ begin perform admin.kiosk_enrol(''{"name": "kz", "secret_hash": "00"}''); end $x$') \g /dev/null
select t.send(2, 'select t.act(''notice_publish'', 900001, ''clerk'', t.content(''{422802101000}''))->>''notice''') \g /dev/null
select ok(t.waits(), 'a publisher waits for whom is being enrolled');
select t.run(1, 'commit') \g /dev/null
select t.owed(2) as notice \gset
select is(t.ask('notice_reach', 'clerk', jsonb_build_object('notice', :'notice'))->>'addressed', '4',
	'and addresses them');
select api.notice_receipt(jsonb_build_array(jsonb_build_object('n', 0, 'who', t.who('kz'), 'params',
	jsonb_build_object('notice', :'notice', 'state', 'read', 'at', now())))) \g /dev/null
select is(t.ask('notice_reach', 'clerk', jsonb_build_object('notice', :'notice'))->>'read', '1', 'whose receipt counts');

select is(admin.audit_verify('{}')->'ok', 'true', 'the audit chain holds after all that');
select * from finish();
