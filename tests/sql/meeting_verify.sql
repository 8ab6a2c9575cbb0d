-- SPDX-License-Identifier: Apache-2.0
-- verify.sql finds nothing wrong in meetings that acts have made, and each thing that
-- somebody with the database in hand has changed.

begin;
\ir world.psql
\ir due.psql
\ir meeting.psql
select * from no_plan();

\set verify `cat "$HUIYIN_SQL/verify.sql"`
create table t.sql (sql text);
insert into t.sql values (rtrim(:'verify', E'; \n'));
create function t.verify() returns table (room text, problem text) language plpgsql as $f$
begin
	return query execute (select 'select v.room, v.problem from (' || v.sql || ') as v where v.room = ''meeting''' from t.sql v);
end $f$;

select t.issued_with(t.convened()) as n \gset
select t.meet('summary_draft', :n, 'coordinator', '{"reason": "x"}'), t.meet('meeting_cancel', :n, 'coordinator', '{"reason": "x"}'),
	t.meet('summary_draft', :n, 'coordinator', '{"reason": "x"}'), t.meet('summary_circulate', :n, 'coordinator'), t.issued_with(t.convened()),
	t.held_with(t.convened()), t.meet('meeting_cancel', t.convened(), 'coordinator', '{"reason": "x"}') \g /dev/null
select is(array(select v.problem from t.verify() v), '{}', 'what acts have made is sound');

create function t.says(change text) returns text language plpgsql as $$
declare
	said text;
begin
	begin
		execute change;
		select string_agg(v.problem, '; ') into said from t.verify() v;
		raise exception using errcode = 'T0001';
	exception when sqlstate 'T0001' then
		return coalesce(said, 'nothing');
	end;
end $$;
select matches(t.says(change), says, change)
from (values
	('update huiyin.meeting set state = ''held'' where state = ''issued''', '^meeting \d+ is held, its summary|says held, its history says issued'),
	('update huiyin.meeting set revision = revision + 1', 'its history says'),
	('delete from huiyin.meeting_history where act = ''meeting.hold''', 'went from convened to drafted by summary.draft, which is no move'),
	('update huiyin.meeting_item set position = 7 where position = 1', 'are not numbered from 1 without gaps'),
	('update huiyin.summary set state = ''withdrawn'' where state = ''circulated''', 'is circulated, its summary is not'),
	('update huiyin.summary set state = ''withdrawn'' where state = ''issued''', 'is withdrawn, but was issued'),
	('update huiyin.summary_counter set last = 3', 'the numbers of \d+ have a gap'),
	('update huiyin.summary_issued set number = 5 where number = 1', 'the numbers of \d+ have a gap'),
	('update huiyin.summary_issued set content = content || ''{"title": "x"}''', 'is not what was issued'),
	('update huiyin.summary_issued set content = content || ''{"title": "x"}'', content_hash = huiyin.content_hash(content || ''{"title": "x"}'')', 'is not what was issued'),
	('update huiyin.summary_item set decision = ''x''', 'is not what was issued'),
	('delete from huiyin.summary_item', 'is not what was issued'),
	('delete from huiyin.summary_party where came', 'is not what was issued')
) as v(change, says);

select * from finish();
rollback;
