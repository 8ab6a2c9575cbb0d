-- SPDX-License-Identifier: Apache-2.0
-- What departments say of a circulated summary: they sign or object; the office
-- answers an objection or notes it. Of one department the last word counts.

create or replace function huiyin.summary_voices(s huiyin.summary)
returns setof huiyin.summary_voice
language sql
stable
as $$
	select distinct on (v.department) v.*
	from huiyin.summary_voice v
	where v.summary = s.id and v.round = s.round
	order by v.department, v.number desc
$$;
comment on function huiyin.summary_voices is 'the last word of each department on what was circulated last';

create or replace function huiyin.summary_waits(m huiyin.meeting, s huiyin.summary)
returns bigint[]
language sql
stable
as $$
	select array(
		select d
		from unnest(huiyin.summary_signers(m)) as d
		where not exists (select from huiyin.summary_voices(s) as v where v.department = d)
		order by d)
$$;
comment on function huiyin.summary_waits is 'whose voice is missing';

create or replace function huiyin.summary_say(item jsonb, act text, voice text)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	m huiyin.meeting := huiyin.meeting_at(me, item, act);
	s huiyin.summary := huiyin.summary_open(m);
begin
	if exists (select from huiyin.summary_voices(s) as v
			where v.department = me.department and v.voice = 'signed') then
		perform huiyin.refuse('already', 'meeting');
	elsif voice = 'objected' and exists (select from huiyin.summary_voices(s) as v
			where v.department = me.department and v.voice = 'objected' and v.answer is null) then
		perform huiyin.refuse('already', 'meeting');
	end if;
	insert into huiyin.summary_voice (summary, number, round, department, voice, text, principal, late)
	select s.id, count(*) + 1, s.round, me.department, summary_say.voice, item->'params'->>'text',
		me.principal, s.sign_by < now()
	from huiyin.summary_voice v
	where v.summary = s.id;
	m := huiyin.meeting_step(m, me, act, m.state);
	return huiyin.meeting_done(item, me, m, act);
end $$;
comment on function huiyin.summary_say is
	'one voice; who has signed has signed, who objected may sign after all, or object again once it is answered';

create or replace function huiyin.do_summary_sign(item jsonb)
returns jsonb
language sql
as $$
	select huiyin.summary_say(item, 'summary.sign', 'signed')
$$;
comment on function huiyin.do_summary_sign is 'a department signs what it has read';

create or replace function huiyin.do_summary_object(item jsonb)
returns jsonb
language sql
as $$
	select huiyin.summary_say(item, 'summary.object', 'objected')
$$;
comment on function huiyin.do_summary_object is 'a department objects, and says to what';

create or replace function huiyin.do_summary_answer(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'summary.answer');
	s huiyin.summary := huiyin.summary_open(m);
	whose bigint := huiyin.department_named(params->>'department', 'department');
	objection huiyin.summary_voice;
begin
	select v.* into objection
	from huiyin.summary_voices(s) as v
	where v.department = whose and v.voice = 'objected';
	if not found then
		perform huiyin.refuse('not_found', 'department');
	elsif objection.answer is not null then
		perform huiyin.refuse('already', 'department');
	end if;
	update huiyin.summary_voice v
	set answer = params->>'text', noted = params->>'outcome' = 'noted',
		answered_at = now(), answered_by = me.principal
	where v.summary = s.id and v.number = objection.number;
	m := huiyin.meeting_step(m, me, 'summary.answer', m.state, false,
		jsonb_build_object('department', params->>'department', 'outcome', params->>'outcome'));
	return huiyin.meeting_done(item, me, m, 'summary.answer');
end $$;
comment on function huiyin.do_summary_answer is
	'answers an objection, or notes it: then it stands beside what is issued';

create or replace function api.summary_sign(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.sign') as s
$$;
comment on function api.summary_sign is 'params {meeting, revision} -> {meeting, state, revision}';

create or replace function api.summary_object(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.object') as s
$$;
comment on function api.summary_object is 'params {meeting, revision, text} -> {meeting, state, revision}';

create or replace function api.summary_answer(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'summary.answer') as s
$$;
comment on function api.summary_answer is
	'params {meeting, department, outcome: answered|noted, text} -> {meeting, state, revision}';
