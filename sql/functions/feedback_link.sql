-- SPDX-License-Identifier: Apache-2.0
-- Duplicates: reversible links. The machine suggests, a person decides, every
-- submitter gets the answer.

create or replace function huiyin.system_identity()
returns huiyin.identity
language sql
immutable
as $$
	select null::huiyin.identity
$$;
comment on function huiyin.system_identity is 'nobody: what time does by itself';

create or replace function huiyin.feedback_by_id(id bigint)
returns huiyin.feedback
language sql
as $$
	select f.* from huiyin.feedback f where f.id = feedback_by_id.id for update
$$;
comment on function huiyin.feedback_by_id is 'by its number, locked';

create or replace function huiyin.link_check(f huiyin.feedback, main huiyin.feedback, me huiyin.identity)
returns void
language plpgsql
as $$
begin
	if main.id is null or (main.against = me.department) is true then
		perform huiyin.refuse('not_found', 'main');
	elsif main.id = f.id or main.against is distinct from f.against then
		perform huiyin.refuse('bad_value', 'main');
	elsif main.state in ('closed_duplicate', 'closed_withdrawn', 'closed_incomplete', 'closed_not_accepted') then
		perform huiyin.refuse_state(main, me, 'main');
	elsif exists (select from huiyin.feedback d where d.main = f.id) then
		perform huiyin.refuse('bad_value', 'receipt');
	end if;
end $$;
comment on function huiyin.link_check is
	'refuses a main that has no answer to give, a chain, and one that is not against the same: whoever has the one reads of the other, and answers it';

create or replace function huiyin.do_feedback_link(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	params jsonb := item->'params';
	me huiyin.identity := huiyin.feedback_actor(item, 'link');
	first huiyin.feedback := huiyin.feedback_numbered(params->>'main');
	f huiyin.feedback;
	main huiyin.feedback;
begin
	if first.id < (huiyin.feedback_numbered(params->>'receipt')).id then	-- the older row first
		main := huiyin.feedback_by_id(first.id);
	end if;
	f := huiyin.feedback_at(me, item, 'link');
	main := huiyin.feedback_by_id(first.id);
	perform huiyin.link_check(f, main, me);
	insert into huiyin.feedback_link (feedback, main, principal, was)
	values (f.id, main.id, me.principal, f.state);
	perform huiyin.clock_end(f, me, 'dispatch sign contact answer assist', 'stop', 'duplicate');
	perform huiyin.extension_drop(f);
	f.main := main.id;
	f := huiyin.feedback_step(f, me, 'link', 'closed_duplicate', jsonb_build_object(
		'reason', params->>'reason', 'detail', jsonb_build_object('main', main.receipt)));
	if main.answered_at is not null then
		f := huiyin.feedback_step(f, me, 'answer', 'closed_duplicate', '{"note": "answered_by_main"}');
	end if;
	return huiyin.feedback_done(item, me, f, 'link');
end $$;
comment on function huiyin.do_feedback_link is
	'joins a duplicate to another feedback, whose answer its submitter gets';

create or replace function huiyin.feedback_unlinked(
	d huiyin.feedback,
	me huiyin.identity,
	reason text)
returns huiyin.feedback
language plpgsql
as $$
declare
	became text;
	c record;
begin
	update huiyin.feedback_link l
	set undone_at = now()
	where l.feedback = d.id and l.undone_at is null
	returning l.was into became;
	d.main := null;
	d := huiyin.feedback_step(d, me, 'unlink', became, jsonb_build_object('reason', reason));
	for c in
		select r.clock, r.department, r.by_at from huiyin.feedback_clocks(d) as r
		union all
		select 'answer', d.lead, d.answer_by where d.state = 'waiting_submitter'
	loop
		perform huiyin.clock_note(d, c.clock, 'start', jsonb_build_object('old_by', c.by_at,
			'new_by', c.by_at, 'department', c.department, 'reason', 'unlinked'));
		if d.state <> 'waiting_submitter' then
			perform huiyin.clock_breach(d, c.clock, c.department, c.by_at);
		end if;
	end loop;
	return d;
end $$;
comment on function huiyin.feedback_unlinked is
	'back to the state it was joined from; its deadlines are what they were, however long that took';

create or replace function huiyin.do_feedback_unlink(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.feedback_actor(item, 'unlink');
	f huiyin.feedback := huiyin.feedback_at(me, item, 'unlink');
begin
	f := huiyin.feedback_unlinked(f, me, item->'params'->>'reason');
	return huiyin.feedback_done(item, me, f, 'unlink');
end $$;
comment on function huiyin.do_feedback_unlink is 'undoes a link';

create or replace function huiyin.duplicates_answered(f huiyin.feedback, me huiyin.identity)
returns void
language plpgsql
as $$
declare
	d huiyin.feedback;
begin
	for d in select x.* from huiyin.feedback x where x.main = f.id order by x.id for update loop
		d := huiyin.feedback_step(d, me, 'answer', 'closed_duplicate', '{"note": "answered_by_main"}');
		perform huiyin.feedback_keep(d);
	end loop;
end $$;
comment on function huiyin.duplicates_answered is 'every submitter hears of the answer';

create or replace function huiyin.duplicates_freed(f huiyin.feedback)
returns void
language plpgsql
as $$
declare
	d huiyin.feedback;
begin
	for d in select x.* from huiyin.feedback x where x.main = f.id order by x.id for update loop
		d := huiyin.feedback_unlinked(d, huiyin.system_identity(), f.state);
		perform huiyin.feedback_keep(d);
	end loop;
end $$;
comment on function huiyin.duplicates_freed is
	'what was joined to a feedback that will have no answer goes on by itself';

create or replace function api.feedback_link(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.link') as s
$$;
comment on function api.feedback_link is 'params {receipt, main, reason?} -> {state}';

create or replace function api.feedback_unlink(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'feedback.unlink') as s
$$;
comment on function api.feedback_unlink is 'params {receipt, reason?} -> {state}';
