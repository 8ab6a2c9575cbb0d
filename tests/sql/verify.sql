-- SPDX-License-Identifier: Apache-2.0
-- verify.sql finds nothing in a sound database, and each thing that is wrong.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
\ir ledger.psql
select * from no_plan();

\set verify `cat "$HUIYIN_SQL/verify.sql"`
-- compiling it takes longer than all it does
create function t.verify() returns table (room text, problem text) language plpgsql set jit = off as $f$
begin
	return query execute (select v.sql from t.sql v);
end $f$;
create table t.sql (sql text);
insert into t.sql values (rtrim(:'verify', E'; \n'));
select t.act('notice_publish', 1, 'clerk', t.content('{422802000000}'))->>'notice' as notice \gset
select t.act('feedback_submit', 10 + i, 'ka', t.said()) from generate_series(1, 3) as i \g /dev/null
select api.notice_receipt(jsonb_build_array(jsonb_build_object('n', 0, 'who', t.who('ka'), 'params',
	jsonb_build_object('notice', :'notice', 'state', 'read', 'at', now())))) \g /dev/null
select t.issue('[
	{"text": "a", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00", "feedback": [11, 12]},
	{"text": "b", "lead": "commerce", "due": "2068-01-03T10:00:00+08:00", "feedback": [12]}
]'), t.ledger('ledger_done', 'b', 'clerk', '{"text": "x"}'), t.ledger('ledger_verify', 'b', 'coordinator', '{"decision": "verified"}') \g /dev/null
select admin.calendar_import(jsonb_build_object('rows', jsonb_build_array(jsonb_build_object(
	'line', 2, 'date', to_char(now() + interval '1 year', 'YYYY-MM-DD'), 'kind', 'holiday', 'name', '元旦')))) \g /dev/null

-- what this file itself has made in schema t is not looked at
select is(array(select v.room || ': ' || v.problem from t.verify() v), '{}', 'a sound database has nothing wrong');

create function t.lead(code text) returns bigint language sql as $$ select d.id from huiyin.department d where d.code = $1 $$;
create function t.says(change text) returns text language plpgsql as $$
declare
	said text;
begin
	begin
		execute change;
		select string_agg(v.room || ': ' || v.problem, '; ') into said from t.verify() v;
		raise exception using errcode = 'T0001';
	exception when sqlstate 'T0001' then
		return coalesce(said, 'nothing');
	end;
end $$;

select matches(t.says(change), says, change)
from (values
	('grant select on huiyin.feedback to huiyin_node', '^rights: huiyin_node may touch huiyin.feedback$'),
	('grant select (said) on huiyin.feedback to huiyin_node', '^rights: huiyin_node may touch huiyin.feedback$'),
	('grant select on report.feedback to public', '^rights: huiyin_node may touch report.feedback$'),
	('grant usage on sequence huiyin.receipt_number to huiyin_node', 'huiyin_node may touch huiyin.receipt_number'),
	('grant usage on schema huiyin to public', 'huiyin_node may use schema huiyin'),
	('grant execute on function admin.staff_list(jsonb) to public', 'everybody may call admin.staff_list'),
	('grant execute on function admin.staff_list(jsonb) to huiyin_node', 'huiyin_node may call admin.staff_list'),
	('revoke execute on function api.hello(jsonb) from huiyin_node', 'huiyin_node may not call api.hello'),
	('grant huiyin_owner to huiyin_node', 'role huiyin_node is a member of another role'),
	('alter role huiyin_node superuser', 'huiyin_node is a superuser'),
	('alter role huiyin_owner login', 'huiyin_owner can log in'),
	('alter role huiyin_node reset synchronous_commit', 'lacks synchronous_commit=on'),
	('alter role huiyin_node set log_parameter_max_length = -1', 'lacks log_parameter_max_length=0'),
	('create function api.x() returns int language sql as ''select 1''', 'api.x\(\) does not belong.*api.x\(\) does not run as its owner.*everybody may call api.x.*api.x\(\) has no comment'),
	('alter function api.hello(jsonb) reset search_path', 'api.hello\(jsonb\) does not run as its owner with a pinned search_path'),
	('alter table huiyin.act owner to postgres', 'huiyin.act does not belong to huiyin_owner'),
	('comment on table huiyin.act is null', 'huiyin.act has no comment'),
	('grant update on huiyin.audit to huiyin_owner', '^rights: huiyin_owner may change what nobody may: huiyin.audit$'),
	('grant delete on huiyin.feedback_history_default to huiyin_owner', 'may change what nobody may: huiyin.feedback_history_default'),
	('grant truncate on huiyin.act to huiyin_owner', 'may change what nobody may: huiyin.act'),
	('insert into huiyin.feedback_person (feedback, name) select id, ''x'' from huiyin.feedback', '^person: 3 persons lie in clear: huiyin-admin person seal$'),
	('insert into huiyin.person_key (feedback, filed_at, salt) values (7, now(), '''')', '^person: the record of 7 has a key but is not there$'),
	('insert into huiyin.person_access (audit, kind) values (1, ''unseal'')', '^person: what was done with many is not in the chain$'),
	('do $x$ begin execute ''drop table huiyin.'' || huiyin.partition_name(''notice_receipt'', huiyin.month_start(2)); end $x$', '^partitions: notice_receipt has no partition for the month that begins on \d{4}-\d\d-01$'),
	('update huiyin.installation set county = null', 'no county is set'),
	('update huiyin.department set coordinating = false', 'no active department coordinates'),
	('update huiyin.station set active = false where code = ''a''', 'ka is active, but its station is not'),
	('update huiyin.department set active = false where code = ''hall''', 'mayor is active, but its department is not'),
	('insert into huiyin.principal (kind, name) values (''kiosk'', ''x'')', 'x has no row as kiosk'),
	('delete from huiyin.kiosk_place', 'ka stands where its station is not'),
	('update huiyin.kiosk set station = (select id from huiyin.station where code = ''m'')', 'ka stands where its station is not'),
	('update huiyin.feed set head = 0', 'has a number beyond the head'),
	('update huiyin.notice_addressed set township = ''422802001000'' where township = ''422802101000''', 'nothing'),
	('delete from huiyin.notice_receipt', 'nothing'),
	('insert into huiyin.notice_receipt select 999, kiosk, sent, township, addressed, rank, understood, delivered_at from huiyin.notice_receipt', 'a receipt is of no notice: 999'),
	('update huiyin.feedback set region = ''422802999999''', 'HY-.* points to something that is not there'),
	('update huiyin.feedback set service = ''x''', 'points to something that is not there'),
	('update huiyin.feedback set lead = 999', 'points to something that is not there'),
	('update huiyin.feedback set author = null', 'is not what its ref was settled as'),
	('update huiyin.feedback set ref = gen_random_uuid()', 'is not what its ref was settled as.*was settled, but there is no feedback'),
	('delete from huiyin.feedback where ref = t.ref(11)', 'ref 0192f000-0000-7000-8000-00000000000b was settled, but there is no feedback'),
	('delete from huiyin.act where ref = t.ref(11)', 'is not what its ref was settled as'),
	('update huiyin.feedback set state = ''answered''', 'says answered, its history says dispatched'),
	('delete from huiyin.feedback_history', 'says dispatched, its history says nothing'),
	('update huiyin.act set result = null', 'was taken, but nothing came of it'),
	('update huiyin.feedback set id = id + 1000000', 'a number beyond the counter was given'),
	('delete from huiyin.calendar_day', '^calendar: what is laid out.*warning: the calendar names no days beyond weekends'),
	('update huiyin.calendar_day set day = ''2020-05-01''', '^calendar: what is laid out.*warning: the calendar names no days beyond 2020-12-31: '),
	('insert into huiyin.working_hours values (''2020-01-01'', ''11:00'', ''13:00'')', 'calendar: hours overlap on 2020-01-01'),
	('update huiyin.feedback set main = (select min(id) from huiyin.feedback), against = (select d.id from huiyin.department d where d.code = ''baiyang'')
		where id = (select max(id) from huiyin.feedback)', 'is joined to one that is against somebody else'),
	('insert into huiyin.report_day values (''region'', ''2026-01-31'', ''x'', ''sign'', 1, 3)', '^report: what was due on 2026-01-31 is not tallied as it is$'),
	('update huiyin.report_head set xid = ''999999999999''', 'is in no figure.*report: the figures follow transactions of another database'),
	('delete from huiyin.working_span where day = 7', '^calendar: what is laid out is not what the calendar says, first at 2020-01-09T08:30:00'),
	('update huiyin.audit set act = ''x'' where seq = 3', '^audit: row 3 was changed$'),
	('insert into huiyin.feedback_default select id, ''1999-01-01'', receipt, ref, author, state, steps, region, service, said, submitter_kind, anonymous, about, against, lead, said_at, dispatch_by, sign_by, contact_by, answer_by from huiyin.feedback', 'feedback_default is not empty.*two feedbacks have the number|two feedbacks have the number.*feedback_default is not empty'),
	('update huiyin.feedback set lead = null', 'is dispatched and nobody leads it'),
	('update huiyin.feedback set tick_at = null', 'has running clocks, but no tick is to come'),
	('update huiyin.feedback set tick_at = now() - interval ''2 hours''', 'what is late waits for a tick since'),
	('update huiyin.feedback set state = ''closed_withdrawn''', 'is closed_withdrawn without an answer or a reason'),
	('update huiyin.feedback set state = ''closed_incomplete''', 'is closed_incomplete without an answer or a reason'),
	('update huiyin.feedback set state = ''closed_duplicate'', main = 1', 'is closed_duplicate without an answer or a reason'),
	('update huiyin.feedback set state = ''closed_resolved''', 'is closed_resolved without an answer or a reason'),
	('insert into huiyin.feedback_history (feedback, step, at, state, act) select id, 9, now(), ''answered'', ''accept'' from huiyin.feedback', 'went from dispatched to answered by accept, which is no move'),
	('update huiyin.feedback set against = (select id from huiyin.department where code = ''hall''); insert into huiyin.feedback_party (feedback, department, part) select id, against, ''escalated'' from huiyin.feedback', 'is seen by a department it is against'),
	('insert into huiyin.feedback_clock (feedback, at, clock, kind, round, old_by, new_by) select id, now(), ''answer'', ''met'', 1, now() - interval ''1 day'', now() - interval ''1 day'' from huiyin.feedback', 'answer ended late, and no breach is written'),
	('delete from huiyin.service_clock where clock = ''assist''', 'service complaint has no clock assist'),
	('update huiyin.service_clock set unit = ''seconds'' where service = ''need''', 'service need runs in seconds, and this is no demo county'),
	('delete from huiyin.ledger_party; delete from huiyin.ledger_entry where state = ''open''', 'ledger: item 1 of summary \d+/\d+ is to be done and in no ledger'),
	('update huiyin.ledger_entry set lead = t.lead(''transport'')', 'L-.* was decided by no summary that is issued'),
	('update huiyin.ledger_entry set state = ''doing''', 'L-.* says doing, its history says open'),
	('delete from huiyin.ledger_history', 'L-.* says open, its history says nothing'),
	('update huiyin.ledger_history set state = ''done'' where act = ''verify''; update huiyin.ledger_entry set state = ''done'' where state = ''verified''', 'L-.* went from done to done by verify, which is no move'),
	('update huiyin.ledger_entry set doer = t.lead(''office'') where state = ''verified''', 'L-.* was verified by the department that did it'),
	('update huiyin.ledger_clock set new_by = now() - interval ''1 day'' where kind = ''met''', 'L-.* ended late, and no breach is written'),
	('update huiyin.ledger_entry set tick_at = null', 'L-.* has a running clock, but no tick is to come'),
	('update huiyin.ledger_entry set tick_at = now() - interval ''2 hours'' where tick_at is not null', 'ledger: what is late waits for a tick since'),
	('delete from huiyin.feedback_history where act = ''decide''', 'whose feedback led to L-.* was not told: HY-'),
	('update huiyin.ledger_entry set state = ''done'', doer = t.lead(''office''), said = ''x'', done_at = now() where state = ''open''; delete from huiyin.ledger_party', 'ledger: .*warning: L-.* is done, and there is nobody to verify it'),
	('insert into huiyin.feedback_clock (feedback, at, clock, kind, round) values (1, ''1999-01-01'', ''answer'', ''warn'', 1)', 'feedback_clock_default is not empty'),
	('insert into huiyin.feedback_history_default (feedback, step, at, state) values (1, 9, ''1999-01-01'', ''x'')', 'feedback_history_default is not empty')
) as v(change, says);

-- after a restore
select last_value as last from huiyin.receipt_number \gset
select (admin.restored('{}')) as restored \gset
select isnt(:'restored'::jsonb->>'epoch', null, 'a restore makes another epoch');
select is(:'restored'::jsonb->>'epoch', (select i.epoch from huiyin.installation i), 'which holds from now on');
select ok((:'restored'::jsonb->>'receipts_moved_to')::bigint >= :last + 100000 - :last % 100000, 'receipts are moved on');
select ok((t.act('feedback_submit', 90, 'ka', t.said())->>'receipt') like '%-' || (((:'restored'::jsonb->>'receipts_moved_to')::bigint + 1)::text),
	'and go on from there');
select is(array(select v.problem from t.verify() v), '{}', 'the database is sound afterwards');

select * from finish();
rollback;
