-- SPDX-License-Identifier: Apache-2.0
-- What an auditor may open, and what the law gives to people about what is kept
-- of them (PIPL, articles 44 to 47). Each leaves a row in the chain.

create or replace function huiyin.person_actor(login text, roles text[], path text)
returns bigint
language sql
stable
as $$
	select (huiyin.me(jsonb_build_object('principal',
		huiyin.principal_named('staff', login, path)), roles, path)).principal
	where login is not null
$$;
comment on function huiyin.person_actor is
	'who does it, if they are active and have one of the roles; null: whoever sits at the machine';

create or replace function huiyin.person_accessed(
	kind text,
	feedback bigint,
	subject text,
	principal bigint,
	params jsonb)
returns void
language plpgsql
as $$
begin
	perform huiyin.audit(person_accessed.principal, 'person.' || person_accessed.kind, null,
		person_accessed.subject, decode(params->>'hash', 'hex'));
	insert into huiyin.person_access (audit, kind, feedback, principal, reason)
	select h.seq, person_accessed.kind, person_accessed.feedback,
		person_accessed.principal, params->>'reason'
	from huiyin.audit_head h;
end $$;
comment on function huiyin.person_accessed is
	'a row of the chain, whose content is the keyed hash of the reason, and the reason beside it';

create or replace function huiyin.person_apart(f huiyin.feedback, principal bigint)
returns void
language plpgsql
stable
as $$
begin
	if f.against = (select s.department from huiyin.staff s where s.principal = person_apart.principal) then
		perform huiyin.refuse('not_found', 'receipt');
	end if;
end $$;
comment on function huiyin.person_apart is
	'refuses who sits in the department it is against: they do not see it, nor make it vanish';

create or replace function admin.unseal(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	auditor bigint := huiyin.person_actor(params->>'auditor', array['auditor'], 'auditor');
	f huiyin.feedback := huiyin.feedback_locked(params->>'receipt');
	record jsonb := huiyin.record_json(f.id);
begin
	if auditor is null or coalesce(params->>'reason', '') !~ '\S' then
		perform huiyin.refuse('missing_field', case when auditor is null then 'auditor' else 'reason' end);
	elsif not f.anonymous or record is null then
		perform huiyin.refuse('not_found', 'receipt');
	end if;
	perform huiyin.person_apart(f, auditor);
	perform huiyin.person_accessed('unseal', f.id, f.receipt, auditor, params);
	return record || jsonb_build_object('receipt', f.receipt, 'anonymous', true,
		'submitter', jsonb_build_object('kind', f.submitter_kind));
end $$;
comment on function admin.unseal is
	'{receipt, reason, auditor, hash} -> {receipt, anonymous, submitter, person}: what the auditor''s key opens; not what is said against the auditor''s own department';

create or replace function admin.person_ref(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('ref', (huiyin.feedback_numbered(params->>'receipt')).ref)
$$;
comment on function admin.person_ref is
	'{receipt} -> {ref}: what a key is proved with; null for a number nobody has';

create or replace function huiyin.person_feedbacks(params jsonb)
returns setof huiyin.feedback
language sql
stable
as $$
	select f.*
	from huiyin.feedback_numbered(params->>'receipt') as f
	where f.id is not null and params ? 'receipt'
	union all
	select f.*
	from huiyin.feedback_person p
	join huiyin.feedback f on f.id = p.feedback
	where not params ? 'receipt' and (
		p.pseudonym = decode(params->>'pseudonym', 'hex')
		or p.contact = decode(params->>'contact', 'hex'))
	order by id
$$;
comment on function huiyin.person_feedbacks is
	'all that a person said, by one receipt or by the marks of who they are';

create or replace function huiyin.access_json(feedback bigint)
returns jsonb
language sql
stable
as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'at', huiyin.rfc3339(a.at),
		'kind', a.kind,
		'by', p.name,
		'reason', a.reason) order by a.audit), '[]')
	from huiyin.person_access a
	left join huiyin.principal p on p.id = a.principal
	where a.feedback = access_json.feedback
$$;
comment on function huiyin.access_json is 'who looked at, corrected or erased whose data, and why';

create or replace function huiyin.export_json(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select huiyin.feedback_json(f, true)
		|| coalesce(huiyin.record_json(f.id), '{}')
		|| jsonb_build_object(
			'said_at', huiyin.rfc3339(f.said_at),
			'filed_through', (select p.name from huiyin.principal p where p.id = f.author),
			'against', huiyin.department_json(f.against),
			'answers', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'text', a.said,
					'outcome', a.outcome,
					'at', huiyin.rfc3339(a.at),
					'department', huiyin.department_json(a.department)) order by a.number), '[]')
				from huiyin.feedback_answer a
				where a.feedback = f.id),
			'erased_at', (
				select huiyin.rfc3339(p.erased_at)
				from huiyin.feedback_person p
				where p.feedback = f.id),
			'access', huiyin.access_json(f.id))
		|| case when f.anonymous then jsonb_build_object('submitter',
			jsonb_strip_nulls(jsonb_build_object('kind', f.submitter_kind))) else '{}' end
$$;
comment on function huiyin.export_json is 'all that is kept of a feedback and whose voice it is';

create or replace function admin.person_export(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me bigint := huiyin.person_actor(params->>'by', case when (params->>'opens')::boolean
		then array['auditor'] else array['auditor', 'admin', 'coordinator'] end, 'by');
	items jsonb := '[]';
	f huiyin.feedback;
begin
	for f in select p.* from huiyin.person_feedbacks(params) as p loop
		perform huiyin.person_apart(f, me);
		perform huiyin.person_accessed('export', f.id, f.receipt, me, params);
		items := items || huiyin.export_json(f);
	end loop;
	return jsonb_build_object('items', items);
end $$;
comment on function admin.person_export is
	'{receipt | pseudonym, contact; by?, reason?, opens?, hash?} -> {items}: all that is kept about a person, to be opened by the tool';

create or replace function admin.person_record(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	f huiyin.feedback := huiyin.feedback_locked(params->>'receipt');
begin
	return jsonb_build_object('anonymous', f.anonymous)
		|| coalesce(huiyin.record_json(f.id), '{}')
		|| coalesce((
			select huiyin.submitter_json(f, p)
			from huiyin.feedback_person p
			where p.feedback = f.id), '{}');
end $$;
comment on function admin.person_record is
	'{receipt} -> {anonymous, person?, submitter?, filed_by?}: what person correct starts from; it shows nothing of it';

create or replace function huiyin.person_keep(f huiyin.feedback, person jsonb)
returns void
language plpgsql
as $$
declare
	agreed boolean;
begin
	delete from huiyin.person_key k where k.feedback = f.id;
	delete from huiyin.feedback_person p where p.feedback = f.id returning p.consent into agreed;
	insert into huiyin.feedback_person (feedback, sealed, pseudonym, contact, consent)
	values (f.id, decode(person->>'sealed', 'hex'), decode(person->>'pseudonym', 'hex'),
		decode(person->>'contact', 'hex'), agreed);
	insert into huiyin.person_key (feedback, filed_at, salt)
	values (f.id, f.filed_at, decode(coalesce(person->>'salt', ''), 'hex'));
end $$;
comment on function huiyin.person_keep is 'another record instead of the one before, whose key is destroyed';

create or replace function admin.person_correct(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me bigint := huiyin.person_actor(params->>'by',
		array['auditor', 'admin', 'coordinator'], 'by');
	f huiyin.feedback := huiyin.feedback_locked(params->>'receipt');
begin
	if not coalesce(params->'person' ? 'sealed', false) then
		perform huiyin.refuse('missing_field', 'person');
	end if;
	perform huiyin.person_apart(f, me);
	perform huiyin.person_keep(f, params->'person');
	perform huiyin.person_accessed('correct', f.id, f.receipt, me, params);
	return jsonb_build_object('receipt', f.receipt, 'corrected', true);
end $$;
comment on function admin.person_correct is
	'{receipt, person, by?, reason?, hash?} -> {receipt, corrected}: person is what the tool sealed anew';

create or replace function huiyin.person_erase(feedback bigint)
returns void
language sql
as $$
	delete from huiyin.person_key k where k.feedback = person_erase.feedback;
	update huiyin.feedback_person p
	set name = null, phone = null, filed_by_name = null, filed_by_relation = null,
		sealed = null, pseudonym = null, contact = null, erased_at = now()
	where p.feedback = person_erase.feedback;
$$;
comment on function huiyin.person_erase is
	'destroys the key of the record, and takes away what lies in clear and what the person could be found by';

create or replace function huiyin.words_erase(f huiyin.feedback)
returns void
language sql
as $$
	update huiyin.feedback h
	set said = ''
	where h.id = f.id and h.filed_at = f.filed_at;
	update huiyin.feedback_answer a
	set said = '', measure = null, plain = null, without = null
	where a.feedback = f.id;
	update huiyin.feedback_assist a
	set task = null, said = left(a.said, 0)
	where a.feedback = f.id;
	update huiyin.feedback_request r
	set asked = '', supplied = left(r.supplied, 0)
	where r.feedback = f.id;
	update huiyin.feedback_extension e set reason = '', plan = null where e.feedback = f.id;
	update huiyin.feedback_echo e set said = null where e.feedback = f.id;
	delete from huiyin.feedback_reason r where r.feedback = f.id;
	delete from huiyin.feedback_words w where w.feedback = f.id;
$$;
comment on function huiyin.words_erase is
	'what was said, asked, supplied and answered, and by what words it is found; that it was, when, where, about what and how it ended stay';

create or replace function admin.person_erase(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	me bigint := huiyin.person_actor(params->>'by',
		array['auditor', 'admin', 'coordinator'], 'by');
	items jsonb := '[]';
	words boolean := coalesce(params->>'words', 'erase') = 'erase';
	f huiyin.feedback;
begin
	for f in select p.* from huiyin.person_feedbacks(params) as p loop
		f := huiyin.feedback_locked(f.receipt);
		perform huiyin.person_apart(f, me);
		if f.state like 'closed%' then
			perform huiyin.person_erase(f.id);
			if words then
				perform huiyin.words_erase(f);
			end if;
			perform huiyin.person_accessed('erase', f.id, f.receipt, me, params);
		elsif params ? 'receipt' then
			perform huiyin.refuse('wrong_state', 'receipt');
		end if;
		items := items || jsonb_build_object('receipt', f.receipt, 'state', f.state,
			'erased', f.state like 'closed%', 'words', words and f.state like 'closed%');
	end loop;
	return jsonb_build_object('items', items);
end $$;
comment on function admin.person_erase is
	'{receipt | pseudonym, contact; words?: keep|erase, by?, reason?, hash?} -> {items: [{receipt, state, erased, words}]}: only what is closed, since what is open is still needed to answer it (PIPL, article 47)';

create or replace function admin.person_clear(params jsonb)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
	select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
		'receipt', c.receipt,
		'anonymous', c.anonymous,
		'who', jsonb_strip_nulls(jsonb_build_object(
			'name', c.name,
			'phone', c.phone,
			'filed_by', case when c.filed_by_name is not null then jsonb_build_object(
				'name', c.filed_by_name, 'relation', c.filed_by_relation) end)))), '[]'))
	from (
		select f.receipt, f.anonymous, p.*
		from huiyin.feedback_person p
		join huiyin.feedback f on f.id = p.feedback
		where coalesce(p.name, p.phone, p.filed_by_name, p.filed_by_relation) is not null
		order by p.feedback
		limit 200
	) as c
$$;
comment on function admin.person_clear is
	'{} -> {items: [{receipt, anonymous, who}]}: what nodes of an older release left in clear, at most 200';

create or replace function admin.person_seal(params jsonb)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, huiyin, pg_temp
as $$
declare
	item jsonb;
	f huiyin.feedback;
begin
	for item in select i from jsonb_array_elements(params->'items') as i loop
		f := huiyin.feedback_locked(item->>'receipt');
		perform huiyin.person_keep(f, item->'person');
		perform huiyin.person_accessed('seal', f.id, f.receipt, null, '{}');
	end loop;
	return jsonb_build_object('sealed', jsonb_array_length(params->'items'));
end $$;
comment on function admin.person_seal is
	'{items: [{receipt, person}]} -> {sealed}: what lay in clear, sealed by the tool';
