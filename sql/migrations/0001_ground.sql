-- SPDX-License-Identifier: Apache-2.0
-- The ground everything stands on: roles, schemas, the installation itself,
-- the regions and the numbered feeds.

do $$
begin
	if not exists (select from pg_roles where rolname = 'huiyin_owner') then
		create role huiyin_owner nologin;
	end if;
	if not exists (select from pg_roles where rolname = 'huiyin_node') then
		create role huiyin_node login noinherit;
	end if;
end $$;

create schema if not exists huiyin;
create schema if not exists api;
create schema if not exists admin;
create schema if not exists report;
alter schema huiyin owner to huiyin_owner;
alter schema api owner to huiyin_owner;
alter schema admin owner to huiyin_owner;
alter schema report owner to huiyin_owner;
comment on schema huiyin is 'tables, and functions that only other functions call';
comment on schema api is 'what a node may call, and nothing else';
comment on schema admin is 'what huiyin-admin calls: admin.f(params jsonb) returns jsonb';
comment on schema report is 'views which exports and dashboards read';

alter default privileges for role huiyin_owner
	revoke execute on functions from public;
alter default privileges for role huiyin_owner
	revoke usage on types from public;

create table if not exists huiyin.migration (
	name text primary key,
	sha256 text,
	applied_at timestamptz default now()
);
comment on table huiyin.migration is
	'migrations that were applied; kept by huiyin-admin db migrate';

set role huiyin_owner;

create table huiyin.region (
	code text collate "C" primary key,
	name text not null,
	level text not null,
	parent text collate "C"
		constraint region_parent_is_a_region references huiyin.region,
	valid_from date,
	valid_to date,
	constraint region_code_has_twelve_digits check (code ~ '^[0-9]{12}$'),
	constraint region_has_a_name check (name <> ''),
	constraint region_level_is_known check (
		level in ('province', 'city', 'county', 'township', 'village'))
);
create index region_by_parent on huiyin.region (parent);
comment on table huiyin.region is
	'the statistical division tree; rows are never deleted, a code that was ever valid stays acceptable';
comment on column huiyin.region.valid_to is
	'first day on which the yearly list no longer had this code; null: current';

create table huiyin.installation (
	one boolean primary key default true,
	epoch text not null default replace(gen_random_uuid()::text, '-', ''),
	county text collate "C"
		constraint installation_county_is_a_region references huiyin.region,
	name text,
	time_zone text not null default 'Asia/Shanghai',
	constraint installation_is_one_row check (one),
	constraint installation_keeps_beijing_time check (time_zone = 'Asia/Shanghai')
);
comment on table huiyin.installation is 'this installation; one row';
comment on column huiyin.installation.epoch is
	'random; cursors belong to it; changed by admin.restored';
insert into huiyin.installation default values;

create table huiyin.feed (
	name text primary key,
	head bigint not null default 0,
	constraint feed_never_runs_backwards check (head >= 0)
);
comment on table huiyin.feed is
	'numbered feeds; numbers are taken by update of this row, so that order of number is order of commit';
insert into huiyin.feed (name) values ('notice');

reset role;
