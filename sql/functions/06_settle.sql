-- SPDX-License-Identifier: Apache-2.0
-- One item of a batch of rare acts: exactly once by its ref.

create or replace function huiyin.act_stored(item jsonb, act text)
returns table (result jsonb, refused jsonb)
language sql
stable
as $$
	select
		case when same then a.result end,
		case when not same then huiyin.refusal('conflict') end
	from huiyin.act a,
		lateral (select a.author is not distinct from (item->'who'->>'principal')::bigint
			and a.act = act_stored.act
			and a.hash = decode(item->>'hash', 'hex') as same) as s
	where a.ref = (item->>'ref')::uuid
$$;
comment on function huiyin.act_stored is
	'what was settled under this ref, or conflict when it was somebody or something else; no row: nothing';

create or replace function huiyin.act_once(item jsonb, act text)
returns jsonb
language plpgsql
set jit = off
set enable_seqscan = off	-- plans are kept while tables grow from nothing
as $$
declare
	done jsonb;
begin
	insert into huiyin.act (ref, author, act, hash)
	values ((item->>'ref')::uuid, (item->'who'->>'principal')::bigint,
		act_once.act, decode(item->>'hash', 'hex'))
	on conflict do nothing;
	if not found then
		return null;
	end if;
	execute format('select huiyin.%I($1)', 'do_' || replace(act_once.act, '.', '_'))
	into done
	using item;
	update huiyin.act a set result = done where a.ref = (item->>'ref')::uuid;
	return done;
end $$;
comment on function huiyin.act_once is
	'takes the ref, then does the act by huiyin.do_NOUN_VERB(item); null when the ref was taken meanwhile';

create or replace function huiyin.act_tried(item jsonb, act text)
returns table (result jsonb, refused jsonb)
language plpgsql
as $$
declare
	path text;
	after text;
	now_so text;
begin
	result := huiyin.act_once(item, act_tried.act);
	if result is null then	-- another node settled it while we waited
		return query select s.result, s.refused from huiyin.act_stored(item, act_tried.act) as s;
	else
		return next;
	end if;
exception when sqlstate 'YN001' then
	get stacked diagnostics path = pg_exception_detail, after = pg_exception_hint,
		now_so = column_name;
	result := null;
	refused := huiyin.refusal(sqlerrm, nullif(path, ''), nullif(after, '')::int)
		|| case when now_so = '' then '{}' else jsonb_build_object('now', now_so::jsonb) end;
	return next;
end $$;
comment on function huiyin.act_tried is
	'does the act, or says why not and leaves nothing behind, the ref included';

create or replace function huiyin.settle(batch jsonb, act text)
returns table (n int, result jsonb, refused jsonb)
language plpgsql
as $$
declare
	item jsonb;
begin
	for item in select e from jsonb_array_elements(batch) as e loop
		n := (item->>'n')::int;
		select s.result, s.refused into result, refused
		from huiyin.act_stored(item, settle.act) as s;
		if not found then
			select t.result, t.refused into result, refused
			from huiyin.act_tried(item, settle.act) as t;
		end if;
		return next;
	end loop;
end $$;
comment on function huiyin.settle is
	'settles a batch of a rare act one by one; api.noun_verb(batch) is this with the name of its act';
