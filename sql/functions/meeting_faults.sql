-- SPDX-License-Identifier: Apache-2.0
-- What verify.sql asks about meetings: whether rows say the same in all their places.

create or replace function huiyin.meeting_faults()
returns table (problem text)
language sql
stable
as $$
	select 'meeting ' || m.id || ' says ' || m.state || ', its history says ' || coalesce(h.state, 'nothing')
	from huiyin.meeting m
	left join huiyin.meeting_history h on h.meeting = m.id and h.step = m.steps
	where (h.state, h.revision) is distinct from (m.state, m.revision)

	union all
	select 'meeting ' || h.meeting || ' went from ' || coalesce(h.was, 'nothing') || ' to ' || h.state || ' by ' || h.act || ', which is no move'
	from (
		select x.meeting, x.act, x.state,
			lag(x.state) over (partition by x.meeting order by x.step) as was
		from huiyin.meeting_history x
	) as h
	left join huiyin.meeting_move m on m.act = h.act and m.was = h.was and m.becomes = h.state
	where m.act is null and (h.act <> 'meeting.convene' or h.was is not null or h.state <> 'convened')

	union all
	select 'the items of meeting ' || i.meeting || ' are not numbered from 1 without gaps'
	from huiyin.meeting_item i
	where i.position is not null
	group by i.meeting
	having count(*) <> max(i.position)

	union all
	select 'meeting ' || m.id || ' is ' || m.state || ', its summary is not'
	from huiyin.meeting m
	where case m.state
		when 'drafted' then not exists (select from huiyin.summary s where s.meeting = m.id and s.state = 'draft')
		when 'circulated' then not exists (select from huiyin.summary s where s.meeting = m.id and s.state = 'circulated')
		when 'issued' then not exists (select from huiyin.summary_issued s where s.meeting = m.id)
			or exists (select from huiyin.summary s where s.meeting = m.id and s.state in ('draft', 'circulated'))
		else exists (select from huiyin.summary s where s.meeting = m.id and s.state in ('draft', 'circulated'))
	end

	union all
	select 'summary ' || s.id || ' is ' || s.state || ', but ' || case when i.summary is null
		then 'was never issued' else 'was issued' end
	from huiyin.summary s
	left join huiyin.summary_issued i on i.summary = s.id
	where (s.state = 'issued') <> (i.summary is not null)

	union all
	select 'the numbers of ' || c.year || ' have a gap, or end where the counter does not stand'
	from (
		select i.year, count(*) as many, max(i.number) as last
		from huiyin.summary_issued i
		group by i.year
	) as c
	left join huiyin.summary_counter k on k.year = c.year
	where c.many <> c.last or c.last is distinct from k.last

	union all
	select 'summary ' || i.number || ' of ' || i.year || ' is not what was issued'
	from huiyin.summary_issued i
	where i.content_hash <> huiyin.content_hash(i.content)
		or not exists (
			select
			from huiyin.audit a
			where a.act = 'summary.issue' and a.subject = 'meeting ' || i.meeting and a.content_hash = i.content_hash)
		or (
			select jsonb_agg(jsonb_build_array(x.position, x.item, x.text, x.decision) order by x.position)
			from huiyin.summary_item x
			where x.summary = i.summary
		) is distinct from (
			select jsonb_agg(jsonb_build_array(c.item->'position', c.item->'item', c.item->'text',
				c.item->'decisions'->0->'text') order by c.nth)
			from jsonb_array_elements(i.content->'items') with ordinality as c(item, nth)
		)
		or (
			select count(*) from huiyin.summary_party p where p.summary = i.summary
		) <> (
			select count(*)
			from jsonb_each(i.content->'attendance') as a, jsonb_array_elements(a.value)
		)
$$;
comment on function huiyin.meeting_faults is
	'a row for everything that is wrong with meetings and summaries; none in what acts have made';
