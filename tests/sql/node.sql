-- SPDX-License-Identifier: Apache-2.0
-- What nodes ask for themselves.

begin;
\ir world.psql
select * from no_plan();

select is(api.node_check('{}', '{}') - 'settings' - 'epoch',
	jsonb_build_object('head', 0, 'county', '{"code": "422802000000", "name": "利川市"}'::jsonb,
		'schema', (select max(m.name) from huiyin.migration m)),
	'a node is told head, county and schema');
select is(api.node_check('{}', '{}')->'settings'->>s, current_setting(s), 'and the setting ' || s)
from unnest(array['fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding',
	'transaction_read_only']) as s;

create function t.node(i int) returns jsonb language sql as $$
	select jsonb_build_object('node', t.ref(i))
$$;
select ok((api.node_alive('{}', t.node(1))->>'now')::timestamptz - clock_timestamp()
	between interval '-2 seconds' and interval '2 seconds', 'a node that lives is told the time');
select api.node_alive('{}', t.node(2)) \g /dev/null
insert into huiyin.presence (node, session, principal)
values (t.ref(1), 'x', t.id('ka')), (t.ref(2), 'x', t.id('kb')), (t.ref(2), 'y', t.id('km'));
select is((select count(*) from huiyin.node), 2::bigint, 'two nodes live');

select is(api.presence_end('{}', t.node(1) || '{"sessions": ["x", "y"]}'), '{}', 'sessions end');
select is(array(select p.session from huiyin.presence p order by 1), '{x,y}',
	'only those of the node that says so');
select isnt((select k.last_seen from huiyin.kiosk k where k.principal = t.id('ka')), null,
	'a kiosk was last seen when its session ended');
select is(api.presence_end('{}', t.node(1) || '{"sessions": []}'), '{}', 'no session may end, too');

update huiyin.node set alive_at = now() - interval '31 seconds' where id = t.ref(2);
select is(jsonb_path_query_array(api.station_list(t.who('clerk'), '{}'), '$.items[*].online'),
	'[false, false, false]', 'kiosks of a silent node are not online');
update huiyin.node set alive_at = now() - interval '29 seconds' where id = t.ref(2);
select api.node_alive('{}', t.node(1)) \g /dev/null
select is((select count(*) from huiyin.presence), 2::bigint, 'a node silent for 29 s is not forgotten');
update huiyin.node set alive_at = now() - interval '31 seconds' where id = t.ref(2);
select api.node_alive('{}', t.node(1)) \g /dev/null
select is((select count(*) from huiyin.presence), 0::bigint,
	'a node silent for 31 s is forgotten with whom it had on the line');
select is((select k.last_seen from huiyin.kiosk k where k.principal = t.id('kb')),
	now() - interval '31 seconds', 'its kiosks were last seen when it was');
select api.node_gone('{}', t.node(1)) \g /dev/null
select is((select count(*) from huiyin.node), 0::bigint, 'a node that stops is forgotten');

insert into huiyin.presence (node, session, principal, since)
values (t.ref(3), 'x', t.id('ka'), now() - interval '31 seconds'), (t.ref(3), 'y', t.id('ka'), now());
select api.node_alive('{}', t.node(1)) \g /dev/null
select is(array(select p.session from huiyin.presence p), '{y}', 'sessions of a node that never said it lives are forgotten, too');
insert into huiyin.key_failure values ('x', now() - interval '11 minutes'), ('y', now());
insert into huiyin.login_failure values ('x', 9, now() - interval '61 minutes'), ('y', 9, now());
select api.node_alive('{}', t.node(1)) \g /dev/null
select is(array(select f.subject from huiyin.key_failure f), '{y}', 'old wrong keys are forgotten');
select is(array(select f.name from huiyin.login_failure f), '{y}', 'old wrong passwords are forgotten');

select is(t.ask('wake', null, jsonb_build_object('feed', f)), '{}', 'a node may wake ' || f)
from unnest(array['notice', 'feedback', 'identity']) as f;
select is(t.ask('wake', null, '{"feed": "x"}'), '{"refused": "bad_value feed"}', 'but no other feed');

-- following by transaction: what this transaction wrote is not settled yet
select admin.staff_disable('{"name": "clerk"}') \g /dev/null
select is(api.principals_changed('{}', '{"xid": "1"}')->'items' @>
	jsonb_build_array(jsonb_build_object('principal', t.id('clerk'))), false,
	'what is not committed is not told');
select is(api.principals_changed('{}', '{"xid": null}')->>'xid',
	pg_snapshot_xmin(pg_current_snapshot())::text, 'a reader begins where all is settled');

create function t.partitions(parent text) returns text[] language sql as $$
	select array_agg(i.inhrelid::regclass::text order by 1)
	from pg_inherits i where i.inhparent = ('huiyin.' || parent)::regclass
$$;
select ok(t.partitions(p) @> array[
		'huiyin.' || p || '_default',
		'huiyin.' || p || to_char(now() at time zone interval '8 hours', '_YYYY_MM'),
		'huiyin.' || p || to_char((now() at time zone interval '8 hours') + interval '1 month', '_YYYY_MM')],
	p || ' has this month, the next and a default')
from unnest(array['feedback', 'feedback_history', 'notice_receipt']) as p;
select is(huiyin.partitions_ahead(), 0, 'partitions that are there are not made again');
select is(huiyin.partitions_ahead(5), 8, 'two months more of four tables are made when asked for');
select is(huiyin.partitions_ahead(5), 0, 'once');
insert into huiyin.feedback_history_default (feedback, step, at, state)
values (1, 1, date_trunc('month', now()) + interval '7 months 5 days', 'received');
select is(huiyin.partition_ahead('feedback_history', (date_trunc('month', now()) + interval '7 months')::date),
	false, 'a month whose rows lie in the default is left there');

select * from finish();
rollback;
