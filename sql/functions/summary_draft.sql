-- SPDX-License-Identifier: Apache-2.0
-- A summary (纪要) on its way: drafted, circulated, taken back; and what it says.

create or replace function huiyin.attendance_json(m huiyin.meeting)
returns jsonb
language sql
stable
as $$
	select jsonb_object_agg(k.name, (
		select coalesce(jsonb_agg(jsonb_build_object(
			'department', huiyin.department_json(p.department),
			'names', to_jsonb(case when p.came then p.who else '{}' end)) order by p.department), '[]')
		from huiyin.meeting_party p
		where p.meeting = m.id
			and k.name = case
				when p.came and p.part = 'member' then 'came'
				when p.came then 'sitting_in'
				when p.reply = 'leave' then 'leave'
				else 'absent'
			end))
	from unnest(array['came', 'leave', 'sitting_in', 'absent']) as k(name)
$$;
comment on function huiyin.attendance_json is
	'who came (出席), sent leave (请假), sat in (列席) or was absent, by department, with the names of those who were there';

create or replace function huiyin.decisions_json(i huiyin.meeting_item)
returns jsonb
language sql
stable
as $$
	select case when i.decision is null then '[]' else jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
		'text', i.decision,
		'lead', huiyin.department_json(i.lead),
		'assisting', (
			select jsonb_agg(huiyin.department_json(a.department) order by a.department)
			from huiyin.meeting_item_assist a
			where a.item = i.id),
		'responsible', i.responsible,
		'standard', i.standard,
		'due', huiyin.rfc3339(i.due_at)))) end
$$;
comment on function huiyin.decisions_json is 'what was decided on an item: a list, empty when nothing was';

create or replace function huiyin.feedback_counted(i huiyin.meeting_item, m huiyin.meeting)
returns int
language sql
stable
as $$
	select nullif(count(*), 0)::int
	from huiyin.meeting_item_feedback x
	join huiyin.feedback f on f.id = x.feedback
	where x.item = i.id
		and (f.against = m.department) is not true
		and not exists (
			select
			from huiyin.meeting_party p
			where p.meeting = m.id and p.department = f.against)
	having count(*) >= 5
$$;
comment on function huiyin.feedback_counted is
	'how many feedbacks led to it, for all readers of the summary: without what is against one of them; null: none, or fewer than 5';

create or replace function huiyin.summary_content(m huiyin.meeting, s huiyin.summary)
returns jsonb
language sql
stable
as $$
	select jsonb_strip_nulls(jsonb_build_object(
		'title', m.title,
		'office', huiyin.department_json(m.department),
		'meeting', m.id,
		'at', huiyin.rfc3339(m.at),
		'place', m.place,
		'chair', m.chair,
		'attendance', huiyin.attendance_json(m),
		'items', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'item', i.id,
				'position', i.position,
				'text', i.text,
				'decisions', huiyin.decisions_json(i),
				'feedback', huiyin.feedback_counted(i, m),
				'notices', (
					select coalesce(jsonb_agg(jsonb_build_object('notice', n.notice, 'headline', n.headline)
						order by n.id), '[]')
					from huiyin.meeting_item_notice x
					join huiyin.notice n on n.id = x.notice
					where x.item = i.id)) order by i.position), '[]')
			from huiyin.meeting_item i
			where i.meeting = m.id and i.position is not null),
		'copies_to', (
			select coalesce(jsonb_agg(huiyin.department_json(p.department) order by p.department), '[]')
			from huiyin.meeting_party p
			where p.meeting = m.id),
		'corrects', (
			select jsonb_build_object('year', c.year, 'number', c.number, 'reason', s.reason)
			from huiyin.summary_issued c
			where c.summary = s.corrects)))
$$;
comment on function huiyin.summary_content is
	'what a summary says, from the meeting as it is now: all that its readers may see, and nothing else. See sql/README.md';

create or replace function huiyin.content_hash(content jsonb)
returns bytea
language sql
immutable
as $$
	select sha256(convert_to(content::text, 'UTF8'))
$$;
comment on function huiyin.content_hash is 'sha-256 of a content as jsonb writes it';

create or replace function huiyin.summary_open(m huiyin.meeting)
returns huiyin.summary
language plpgsql
stable
as $$
declare
	s huiyin.summary;
begin
	select x.* into strict s
	from huiyin.summary x
	where x.meeting = m.id and x.state in ('draft', 'circulated');
	return s;
end $$;
comment on function huiyin.summary_open is 'the summary on its way of a meeting in state drafted or circulated; the meeting''s row is its lock';

create or replace function huiyin.summary_again(m huiyin.meeting, me huiyin.identity, reason text)
returns void
language plpgsql
as $$
declare
	s huiyin.summary;
begin
	if m.state <> 'held' and reason is null then
		perform huiyin.refuse('missing_field', 'reason');
	elsif m.state = 'circulated' then
		s := huiyin.summary_open(m);
		update huiyin.summary_voice v
		set answer = reason, noted = false, answered_at = now(), answered_by = me.principal
		where v.summary = s.id and v.round = s.round and v.voice = 'objected' and v.answer is null;
		update huiyin.summary x set state = 'draft' where x.id = s.id;
		return;
	end if;
	insert into huiyin.summary (meeting, corrects, reason)
	values (m.id, (
		select max(i.summary) from huiyin.summary_issued i where i.meeting = m.id), reason);
end $$;
comment on function huiyin.summary_again is
	'a new draft; the circulated one taken back, which answers the objections; or a correction of the issued one. All but the first say why';

create or replace function huiyin.do_summary_draft(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	m huiyin.meeting := huiyin.meeting_at(me, item, 'summary.draft');
	reason text := item->'params'->>'reason';
begin
	perform huiyin.summary_again(m, me, reason);
	m := huiyin.meeting_step(m, me, 'summary.draft', 'drafted', false,
		jsonb_build_object('reason', reason));
	return huiyin.meeting_done(item, me, m, 'summary.draft');
end $$;
comment on function huiyin.do_summary_draft is
	'begins a summary, takes a circulated one back to be changed, or begins the correction of an issued one';

create or replace function huiyin.summary_check(m huiyin.meeting)
returns void
language plpgsql
stable
as $$
declare
	undecided int;
begin
	if not exists (select from huiyin.meeting_item i where i.meeting = m.id and i.position is not null) then
		perform huiyin.refuse('no_items', 'meeting');
	end if;
	select min(i.position) into undecided
	from huiyin.meeting_item i
	where i.meeting = m.id and i.position is not null and i.lead is not null and i.decision is null;
	if undecided is not null then
		perform huiyin.refuse('missing_field', format('items[%s].decision', undecided - 1));
	end if;
end $$;
comment on function huiyin.summary_check is
	'refuses a summary with nothing in it, and an item that somebody leads without a decision';

create or replace function huiyin.do_summary_circulate(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	m huiyin.meeting := huiyin.meeting_at(me, item, 'summary.circulate');
	s huiyin.summary := huiyin.summary_open(m);
	content jsonb := huiyin.summary_content(m, s);
begin
	perform huiyin.summary_check(m);
	update huiyin.summary x
	set state = 'circulated', round = x.round + 1,
		sign_by = huiyin.deadline(now(), 2, 'working_days')
	where x.id = s.id
	returning * into s;
	insert into huiyin.summary_round (summary, round, sign_by, revision, content, content_hash)
	values (s.id, s.round, s.sign_by, m.revision, content, huiyin.content_hash(content));
	m := huiyin.meeting_step(m, me, 'summary.circulate', 'circulated', false,
		jsonb_build_object('round', s.round));
	return huiyin.meeting_done(item, me, m, 'summary.circulate', huiyin.content_hash(content))
		|| jsonb_build_object('sign_by', huiyin.rfc3339(s.sign_by));
end $$;
comment on function huiyin.do_summary_circulate is
	'asks the departments to sign within two working days (MISSION); what they are asked to sign is kept as it is now';

create or replace function api.summary_draft(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.draft') as s
$$;
comment on function api.summary_draft is 'params {meeting, reason?} -> {meeting, state, revision}';

create or replace function api.summary_circulate(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.circulate') as s
$$;
comment on function api.summary_circulate is 'params {meeting, revision} -> {meeting, state, revision, sign_by}';
