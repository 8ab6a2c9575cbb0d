-- SPDX-License-Identifier: Apache-2.0
-- notice.draft and notice.publish.

create or replace function huiyin.notice_check(me huiyin.identity, content huiyin.notice)
returns void
language plpgsql
stable
as $$
declare
	region text;
	i bigint;
begin
	for region, i in select t.r, t.o - 1 from unnest(content.regions) with ordinality as t(r, o) loop
		if not exists (select from huiyin.region r where r.code = region) then
			perform huiyin.refuse('unknown_region', format('audience.regions[%s]', i));
		elsif not me.region = any (huiyin.region_line(region)) then
			perform huiyin.refuse('not_your_region', format('audience.regions[%s]', i));
		end if;
	end loop;
	if content.expires <= now() then
		perform huiyin.refuse('past', 'expires');
	end if;
end $$;
comment on function huiyin.notice_check is
	'refuses regions that are unknown or not below the department''s, and an end in the past';

create or replace function huiyin.notice_new(me huiyin.identity, params jsonb)
returns huiyin.notice
language plpgsql
as $$
declare
	content huiyin.notice;
begin
	content.kind := params->>'kind';
	content.headline := params->>'headline';
	content.description := params->>'description';
	content.instruction := params->>'instruction';
	content.lang := coalesce(params->>'lang', 'zh-CN');
	content.ack := coalesce(params->>'ack', 'none');
	content.expires := (params->>'expires')::timestamptz;
	content.regions := array(
		select jsonb_array_elements_text(params->'audience'->'regions'));
	content.roles := case when params->'audience' ? 'roles' then array(
		select jsonb_array_elements_text(params->'audience'->'roles')) end;
	perform huiyin.notice_check(me, content);
	content.department := me.department;
	content.author := me.principal;
	content.state := 'in_review';
	content.drafted_at := now();
	content.id := nextval('huiyin.notice_number');
	content.notice := huiyin.numbered(huiyin.number_stem('N'), content.id);
	return content;
end $$;
comment on function huiyin.notice_new is 'a notice as its author wrote it, checked and named, not yet kept';

create or replace function huiyin.notice_audience(region text, regions text[], roles text[])
returns boolean
language sql
immutable
as $$
	select regions && huiyin.region_line(region) and (roles is null or 'kiosk' = any (roles))
$$;
comment on function huiyin.notice_audience is 'is a kiosk at this region addressed?';

create or replace function huiyin.do_notice_draft(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	new huiyin.notice := huiyin.notice_new(me, item->'params');
begin
	insert into huiyin.notice select new.*;
	perform huiyin.audit(me.principal, 'notice.draft', (item->>'ref')::uuid,
		new.notice, decode(item->>'hash', 'hex'));
	return jsonb_build_object('notice', new.notice, 'state', new.state);
end $$;
comment on function huiyin.do_notice_draft is 'keeps a notice for somebody else to publish';

create or replace function huiyin.notice_ready(me huiyin.identity, draft text)
returns huiyin.notice
language plpgsql
as $$
declare
	found_draft huiyin.notice;
begin
	select n.* into found_draft
	from huiyin.notice n
	where n.notice = draft and n.department = me.department
	for update;
	if not found then
		perform huiyin.refuse('not_found', 'notice');
	elsif found_draft.state <> 'in_review' then
		perform huiyin.refuse('wrong_state', 'notice');
	elsif me.approval = 'other' and not 'approver' = any (me.roles) then
		perform huiyin.refuse('not_allowed');
	elsif me.approval = 'other' and found_draft.author = me.principal then
		perform huiyin.refuse('own_draft', 'notice');
	end if;
	perform huiyin.notice_check(me, found_draft);
	return found_draft;
end $$;
comment on function huiyin.notice_ready is
	'a draft of the department that this person may publish, locked';

create or replace function huiyin.notice_number(notice bigint, approver bigint)
returns bigint
language plpgsql
as $$
declare
	number bigint;
begin
	update huiyin.feed f set head = f.head + 1 where f.name = 'notice'
	returning f.head into number;
	with numbered as (
		update huiyin.notice n
		set seq = number, sent = clock_timestamp(), state = 'active',
			approver = nullif(notice_number.approver, n.author)
		where n.id = notice_number.notice
		returning n.id, n.regions, n.roles
	)
	insert into huiyin.notice_addressed (notice, township, addressed)
	select n.id, huiyin.region_township(p.region), count(*)
	from numbered n
	join huiyin.kiosk_place p on p.until_seq is null
		and huiyin.notice_audience(p.region, n.regions, n.roles)
	group by n.id, huiyin.region_township(p.region);
	return number;
end $$;
comment on function huiyin.notice_number is
	'numbers a notice under the locked feed row and counts whom it addresses; nothing may follow but the result, for the row is held until commit';

create or replace function huiyin.notice_to_publish(me huiyin.identity, params jsonb)
returns huiyin.notice
language plpgsql
as $$
declare
	ready huiyin.notice;
begin
	if params ? 'notice' then
		return huiyin.notice_ready(me, params->>'notice');
	elsif me.approval = 'other' then
		perform huiyin.refuse('needs_approval');
	end if;
	ready := huiyin.notice_new(me, params);
	insert into huiyin.notice select ready.*;
	return ready;
end $$;
comment on function huiyin.notice_to_publish is
	'a notice, written now or drafted before, that this person may publish; notice_number does that, last of all';

create or replace function huiyin.do_notice_publish(item jsonb)
returns jsonb
language plpgsql
as $$
declare
	me huiyin.identity := huiyin.me(item->'who', array['clerk', 'approver', 'coordinator']);
	ready huiyin.notice := huiyin.notice_to_publish(me, item->'params');
begin
	perform huiyin.audit(me.principal, 'notice.publish', (item->>'ref')::uuid,
		ready.notice, decode(item->>'hash', 'hex'));
	return jsonb_build_object('notice', ready.notice,
		'seq', huiyin.notice_number(ready.id, me.principal));
end $$;
comment on function huiyin.do_notice_publish is 'publishes what was written now or drafted before';

create or replace function api.notice_draft(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'notice.draft') as s
$$;
comment on function api.notice_draft is
	'params {kind, headline, description, instruction?, lang?, audience, expires?, ack?} -> {notice, state}';

create or replace function api.notice_publish(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language sql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select s.n, s.result, s.refused from huiyin.settle(batch, 'notice.publish') as s
$$;
comment on function api.notice_publish is
	'params as notice_draft, or {notice: a draft} -> {notice, seq}';
