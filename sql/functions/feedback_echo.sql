-- SPDX-License-Identifier: Apache-2.0
-- After the answer: revisit by somebody else, and what the submitter says:
-- rate, reopen, withdraw.

create or replace function huiyin.echo_keep(
	f huiyin.feedback,
	me huiyin.identity,
	heard_by text,
	heard jsonb)
returns void
language sql
as $$
	insert into huiyin.feedback_echo (feedback, number, round, source, principal, reached,
		solved, grade, said)
	select f.id, count(*) + 1, f.round, heard_by, me.principal,
		heard->>'solved' <> 'unreached',
		nullif(heard->>'solved', 'unreached'), (heard->>'grade')::smallint, heard->>'text'
	from huiyin.feedback_echo e
	where e.feedback = f.id
$$;
comment on function huiyin.echo_keep is 'keeps what was heard, or that nobody was reached';

create or replace function huiyin.has_handled(f huiyin.feedback, me huiyin.identity)
returns boolean
language sql
stable
as $$
	select f.handler = me.principal
		or exists (select from huiyin.feedback_answer a
			where a.feedback = f.id and a.principal = me.principal)
$$;
comment on function huiyin.has_handled is 'was it this person who dealt with it?';

create or replace function huiyin.revisit_becomes(f huiyin.feedback, heard jsonb)
returns text
language sql
stable
as $$
	select case
		when heard->>'solved' = 'yes' then 'closed_resolved'
		when heard->>'solved' = 'no' and a.outcome in ('resolved', 'partly') then 'reopened'
		when heard->>'solved' <> 'unreached' then 'closed_explained'
		when 2 <= (	-- and today's is the third
			select count(*)
			from huiyin.feedback_echo e
			where e.feedback = f.id and e.round = f.round and not e.reached
		) then case a.outcome when 'resolved' then 'closed_resolved' else 'closed_explained' end
		else 'revisit'
	end
	from huiyin.feedback_answer a
	where a.feedback = f.id
	order by a.number desc
	limit 1
$$;
comment on function huiyin.revisit_becomes is
	'where a revisit leads: said to be solved and is not, it is taken up again; unreached three times, it rests on its answer';

create or replace function huiyin.feedback_taken_up(
	f huiyin.feedback,
	me huiyin.identity,
	act text,
	reason text)
returns huiyin.feedback
language plpgsql
as $$
begin
	f := huiyin.feedback_step(f, me, act, 'reopened', jsonb_build_object('reason', reason));
	f.round := f.round + 1;
	f.answer_from := now();
	f.answer_by := huiyin.clock_by(f.service, 'answer', now());
	f.answer_first_by := null;
	f.answered_at := null;
	f.revisit_by := null;
	f.closed_at := null;
	perform huiyin.clock_note(f, 'answer', 'start', jsonb_build_object('new_by', f.answer_by,
		'principal', me.principal, 'department', f.lead, 'reason', 'reopened'));
	return f;
end $$;
comment on function huiyin.feedback_taken_up is
	'reopened: a new round with an answer clock of its own; the rows of the old one stay';

create or replace function huiyin.do_feedback_revisit(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'revisit');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'revisit');
	becomes text;
	unreached boolean := params->>'solved' = 'unreached';
begin
	if huiyin.has_handled(f, me) then
		perform huiyin.refuse('own_answer', 'receipt');
	elsif unreached and params ? 'grade' then
		perform huiyin.refuse('bad_value', 'grade');
	elsif unreached and exists (
			select from huiyin.feedback_echo e
			where e.feedback = f.id and e.round = f.round and not e.reached
				and (e.at at time zone interval '8 hours')::date = (now() at time zone interval '8 hours')::date) then
		perform huiyin.refuse('already', 'solved');
	end if;
	becomes := huiyin.revisit_becomes(f, params);
	perform huiyin.echo_keep(f, me, 'revisit', params);
	if becomes <> 'revisit' then
		perform huiyin.clock_end(f, me, 'revisit', 'met',
			case when unreached then 'unreached' end);
	end if;
	if becomes = 'reopened' then
		f := huiyin.feedback_taken_up(f, me, 'revisit', params->>'text');
	else
		f := huiyin.feedback_step(f, me, 'revisit', becomes, jsonb_build_object(
			'note', params->>'solved',
			'reason', params->>'text'));
		f.closed_at := case when becomes <> 'revisit' then now() end;
	end if;
	return huiyin.feedback_done(item, me, f, 'revisit');
end $$;
comment on function huiyin.do_feedback_revisit is
	'somebody other than the handler asks: solved? satisfied? At most one attempt a day counts as not reached';

create or replace function huiyin.do_feedback_rate(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'rate');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'rate');
	closes boolean := f.state in ('answered', 'revisit') and params->>'solved' = 'yes';
begin
	if exists (select from huiyin.feedback_echo e
			where e.feedback = f.id and e.round = f.round and e.source = 'submitter') then
		perform huiyin.refuse('already', 'receipt');
	end if;
	perform huiyin.echo_keep(f, me, 'submitter', params);
	if closes then
		perform huiyin.clock_end(f, me, 'revisit', 'met', 'submitter');
		f.closed_at := now();
	end if;
	f := huiyin.feedback_step(f, me, 'rate', case when closes then 'closed_resolved' else f.state end,
		jsonb_build_object('note', params->>'solved', 'reason', params->>'text'));
	return huiyin.feedback_done(item, me, f, 'rate');
end $$;
comment on function huiyin.do_feedback_rate is
	'the submitter says whether it is solved and how content they are, once a round; solved closes it';

create or replace function huiyin.do_feedback_reopen(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'reopen');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'reopen');
begin
	if coalesce(f.closed_at, f.answered_at) < now() - interval '15 days' then
		perform huiyin.refuse('too_late', 'receipt');
	end if;
	perform huiyin.clock_end(f, me, 'revisit', 'stop', 'reopened');
	f := huiyin.feedback_taken_up(f, me, 'reopen', item->'params'->>'reason');
	return huiyin.feedback_done(item, me, f, 'reopen');
end $$;
comment on function huiyin.do_feedback_reopen is
	'the submitter is not content, within 15 days of the answer or of its closing';

create or replace function huiyin.do_feedback_withdraw(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'withdraw');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'withdraw');
begin
	perform huiyin.clock_end(f, me, 'dispatch sign contact answer assist', 'stop', 'withdrawn');
	perform huiyin.extension_drop(f);
	f.closed_at := now();
	f := huiyin.feedback_step(f, me, 'withdraw', 'closed_withdrawn',
		jsonb_build_object('reason', item->'params'->>'reason'));
	perform huiyin.duplicates_freed(f);
	return huiyin.feedback_done(item, me, f, 'withdraw');
end $$;
comment on function huiyin.do_feedback_withdraw is
	'the submitter takes it back; what was joined to it goes on by itself';

create or replace function api.feedback_revisit(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.revisit') as s
$$;
comment on function api.feedback_revisit is 'params {receipt, solved: yes|partly|no|unreached, grade?, text?} -> {state}';

create or replace function api.feedback_rate(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.rate') as s
$$;
comment on function api.feedback_rate is 'params {receipt, proved, solved, grade, text?} -> {state}';

create or replace function api.feedback_reopen(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.reopen') as s
$$;
comment on function api.feedback_reopen is 'params {receipt, proved, reason} -> {state}';

create or replace function api.feedback_withdraw(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.withdraw') as s
$$;
comment on function api.feedback_withdraw is 'params {receipt, proved, reason?} -> {state}';
