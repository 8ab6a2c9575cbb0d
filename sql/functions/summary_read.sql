-- SPDX-License-Identifier: Apache-2.0
-- summary.get and summary.list.

create or replace function huiyin.summary_shown(m huiyin.meeting, parts text[], params jsonb)
returns huiyin.summary
language sql
stable
as $$
	select s.*
	from huiyin.summary s
	left join huiyin.summary_issued i on i.summary = s.id
	where s.meeting = m.id
		and case
			when params ? 'number' then i.number = (params->>'number')::int
				and i.year = coalesce((params->>'year')::int, i.year)
			else s.state <> 'withdrawn'
				and (s.state <> 'draft' or parts && array['office', 'auditor'])
		end
	order by s.id desc
	limit 1
$$;
comment on function huiyin.summary_shown is
	'of a meeting the issued one of that number; or the last that one may see: a draft is the office''s until it is circulated';

create or replace function huiyin.numbered_json(summary bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('year', i.year, 'number', i.number)
	from huiyin.summary_issued i
	where i.summary = numbered_json.summary
$$;
comment on function huiyin.numbered_json is 'how an issued summary is called';

create or replace function huiyin.summary_heading(s huiyin.summary)
returns jsonb
language sql
stable
as $$
	select jsonb_strip_nulls(jsonb_build_object(
		'meeting', s.meeting,
		'state', s.state,
		'year', i.year,
		'number', i.number,
		'issued_at', huiyin.rfc3339(i.at),
		'sign_by', case when s.state = 'circulated' then huiyin.rfc3339(s.sign_by) end,
		'corrects', huiyin.numbered_json(s.corrects),
		'corrected_by', (
			select huiyin.numbered_json(c.summary)
			from huiyin.summary_issued c
			where c.corrects = s.id),
		'reason', s.reason))
	from (values (1)) as one
	left join huiyin.summary_issued i on i.summary = s.id
$$;
comment on function huiyin.summary_heading is
	'what a summary is: its state and number, what it corrects and what corrects it';

create or replace function huiyin.content_of(m huiyin.meeting, s huiyin.summary)
returns jsonb
language sql
stable
as $$
	select case s.state
		when 'issued' then (select i.content from huiyin.summary_issued i where i.summary = s.id)
		when 'circulated' then (
			select r.content
			from huiyin.summary_round r
			where r.summary = s.id and r.round = s.round)
		else huiyin.summary_content(m, s)
	end
$$;
comment on function huiyin.content_of is
	'what a summary says: as it was issued, as it was circulated, or as the draft is now';

create or replace function huiyin.voices_seen(
	me huiyin.identity,
	m huiyin.meeting,
	s huiyin.summary,
	parts text[])
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'department', huiyin.department_json(v.department),
			'voice', v.voice,
			'round', v.round,
			'at', huiyin.rfc3339(v.at),
			'late', v.late,
			'text', v.text,
			'answer', v.answer,
			'noted', v.noted)) order by v.number), '[]')
	from huiyin.summary_voice v
	where v.summary = s.id
		and (v.department = me.department or parts && array['office', 'auditor'])
$$;
comment on function huiyin.voices_seen is
	'all that was said of it, in every round: to the office and auditors; to a department its own';

create or replace function api.summary_get(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	m huiyin.meeting;
	s huiyin.summary;
	parts text[];
begin
	select x.* into m from huiyin.meeting x where x.id = (params->>'meeting')::bigint;
	parts := huiyin.meeting_parts(me, m);
	if m.id is not null and parts <> '{}' then
		s := huiyin.summary_shown(m, parts, params);
	end if;
	if s.id is null then
		perform huiyin.refuse('not_found', 'meeting');
	end if;
	return huiyin.summary_heading(s)
		|| huiyin.content_of(m, s)
		|| jsonb_build_object('said', huiyin.voices_seen(me, m, s, parts))
		|| case when s.state = 'circulated' then jsonb_build_object(
			'revision', m.revision,
			'overdue', s.sign_by < now(),
			'silent', huiyin.departments_json(huiyin.summary_waits(m, s))) else '{}' end
		|| case when s.state = 'issued' then (
			select jsonb_build_object('hash', encode(i.content_hash, 'hex'))
			from huiyin.summary_issued i
			where i.summary = s.id) else '{}' end;
end $$;
comment on function api.summary_get is
	'{meeting, year?, number?} -> the summary as it was issued or circulated, or to the office its draft, with the voices one may hear; corrected ones stay readable by their number';

create or replace function api.summary_list(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me huiyin.identity := huiyin.me(who, array['clerk', 'approver', 'coordinator', 'auditor']);
	many int := least(coalesce((params->>'limit')::int, 50), 200);
	items jsonb;
	last text;
begin
	if params->>'after' !~ '^\d{1,18}$' then
		perform huiyin.refuse('bad_value', 'after');
	end if;
	select
		jsonb_agg(huiyin.summary_heading(p.s) || jsonb_build_object('title', p.title)
			order by (p.s).id desc),
		min((p.s).id)::text
	into items, last
	from (
		select s, coalesce(i.content->>'title', m.title) as title
		from huiyin.summary s
		join huiyin.meeting m on m.id = s.meeting
		left join huiyin.summary_issued i on i.summary = s.id
		cross join lateral huiyin.meeting_parts(me, m) as parts
		where parts <> '{}'
			and s.id < coalesce((params->>'after')::bigint, 9223372036854775807)
			and s.state <> 'withdrawn'
			and (s.state <> 'draft' or parts && array['office', 'auditor'])
			and (not params ? 'state' or s.state = params->>'state')
			and (not params ? 'year' or i.year = (params->>'year')::int)
		order by s.id desc
		limit many
	) as p;
	return jsonb_build_object('items', coalesce(items, '[]'))
		|| case when jsonb_array_length(items) = many
			then jsonb_build_object('next', last) else '{}' end;
end $$;
comment on function api.summary_list is
	'{state?, year?, after?, limit?} -> {items, next?}: the latest first, of meetings one has a part in; all to auditors';
