-- SPDX-License-Identifier: Apache-2.0
-- The items of a meeting: added, set, ordered, dropped, each edit by who saw what
-- it changes. An item keeps its number through all of it; positions have no gaps.

create or replace function huiyin.item_of(m huiyin.meeting, item bigint)
returns huiyin.meeting_item
language plpgsql
stable
as $$
declare
	found_item huiyin.meeting_item;
begin
	select i.* into found_item
	from huiyin.meeting_item i
	where i.id = item_of.item and i.meeting = m.id and i.position is not null;
	if not found then
		perform huiyin.refuse('not_found', 'item');
	end if;
	return found_item;
end $$;
comment on function huiyin.item_of is 'an item of a meeting, by its number';

create or replace function huiyin.item_department(m huiyin.meeting, code text, path text)
returns bigint
language plpgsql
stable
as $$
declare
	which bigint := huiyin.department_named(code, path);
begin
	if which <> m.department and not exists (
			select
			from huiyin.meeting_party p
			where p.meeting = m.id and p.department = which) then
		perform huiyin.refuse('not_invited', path);
	end if;
	return which;
end $$;
comment on function huiyin.item_department is
	'a department that can be given something to do: one that was invited, since it has to sign, or the office';

create or replace function huiyin.item_assisting_set(m huiyin.meeting, i huiyin.meeting_item, codes jsonb)
returns void
language plpgsql
as $$
declare
	one record;
	which bigint;
begin
	delete from huiyin.meeting_item_assist a where a.item = i.id;
	for one in
		select c.code, c.n - 1 as n
		from jsonb_array_elements_text(codes) with ordinality as c(code, n)
	loop
		which := huiyin.item_department(m, one.code, format('assisting[%s]', one.n));
		if which = i.lead then
			perform huiyin.refuse('bad_value', format('assisting[%s]', one.n));
		end if;
		insert into huiyin.meeting_item_assist (item, department)
		values (i.id, which)
		on conflict do nothing;
	end loop;
end $$;
comment on function huiyin.item_assisting_set is 'who assists the lead, instead of whoever did';

create or replace function huiyin.item_feedback_set(
	me huiyin.identity,
	i huiyin.meeting_item,
	receipts jsonb)
returns void
language plpgsql
as $$
declare
	one record;
	f huiyin.feedback;
	keep bigint[] := '{}';
begin
	for one in
		select c.receipt, c.n - 1 as n
		from jsonb_array_elements_text(receipts) with ordinality as c(receipt, n)
	loop
		f := huiyin.feedback_numbered(one.receipt);
		if f.id is null or huiyin.may_find(me, f) is not true then
			perform huiyin.refuse('not_found', format('feedback[%s]', one.n));
		end if;
		keep := keep || f.id;
	end loop;
	delete from huiyin.meeting_item_feedback x where x.item = i.id and x.feedback <> all (keep);
	insert into huiyin.meeting_item_feedback (item, feedback)
	select i.id, k from unnest(keep) as k
	on conflict do nothing;
end $$;
comment on function huiyin.item_feedback_set is
	'the feedback that led to it, instead of what did: each one that this person may find';

create or replace function huiyin.item_notice_set(i huiyin.meeting_item, names jsonb)
returns void
language plpgsql
as $$
declare
	one record;
	which bigint;
	keep bigint[] := '{}';
begin
	for one in
		select c.name, c.n - 1 as n
		from jsonb_array_elements_text(names) with ordinality as c(name, n)
	loop
		select x.id into which from huiyin.notice x where x.notice = one.name and x.seq is not null;
		if not found then
			perform huiyin.refuse('not_found', format('notices[%s]', one.n));
		end if;
		keep := keep || which;
	end loop;
	delete from huiyin.meeting_item_notice x where x.item = i.id and x.notice <> all (keep);
	insert into huiyin.meeting_item_notice (item, notice)
	select i.id, k from unnest(keep) as k
	on conflict do nothing;
end $$;
comment on function huiyin.item_notice_set is 'the published notices it is about, instead of those it was';

create or replace function huiyin.item_filled(
	me huiyin.identity,
	m huiyin.meeting,
	i huiyin.meeting_item,
	params jsonb)
returns huiyin.meeting_item
language plpgsql
as $$
begin
	i.text := coalesce(params->>'text', i.text);
	i.kind := coalesce(params->>'kind', i.kind, 'other');
	i.decision := coalesce(params->>'decision', i.decision);
	i.responsible := coalesce(params->>'responsible', i.responsible);
	i.standard := coalesce(params->>'standard', i.standard);
	i.due_at := coalesce(huiyin.ledger_due((params->>'due')::timestamptz), i.due_at);
	if params ? 'lead' then
		i.lead := huiyin.item_department(m, params->>'lead', 'lead');
	end if;
	if i.lead is null and (i.due_at is not null or params ? 'assisting') then
		perform huiyin.refuse('missing_field', 'lead');
	elsif (params->>'due')::timestamptz <= now() then
		perform huiyin.refuse('past', 'due');
	end if;
	return i;
end $$;
comment on function huiyin.item_filled is
	'an item with what was said of it; what was not said stays. Its date is the one the ledger follows, since it is what departments sign';

create or replace function huiyin.item_cleared(i huiyin.meeting_item, fields jsonb)
returns huiyin.meeting_item
language sql
stable
as $$
	select jsonb_populate_record(i, coalesce(
		(select jsonb_object_agg(case f when 'due' then 'due_at' else f end, null)
		from jsonb_array_elements_text(fields) as f), '{}'))
$$;
comment on function huiyin.item_cleared is 'an item without these fields';

create or replace function huiyin.item_against_check(i huiyin.meeting_item, params jsonb)
returns void
language plpgsql
as $$
declare
	accused bigint[] := array(
		select f.against
		from huiyin.meeting_item_feedback x
		join huiyin.feedback f on f.id = x.feedback
		where x.item = i.id and f.against is not null);
	doing bigint[] := i.lead || array(
		select a.department from huiyin.meeting_item_assist a where a.item = i.id);
	path text;
begin
	if not accused && doing then
		return;
	end if;
	select p.path into path
	from (
		select 1, 1, 'lead' where params ? 'lead' and i.lead = any (accused)
		union all
		select 2, c.n, format('assisting[%s]', c.n - 1)
		from jsonb_array_elements_text(params->'assisting') with ordinality as c(code, n)
		join huiyin.department d on d.code = c.code
		where d.id = any (accused)
		union all
		select 3, c.n, format('feedback[%s]', c.n - 1)
		from jsonb_array_elements_text(params->'feedback') with ordinality as c(receipt, n)
		where (huiyin.feedback_numbered(c.receipt)).against = any (doing)
	) as p(field, n, path)
	order by p.field, p.n
	limit 1;
	if found then
		perform huiyin.refuse('bad_value', path);
	end if;
end $$;
comment on function huiyin.item_against_check is
	'never a department that the feedback is against, as feedback.dispatch has it, whichever of the two was there first';

create or replace function huiyin.item_linked(
	me huiyin.identity,
	m huiyin.meeting,
	i huiyin.meeting_item,
	params jsonb)
returns void
language plpgsql
as $$
begin
	if params ? 'assisting' or i.lead is null then
		perform huiyin.item_assisting_set(m, i, coalesce(params->'assisting', '[]'));
	elsif exists (select from huiyin.meeting_item_assist a where a.item = i.id and a.department = i.lead) then
		delete from huiyin.meeting_item_assist a where a.item = i.id and a.department = i.lead;
	end if;
	if params ? 'feedback' then
		perform huiyin.item_feedback_set(me, i, params->'feedback');
	end if;
	if params ? 'notices' then
		perform huiyin.item_notice_set(i, params->'notices');
	end if;
	if params ? 'entries' then
		perform huiyin.item_entry_set(me, i, params->'entries');
	end if;
	perform huiyin.item_against_check(i, params);
end $$;
comment on function huiyin.item_linked is 'what an item is about and who assists, as far as it was said';

create or replace function huiyin.item_entry_set(
	me huiyin.identity,
	i huiyin.meeting_item,
	entries jsonb)
returns void
language plpgsql
as $$
declare
	one record;
	e huiyin.ledger_entry;
	keep bigint[] := '{}';
begin
	for one in
		select c.entry, c.n - 1 as n
		from jsonb_array_elements_text(entries) with ordinality as c(entry, n)
	loop
		e := huiyin.ledger_numbered(one.entry);
		if e.id is null or huiyin.may_see_entry(me, e) is not true then
			perform huiyin.refuse('not_found', format('entries[%s]', one.n));
		end if;
		keep := keep || e.id;
	end loop;
	delete from huiyin.meeting_item_entry x where x.item = i.id and x.entry <> all (keep);
	insert into huiyin.meeting_item_entry (item, entry)
	select i.id, k from unnest(keep) as k
	on conflict do nothing;
end $$;
comment on function huiyin.item_entry_set is 'the entries of the ledger it is about, instead of those it was';

create or replace function huiyin.item_facts(item bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'text', i.text,
		'kind', i.kind,
		'decision', i.decision,
		'lead', (select d.code from huiyin.department d where d.id = i.lead),
		'responsible', i.responsible,
		'standard', i.standard,
		'due', huiyin.rfc3339(i.due_at),
		'assisting', (
			select jsonb_agg(d.code order by d.code)
			from huiyin.meeting_item_assist a
			join huiyin.department d on d.id = a.department
			where a.item = i.id),
		'feedback', (
			select jsonb_agg(x.feedback order by x.feedback)
			from huiyin.meeting_item_feedback x
			where x.item = i.id),
		'notices', (
			select jsonb_agg(x.notice order by x.notice)
			from huiyin.meeting_item_notice x
			where x.item = i.id),
		'entries', (
			select jsonb_agg(x.entry order by x.entry)
			from huiyin.meeting_item_entry x
			where x.item = i.id))
	from huiyin.meeting_item i
	where i.id = item_facts.item
$$;
comment on function huiyin.item_facts is 'all that an edit may change of an item';

create or replace function huiyin.item_difference(was jsonb, now_so jsonb)
returns jsonb
language sql
immutable
as $$
	select jsonb_object_agg(key, case when key in ('feedback', 'notices', 'entries')
		then jsonb_build_object('was', jsonb_array_length(coalesce(nullif(was->key, 'null'), '[]')),
			'is', jsonb_array_length(coalesce(nullif(now_so->key, 'null'), '[]')))
		else jsonb_build_object('was', was->key, 'is', now_so->key) end)
	from jsonb_object_keys(now_so) as key
	where was->key is distinct from now_so->key
$$;
comment on function huiyin.item_difference is
	'field -> was, is; of what it is about only how many';

create or replace function huiyin.do_meeting_add(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.add');
	i huiyin.meeting_item;
	many int;
begin
	select count(*) into many
	from huiyin.meeting_item x
	where x.meeting = m.id and x.position is not null;
	i := huiyin.item_filled(me, m, i, params);
	i.position := least(coalesce((params->>'position')::int, many + 1), many + 1);
	update huiyin.meeting_item x
	set position = x.position + 1
	where x.meeting = m.id and x.position >= i.position;
	insert into huiyin.meeting_item (meeting, position, kind, text, decision, lead, responsible,
		standard, due_at)
	values (m.id, i.position, i.kind, i.text, i.decision, i.lead, i.responsible, i.standard, i.due_at)
	returning * into i;
	perform huiyin.item_linked(me, m, i, params);
	m := huiyin.meeting_step(m, me, 'meeting.add', m.state, true,
		jsonb_build_object('item', i.id, 'position', i.position, 'text', i.text));
	return huiyin.meeting_done(item, me, m, 'meeting.add') || jsonb_build_object('item', i.id);
end $$;
comment on function huiyin.do_meeting_add is 'adds an item, last or at a position; the others keep their order';

create or replace function huiyin.do_meeting_set(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.set');
	i huiyin.meeting_item := huiyin.item_of(m, (params->>'item')::bigint);
	was jsonb := huiyin.item_facts(i.id);
begin
	i := huiyin.item_filled(me, m, huiyin.item_cleared(i, params->'clear'), params);
	update huiyin.meeting_item x
	set text = i.text,
		kind = i.kind,
		decision = i.decision,
		lead = i.lead,
		responsible = i.responsible,
		standard = i.standard,
		due_at = i.due_at
	where x.id = i.id;
	perform huiyin.item_linked(me, m, i, params);
	m := huiyin.meeting_step(m, me, 'meeting.set', m.state, true, jsonb_build_object(
		'item', i.id,
		'fields', huiyin.item_difference(was, huiyin.item_facts(i.id))));
	return huiyin.meeting_done(item, me, m, 'meeting.set') || jsonb_build_object('item', i.id);
end $$;
comment on function huiyin.do_meeting_set is 'changes what is said of an item: clear first, then the fields given';

create or replace function huiyin.do_meeting_order(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	params jsonb := item->'params';
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.order');
	wanted bigint[] := array(select e::bigint from jsonb_array_elements_text(params->'items') as e);
	was bigint[] := array(
		select x.id
		from huiyin.meeting_item x
		where x.meeting = m.id and x.position is not null
		order by x.position);
begin
	if array(select w from unnest(wanted) as w order by w)
			is distinct from array(select w from unnest(was) as w order by w) then
		perform huiyin.refuse('bad_value', 'items');
	end if;
	update huiyin.meeting_item x
	set position = o.n
	from unnest(wanted) with ordinality as o(id, n)
	where x.id = o.id;
	m := huiyin.meeting_step(m, me, 'meeting.order', m.state, true,
		jsonb_build_object('was', was, 'is', wanted));
	return huiyin.meeting_done(item, me, m, 'meeting.order');
end $$;
comment on function huiyin.do_meeting_order is 'the order of all items; each is named once, or it is refused';

create or replace function huiyin.do_meeting_drop(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['coordinator']);
	m huiyin.meeting := huiyin.meeting_at(me, item, 'meeting.drop');
	i huiyin.meeting_item := huiyin.item_of(m, (item->'params'->>'item')::bigint);
begin
	update huiyin.meeting_item x set position = null where x.id = i.id;
	update huiyin.meeting_item x
	set position = x.position - 1
	where x.meeting = m.id and x.position > i.position;
	m := huiyin.meeting_step(m, me, 'meeting.drop', m.state, true,
		jsonb_build_object('item', i.id, 'position', i.position, 'text', i.text));
	return huiyin.meeting_done(item, me, m, 'meeting.drop') || jsonb_build_object('item', i.id);
end $$;
comment on function huiyin.do_meeting_drop is 'takes an item out; its row stays, without a position';

create or replace function api.meeting_add(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.add') as s
$$;
comment on function api.meeting_add is
	'params {meeting, revision, text, position?, kind?, decision?, lead?, assisting?, responsible?, standard?, due?, feedback?, notices?, entries?} -> {meeting, state, revision, item}';

create or replace function api.meeting_set(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.set') as s
$$;
comment on function api.meeting_set is
	'params {meeting, revision, item, clear?, what meeting.add takes?} -> {meeting, state, revision, item}';

create or replace function api.meeting_order(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.order') as s
$$;
comment on function api.meeting_order is 'params {meeting, revision, items} -> {meeting, state, revision}';

create or replace function api.meeting_drop(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'meeting.drop') as s
$$;
comment on function api.meeting_drop is 'params {meeting, revision, item} -> {meeting, state, revision, item}';
