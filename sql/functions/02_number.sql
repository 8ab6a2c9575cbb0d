-- SPDX-License-Identifier: Apache-2.0
-- Numbers as people read them: PREFIX-county-year-000001. No spaces, commas, < or &
-- (CAP 1.2).

create or replace function huiyin.number_stem(prefix text)
returns text
language sql
stable
as $$
	select concat(prefix, '-', (select left(i.county, 6) || '-' from huiyin.installation i where i.one),
		to_char(now() at time zone interval '8 hours', 'YY'), '-')
$$;
comment on function huiyin.number_stem is 'what all numbers of this year begin with';

create or replace function huiyin.numbered(stem text, number bigint)
returns text
language sql
immutable
as $$
	select stem || case
		when number < 1000000 then lpad(number::text, 6, '0')
		else number::text
	end
$$;
comment on function huiyin.numbered is 'a number in full; at least six digits';
