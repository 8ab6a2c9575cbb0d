-- SPDX-License-Identifier: Apache-2.0
-- Who is who: departments, stations, staff, kiosks; and who is on the line.

set role huiyin_owner;

create table huiyin.department (
	id bigint generated always as identity primary key,
	code text collate "C" not null
		constraint department_code_is_taken unique,
	name text not null,
	region text collate "C" not null
		constraint department_region_is_a_region references huiyin.region,
	superior bigint
		constraint department_superior_is_a_department references huiyin.department,
	approval text not null default 'none',
	coordinating boolean not null default false,
	active boolean not null default true,
	since timestamptz not null default now(),
	constraint department_approval_is_known check (approval in ('none', 'other')),
	constraint department_is_not_its_own_superior check (superior <> id)
);
create unique index department_coordinating_is_one
	on huiyin.department (coordinating) where coordinating and active;
comment on table huiyin.department is
	'publishes notices and answers feedback; sits at a region; has a superior';
comment on column huiyin.department.approval is
	'other: only an approver who is not the author can publish';
comment on column huiyin.department.coordinating is
	'the leading group office: gets what nobody else has; at most one';

create table huiyin.station (
	id bigint generated always as identity primary key,
	code text collate "C" not null
		constraint station_code_is_taken unique,
	name text not null,
	region text collate "C" not null
		constraint station_region_is_a_region references huiyin.region,
	keeper text,
	active boolean not null default true,
	since timestamptz not null default now()
);
create index station_by_region on huiyin.station (region);
comment on table huiyin.station is 'a place with a keeper; has kiosks';

create table huiyin.principal (
	id bigint generated always as identity primary key,
	kind text not null,
	name text collate "C" not null,
	active boolean not null default true,
	audience_seq bigint not null default 0,
	since timestamptz not null default now(),
	constraint principal_name_is_taken unique (name, kind),
	constraint principal_kind_is_known check (kind in ('staff', 'kiosk'))
);
comment on table huiyin.principal is
	'somebody or something that can say hello by name; visitors have no row';
comment on column huiyin.principal.active is
	'a kiosk falls with its station, staff with their department: who disables those disables these';
comment on column huiyin.principal.audience_seq is
	'number of the notice feed at which its audience last changed; a cursor below it is replayed all';

create table huiyin.staff (
	principal bigint primary key
		constraint staff_is_a_principal references huiyin.principal,
	department bigint
		constraint staff_department_is_a_department references huiyin.department,
	display_name text,
	roles text[] not null,
	password text,
	totp text,
	totp_step bigint,
	last_seen timestamptz,
	constraint staff_roles_are_known check (roles <@ array['clerk', 'approver',
		'coordinator', 'keeper', 'relay', 'auditor', 'admin'] and roles <> '{}')
);
create index staff_by_department on huiyin.staff (department);
comment on table huiyin.staff is 'people with a login';
comment on column huiyin.staff.password is 'argon2id string, made and checked by the node';
comment on column huiyin.staff.totp is 'second factor, sealed by the node; null: none';
comment on column huiyin.staff.totp_step is 'last step used; each step once';

create table huiyin.staff_token (
	hash bytea primary key,
	principal bigint not null
		constraint staff_token_is_of_staff references huiyin.staff,
	expires_at timestamptz not null
);
create index staff_token_by_principal on huiyin.staff_token (principal);
comment on table huiyin.staff_token is
	'hashes of session tokens, so that a returning console need not log in again within 8 hours';

create table huiyin.kiosk (
	principal bigint primary key
		constraint kiosk_is_a_principal references huiyin.principal,
	station bigint not null
		constraint kiosk_station_is_a_station references huiyin.station,
	label text,
	secret_hash bytea,
	enrolled_at timestamptz,
	last_seen timestamptz
) with (fillfactor = 70);
create index kiosk_by_station on huiyin.kiosk (station);
comment on table huiyin.kiosk is 'an enrolled device or app installation';
comment on column huiyin.kiosk.secret_hash is
	'keyed hash of its 128-bit secret; null: not enrolled, or by certificate only';

create table huiyin.kiosk_place (
	kiosk bigint not null
		constraint kiosk_place_is_of_a_kiosk references huiyin.kiosk,
	region text collate "C" not null
		constraint kiosk_place_is_a_region references huiyin.region,
	since_seq bigint not null,
	until_seq bigint,
	at timestamptz not null default now(),
	constraint kiosk_place_ends_after_it_began check (until_seq >= since_seq)
);
create unique index kiosk_place_is_one_at_a_time
	on huiyin.kiosk_place (kiosk) where until_seq is null;
create index kiosk_place_by_kiosk on huiyin.kiosk_place (kiosk, since_seq);
comment on table huiyin.kiosk_place is
	'where each active enrolled kiosk stood, by number of the notice feed: notice s was addressed to it there if since_seq < s <= until_seq';

create table huiyin.identity_change (
	xid xid8 not null default pg_current_xact_id(),
	principal bigint not null,
	audience boolean not null default false,
	at timestamptz not null default now()
);
create index identity_change_by_xid on huiyin.identity_change (xid);
comment on table huiyin.identity_change is
	'followed by nodes, by transaction: whose rights or audience changed';

create table huiyin.node (
	id uuid primary key,
	alive_at timestamptz not null
);
comment on table huiyin.node is 'huiyind processes heard of within 30 seconds';

create table huiyin.presence (
	node uuid not null,
	session text collate "C" not null,
	principal bigint not null,
	since timestamptz not null default now(),
	constraint presence_is_one_per_session primary key (node, session)
);
create index presence_by_principal on huiyin.presence (principal);
comment on table huiyin.presence is 'kiosks on the line now';

create table huiyin.login_failure (
	name text collate "C" primary key,
	failures int not null,
	last_at timestamptz not null
);
comment on table huiyin.login_failure is
	'wrong passwords by name, known or not; forgotten after an hour of quiet or by a right one';

create table huiyin.key_failure (
	subject text collate "C" not null,
	at timestamptz not null
);
create index key_failure_by_subject on huiyin.key_failure (subject, at);
create index key_failure_by_time on huiyin.key_failure (at);
comment on table huiyin.key_failure is
	'wrong keys of the last ten minutes, by receipt number and by who tried';

reset role;
