-- SPDX-License-Identifier: Apache-2.0
-- Notices: who may publish what to whom, approval, and how they are read.

begin;
\ir world.psql
select * from no_plan();

-- publishing
select is(t.act('notice_publish', 1, 'clerk', t.content('{422802101000}')),
	jsonb_build_object('seq', 1, 'notice', 'N-422802-' || to_char(now() at time zone interval '8 hours', 'YY')
		|| '-' || lpad((select last_value from huiyin.notice_number)::text, 6, '0')),
	'a clerk publishes and is told notice and seq');
select is(t.act('notice_publish', 2, who, t.content('{422802101000}'))->>'seq', '2',
	'so does an ' || who)
from (values ('approver')) as v(who);
select is(t.act('notice_publish', 3, 'coordinator', t.content('{422802101000}'))->>'seq', '3',
	'so does a coordinator');
select is(t.act('notice_publish', 4, who, t.content('{422802101000}')),
	'{"refused": "not_allowed"}', who || ' does not publish')
from unnest(array['keeper', 'relay', 'auditor', 'admin', 'ka']) as who;
select is(t.act('notice_publish', 4, 'nobody', t.content('{422802101000}')),
	'{"refused": "not_allowed"}', 'a visitor does not publish');

select is(t.act('notice_publish', 5, who, t.content(regions)),
	jsonb_build_object('refused', refused), say)
from (values
	('clerk', '{422802101000,422802999000}'::text[], 'unknown_region audience.regions[1]', 'an unknown region is refused by its place'),
	('clerk', '{420000000000}', 'not_your_region audience.regions[0]', 'a county department does not address the province'),
	('town', '{422802000000}', 'not_your_region audience.regions[0]', 'a township does not address the county'),
	('town', '{422802101205,422802100210}', 'not_your_region audience.regions[1]', 'a township does not address another township''s village')
) as v(who, regions, refused, say);
select is(t.act('notice_publish', 6, 'town', t.content('{422802101000,422802101205}'))->>'seq', '4',
	'a township addresses itself and its villages');
select is(t.act('notice_publish', 7, 'clerk', t.content('{422802101000}', '{"expires": "2020-01-01T00:00:00+08:00"}')),
	'{"refused": "past expires"}', 'a notice does not end in the past');
select is((select f.head from huiyin.feed f), 4::bigint, 'a refusal takes no number of the feed');
select is((select count(*) from huiyin.act a where a.ref between t.ref(4) and t.ref(5) or a.ref = t.ref(7)), 0::bigint,
	'a refusal does not use up its ref');
select is(t.act('notice_publish', 7, 'clerk', t.content('{422802101000}'))->>'seq', '5',
	'the ref of a refused act is good for a better one');

-- approval by somebody else
select is(t.act('notice_publish', 10, who, t.content('{422802101000}')),
	'{"refused": "needs_approval"}', who || ' cannot publish alone where approval is needed')
from unnest(array['driver', 'chief']) as who;
create function t.draft(ref int, who text, more jsonb default '{}') returns text language sql as $$
	select t.act('notice_draft', ref, who, t.content('{422802101000}', more))->>'notice'
$$;
create function t.approve(ref int, who text, notice text) returns jsonb language sql as $$
	select t.act('notice_publish', ref, who, jsonb_build_object('notice', notice))
$$;
select is(t.act('notice_draft', 11, 'driver', t.content('{422802101000}'))->>'state', 'in_review',
	'a draft waits for review');
select is(t.act('notice_draft', 12, 'town', t.content('{422802100210}')),
	'{"refused": "not_your_region audience.regions[0]"}', 'a draft is checked like a notice');
select is(t.act('notice_draft', 12, 'relay', t.content('{422802100210}')),
	'{"refused": "not_allowed"}', 'a relay drafts nothing');
create temp table d as select t.draft(13, 'driver') as by_driver, t.draft(14, 'chief') as by_chief,
	t.draft(15, 'clerk') as by_clerk;
select is(t.approve(20, 'driver', by_driver), '{"refused": "not_allowed"}', 'a clerk approves nothing where approval is needed') from d;
select is(t.approve(20, 'chief', by_chief), '{"refused": "own_draft notice"}', 'nobody approves their own draft') from d;
select is(t.approve(20, 'approver', by_driver), '{"refused": "not_found notice"}', 'an approver of another department finds no draft') from d;
select is(t.approve(20, 'chief', 'N-0'), '{"refused": "not_found notice"}', 'an unknown draft is not found');
select is(t.approve(20, 'chief', by_driver)->>'seq', '6', 'an approver publishes the draft of a colleague') from d;
select is((select row(p.name, a.name)::text from d join huiyin.notice n on n.notice = d.by_driver
	join huiyin.principal p on p.id = n.author join huiyin.principal a on a.id = n.approver),
	'(driver,chief)', 'both are remembered');
select is(t.approve(21, 'chief', by_driver), '{"refused": "wrong_state notice"}', 'a draft is published once') from d;
select is(t.approve(22, 'clerk', by_clerk)->>'seq', '7', 'where no approval is needed the author may publish the draft') from d;
update huiyin.notice set expires = now() - interval '1 second' where notice = (select by_chief from d);
select is(t.approve(23, 'driver', by_chief), '{"refused": "not_allowed"}', 'the right to approve is looked at first') from d;
update huiyin.notice set author = t.id('driver') where notice = (select by_chief from d);
select is(t.approve(23, 'chief', by_chief), '{"refused": "past expires"}', 'a draft that has run out is not published') from d;

select is(jsonb_path_query_array(t.ask('notice_drafts', 'chief', '{}'), '$.items[*].author'),
	'["driver", "driver"]', 'a department sees its drafts');
select is(t.ask('notice_drafts', 'town', '{}'), '{"items": []}', 'and nobody else''s');
select is(t.ask('notice_drafts', 'keeper', '{}'), '{"refused": "not_allowed"}', 'a keeper sees none');

-- reading
create function t.seqs(answer jsonb) returns text language sql immutable as $$
	select coalesce(string_agg(i->>'seq', ',' order by o), '')
	from jsonb_array_elements(answer->'items') with ordinality as x(i, o)
$$;
select is((api.notices_after('{}', '{"cursor": 0, "limit": 1}')->'items'->0)
		- 'notice' - 'sent',
	'{"seq": 1, "kind": "policy", "department": {"code": "commerce", "name": "商务局"}, "headline": "茶叶补贴",
	"description": "今年每亩补贴二百元", "instruction": null, "lang": "zh-CN", "audience": {"regions": ["422802101000"]},
	"expires": null, "expires_ms": null, "ack": "none"}', 'a notice reads as news says it');
select t.act('notice_publish', 30, 'clerk', t.content('{422802100000}', '{"instruction": "带身份证", "lang": "en",
	"ack": "read", "expires": "2099-01-01T00:00:00.5+08:00"}')
	|| '{"audience": {"regions": ["422802100000"], "roles": ["clerk", "visitor"]}}') \g /dev/null
select is(jsonb_path_query_array(api.notices_after('{}', '{"cursor": 7, "limit": 1}')->'items'->0,
		'$.keyvalue() ? (@.key == "ack" || @.key == "audience" || @.key == "expires" || @.key == "expires_ms" || @.key == "instruction" || @.key == "lang").value'),
	'["read", "en", "2099-01-01T00:00:00+08:00", {"regions": ["422802100000"], "roles": ["clerk", "visitor"]}, 4070880000500, "带身份证"]',
	'with all that was given');
select is(t.seqs(api.notices_after('{}', '{"cursor": 0, "limit": 100}')), '1,2,3,4,5,6,7,8', 'after 0 comes everything, ascending');
select is(t.seqs(api.notices_after('{}', '{"cursor": 3, "limit": 2}')), '4,5', 'after a cursor, up to the limit');
select is(api.notices_after('{}', '{"cursor": 8, "limit": 2}') - 'epoch', '{"head": 8, "items": []}', 'after the head comes nothing');
update huiyin.notice set expires = now() - interval '1 second' where seq = 5;
select is(t.seqs(api.notices_after('{}', '{"cursor": 3, "limit": 2}')), '4,6', 'what has run out is left out');
select is(t.seqs(api.notices_in_force('{}', '{"before": null, "limit": 3}')), '6,7,8', 'the newest in force, ascending');
select is(api.notices_in_force('{}', '{"limit": 3}')->'complete', 'false', 'there are older ones');
select is(t.seqs(api.notices_in_force('{}', '{"before": 6, "limit": 3}')), '2,3,4', 'the next page back');
select is(t.seqs(api.notices_in_force('{}', '{"before": 2, "limit": 3}')), '1', 'the last page');
select is(api.notices_in_force('{}', '{"before": 2, "limit": 3}')->'complete', 'true', 'is complete');
select is(api.notices_in_force('{}', '{"before": 2, "limit": 1}')->'complete', 'true', 'also when it is full');
update huiyin.notice set expires = now() - interval '1 second' where seq = 1;
select is(api.notices_in_force('{}', '{"before": 3, "limit": 1}')->'complete', 'true', 'what has run out does not make it incomplete');
create function t.for(after int, region text, roles text) returns text language sql as $$
	select t.seqs(api.notices_for('{}', jsonb_build_object('after', after, 'limit', 100,
		'region', region, 'roles', string_to_array(roles, ','))))
$$;
select is(t.for(after, region, roles), seqs, say)
from (values
	(0, '422802101205', 'kiosk', '2,3,4,6,7', 'a village hears what is said to its township'),
	(4, '422802101205', 'kiosk', '6,7', 'after its cursor'),
	(0, '422802100210', 'kiosk', '', 'a village hears nothing said to another township, nor to other roles'),
	(0, '422802100210', 'visitor', '8', 'visitors hear what is said to visitors'),
	(0, '422802100210', 'approver,clerk', '8', 'one of several roles is enough'),
	(0, '422802000000', 'clerk', '', 'the county does not hear what is said to a township'),
	(0, null, 'visitor', '', 'who is nowhere hears nothing')
) as v(after, region, roles, seqs, say);
select t.act('notice_publish', 31, 'clerk', t.content('{422802000000}')) \g /dev/null
select is(t.for(8, region, 'kiosk'), '9', 'what is said to the county is heard at ' || coalesce(region, 'no region'))
from unnest(array['422802101205', '422802100210', '422802101000', '422802000000']) as region;
select is(t.for(8, null, 'kiosk'), '', 'but not nowhere');

select is((select count(*) from huiyin.audit a where a.act in ('notice.publish', 'notice.draft')
	and a.principal is not null and a.ref is not null and a.subject like 'N-%' and length(a.content_hash) = 32),
	(select count(*) from huiyin.act a where a.act like 'notice.%'), 'every act about notices is in the audit');

select * from finish();
rollback;
