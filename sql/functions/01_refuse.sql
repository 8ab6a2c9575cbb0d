-- SPDX-License-Identifier: Apache-2.0
-- Refusals, as an exception and as a value.

create or replace function huiyin.refuse(
	tag text,
	path text default null,
	after int default null)
returns void
language plpgsql
as $$
begin
	if path is null and after is null then
		raise exception using errcode = 'YN001', message = tag;
	elsif after is null then
		raise exception using errcode = 'YN001', message = tag, detail = path;
	elsif path is null then
		raise exception using errcode = 'YN001', message = tag, hint = after::text;
	end if;
	raise exception using errcode = 'YN001', message = tag, detail = path,
		hint = after::text;
end $$;
comment on function huiyin.refuse is
	'says no: the message is the tag, the detail the path, the hint the seconds after which to try again';

create or replace function huiyin.refusal(
	tag text,
	path text default null,
	after int default null)
returns jsonb
language sql
immutable
as $$
	select jsonb_strip_nulls(jsonb_build_object('tag', tag, 'path', path, 'after', after))
$$;
comment on function huiyin.refusal is 'the same as a value, for batches';
