-- SPDX-License-Identifier: Apache-2.0
-- The chain of what was done. Each row's hash covers the row and the hash before it.

create or replace function huiyin.audit_hash(entry huiyin.audit)
returns bytea
language sql
immutable
as $$
	select sha256(entry.prev || convert_to(jsonb_build_array(
		entry.seq,
		case when isfinite(entry.at) then (extract(epoch from entry.at) * 1000000)::bigint end,
		entry.principal,
		entry.act,
		entry.ref,
		entry.subject,
		encode(entry.content_hash, 'hex'))::text, 'UTF8'))
$$;
comment on function huiyin.audit_hash is
	'sha-256 of the hash before and the row as a JSON array, the time in microseconds';

create or replace function huiyin.audit(
	principal bigint,
	act text,
	ref uuid,
	subject text,
	content_hash bytea)
returns void
language plpgsql
as $$
declare
	entry huiyin.audit;
begin
	select h.seq + 1, h.hash into entry.seq, entry.prev
	from huiyin.audit_head h
	where h.one
	for update;
	entry.at := clock_timestamp();
	entry.principal := audit.principal;
	entry.act := audit.act;
	entry.ref := audit.ref;
	entry.subject := audit.subject;
	entry.content_hash := audit.content_hash;
	entry.hash := huiyin.audit_hash(entry);
	insert into huiyin.audit select entry.*;
	update huiyin.audit_head h set seq = entry.seq, hash = entry.hash where h.one;
end $$;
comment on function huiyin.audit is
	'appends one row; holds the head until commit, so call it after rows and before feeds';
