-- SPDX-License-Identifier: Apache-2.0
-- Notices and their reach.

set role huiyin_owner;

create sequence huiyin.notice_number;
comment on sequence huiyin.notice_number is 'numbers of notices as people read them';

create table huiyin.notice (
	id bigint primary key,
	notice text collate "C" not null
		constraint notice_is_named_once unique,
	seq bigint
		constraint notice_is_numbered_once unique,
	state text not null,
	kind text not null,
	department bigint not null
		constraint notice_department_is_a_department references huiyin.department,
	author bigint not null
		constraint notice_author_is_staff references huiyin.staff,
	approver bigint
		constraint notice_approver_is_staff references huiyin.staff,
	headline text not null,
	description text not null,
	instruction text,
	lang text not null default 'zh-CN',
	regions text[] not null,
	roles text[],
	ack text not null default 'none',
	drafted_at timestamptz not null default now(),
	sent timestamptz,
	expires timestamptz,
	constraint notice_state_is_known check (state in ('draft', 'in_review', 'approved',
		'scheduled', 'active', 'updated', 'cancelled', 'expired', 'archived')),
	constraint notice_kind_is_known check (kind in ('policy', 'project', 'market', 'risk',
		'meeting', 'approval', 'station', 'exchange', 'recognition')),
	constraint notice_ack_is_known check (ack in ('none', 'read', 'understood')),
	constraint notice_addresses_somebody check (regions <> '{}' and roles <> '{}'),
	constraint notice_active_is_numbered check (
		state in ('draft', 'in_review', 'approved', 'scheduled')
		or (seq is not null and sent is not null))
);
create index notice_by_draft on huiyin.notice (department) where seq is null;
comment on table huiyin.notice is 'what a department says; immutable once it has a seq';
comment on column huiyin.notice.regions is '12-digit codes; each means itself and what lies below';
comment on column huiyin.notice.roles is 'null: everybody';

create table huiyin.notice_addressed (
	notice bigint not null
		constraint notice_addressed_is_of_a_notice references huiyin.notice,
	township text collate "C" not null,
	addressed int not null,
	constraint notice_addressed_is_counted_once primary key (notice, township),
	constraint notice_addressed_is_somebody check (addressed > 0)
);
comment on table huiyin.notice_addressed is
	'the denominator of reach: active enrolled kiosks of the audience at publication, by township';

create table huiyin.notice_receipt (
	notice bigint not null,
	kiosk bigint not null,
	sent timestamptz not null,
	township text collate "C" not null,
	addressed boolean not null,
	rank smallint not null,
	understood boolean,
	delivered_at timestamptz not null,
	shown_at timestamptz,
	read_at timestamptz,
	replied_at timestamptz,
	delivered_said timestamptz,
	shown_said timestamptz,
	read_said timestamptz,
	replied_said timestamptz,
	constraint notice_receipt_is_one_per_kiosk primary key (notice, kiosk, sent),
	constraint notice_receipt_rank_is_known check (rank between 1 and 4)
) partition by range (sent);
create table huiyin.notice_receipt_default
	partition of huiyin.notice_receipt default;
comment on table huiyin.notice_receipt is
	'how far a notice came at a kiosk; one row per notice and kiosk, partitioned by the month the notice was sent';
comment on column huiyin.notice_receipt.rank is
	'1 delivered, 2 shown, 3 read, 4 understood or misunderstood';
comment on column huiyin.notice_receipt.addressed is
	'it was among those counted at publication; false: it joined the audience later';
comment on column huiyin.notice_receipt.delivered_at is
	'_at: our clock; _said: the clock of the kiosk, recorded, not judged';

reset role;
