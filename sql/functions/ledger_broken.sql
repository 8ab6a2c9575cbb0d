-- SPDX-License-Identifier: Apache-2.0
-- The ledger's part of verify.sql.

create or replace function huiyin.ledger_broken()
returns table (room text, problem text)
language sql
stable
as $$
	select 'ledger', 'item ' || i.position || ' of summary ' || s.year || '/' || s.number || ' is to be done and in no ledger'
	from huiyin.summary_issued s
	join huiyin.summary_item i on i.summary = s.summary and i.lead is not null
	left join huiyin.ledger_entry e on e.summary = i.summary and e.item = i.item
	where e.id is null

	union all
	select 'ledger', e.entry || ' was decided by no summary that is issued'
	from huiyin.ledger_entry e
	left join huiyin.summary_issued s on s.summary = e.summary
	left join huiyin.summary_item i on i.summary = e.summary and i.item = e.item and i.lead = e.lead
	where s.summary is null or i.item is null

	union all
	select 'ledger', e.entry || ' says ' || e.state || ', its history says ' || coalesce(h.state, 'nothing')
	from huiyin.ledger_entry e
	left join huiyin.ledger_history h on h.entry = e.id and h.step = e.steps
	where h.state is distinct from e.state
		or e.steps <> (select count(*) from huiyin.ledger_history x where x.entry = e.id)

	union all
	select 'ledger', e.entry || ' went from ' || h.was || ' to ' || h.state || ' by ' || h.act || ', which is no move'
	from (
		select x.entry, x.act, x.state, lag(x.state) over (partition by x.entry order by x.step) as was
		from huiyin.ledger_history x
	) as h
	join huiyin.ledger_entry e on e.id = h.entry
	where h.was is not null and not exists (
		select from huiyin.ledger_move m where m.act = h.act and m.was = h.was and m.becomes = h.state)

	union all
	select 'ledger', e.entry || ' was verified by the department that did it'
	from huiyin.ledger_entry e
	join huiyin.ledger_history h on h.entry = e.id and h.act = 'verify' and h.state = 'verified'
	where h.department = e.doer

	union all
	select 'ledger', e.entry || ' ended late, and no breach is written'
	from huiyin.ledger_clock c
	join huiyin.ledger_entry e on e.id = c.entry
	where c.kind in ('met', 'stop') and c.at > c.new_by
		and not exists (
			select from huiyin.ledger_clock b
			where b.entry = c.entry and b.kind = 'breach' and b.new_by = c.new_by)

	union all
	select 'ledger', e.entry || ' has a running clock, but no tick is to come'
	from huiyin.ledger_entry e
	where e.tick_at is null
		and exists (select from huiyin.ledger_levels(e) as l where l.at > coalesce(e.ticked_at, '-infinity'))

	union all
	select 'ledger', 'what is late waits for a tick since ' || huiyin.rfc3339(min(e.tick_at))
	from huiyin.ledger_entry e
	where e.tick_at < now() - interval '1 hour'
	having count(*) > 0

	union all
	select 'ledger', 'whose feedback led to ' || e.entry || ' was not told: ' || f.receipt
	from huiyin.ledger_entry e
	join huiyin.ledger_feedback l on l.entry = e.id
	join huiyin.feedback f on f.id = l.feedback
	where e.state <> 'cancelled' and not exists (
		select
		from huiyin.feedback_history h
		where h.feedback = f.id and h.at >= e.opened_at and h.act = 'decide')

	union all
	select 'warning', e.entry || ' is done, and there is nobody to verify it'
	from huiyin.ledger_entry e
	where e.state = 'done' and not exists (
		select
		from huiyin.staff s
		join huiyin.principal p on p.id = s.principal and p.active
		join huiyin.department d on d.id = s.department
		where s.roles && array['clerk', 'approver', 'coordinator'] and not s.vacant
			and d.id <> e.doer
			and (d.coordinating and 'coordinator' = any (s.roles)
				or huiyin.has_ledger_part(e, d.id, null)))
$$;
comment on function huiyin.ledger_broken is
	'what is wrong with the ledger, as verify.sql says it: (room, problem)';
