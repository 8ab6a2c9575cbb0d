-- SPDX-License-Identifier: Apache-2.0
-- Time as the wire says it.

create or replace function huiyin.rfc3339(at timestamptz)
returns text
language sql
stable
as $$
	select to_char(at at time zone interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')
$$;
comment on function huiyin.rfc3339 is
	'RFC 3339 with the one offset of the country; whole seconds';

create or replace function huiyin.day_start()
returns timestamptz
language sql
stable
as $$
	select date_trunc('day', now() at time zone interval '8 hours') at time zone interval '8 hours'
$$;
comment on function huiyin.day_start is 'midnight before now, in the county';
