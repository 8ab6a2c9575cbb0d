-- SPDX-License-Identifier: Apache-2.0
-- Arithmetic of region codes: province 2, city 4, county 6, township 9, village 12
-- significant digits, the rest zeros.

create or replace function huiyin.region_line(code text)
returns text[]
language sql
immutable
as $$
	select array[
		rpad(left(code, 2), 12, '0'),
		rpad(left(code, 4), 12, '0'),
		rpad(left(code, 6), 12, '0'),
		rpad(left(code, 9), 12, '0'),
		code]
$$;
comment on function huiyin.region_line is
	'the region and everything above it, from the province down';

create or replace function huiyin.region_township(code text)
returns text
language sql
immutable
as $$
	select rpad(left(code, 9), 12, '0')
$$;
comment on function huiyin.region_township is 'its township, or itself when it is larger';

create or replace function huiyin.region_level(code text)
returns text
language sql
immutable
as $$
	select case
		when code !~ '^[0-9]{12}$' or left(code, 2) = '00' then null
		when right(code, 10) = '0000000000' then 'province'
		when right(code, 8) = '00000000' then 'city'
		when right(code, 6) = '000000' then 'county'
		when right(code, 3) = '000' then 'township'
		else 'village'
	end
$$;
comment on function huiyin.region_level is 'the level a code speaks of; null: not a code';

create or replace function huiyin.region_parent(code text)
returns text
language sql
immutable
as $$
	select case huiyin.region_level(code)
		when 'city' then rpad(left(code, 2), 12, '0')
		when 'county' then rpad(left(code, 4), 12, '0')
		when 'township' then rpad(left(code, 6), 12, '0')
		when 'village' then rpad(left(code, 9), 12, '0')
	end
$$;
comment on function huiyin.region_parent is 'the code above; null for a province';

create or replace function huiyin.region_name(code text)
returns text
language sql
stable
as $$
	select r.name from huiyin.region r where r.code = region_name.code
$$;
comment on function huiyin.region_name is 'its name';

create or replace function huiyin.region_must(code text, path text default 'region')
returns void
language plpgsql
stable
as $$
begin
	if not exists (select from huiyin.region r where r.code = region_must.code) then
		perform huiyin.refuse('unknown_region', path);
	end if;
end $$;
comment on function huiyin.region_must is 'refuses a code nobody ever had';
