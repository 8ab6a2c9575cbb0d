-- SPDX-License-Identifier: Apache-2.0
-- Proving a key: the node derives it from the ref, so it asks for the ref; and
-- wrong keys are counted, alike for numbers that exist and that do not.

create or replace function huiyin.key_wait(subject text, most int)
returns int
language sql
stable
as $$
	select ceil(extract(epoch from f.at + interval '10 minutes' - clock_timestamp()))::int
	from huiyin.key_failure f
	where f.subject = key_wait.subject and f.at > clock_timestamp() - interval '10 minutes'
	order by f.at desc
	offset most - 1
	limit 1
$$;
comment on function huiyin.key_wait is
	'seconds until fewer than most wrong keys lie in the last ten minutes; null: they do now';

create or replace function huiyin.key_subjects(who jsonb, params jsonb)
returns table (subject text, most int)
language sql
immutable
as $$
	select s.subject, s.most
	from (values
		('receipt ' || left(params->>'receipt', 40), 5),
		('principal ' || (who->>'principal'), 20),
		('session ' || left(who->>'session', 80), 20),
		(case when who->>'principal' is null then 'address ' || left(params->>'address', 80) end, 60)
	) as s(subject, most)
	where s.subject is not null
$$;
comment on function huiyin.key_subjects is
	'on whom a wrong key counts, and how many are borne; an address only for visitors, since whole villages share one';

create or replace function api.feedback_ref(who jsonb, params jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	wait int;
begin
	select max(huiyin.key_wait(s.subject, s.most)) into wait
	from huiyin.key_subjects(who, params) as s;
	if wait is not null then
		perform huiyin.refuse('rate_limited', null, greatest(wait, 1));
	end if;
	return jsonb_build_object('ref', (huiyin.feedback_numbered(params->>'receipt')).ref);
end $$;
comment on function api.feedback_ref is
	'{receipt, address} -> {ref}, null for a number nobody has; refuses rate_limited after too many wrong keys';

create or replace function api.feedback_wrong_key(who jsonb, params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	insert into huiyin.key_failure (subject, at)
	select s.subject, clock_timestamp()
	from huiyin.key_subjects(who, params) as s;
	return '{}';
end $$;
comment on function api.feedback_wrong_key is '{receipt, address} -> {}: counts a wrong key';
