-- SPDX-License-Identifier: Apache-2.0
-- Feedback, its history and its answers. No foreign keys on what is written
-- tens of thousands of times a second: the one function that writes checks, rows
-- it points to are never deleted, and verify.sql looks again.

set role huiyin_owner;

create sequence huiyin.receipt_number cache 1;
comment on sequence huiyin.receipt_number is 'numbers of receipts; moved on by admin.restored';

create table huiyin.service (
	code text collate "C" primary key,
	name text not null,
	name_en text not null,
	dispatch_within interval not null,
	sign_within interval not null,
	contact_within interval not null,
	answer_within interval not null,
	active boolean not null default true
);
comment on table huiyin.service is 'what feedback can be about, and how long each step may take';

create table huiyin.service_route (
	service text collate "C" not null
		constraint service_route_is_of_a_service references huiyin.service,
	region text collate "C" not null
		constraint service_route_region_is_a_region references huiyin.region,
	department bigint not null
		constraint service_route_leads_to_a_department references huiyin.department,
	constraint service_route_is_one_per_region primary key (service, region)
);
comment on table huiyin.service_route is
	'who leads: the row of the nearest region upwards wins';

create table huiyin.feedback (
	id bigint not null,
	filed_at timestamptz not null,
	receipt text collate "C" not null,
	ref uuid not null,
	author bigint,
	state text not null,
	steps smallint not null,
	region text collate "C" not null,
	service text collate "C" not null,
	said text not null,
	submitter_kind text,
	anonymous boolean not null,
	about bigint,
	against bigint,
	lead bigint,
	said_at timestamptz,
	dispatch_by timestamptz not null,
	sign_by timestamptz,
	contact_by timestamptz,
	answer_by timestamptz not null,
	constraint feedback_has_one_number primary key (id, filed_at),
	constraint feedback_is_not_led_by_whom_it_is_against check (lead <> against),
	constraint feedback_state_is_known check (state in ('received', 'triage',
		'dispatched', 'accepted', 'in_progress', 'scheduled', 'waiting_submitter',
		'returned', 'arbitration', 'answered', 'revisit', 'reopened',
		'closed_resolved', 'closed_explained', 'closed_not_accepted',
		'closed_duplicate', 'closed_withdrawn', 'closed_incomplete'))
) partition by range (filed_at);
create table huiyin.feedback_default partition of huiyin.feedback default;
create index feedback_by_lead on huiyin.feedback (lead, id);
comment on table huiyin.feedback is 'what a person says; partitioned by month';
comment on column huiyin.feedback.author is 'principal that filed it; null: a visitor';
comment on column huiyin.feedback.lead is 'department; null: nobody yet';
comment on column huiyin.feedback.said_at is 'clock of the client, recorded, not judged';

create table huiyin.feedback_person (
	feedback bigint primary key,
	name text,
	phone text,
	filed_by_name text,
	filed_by_relation text
);
comment on table huiyin.feedback_person is
	'whose voice it is and who typed it; apart from feedback so that what is anonymous stays so';

create table huiyin.feedback_history (
	feedback bigint not null,
	step smallint not null,
	at timestamptz not null,
	state text not null,
	principal bigint,
	department bigint,
	note text,
	xid xid8 not null default pg_current_xact_id(),
	constraint feedback_history_has_one_row_per_step primary key (feedback, step, at)
) partition by range (at);
create table huiyin.feedback_history_default
	partition of huiyin.feedback_history default;
create index feedback_history_by_xid on huiyin.feedback_history (xid);
comment on table huiyin.feedback_history is
	'one row per step, never changed; step 1 is how it entered: received, or dispatched when routed at once; nodes follow it by transaction';

create table huiyin.feedback_answer (
	feedback bigint not null,
	number smallint not null,
	at timestamptz not null default now(),
	principal bigint not null
		constraint feedback_answer_is_by_staff references huiyin.staff,
	department bigint not null
		constraint feedback_answer_is_of_a_department references huiyin.department,
	said text not null,
	outcome text not null,
	constraint feedback_answer_has_one_number primary key (feedback, number),
	constraint feedback_answer_outcome_is_known check (
		outcome in ('resolved', 'partly', 'explained', 'planned'))
);
comment on table huiyin.feedback_answer is 'what departments answered; never changed';

reset role;
