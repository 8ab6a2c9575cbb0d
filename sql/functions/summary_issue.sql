-- SPDX-License-Identifier: Apache-2.0
-- summary.issue: numbered in the county's sequence of the year, and fixed for ever in
-- tables that only grow; and the way back to it from a correction that is given up.

create or replace function huiyin.refuse_voices(m huiyin.meeting, s huiyin.summary)
returns void
language plpgsql
as $$
declare
	now_so jsonb;
begin
	select jsonb_build_object(
		'sign_by', huiyin.rfc3339(s.sign_by),
		'silent', (
			select coalesce(jsonb_agg(d.code order by d.code), '[]')
			from huiyin.department d
			where d.id = any ((huiyin.summary_waits(m, s))[1:10])),
		'objects', (
			select coalesce(jsonb_agg(x.code order by x.code), '[]')
			from (
				select d.code
				from huiyin.summary_voices(s) as v
				join huiyin.department d on d.id = v.department
				where v.voice = 'objected' and v.answer is null
				order by d.code
				limit 5
			) as x))
	into now_so;
	raise exception using errcode = 'YN001', message = 'needs_voices', detail = 'meeting',
		column = now_so::text;
end $$;
comment on function huiyin.refuse_voices is
	'needs_voices, with who is silent and until when that counts, and whose objection waits for an answer';

create or replace function huiyin.voices_check(m huiyin.meeting, s huiyin.summary)
returns void
language plpgsql
as $$
begin
	if exists (select from huiyin.summary_voices(s) as v where v.voice = 'objected' and v.answer is null)
			or (now() <= s.sign_by and huiyin.summary_waits(m, s) <> '{}') then
		perform huiyin.refuse_voices(m, s);
	end if;
end $$;
comment on function huiyin.voices_check is
	'every objection was answered or noted; every department has spoken, or its two working days are over';

create or replace function huiyin.voices_json(m huiyin.meeting, s huiyin.summary)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'signed', (
			select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
				'department', huiyin.department_json(v.department),
				'at', huiyin.rfc3339(v.at),
				'late', nullif(v.late, false))) order by v.department), '[]')
			from huiyin.summary_voices(s) as v
			where v.voice = 'signed'),
		'objected', (
			select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
				'department', huiyin.department_json(v.department),
				'at', huiyin.rfc3339(v.at),
				'late', nullif(v.late, false),
				'text', v.text,
				'answer', v.answer,
				'noted', v.noted)) order by v.department), '[]')
			from huiyin.summary_voices(s) as v
			where v.voice = 'objected'),
		'silent', huiyin.departments_json(huiyin.summary_waits(m, s)))
$$;
comment on function huiyin.voices_json is 'who signed, who objected and what was said to it, who has said nothing';

create or replace function huiyin.summary_number(the_year int)
returns int
language sql
as $$
	insert into huiyin.summary_counter as c (year, last)
	values (the_year, 1)
	on conflict (year) do update set last = c.last + 1
	returning last
$$;
comment on function huiyin.summary_number is
	'the next number of the year; its row is locked until commit, and given back when there is none';

create or replace function huiyin.summary_fixed(m huiyin.meeting, s huiyin.summary)
returns void
language sql
as $$
	insert into huiyin.summary_party (summary, department, part, reply, came, who)
	select s.id, p.department, p.part, p.reply, p.came, p.who
	from huiyin.meeting_party p
	where p.meeting = m.id;
	insert into huiyin.summary_item (summary, position, item, text, decision, lead, assisting,
		responsible, standard, due_at, feedback, notices, entries)
	select s.id, i.position, i.id, i.text, i.decision, i.lead,
		array(select a.department from huiyin.meeting_item_assist a where a.item = i.id order by a.department),
		i.responsible, i.standard, i.due_at,
		array(select x.feedback from huiyin.meeting_item_feedback x where x.item = i.id order by x.feedback),
		array(select x.notice from huiyin.meeting_item_notice x where x.item = i.id order by x.notice),
		array(select x.entry from huiyin.meeting_item_entry x where x.item = i.id order by x.entry)
	from huiyin.meeting_item i
	where i.meeting = m.id and i.position is not null;
$$;
comment on function huiyin.summary_fixed is 'attendance and items as they were, where nobody changes them';

create or replace function huiyin.do_summary_issue(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	m huiyin.meeting := huiyin.meeting_at(me, item, 'summary.issue');
	s huiyin.summary := huiyin.summary_open(m);
	the_year int := extract(year from now() at time zone interval '8 hours');
	number int;
	content jsonb;
begin
	perform huiyin.voices_check(m, s);
	number := huiyin.summary_number(the_year);
	select r.content || jsonb_build_object(
		'year', the_year,
		'number', number,
		'issued_at', huiyin.rfc3339(now()),
		'voices', huiyin.voices_json(m, s))
	into content
	from huiyin.summary_round r
	where r.summary = s.id and r.round = s.round;
	insert into huiyin.summary_issued (summary, meeting, year, number, at, principal, department,
		corrects, content, content_hash)
	values (s.id, m.id, the_year, number, now(), me.principal, m.department, s.corrects,
		content, huiyin.content_hash(content));
	perform huiyin.summary_fixed(m, s);
	update huiyin.summary x set state = 'issued' where x.id = s.id;
	perform huiyin.ledger_open(s.id, me);
	m := huiyin.meeting_step(m, me, 'summary.issue', 'issued', false,
		jsonb_build_object('year', the_year, 'number', number));
	return huiyin.meeting_done(item, me, m, 'summary.issue', huiyin.content_hash(content))
		|| jsonb_build_object('year', the_year, 'number', number);
end $$;
comment on function huiyin.do_summary_issue is
	'issues what was circulated: numbered, fixed, its decisions in the ledger; the audit has the hash of it. The row of the counter is taken before those of the ledger, so that who issues at the same time waits there and nowhere else';

create or replace function huiyin.meeting_as_issued(m huiyin.meeting, issued bigint)
returns huiyin.meeting
language plpgsql
as $$
declare
	content jsonb;
begin
	select i.content into content from huiyin.summary_issued i where i.summary = issued;
	m.title := content->>'title';
	m.at := (content->>'at')::timestamptz;
	m.place := content->>'place';
	m.chair := content->>'chair';
	update huiyin.meeting_party p
	set part = x.part, reply = x.reply, came = x.came, who = x.who
	from huiyin.summary_party x
	where p.meeting = m.id and x.summary = issued and x.department = p.department;
	update huiyin.meeting_item i set position = null where i.meeting = m.id;
	update huiyin.meeting_item i
	set position = x.position, text = x.text, decision = x.decision, lead = x.lead,
		responsible = x.responsible, standard = x.standard, due_at = x.due_at
	from huiyin.summary_item x
	where x.summary = issued and x.item = i.id;
	perform huiyin.item_as_issued(x) from huiyin.summary_item x where x.summary = issued;
	return m;
end $$;
comment on function huiyin.meeting_as_issued is
	'the meeting as its issued summary has it; a department that the correction invited stays invited';

create or replace function huiyin.item_as_issued(x huiyin.summary_item)
returns void
language sql
as $$
	delete from huiyin.meeting_item_assist a where a.item = x.item and a.department <> all (x.assisting);
	insert into huiyin.meeting_item_assist (item, department)
	select x.item, d from unnest(x.assisting) as d on conflict do nothing;
	delete from huiyin.meeting_item_feedback f where f.item = x.item and f.feedback <> all (x.feedback);
	insert into huiyin.meeting_item_feedback (item, feedback)
	select x.item, f from unnest(x.feedback) as f on conflict do nothing;
	delete from huiyin.meeting_item_notice n where n.item = x.item and n.notice <> all (x.notices);
	insert into huiyin.meeting_item_notice (item, notice)
	select x.item, n from unnest(x.notices) as n on conflict do nothing;
	delete from huiyin.meeting_item_entry e where e.item = x.item and e.entry <> all (x.entries);
	insert into huiyin.meeting_item_entry (item, entry)
	select x.item, e from unnest(x.entries) as e on conflict do nothing;
$$;
comment on function huiyin.item_as_issued is 'what an item was about and who assisted, as it was issued';

create or replace function api.summary_issue(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.issue') as s
$$;
comment on function api.summary_issue is 'params {meeting, revision} -> {meeting, state, revision, year, number}';
