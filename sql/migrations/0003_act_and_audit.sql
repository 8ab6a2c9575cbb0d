-- SPDX-License-Identifier: Apache-2.0
-- What was settled, by ref, for ever; and the chain of what was done.

set role huiyin_owner;

create table huiyin.act (
	ref uuid primary key,
	author bigint,
	act text not null,
	hash bytea not null,
	result jsonb,
	at timestamptz not null default now()
);
comment on table huiyin.act is
	'settled acts by the ref their author chose, for ever; a refused act leaves no row';
comment on column huiyin.act.author is
	'principal; null: a visitor. No foreign key: principals are never deleted and the check would cost every row';
comment on column huiyin.act.hash is 'sha-256 of the canonical params';

create table huiyin.audit (
	seq bigint primary key,
	at timestamptz not null,
	principal bigint,
	act text not null,
	ref uuid,
	subject text,
	content_hash bytea,
	prev bytea not null,
	hash bytea not null
);
comment on table huiyin.audit is
	'append-only, each row hashed with the hash of the one before; see admin.audit_verify';

create table huiyin.audit_head (
	one boolean primary key default true,
	seq bigint not null default 0,
	hash bytea not null default sha256('huiyin'),
	constraint audit_head_is_one_row check (one)
);
comment on table huiyin.audit_head is 'the end of the chain; locked by who appends to it';
insert into huiyin.audit_head default values;

reset role;
