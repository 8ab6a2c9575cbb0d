-- SPDX-License-Identifier: Apache-2.0
-- feedback.submit, for batches of hundreds: one pass that judges, routes and
-- writes, then one that says what the refs now stand for.

create or replace function huiyin.feedback_said(batch jsonb)
returns table (n int, ref uuid, hash bytea, author bigint, region text, service text,
	said text, about text, against text, submitter jsonb, filed_by jsonb, person jsonb,
	anonymous boolean, said_at timestamptz)
language sql
immutable
as $$
	select
		i.n,
		i.ref,
		decode(i.hash, 'hex'),
		(i.who->>'principal')::bigint,
		i.params->>'region',
		i.params->>'service',
		i.params->>'text',
		i.params->'about'->>'notice',
		i.params->'against'->>'department',
		i.params->'submitter',
		i.params->'filed_by',
		i.params->'person',
		coalesce((i.params->>'anonymous')::boolean, false),
		(i.params->>'at')::timestamptz
	from jsonb_to_recordset(batch) as i(n int, ref uuid, hash text, who jsonb, params jsonb)
$$;
comment on function huiyin.feedback_said is 'the feedbacks of a batch, one a row';

create or replace function huiyin.route(
	first bigint,
	against bigint,
	office bigint,
	superior bigint)
returns bigint
language sql
immutable
as $$
	select coalesce(
		nullif(first, against),
		nullif(office, against),
		case when office = against then superior end)
$$;
comment on function huiyin.route is
	'who leads; never the one spoken against: then the coordinating office, or that one''s superior, or nobody yet';

create or replace function huiyin.feedback_found(batch jsonb, office bigint, superior bigint)
returns table (n int, ref uuid, hash bytea, author bigint, region text, service text,
	said text, submitter jsonb, filed_by jsonb, person jsonb, anonymous boolean, said_at timestamptz,
	about bigint, against bigint, lead bigint, urgency smallint, station bigint, refused jsonb)
language sql
stable
as $$
	select
		f.n, f.ref, f.hash, f.author, f.region, f.service,
		f.said, f.submitter, f.filed_by, f.person, f.anonymous, f.said_at,
		x.id,
		g.id,
		huiyin.route(l.id, g.id, feedback_found.office, feedback_found.superior),
		v.urgency,
		k.station,
		case
			when f.author is not null and i.id is null then huiyin.refusal('not_allowed')
			when not i.active then huiyin.refusal('disabled')
			when i.kind = 'staff' and (f.person is not null or f.filed_by is not null
					or f.submitter ?| array['name', 'phone'])
				and (f.filed_by->>'consent')::boolean is not true then
				huiyin.refusal('needs_consent', 'filed_by.consent')
			when r.code is null then huiyin.refusal('unknown_region', 'region')
			when v.code is null then huiyin.refusal('unknown_service', 'service')
			when f.about is not null and x.id is null then
				huiyin.refusal('not_found', 'about.notice')
			when f.against is not null and g.id is null then
				huiyin.refusal('unknown_department', 'against.department')
		end
	from huiyin.feedback_said(batch) as f
	left join huiyin.principal i on i.id = f.author
	left join huiyin.kiosk k on k.principal = f.author
	left join huiyin.region r on r.code = f.region
	left join huiyin.service v on v.code = f.service and v.active
	left join huiyin.notice x on x.notice = f.about and x.seq is not null
	left join huiyin.department l on l.active
		and l.id = coalesce(x.department, (
			select t.department
			from huiyin.service_route t
			where t.service = f.service and t.region = any (huiyin.region_line(f.region))
			order by t.region desc	-- of codes in one line the nearest is the greatest
			limit 1))
	left join huiyin.department g on g.code = f.against
	where (select true from huiyin.act a where a.ref = f.ref) is not true
$$;
comment on function huiyin.feedback_found is
	'those whose ref is new, with what they point to, who leads, and why not to take them';

create or replace function huiyin.feedback_judged(batch jsonb, office bigint, superior bigint)
returns table (n int, ref uuid, hash bytea, author bigint, region text, service text,
	said text, submitter jsonb, filed_by jsonb, person jsonb, anonymous boolean, said_at timestamptz,
	about bigint, against bigint, lead bigint, urgency smallint, station bigint, waits boolean,
	state text, dispatch_by timestamptz, sign_by timestamptz, contact_by timestamptz,
	answer_by timestamptz, tick_at timestamptz, good boolean, refused jsonb)
language sql
stable
as $$
	with due as materialized (
		select d.* from huiyin.service_due(now()) as d
	)
	select
		f.n, f.ref, f.hash, f.author, f.region, f.service,
		f.said, f.submitter, f.filed_by, f.person, f.anonymous, f.said_at,
		f.about,
		f.against,
		f.lead,
		f.urgency,
		f.station,
		f.lead is null or f.lead is not distinct from feedback_judged.office,
		case when f.lead is null then 'received' else 'dispatched' end,
		d.dispatch_by,
		case when f.lead is not null then d.sign_by end,
		case when f.lead is not null then d.contact_by end,
		d.answer_by,
		case when f.lead is null then d.tick_waiting else d.tick_led end,
		f.refused is null,
		f.refused
	from huiyin.feedback_found(batch, office, superior) as f
	left join due d on d.service = f.service
$$;
comment on function huiyin.feedback_judged is
	'the same with the state they enter and the deadlines, stored from the beginning';

create or replace function huiyin.receipt_json(receipt text, state text, answer_by timestamptz)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object(
		'receipt', receipt,
		'state', state,
		'answer_by', huiyin.rfc3339(answer_by))
$$;
comment on function huiyin.receipt_json is 'what is told to who may know only that much';

create or replace function huiyin.person_dropped(
	anonymous boolean,
	submitter jsonb,
	filed_by jsonb,
	person jsonb)
returns jsonb
language sql
immutable
as $$
	select case when anonymous and not coalesce(person ? 'sealed', false) and (
			person ? 'dropped' or filed_by is not null
			or submitter ?| array['name', 'phone'])
		then '{"contact": "not_kept"}'::jsonb else '{}' end
$$;
comment on function huiyin.person_dropped is
	'what the answer says besides when somebody anonymous said who they are and there was no auditor to seal it for: kept in clear it could be found out, so it is not kept';

create or replace function huiyin.office(out office bigint, out superior bigint)
language sql
stable
as $$
	select d.id, s.id
	from huiyin.department d
	left join huiyin.department s on s.id = d.superior and s.active
	where d.coordinating and d.active
$$;
comment on function huiyin.office is 'the coordinating office and its superior, if they are active';

create or replace function huiyin.feedback_take(batch jsonb)
returns jsonb
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off	-- the plan is kept while tables grow from nothing
as $$
declare
	office bigint;
	superior bigint;
	stem text := huiyin.number_stem('HY');
	done record;
begin
	select o.office, o.superior into office, superior from huiyin.office() as o;
	with judged as materialized (
		select j.* from huiyin.feedback_judged(batch, office, superior) as j
	),
	fresh as materialized (
		select j.*, nextval('huiyin.receipt_number') as id
		from (select distinct on (j.ref) j.* from judged j where j.good order by j.ref, j.n) as j
	),
	settled as (
		insert into huiyin.act (ref, author, act, hash, result)
		select f.ref, f.author, 'feedback.submit', f.hash,
			huiyin.receipt_json(huiyin.numbered(stem, f.id), f.state, f.answer_by)
				|| huiyin.person_dropped(f.anonymous, f.submitter, f.filed_by, f.person)
		from fresh f
		order by f.ref
		on conflict do nothing returning ref
	),
	kept as materialized (	-- what another node settled meanwhile is left out
		select f.* from fresh f where (f.ref in (select s.ref from settled s)) is true
	),
	filed as (
		insert into huiyin.feedback (id, filed_at, receipt, ref, author, state, steps,
			region, service, said, submitter_kind, anonymous, about, against, lead,
			said_at, dispatch_by, sign_by, contact_by, answer_by,
			urgency, station, waits, tick_at)
		select k.id, now(), huiyin.numbered(stem, k.id), k.ref, k.author, k.state, 1,
			k.region, k.service, k.said, k.submitter->>'kind', k.anonymous,
			k.about, k.against, k.lead, k.said_at,
			k.dispatch_by, k.sign_by, k.contact_by, k.answer_by,
			k.urgency, k.station, k.waits, k.tick_at
		from kept k
	),
	named as (	-- in clear only what an older node says of who is not anonymous
		insert into huiyin.feedback_person (feedback, name, phone, filed_by_name,
			filed_by_relation, consent, sealed, pseudonym, contact)
		select k.id, c.submitter->>'name', c.submitter->>'phone',
			c.filed_by->>'name', c.filed_by->>'relation',
			(k.filed_by->>'consent')::boolean,
			decode(k.person->>'sealed', 'hex'),
			decode(k.person->>'pseudonym', 'hex'), decode(k.person->>'contact', 'hex')
		from kept k
		left join lateral (select k.submitter, k.filed_by where not k.anonymous) as c on true
		where k.person is not null or k.filed_by ? 'consent' or c.filed_by is not null
			or c.submitter ?| array['name', 'phone']
	),
	keyed as (
		insert into huiyin.person_key (feedback, filed_at, salt)
		select k.id, now(), decode(coalesce(k.person->>'salt', ''), 'hex')
		from kept k
		where k.person ?| array['salt', 'pseudonym']
	),
	stepped as (
		insert into huiyin.feedback_history (feedback, step, at, state, principal, department)
		select k.id, 1, now(), k.state, k.author, k.lead from kept k
	)
	select count(*) as many, min(k.id) as first, max(k.id) as last,
		sha256(string_agg(uuid_send(k.ref) || k.hash, '' order by k.ref)) as content,
		(select jsonb_agg(jsonb_build_object('n', j.n, 'refused', j.refused))
			from judged j where not j.good) as bad
	into done from kept k;
	if done.many > 0 then
		perform huiyin.audit(null, 'feedback.submit', null, format('%s %s %s', done.many,
			huiyin.numbered(stem, done.first), huiyin.numbered(stem, done.last)), done.content);
	end if;
	return coalesce(done.bad, '[]');
end $$;
comment on function huiyin.feedback_take is
	'keeps what is new and good in a batch, in the order of refs; says what is bad, as [{n, refused}]; one statement, since that is what makes it fast';

create or replace function api.feedback_submit(batch jsonb)
returns table (n int, result jsonb, refused jsonb)
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $$
declare
	bad jsonb := huiyin.feedback_take(batch);
begin
	return query
		select b.n, null::jsonb, b.refused
		from jsonb_to_recordset(bad) as b(n int, refused jsonb);
	return query
		select
			i.n,
			case when a.same then a.result end,
			case when not a.same then huiyin.refusal('conflict') end
		from jsonb_to_recordset(batch) as i(n int, ref uuid, hash text, who jsonb),
		lateral (
			select
				a.result,
				a.hash = decode(i.hash, 'hex')
					and a.act = 'feedback.submit'
					and a.author is not distinct from (i.who->>'principal')::bigint as same
			from huiyin.act a
			where a.ref = i.ref
			limit 1		-- one look by index for each, however large the table
		) as a
		where bad = '[]' or i.n <> all (array(
			select b.n from jsonb_to_recordset(bad) as b(n int)));
end $$;
comment on function api.feedback_submit is
	'params {region, service, text, about?, against?, submitter?, filed_by?, person?, anonymous?, at?} -> {receipt, state, answer_by, contact?}; person is made by the node, which takes names out of submitter and filed_by; the answer is what the ref stands for once the batch is kept';
