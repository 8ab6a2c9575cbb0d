-- SPDX-License-Identifier: Apache-2.0
-- Whose voice it is, sealed; who looked; how long what is kept.

set role huiyin_owner;

alter table huiyin.feedback_person
	add column sealed bytea,
	add column pseudonym bytea,
	add column contact bytea,
	add column erased_at timestamptz;
create index feedback_person_by_pseudonym
	on huiyin.feedback_person (pseudonym) where pseudonym is not null;
create index feedback_person_by_contact
	on huiyin.feedback_person (contact) where contact is not null;
comment on column huiyin.feedback_person.name is
	'this and the next three: in clear, by nodes of an older release; see huiyin-admin person seal';
comment on column huiyin.feedback_person.sealed is
	'whose voice it is, by the node under the key of person_key; of who is anonymous a box to the auditor inside';
comment on column huiyin.feedback_person.pseudonym is
	'keyed mark of who is anonymous, the same for the same person; null: not anonymous, unknown or erased';
comment on column huiyin.feedback_person.contact is
	'keyed mark of who is not anonymous, by which they are found for what the law gives them; never shown';

create table huiyin.person_key (
	feedback bigint primary key,
	filed_at timestamptz not null,
	salt bytea not null,
	look_at timestamptz not null default now()
);
create index person_key_by_look on huiyin.person_key (look_at);
comment on table huiyin.person_key is
	'what the key of a record of feedback_person is made of, under the installation''s secret; who deletes the row has erased the person';
comment on column huiyin.person_key.salt is
	'empty: there is no record, only a pseudonym';
comment on column huiyin.person_key.look_at is
	'since when it has been of no use, as far as is known; looked at again when the time of retention has passed';

create table huiyin.person_access (
	audit bigint primary key,
	kind text not null,
	feedback bigint,
	principal bigint
		constraint person_access_is_by_staff references huiyin.staff,
	reason text,
	at timestamptz not null default now(),
	constraint person_access_kind_is_known check (
		kind in ('unseal', 'export', 'correct', 'erase', 'seal', 'expire'))
);
create index person_access_by_feedback on huiyin.person_access (feedback);
comment on table huiyin.person_access is
	'who looked at, corrected or erased whose data and why, beside its row of the audit chain; never changed';
comment on column huiyin.person_access.audit is
	'number of its row there; no foreign key: its check would need the right to lock what nobody may change';
comment on column huiyin.person_access.feedback is 'null: many, named by the subject of the audit row';

create table huiyin.retention (
	what text primary key,
	days int,
	until timestamptz,
	constraint retention_what_is_known check (what in ('contact', 'receipts')),
	constraint retention_leaves_time_to_reopen check (days between 15 and 36500)
);
comment on table huiyin.retention is
	'how long is kept what need not be kept for ever';
comment on column huiyin.retention.days is
	'contact: from the closing of a feedback; receipts: from the end of their month; null: for ever';
comment on column huiyin.retention.until is
	'receipts: what was sent before this has been detached';
insert into huiyin.retention (what, days) values ('contact', 180), ('receipts', null);

create table huiyin.notice_reach_kept (
	notice bigint not null
		constraint notice_reach_kept_is_of_a_notice references huiyin.notice,
	township text collate "C" not null,
	delivered bigint not null,
	shown bigint not null,
	read bigint not null,
	understood bigint not null,
	misunderstood bigint not null,
	constraint notice_reach_kept_is_counted_once primary key (notice, township)
);
comment on table huiyin.notice_reach_kept is
	'reach of notices whose receipts were detached, counted when they were';

reset role;
