-- SPDX-License-Identifier: Apache-2.0
-- A meeting from its convening until it was held: heading, invited departments and
-- what they say, attendance.

create or replace function huiyin.meeting_invite(m huiyin.meeting, params jsonb)
returns jsonb
language plpgsql
as $$
declare
	one record;
	which bigint;
	invited jsonb := '[]';
begin
	for one in
		select k.part, k.field, c.code, c.n - 1 as n
		from (values ('member', 'departments'), ('sitting_in', 'sitting_in')) as k(part, field),
			jsonb_array_elements_text(coalesce(params->k.field, '[]')) with ordinality as c(code, n)
	loop
		which := huiyin.department_named(one.code, format('%s[%s]', one.field, one.n));
		if exists (select from huiyin.meeting_party p where p.meeting = m.id and p.department = which) then
			perform huiyin.refuse('already', format('%s[%s]', one.field, one.n));
		end if;
		insert into huiyin.meeting_party (meeting, department, part, came)
		values (m.id, which, one.part, case when m.state <> 'convened' then false end);
		invited := invited || to_jsonb(one.code);
	end loop;
	return invited;
end $$;
comment on function huiyin.meeting_invite is
	'departments: members, sitting_in: 列席; who was there already is refused. Their codes';

create or replace function huiyin.do_meeting_convene(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting;
begin
	if not me.coordinating then
		perform huiyin.refuse('not_allowed');
	elsif (params->>'at')::timestamptz <= now() then
		perform huiyin.refuse('past', 'at');
	end if;
	insert into huiyin.meeting (title, at, place, chair, department)
	values (params->>'title', (params->>'at')::timestamptz, params->>'place', params->>'chair',
		me.department)
	returning * into m;
	perform huiyin.meeting_invite(m, params);
	m := huiyin.meeting_step(m, me, 'meeting.convene', 'convened');
	return huiyin.meeting_done(item, me, m, 'meeting.convene');
end $$;
comment on function huiyin.do_meeting_convene is 'convenes a meeting; those invited hear of it';

create or replace function huiyin.do_meeting_change(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.change');
	was jsonb := jsonb_build_object('title', m.title, 'at', huiyin.rfc3339(m.at),
		'place', m.place, 'chair', m.chair);
	invited jsonb;
begin
	if m.state = 'convened' and (params->>'at')::timestamptz <= now() then
		perform huiyin.refuse('past', 'at');
	end if;
	m.title := coalesce(params->>'title', m.title);
	m.at := coalesce((params->>'at')::timestamptz, m.at);
	m.place := coalesce(params->>'place', m.place);
	m.chair := coalesce(params->>'chair', m.chair);
	invited := huiyin.meeting_invite(m, params);
	m := huiyin.meeting_step(m, me, 'meeting.change', m.state, true, jsonb_build_object(
		'invited', nullif(invited, '[]'),
		'was', (select jsonb_object_agg(w.key, w.value) from jsonb_each(was) as w where params ? w.key)));
	return huiyin.meeting_done(item, me, m, 'meeting.change');
end $$;
comment on function huiyin.do_meeting_change is 'changes the heading, or invites more departments';

create or replace function huiyin.do_meeting_reply(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.reply');
begin
	if params->>'reply' <> 'leave' and not params ? 'names' then
		perform huiyin.refuse('missing_field', 'names');
	end if;
	update huiyin.meeting_party p
	set reply = case params->>'reply' when 'leave' then 'leave' else 'comes' end,
		part = case params->>'reply' when 'sits_in' then 'sitting_in' when 'comes' then 'member'
			else p.part end,
		who = array(select jsonb_array_elements_text(params->'names')),
		reason = params->>'reason',
		replied_at = now()
	where p.meeting = m.id and p.department = me.department;
	m := huiyin.meeting_step(m, me, 'meeting.reply', m.state, false,
		jsonb_build_object('reply', params->>'reply'));
	return huiyin.meeting_done(item, me, m, 'meeting.reply');
end $$;
comment on function huiyin.do_meeting_reply is
	'an invited department comes and names who, sends leave (请假), or sits in (列席); until the meeting it may say otherwise';

create or replace function huiyin.do_meeting_hold(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.hold');
	one record;
	which bigint;
	came bigint[] := '{}';
begin
	for one in
		select c.code, c.n - 1 as n
		from jsonb_array_elements_text(coalesce(params->'came', '[]')) with ordinality as c(code, n)
	loop
		which := huiyin.department_named(one.code, format('came[%s]', one.n));
		if not exists (select from huiyin.meeting_party p where p.meeting = m.id and p.department = which) then
			perform huiyin.refuse('not_invited', format('came[%s]', one.n));
		end if;
		came := came || which;
	end loop;
	update huiyin.meeting_party p
	set came = case when params ? 'came' then p.department = any (hold.came) else p.reply = 'comes' end
	from (select came) as hold(came)
	where p.meeting = m.id;
	m := huiyin.meeting_step(m, me, 'meeting.hold', 'held', true);
	return huiyin.meeting_done(item, me, m, 'meeting.hold');
end $$;
comment on function huiyin.do_meeting_hold is
	'it was held; who came: those named, or else those that said so';

create or replace function huiyin.do_meeting_attend(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.attend');
	which bigint := huiyin.department_named(params->>'department', 'department');
	how text := params->>'how';
begin
	update huiyin.meeting_party p
	set part = case how when 'sat_in' then 'sitting_in' when 'came' then 'member' else p.part end,
		reply = case when how = 'leave' then 'leave'
			when how = 'absent' and p.reply = 'leave' then 'none' else p.reply end,
		who = case when params ? 'names'
			then array(select jsonb_array_elements_text(params->'names')) else p.who end,
		came = how in ('came', 'sat_in')
	where p.meeting = m.id and p.department = which;
	if not found then
		perform huiyin.refuse('not_invited', 'department');
	end if;
	m := huiyin.meeting_step(m, me, 'meeting.attend', m.state, true,
		jsonb_build_object('department', params->>'department', 'how', how));
	return huiyin.meeting_done(item, me, m, 'meeting.attend');
end $$;
comment on function huiyin.do_meeting_attend is
	'how one invited department attended, as it was: came, sat in, sent leave or was absent, and who; whom nobody had invited meeting.change invites first';

create or replace function huiyin.do_meeting_cancel(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.cancel');
	given_up huiyin.summary;
begin
	update huiyin.summary s
	set state = 'withdrawn'
	where s.meeting = m.id and s.state = 'draft'
	returning * into given_up;
	if given_up.corrects is not null then
		m := huiyin.meeting_as_issued(m, given_up.corrects);
	end if;
	m := huiyin.meeting_step(m, me, 'meeting.cancel',
		case when given_up.corrects is null then 'cancelled' else 'issued' end,
		given_up.corrects is not null, jsonb_build_object('reason', params->>'reason'));
	return huiyin.meeting_done(item, me, m, 'meeting.cancel');
end $$;
comment on function huiyin.do_meeting_cancel is
	'calls a meeting off before its summary is circulated; of an issued one, gives the correction up';

create or replace function api.meeting_convene(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.convene') as s
$$;
comment on function api.meeting_convene is
	'params {title, at, place, chair, departments, sitting_in?} -> {meeting, state, revision}';

create or replace function api.meeting_change(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.change') as s
$$;
comment on function api.meeting_change is
	'params {meeting, revision, title?, at?, place?, chair?, departments?, sitting_in?} -> {meeting, state, revision}';

create or replace function api.meeting_reply(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.reply') as s
$$;
comment on function api.meeting_reply is
	'params {meeting, reply: comes|leave|sits_in, names?, reason?} -> {meeting, state, revision}';

create or replace function api.meeting_hold(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.hold') as s
$$;
comment on function api.meeting_hold is 'params {meeting, revision, came?} -> {meeting, state, revision}';

create or replace function api.meeting_attend(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.attend') as s
$$;
comment on function api.meeting_attend is
	'params {meeting, revision, department, how: came|sat_in|leave|absent, names?} -> {meeting, state, revision}';

create or replace function api.meeting_cancel(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.cancel') as s
$$;
comment on function api.meeting_cancel is 'params {meeting, reason} -> {meeting, state, revision}';
