-- SPDX-License-Identifier: Apache-2.0
-- Whose voice a feedback is: what the department that has it is shown, and what
-- is left when the person is erased.

create or replace function huiyin.pseudonym_text(pseudonym bytea)
returns text
language sql
immutable
as $$
	select '匿名-' || upper(encode(substring(pseudonym for 3), 'hex'))
$$;
comment on function huiyin.pseudonym_text is
	'as people read it; two persons may share it, the whole mark they do not';

create or replace function huiyin.submitter_json(f huiyin.feedback, p huiyin.feedback_person)
returns jsonb
language sql
stable
as $$
	select jsonb_strip_nulls(jsonb_build_object(
		'submitter', jsonb_build_object(
			'kind', f.submitter_kind, 'name', p.name, 'phone', p.phone),
		'filed_by', case when p.erased_at is null
				and num_nonnulls(p.filed_by_name, p.filed_by_relation, p.consent) > 0
			then jsonb_build_object('name', p.filed_by_name,
				'relation', p.filed_by_relation, 'consent', p.consent) end))
$$;
comment on function huiyin.submitter_json is
	'submitter and filed_by as far as they lie in clear';

create or replace function huiyin.record_json(feedback bigint)
returns jsonb
language sql
stable
as $$
	select jsonb_build_object('person', jsonb_build_object(
		'sealed', encode(p.sealed, 'hex'),
		'salt', encode(k.salt, 'hex')))
	from huiyin.feedback_person p
	join huiyin.person_key k on k.feedback = p.feedback
	where p.feedback = record_json.feedback and p.sealed is not null
$$;
comment on function huiyin.record_json is
	'the sealed record and what its key is made of, as a field to add; null: there is none, or it was erased';

create or replace function huiyin.person_json(f huiyin.feedback)
returns jsonb
language sql
stable
as $$
	select case
		when f.anonymous and p.pseudonym is null then '{}'
		when f.anonymous then
			jsonb_build_object('pseudonym', huiyin.pseudonym_text(p.pseudonym))
		else huiyin.submitter_json(f, p) || coalesce(huiyin.record_json(f.id), '{}')
	end
	from (select 1) as one
	left join huiyin.feedback_person p on p.feedback = f.id
$$;
comment on function huiyin.person_json is
	'for the department that has it, as fields to add: submitter, filed_by and person, which the node opens; only a pseudonym when anonymous';

create or replace function huiyin.person_shown(f huiyin.feedback, me huiyin.identity, said jsonb)
returns void
language plpgsql
as $$
begin
	if (said ? 'person' or said->'submitter' ?| array['name', 'phone'] or said->'filed_by' ? 'name')
			and not exists (
				select
				from huiyin.person_access a
				where a.feedback = f.id
					and a.principal = me.principal
					and a.kind = 'read'
					and a.at >= huiyin.day_start()) then
		perform huiyin.person_accessed('read', f.id, f.receipt, me.principal, '{}');
	end if;
end $$;
comment on function huiyin.person_shown is
	'leaves a row, one a day, of whoever is told who somebody is; judged by what is said, so that no way of saying it is forgotten';
