-- SPDX-License-Identifier: Apache-2.0
-- How far each store of a kiosk has come, so that one that goes back is seen.

set role huiyin_owner;

create table huiyin.store_mark (
	kiosk bigint not null
		constraint store_mark_is_of_a_kiosk references huiyin.kiosk,
	generation text collate "C" not null,
	mark bigint not null,
	at timestamptz not null default clock_timestamp(),
	constraint store_mark_is_one_per_generation primary key (kiosk, generation)
) with (fillfactor = 70);
comment on table huiyin.store_mark is
	'the highest mark that a store has told, by the random name it has given itself; of a kiosk the 16 newest generations';
comment on column huiyin.store_mark.mark is
	'greater at every hello; one that is not is that of a store put back from an old copy';

reset role;
