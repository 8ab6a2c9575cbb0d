-- SPDX-License-Identifier: Apache-2.0
-- Region codes and the import of the yearly list.

begin;
\ir world.psql
select * from no_plan();

select is(huiyin.region_level(c), l, c || ' is a ' || coalesce(l, 'nothing'))
from (values
	('420000000000', 'province'), ('422800000000', 'city'), ('422802000000', 'county'),
	('422802101000', 'township'), ('422802101205', 'village'), ('429004000000', 'county'),
	('42280210120', null), ('42280210120a', null), ('000000000000', null), ('', null)
) as v(c, l);

select is(huiyin.region_parent(c), p, c || ' lies in ' || coalesce(p, 'nothing'))
from (values
	('420000000000', null), ('422800000000', '420000000000'),
	('422802000000', '422800000000'), ('422802101000', '422802000000'),
	('422802101205', '422802101000')
) as v(c, p);

select is(huiyin.region_line('422802101205'),
	'{420000000000,422800000000,422802000000,422802101000,422802101205}'::text[],
	'a village lies in its township, county, city and province');
select is((select count(*) from huiyin.region), 322::bigint,
	'all 322 regions of Lichuan were loaded');
select is((select i.county from huiyin.installation i), '422802000000',
	'the first county imported is the installation''s');
select is((select r.name from huiyin.region r where r.code = '422802200240'), '纳水村民委员',
	'a name that lost its last character is imported as it came');

create function t.import(rows jsonb, more jsonb default '{}') returns jsonb language sql as $$
	select admin.region_import(jsonb_build_object('county', '422802', 'rows', rows) || more)
$$;
create function t.problems(rows jsonb) returns text[] language sql as $$
	select array_agg(concat_ws(' ', p->>'line', p->>'problem') order by (p->>'line')::int)
	from jsonb_array_elements(t.import(rows)->'problems') as p
$$;

select is(t.problems('[{"line": 7, "code": "422802200240", "name": "纳水村民委员", "level": "village"}]'),
	'{"7 imported, but the name seems to have lost its last character"}',
	'a name that lost its last character is reported with its line');
select is(t.problems(jsonb_build_array(jsonb_build_object('line', 2) || r)),
	array['2 ' || p], 'reported: ' || p)
from (values
	('{"code": "42280210120", "name": "x", "level": "village"}'::jsonb, 'code is not twelve digits of a region'),
	('{"code": "42280210120x", "name": "x", "level": "village"}', 'code is not twelve digits of a region'),
	('{"name": "x", "level": "village"}', 'code is not twelve digits of a region'),
	('{"code": "422802101777", "name": "", "level": "village"}', 'name is empty'),
	('{"code": "422802101777", "level": "village"}', 'name is empty'),
	('{"code": "422802101777", "name": " x", "level": "village"}', 'name has blanks around it or control characters in it'),
	('{"code": "422802101777", "name": "x\ty", "level": "village"}', 'name has blanks around it or control characters in it'),
	('{"code": "422802101777", "name": "x", "level": "township"}', 'level is not that of the code, which is village'),
	('{"code": "422802101777", "name": "x"}', 'level is not that of the code, which is village'),
	('{"code": "422801101777", "name": "x", "level": "village"}', 'not in the county, nor above it'),
	('{"code": "422802777001", "name": "x", "level": "village"}', 'a region above it is missing: 422802777000')
) as v(r, p);
select is((select count(*) from huiyin.region), 322::bigint, 'no bad row was imported');
select is(t.problems('[
		{"line": 2, "code": "422802101777", "name": "新村民委员会", "level": "village"},
		{"line": 3, "code": "422802101777", "name": "旧村民委员会", "level": "village"}]'),
	'{"3 code was on an earlier line"}', 'a repeated code is reported at its second line');
select is((select r.name from huiyin.region r where r.code = '422802101777'), '新村民委员会',
	'of a repeated code the first line counts');
select is(t.problems('[
		{"line": 2, "code": "422802777001", "name": "新村民委员会", "level": "village"},
		{"line": 3, "code": "422802777000", "name": "新镇", "level": "township"}]'),
	null, 'a village may stand before its township in the file');

select is(t.import('[{"line": 2, "code": "422802101205", "name": "新名村民委员会", "level": "village"}]')->'renamed',
	'[{"line": 2, "code": "422802101205", "from": "新民村民委员会", "to": "新名村民委员会"}]',
	'a new name is said');
select is(t.import('[{"line": 2, "code": "422802101205", "name": "新名村民委员会", "level": "village"}]')
	- 'problems', '{"imported": 0, "unchanged": 1, "renamed": [], "returned": [], "retired": []}',
	'the same again changes nothing');

select is(t.import('[
		{"line": 2, "code": "422802000000", "name": "利川市", "level": "county"},
		{"line": 3, "code": "422802101205", "name": "新名村民委员会", "level": "village"}]',
		'{"valid_from": "2027-01-01"}')->'retired'->0,
	'{"code": "422802001000", "name": "都亭街道"}',
	'codes which a whole list no longer names are said');
select is((select r.valid_to from huiyin.region r where r.code = '422802101206'),
	'2027-01-01'::date, 'they end on the day the list begins');
select is((select r.valid_to from huiyin.region r where r.code = '420000000000'),
	null, 'what lies above the county does not end');
select is(t.act('feedback_submit', 1, 'kb', t.said('{"region": "422802101206"}'))->>'state',
	'dispatched', 'a code that was ever valid stays acceptable');
select is(t.import('[
		{"line": 2, "code": "422802000000", "name": "利川市", "level": "county"},
		{"line": 3, "code": "422802101000", "name": "柏杨坝镇", "level": "township"},
		{"line": 4, "code": "422802101206", "name": "一心村民委员会", "level": "village"}]')
	- 'problems' - 'retired', '{"imported": 0, "unchanged": 1, "renamed": [], "returned": [
		{"code": "422802101000", "name": "柏杨坝镇"},
		{"code": "422802101206", "name": "一心村民委员会"}]}',
	'codes that come back are said');
select is((select r.valid_to from huiyin.region r where r.code = '422802101206'),
	null, 'a code that comes back is valid again');
create function t.in_force() returns bigint language sql as $$
	select count(*) from huiyin.region r where r.valid_to is null
$$;
select t.in_force() as before \gset
select is(t.import('[
		{"line": 2, "code": "422802000000", "name": "利川市", "level": "village"},
		{"line": 3, "code": "422802101000", "name": "", "level": "township"}]')
	- 'problems', '{"imported": 0, "unchanged": 0, "renamed": [], "returned": [], "retired": []}',
	'a list of which no row was taken ends nothing');
select is(t.import('[
		{"line": 2, "code": "422802000000", "name": "利川市", "level": "county"},
		{"line": 3, "code": "422802101000", "name": "", "level": "township"}]')->'retired',
	'[]', 'nor does one of which a single row was not taken');
select is(t.in_force(), :before::bigint, 'as many regions are in force as before');
select is((select count(*) from huiyin.region r where r.code = '422802200240'), 1::bigint,
	'no row is ever deleted');

select is(t.admin('region_import', '{"county": "4228", "rows": []}'),
	'{"refused": "bad_value county"}', 'a county has six digits');
select is(t.admin('county_set', '{"region": "422802101000"}'),
	'{"refused": "unknown_region region"}', 'a township is not a county');
select is(t.admin('county_set', '{"region": "422802000000", "name": "利川"}'), '{}',
	'a county can be set');
select is(api.node_check('{}', '{}')->'county', '{"code": "422802000000", "name": "利川"}',
	'nodes are told the county by the name that was set');

select * from finish();
rollback;
