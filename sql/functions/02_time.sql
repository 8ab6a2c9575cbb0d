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

create or replace function huiyin.day_start(at timestamptz default now())
returns timestamptz
language sql
stable
as $$
	select date_trunc('day', at at time zone interval '8 hours') at time zone interval '8 hours'
$$;
comment on function huiyin.day_start is 'midnight before then, in the county';

create or replace function huiyin.day_first(at timestamptz)
returns timestamptz
language sql
stable
as $$
	select huiyin.day_start(at + interval '1 day' - interval '1 microsecond')
$$;
comment on function huiyin.day_first is 'the first midnight from then on, in the county';

create or replace function huiyin.day_of(at timestamptz)
returns date
language sql
stable
as $$
	select (at at time zone interval '8 hours')::date
$$;
comment on function huiyin.day_of is 'which day it is then, in the county';
