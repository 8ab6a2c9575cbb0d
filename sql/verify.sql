-- SPDX-License-Identifier: Apache-2.0
-- Asks the database whether it is what we think. One row for each thing that is
-- wrong: (room, problem); what is not wrong yet has the room 'warning'. No rows: all
-- is well. Run by huiyin-admin db check, as a superuser; reads everything, changes
-- nothing.

with fn as (
	select
		p.oid,
		n.nspname as room,
		p.oid::regprocedure::text as name,
		p.prosecdef,
		p.proconfig,
		p.proowner,
		p.proacl
	from pg_proc p
	join pg_namespace n on n.oid = p.pronamespace
	where n.nspname in ('huiyin', 'api', 'admin', 'report')
),
rel as (
	select
		c.oid,
		n.nspname as room,
		c.oid::regclass::text as name,
		c.relkind,
		c.relowner,
		c.relispartition
	from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname in ('huiyin', 'api', 'admin', 'report')
		and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
)

select 'settings' as room, s.name || ' is ' || s.is_now || ', not ' || s.must as problem
from (values
	('fsync', current_setting('fsync'), 'on'),
	('full_page_writes', current_setting('full_page_writes'), 'on'),
	('server_encoding', current_setting('server_encoding'), 'UTF8'),
	('autovacuum', current_setting('autovacuum'), 'on')
) as s(name, is_now, must)
where s.is_now <> s.must

union all
select 'settings', 'locale of the database is ' || d.datcollate || ', under which Chinese words are not letters'
from pg_database d
where d.datname = current_database()
	and d.datlocprovider = 'c'
	and d.datcollate in ('C', 'POSIX')

union all
select 'settings', 'role huiyin_node lacks ' || s.must
from unnest(array['synchronous_commit=on', 'log_parameter_max_length=0',
	'log_parameter_max_length_on_error=0', 'log_error_verbosity=terse',
	'lock_timeout=2s', 'idle_in_transaction_session_timeout=5s']) as s(must)
where not exists (
	select
	from pg_db_role_setting r
	where r.setrole = to_regrole('huiyin_node')
		and r.setdatabase = 0
		and s.must = any (r.setconfig))

union all
select 'rights', 'role ' || r.rolname || ' ' || r.wrong
from (
	select r.rolname, w.wrong
	from pg_roles r, lateral (values
		(r.rolsuper, 'is a superuser'),
		(r.rolcreaterole, 'may create roles'),
		(r.rolcreatedb, 'may create databases'),
		(r.rolreplication, 'may replicate'),
		(r.rolbypassrls, 'bypasses row security'),
		(r.rolname = 'huiyin_owner' and r.rolcanlogin, 'can log in'),
		(r.rolname = 'huiyin_node' and not r.rolcanlogin, 'cannot log in'),
		(r.rolname = 'huiyin_node' and r.rolinherit, 'inherits'),
		(exists (select from pg_auth_members m where m.member = r.oid), 'is a member of another role')
	) as w(is_so, wrong)
	where r.rolname in ('huiyin_owner', 'huiyin_node') and w.is_so
) as r

union all
select 'rights', 'there is no role ' || r.name
from unnest(array['huiyin_owner', 'huiyin_node']) as r(name)
where to_regrole(r.name) is null

union all
select 'rights', 'huiyin_node may use schema ' || n.nspname
from pg_namespace n
where n.nspname in ('huiyin', 'admin', 'report')
	and has_schema_privilege('huiyin_node', n.oid, 'usage')

union all
select 'rights', 'huiyin_node may touch ' || r.name
from rel r
where case when r.relkind <> 'S' then
	has_table_privilege('huiyin_node', r.oid,
		'select, insert, update, delete, truncate, references, trigger')
	or has_any_column_privilege('huiyin_node', r.oid,
		'select, insert, update, references') end

union all
select 'rights', 'huiyin_node may touch ' || r.name
from rel r
where case when r.relkind = 'S' then
	has_sequence_privilege('huiyin_node', r.oid, 'select, usage, update') end

union all
select 'rights', 'huiyin_node may call ' || f.name
from fn f
where f.room <> 'api' and has_function_privilege('huiyin_node', f.oid, 'execute')

union all
select 'rights', 'huiyin_node may not call ' || f.name
from fn f
where f.room = 'api' and not has_function_privilege('huiyin_node', f.oid, 'execute')

union all
select 'rights', 'everybody may call ' || f.name
from fn f
where f.proacl is null
	or exists (select from aclexplode(f.proacl) a where a.grantee = 0)

union all
select 'rights', f.name || ' does not belong to huiyin_owner'
from fn f
where f.proowner <> to_regrole('huiyin_owner')

union all
select 'rights', r.name || ' does not belong to huiyin_owner'
from rel r
where r.relowner <> to_regrole('huiyin_owner')

union all
select 'rights', f.name || ' does not run as its owner with a pinned search_path'
from fn f
where f.room in ('api', 'admin')
	and (not f.prosecdef
		or not 'search_path=pg_catalog, huiyin, pg_temp' = any (coalesce(f.proconfig, '{}')))

union all
select 'rights', 'huiyin_node may create in this database or schema public'
where has_database_privilege('huiyin_node', current_database(), 'create, temporary')
	or has_schema_privilege('huiyin_node', 'public', 'create')

union all
select 'words', f.name || ' has no comment'
from fn f
where obj_description(f.oid, 'pg_proc') is null

union all
select 'words', r.name || ' has no comment'
from rel r
where r.relkind <> 'S'
	and not r.relispartition
	and obj_description(r.oid, 'pg_class') is null

union all
select 'words', 'there is a trigger on ' || t.tgrelid::regclass
from pg_trigger t
where not t.tgisinternal and t.tgrelid in (select r.oid from rel r)

union all
select 'installation', 'no county is set'
from huiyin.installation i
where i.county is null

union all
select 'installation', 'no active department coordinates: what nobody has is shown to nobody'
where not exists (select from huiyin.department d where d.coordinating and d.active)

union all
select 'partitions', p.parent || ' has no partition for the month that begins on ' || p.month
from huiyin.partitions_missing(2) as p

union all
select 'partitions', p.problem
from (
	select 'feedback_default is not empty' where exists (select from huiyin.feedback_default)
	union all
	select 'feedback_history_default is not empty' where exists (select from huiyin.feedback_history_default)
	union all
	select 'feedback_clock_default is not empty' where exists (select from huiyin.feedback_clock_default)
	union all
	select 'notice_receipt_default is not empty' where exists (select from huiyin.notice_receipt_default)
) as p(problem)

union all
select 'calendar', 'hours overlap on ' || h.since
from (
	select w.since, w.begins, lag(w.ends) over (partition by w.since order by w.begins) as ended
	from huiyin.working_hours w
) as h
where h.begins < h.ended

union all
select 'calendar', 'what is laid out is not what the calendar says, first at '
	|| huiyin.rfc3339(min(coalesce(w.starts, s.starts)))
from huiyin.working_span w
full join huiyin.calendar_spans('2020-01-01', '2069-12-31') as s on s.starts = w.starts
where (w.ends, w.day, w.before, w.until) is distinct from (s.ends, s.day, s.before, s.until)
having count(*) > 0

union all
select 'report', f.receipt || ' is in no figure'
from huiyin.feedback f
where not exists (
		select
		from huiyin.report_due r
		where r.feedback = f.id and r.clock = 'answer' and r.round = f.round)
	and f.id not in (select t from huiyin.report_touched() as t)

union all
select 'report', 'what was due on ' || coalesce(d.day, k.day) || ' is not tallied as it is'
from (
	select k.by, k.day, k.key, r.clock, r.facts, count(*) as many
	from huiyin.report_due r
	cross join lateral huiyin.report_kinds(r) as k
	group by 1, 2, 3, 4, 5
) as k
full join (select d.* from huiyin.report_day d where d.many <> 0) as d using (by, day, key, clock, facts)
where k.many is distinct from d.many
group by coalesce(d.day, k.day)

union all
select 'report', 'the figures follow transactions of another database'
from huiyin.report_head r
where r.xid > pg_snapshot_xmax(pg_current_snapshot())

union all
select 'warning', 'the calendar names no days beyond ' || coalesce(c.until::text, 'weekends')
	|| ': holidays after that count as working days'
from (select huiyin.calendar_named_until() as until) as c
where coalesce(c.until < (now() at time zone interval '8 hours')::date + 60, true)

union all
select 'identity', i.name || ' is active, but its ' || case i.kind
	when 'kiosk' then 'station' else 'department' end || ' is not'
from huiyin.principal i
left join huiyin.staff f on f.principal = i.id
left join huiyin.department d on d.id = f.department
left join huiyin.kiosk k on k.principal = i.id
left join huiyin.station s on s.id = k.station
where i.active and (not d.active or not s.active)

union all
select 'identity', i.name || ' has no row as ' || i.kind
from huiyin.principal i
left join huiyin.staff f on f.principal = i.id and i.kind = 'staff'
left join huiyin.kiosk k on k.principal = i.id and i.kind = 'kiosk'
where f.principal is null and k.principal is null

union all
select 'identity', i.name || ' stands where its station is not, or counts though it is not active and enrolled'
from huiyin.identity i
join huiyin.kiosk k on k.principal = i.principal
left join huiyin.kiosk_place p on p.kiosk = i.principal and p.until_seq is null
where (i.active and k.enrolled_at is not null) <> (p.kiosk is not null)
	or p.region <> i.region

union all
select 'notice', n.notice || ' has a number beyond the head of the feed'
from huiyin.notice n
join huiyin.feed f on f.name = 'notice'
where n.seq > f.head

union all
select 'notice', n.notice || ': more came in ' || r.township || ' than were addressed'
from huiyin.notice n
cross join lateral huiyin.notice_reached(n.id, n.sent) as r
where n.seq is not null and r.delivered > r.addressed

union all
select 'notice', 'a receipt is of no notice: ' || r.notice
from huiyin.notice_receipt r
left join huiyin.notice n on n.id = r.notice and n.sent = r.sent
where n.id is null

union all
select 'feedback', f.receipt || ' points to something that is not there'
from huiyin.feedback f
left join huiyin.region g on g.code = f.region
left join huiyin.service s on s.code = f.service
left join huiyin.notice n on n.id = f.about
left join huiyin.department d on d.id = f.lead
left join huiyin.department a on a.id = f.against
left join huiyin.principal p on p.id = f.author
where g.code is null
	or s.code is null
	or (f.about is not null and n.id is null)
	or (f.lead is not null and d.id is null)
	or (f.against is not null and a.id is null)
	or (f.author is not null and p.id is null)

union all
select 'feedback', f.receipt || ' is not what its ref was settled as'
from huiyin.feedback f
left join huiyin.act a on a.ref = f.ref
where a.act is distinct from 'feedback.submit'
	or a.author is distinct from f.author
	or a.result->>'receipt' is distinct from f.receipt

union all
select 'feedback', 'ref ' || a.ref || ' was settled, but there is no feedback'
from huiyin.act a
left join huiyin.feedback f on f.ref = a.ref
where a.act = 'feedback.submit' and f.ref is null

union all
select 'feedback', f.receipt || ' says ' || f.state || ', its history says ' || coalesce(h.state, 'nothing')
from huiyin.feedback f
left join huiyin.feedback_history h on h.feedback = f.id and h.step = f.steps
where h.state is distinct from f.state

union all
select 'feedback', 'two feedbacks have the number ' || f.id
from huiyin.feedback f
group by f.id
having count(*) > 1

union all
select 'feedback', 'a number beyond the counter was given: ' || max(f.id)
from huiyin.feedback f
having max(f.id) > (select s.last_value from huiyin.receipt_number s)

union all
select 'feedback', f.receipt || ' is ' || f.state || ' and nobody leads it'
from huiyin.feedback f
where f.lead is null
	and f.state in ('dispatched', 'accepted', 'in_progress', 'scheduled', 'waiting_submitter',
		'answered', 'revisit', 'reopened', 'closed_resolved', 'closed_explained')

union all
select 'feedback', f.receipt || ' is ' || f.state || ' without an answer or a reason'
from huiyin.feedback f
where case
	when f.state in ('answered', 'revisit', 'closed_resolved', 'closed_explained', 'closed_not_accepted') then
		not exists (select from huiyin.feedback_answer a where a.feedback = f.id and a.round = f.round)
	when f.state = 'closed_duplicate' then
		not exists (select from huiyin.feedback_link l where l.feedback = f.id and l.main = f.main and l.undone_at is null)
	when f.state = 'closed_incomplete' then
		not exists (select from huiyin.feedback_request r where r.feedback = f.id and r.supplied is null)
	when f.state = 'closed_withdrawn' then
		not exists (select from huiyin.feedback_history h where h.feedback = f.id and h.act = 'withdraw')
end

union all
select 'feedback', f.receipt || ' went from ' || h.was || ' to ' || h.state || ' by ' || h.act || ', which is no move'
from (
	select h.feedback, h.at, h.act, h.state,
		lag(h.state) over (partition by h.feedback order by h.step) as was
	from huiyin.feedback_history h
) as h
join huiyin.feedback f on f.id = h.feedback
left join huiyin.feedback_move m on m.act = h.act and m.was = h.was and m.becomes = h.state
where h.act is not null and h.was is not null and m.act is null

union all
select 'feedback', f.receipt || ' is seen by a department it is against'
from huiyin.feedback f
join huiyin.feedback_party p on p.feedback = f.id and p.department = f.against

union all
select 'feedback', f.receipt || ' is joined to one that is against somebody else'
from huiyin.feedback f
join huiyin.feedback m on m.id = f.main
where f.main is not null
	and f.against is distinct from m.against

union all
select 'clock', f.receipt || ': ' || c.clock || ' ended late, and no breach is written'
from huiyin.feedback_clock c
join huiyin.feedback f on f.id = c.feedback
where c.kind in ('met', 'stop') and c.at > c.new_by
	and not exists (
		select from huiyin.feedback_clock b
		where b.feedback = c.feedback and b.clock = c.clock and b.kind = 'breach' and b.new_by = c.new_by)

union all
select 'clock', f.receipt || ' has running clocks, but no tick is to come'
from huiyin.feedback f
where f.tick_at is null
	and f.state not like 'closed%'
	and exists (select from huiyin.clock_levels(f) as l where l.at > coalesce(f.ticked_at, f.filed_at))

union all
select 'clock', 'service ' || s.code || ' has no clock ' || c.clock
from huiyin.service s
cross join unnest(array['dispatch', 'sign', 'contact', 'answer', 'assist', 'revisit']) as c(clock)
left join huiyin.service_clock k on k.service = s.code and k.clock = c.clock
where k.service is null

union all
select 'clock', 'service ' || k.service || ' runs in seconds, and this is no demo county'
from huiyin.service_clock k
cross join huiyin.installation i
where k.unit = 'seconds' and not i.demo

union all
select 'clock', 'what is late waits for a tick since ' || huiyin.rfc3339(min(f.tick_at))
from huiyin.feedback f
where f.tick_at < now() - interval '1 hour'
having count(*) > 0

union all
select l.room, l.problem from huiyin.ledger_broken() as l

union all
select 'rights', 'huiyin_owner may change what nobody may: ' || r.name
from rel r
left join pg_inherits i on i.inhrelid = r.oid
left join pg_class p on p.oid = i.inhparent
join pg_class c on c.oid = r.oid
where r.relkind in ('r', 'p')
	and ((coalesce(p.relname, c.relname) = any (huiyin.never_changed())
			and has_table_privilege('huiyin_owner', r.oid, 'update, delete, truncate'))
		or (coalesce(p.relname, c.relname) = any (huiyin.never_deleted())
			and has_table_privilege('huiyin_owner', r.oid, 'delete, truncate')))

union all
select 'person', count(*) || ' persons lie in clear: huiyin-admin person seal'
from huiyin.feedback_person p
where coalesce(p.name, p.phone, p.filed_by_name, p.filed_by_relation) is not null
having count(*) > 0

union all
select 'person', 'the record of ' || k.feedback || ' has a key but is not there'
from huiyin.person_key k
left join huiyin.feedback_person p on p.feedback = k.feedback
where p.feedback is null

union all
select 'person', 'what was done with ' || coalesce(x.feedback::text, 'many') || ' is not in the chain'
from huiyin.person_access x
left join huiyin.audit a on a.seq = x.audit
where a.act is distinct from 'person.' || x.kind

union all
select 'meeting', f.problem
from huiyin.meeting_faults() as f

union all
select 'act', 'ref ' || a.ref || ' was taken, but nothing came of it'
from huiyin.act a
where a.result is null

union all
select 'audit', 'row ' || b.seq || ' ' || b.why from huiyin.audit_broken() as b

order by 1, 2;
