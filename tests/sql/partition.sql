-- SPDX-License-Identifier: Apache-2.0
-- Partitions: made ahead, listed; months of old receipts counted for good and detached.

begin;
\ir world.psql
select * from no_plan();

create function t.state(part text) returns text language sql as $$
	select i->>'state' from jsonb_array_elements(t.admin('db_partitions', '{}')->'items') as i where i->>'partition' = part
$$;
select is(t.state(p || to_char(now() at time zone 'Asia/Shanghai' + make_interval(months => m), '_YYYY_MM')), state, p || ' has a partition ' || state)
from unnest(huiyin.monthly_tables()) as p, (values (0, 'current'), (1, 'ahead'), (3, 'ahead')) as v(m, state);
select is(t.state(p || '_default'), 'default', p || ' has one for what finds no other') from unnest(huiyin.monthly_tables()) as p;
select is(array(select i->>'partition' from jsonb_array_elements(t.admin('db_partitions', '{}')->'items') as i where i->>'state' = 'missing'), '{}', 'none is missing');
select is((select count(*) from jsonb_array_elements(t.admin('db_partitions', '{}')->'items') as i
	where (i->>'bytes')::bigint > 0 and i ? 'rows' and i ? 'age_days'), (select count(*) from pg_inherits i join pg_class c on c.oid = i.inhparent
	where c.relkind = 'p' and c.relnamespace = 'huiyin'::regnamespace), 'each says how many rows, how large, how old');
do $$ begin
	execute format('drop table huiyin.%I', huiyin.partition_name('notice_receipt', huiyin.month_start(2)));
end $$;
select is(t.state(huiyin.partition_name('notice_receipt', huiyin.month_start(2))), 'missing', 'one that has gone is missed');
select is(huiyin.partitions_ahead(), 1, 'and made again, though the others are there');
select is(huiyin.partitions_ahead(), 0, 'once');

-- receipts of old notices
select t.act('notice_publish', 1, 'clerk', t.content('{422802000000}'))->>'notice' as notice \gset
select t.act('notice_publish', 2, 'clerk', t.content('{422802000000}'))->>'notice' as silent \gset
update huiyin.notice n set sent = now() - interval '400 days' where n.notice in (:'notice', :'silent');
select huiyin.partition_ahead('notice_receipt', date_trunc('month', (now() - interval '400 days') at time zone interval '8 hours')::date) as made \gset
select huiyin.partition_name('notice_receipt', date_trunc('month', (now() - interval '400 days') at time zone interval '8 hours')::date) as part \gset
create function t.receipt(ref int, who text, notice text, state text) returns jsonb language sql as $$
	select t.act('notice_receipt', ref, who, jsonb_build_object('notice', notice, 'state', state, 'at', '2026-01-01T08:00:00+08:00'))
$$;
select t.receipt(3, 'ka', :'notice', 'read'), t.receipt(4, 'km', :'notice', 'delivered') \g /dev/null
create function t.reach(notice text) returns jsonb language sql as $$
	select t.ask('notice_reach', 'clerk', jsonb_build_object('notice', notice))
$$;
select t.reach(:'notice') as reached, t.reach(:'silent') as unheard \gset
select is(:'reached'::jsonb->>'read', '1', 'an old notice has its receipts');
select is(t.state(:'part'), 'past', 'in a month that is past');
select is(huiyin.receipts_detach(), null, 'which stays as long as nobody says otherwise');
select admin.retention_set('{"what": "receipts", "days": "400"}') \g /dev/null
select is(huiyin.receipts_detach(), null, 'and as long as its time has not passed');
select admin.retention_set('{"what": "receipts", "days": "300"}') \g /dev/null
select is(huiyin.receipts_detach(1), '', 'first none comes any more');
select is(t.receipt(5, 'km', :'notice', 'read'), '{}', 'a kiosk that says one is content');
select is(t.reach(:'notice'), :'reached', 'but it is not counted');
select is(huiyin.receipts_detach(1), '', 'then one notice is counted for good');
select is(t.reach(:'notice'), :'reached', 'which changes nothing of its reach');
select is(huiyin.receipts_detach(1), '', 'then the other');
select is(huiyin.receipts_detach(1), :'part', 'then the month is detached');
select is(t.state(:'part'), 'detached', 'which the list says');
select is(t.reach(n), said::jsonb, 'reach is what it was') from (values (:'notice', :'reached'), (:'silent', :'unheard')) as v(n, said);
select is(t.receipt(6, 'km', :'notice', 'read'), '{}', 'a kiosk that was away for years is content');
select is(t.reach(:'notice'), :'reached', 'and counted no more');
select is((select count(*) from huiyin.notice_receipt_default), 0::bigint, 'nor kept elsewhere');
select is(huiyin.receipts_detach(), null, 'there is no more to do');
select is((select row(a.act, a.subject)::text from huiyin.audit a order by a.seq desc limit 1), row('db.receipts_detach', :'part')::text, 'it stands in the chain');
select is(t.admin('retention_apply', '{}'), '{"contacts_erased": 0, "receipts_detached": []}', 'apply does the same at once');

select * from finish();
rollback;
