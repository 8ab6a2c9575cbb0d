-- SPDX-License-Identifier: Apache-2.0
-- Services and their clocks, as data.

create or replace function huiyin.service_must(code text)
returns void
language plpgsql
stable
as $$
begin
	if not exists (select from huiyin.service s where s.code = service_must.code) then
		perform huiyin.refuse('unknown_service', 'service');
	end if;
end $$;
comment on function huiyin.service_must is 'refuses a service nobody has';

create or replace function admin.service_add(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	perform huiyin.service_must(params->>'like');
	insert into huiyin.service (code, name, name_en, urgency, mediation,
		dispatch_within, sign_within, contact_within, answer_within)
	select params->>'service', params->>'name', coalesce(params->>'name_en', params->>'name'),
		s.urgency, s.mediation, s.dispatch_within, s.sign_within, s.contact_within, s.answer_within
	from huiyin.service s
	where s.code = params->>'like'
	on conflict do nothing;
	if not found then
		perform huiyin.refuse('already', 'service');
	end if;
	insert into huiyin.service_clock (service, clock, amount, unit)
	select params->>'service', c.clock, c.amount, c.unit
	from huiyin.service_clock c
	where c.service = params->>'like';
	perform huiyin.audit(null, 'admin.service_add', null, params->>'service', null);
	return jsonb_build_object('service', params->>'service');
end $$;
comment on function admin.service_add is
	'{service, name, name_en?, like} -> {service}: with the class and clocks of another one';

create or replace function admin.service_clocks(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'service', c.service,
		'clock', c.clock,
		'amount', c.amount,
		'unit', c.unit) order by s.urgency, c.service, o.nth), '[]'))
	from huiyin.service_clock c
	join huiyin.service s on s.code = c.service
	join unnest(array['dispatch', 'sign', 'contact', 'answer', 'assist', 'revisit'])
		with ordinality as o(clock, nth) on o.clock = c.clock
	where coalesce(params->>'service', c.service) = c.service
$$;
comment on function admin.service_clocks is '{service?} -> {items: [{service, clock, amount, unit}]}';

create or replace function admin.service_clock(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
begin
	perform huiyin.service_must(params->>'service');
	if params->>'amount' !~ '^[1-9][0-9]{0,6}$' then
		perform huiyin.refuse('bad_value', 'amount');
	elsif params->>'unit' not in ('seconds', 'minutes', 'working_minutes', 'working_days')
			or (params->>'unit' = 'seconds' and not (select i.demo from huiyin.installation i)) then
		perform huiyin.refuse('bad_value', 'unit');
	end if;
	update huiyin.service_clock c
	set amount = (params->>'amount')::int, unit = params->>'unit'
	where c.service = params->>'service' and c.clock = params->>'clock';
	if not found then
		perform huiyin.refuse('bad_value', 'clock');
	end if;
	perform huiyin.audit(null, 'admin.service_clock', null, params->>'service',
		sha256(convert_to(params::text, 'UTF8')));
	return jsonb_build_object('service', params->>'service');
end $$;
comment on function admin.service_clock is
	'{service, clock, amount, unit} -> {service}: for what is filed, or begins, from now on; deadlines that were given stay';
